// A file of the playlist: exactly its audio frames, and a few clear words when it cannot be played.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { symlink, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Track } from "../../../src/input/playlist/track.ts";
import { concat, garbage, mpegFrame, mpegFrames, withMagic } from "../../format/mpeg-builder.ts";
import { testDisk } from "../../support/disk.ts";
import { trackFrames } from "../../support/tracks.ts";
import { play, reasonFor, Shelf } from "./shelf.ts";
import { apeTag, coverFrame, id3Tag, id3v1, lyrics3, textFrame } from "./tag-builder.ts";
import { workedMs } from "../../support/station.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await Shelf.open();
});
afterAll(() => shelf[Symbol.asyncDispose]());

const AUDIO = trackFrames(3, 12, true);
const PLAIN = id3Tag(3, [textFrame(3, "TIT2", "A Title"), textFrame(3, "TPE1", "An Artist")]);

describe("the audio of a track", () => {
  const info = (magic: string) => withMagic(mpegFrame({ payload: "zero" }), 36, magic);

  test.each<[string, Uint8Array[], Uint8Array[]]>([
    ["nothing around it", [], []],
    ["ID3v2", [PLAIN], []],
    ["ID3v2 with megabytes of cover", [id3Tag(4, [coverFrame(4, 3 << 20)])], []],
    ["two ID3v2 tags and padding", [PLAIN, id3Tag(4, [], { padding: 3000 })], []],
    ["ID3v1", [], [id3v1("t", "a")]],
    ["APE", [], [apeTag({ Title: "t" })]],
    ["Lyrics3", [], [lyrics3("[00:01]la"), id3v1("t", "a")]],
    ["a Xing frame", [info("Xing")], []],
    ["an Info frame", [info("Info")], []],
    ["a VBRI frame", [withMagic(mpegFrame({ payload: "zero" }), 36, "VBRI")], []],
    ["all of them", [PLAIN, info("Xing")], [apeTag({ Title: "t" }), lyrics3("x"), id3v1("t", "a")]],
    ["garbage", [garbage(5000, 3)], [garbage(300, 4)]],
  ])("is its whole frames and nothing else, with %s", async (_, before, after) => {
    const { audio, count } = await play(await shelf.file(...before, ...AUDIO, ...after));
    expect(audio.equals(concat(...AUDIO))).toBe(true);
    expect(count).toBe(AUDIO.length);
  });

  test("ends with its last whole frame", async () => {
    const cut = AUDIO.at(-1)!.subarray(0, 50);
    const { audio } = await play(await shelf.file(...AUDIO.slice(0, -1), cut));
    expect(audio.equals(concat(...AUDIO.slice(0, -1)))).toBe(true);
  });

  test("of many reads is whole across their borders", async () => {
    const long = trackFrames(4, 900, true);
    const { audio, track } = await play(await shelf.file(PLAIN, ...long));
    expect(audio.length).toBeGreaterThan(3 * 65_536);
    expect(audio.equals(concat(...long))).toBe(true);
    expect(track.bitrate).toBe(120);
  });

  test("behind an info frame alone in its first read is found", async () => {
    const gap = garbage(70_000, 5);
    const { audio } = await play(await shelf.file(info("Info"), mpegFrame(), gap, ...AUDIO));
    expect(audio.equals(concat(mpegFrame(), ...AUDIO))).toBe(true);
  });

  test("has its format", async () => {
    const mono = mpegFrames(4, { version: 2, sampleRate: 22_050, bitrate: 64, mode: "mono" });
    const { track } = await play(await shelf.file(...mono));
    expect(track.format).toEqual({ codec: "mp3", sampleRate: 22_050, channels: 1 });
  });

  test("goes on when the file is deleted", async () => {
    const path = await shelf.file(...AUDIO);
    const track = await Track.open(path, testDisk());
    await unlink(path);
    expect((await track.next())?.count).toBe(AUDIO.length);
    await track.close();
  });

  test("ends where the file is cut off while it plays", async () => {
    const long = trackFrames(5, 900);
    const path = await shelf.file(...long);
    const track = await Track.open(path, testDisk());
    const first = await track.next();
    await truncate(path, 80_000);
    const parts = [first!.bytes];
    for (let next = await track.next(); next !== null; next = await track.next()) {
      parts.push(next.bytes);
    }
    await track.close();
    const audio = Buffer.concat(parts);
    expect(audio.equals(concat(...long).subarray(0, audio.length))).toBe(true);
    expect(audio.length).toBe(Math.floor(80_000 / 417) * 417);
  });

  test("stays in its format when the file is overwritten while it plays", async () => {
    const path = await shelf.file(...trackFrames(6, 900));
    const track = await Track.open(path, testDisk());
    await track.next();
    const other = mpegFrames(900, { sampleRate: 48_000 });
    await writeFile(path, concat(...other));
    for (let next = await track.next(); next !== null; next = await track.next()) {
      expect(track.format.sampleRate).toBe(44_100);
    }
    await track.close();
  });

  test("is no more after close, also when a read was under way", async () => {
    const track = await Track.open(await shelf.file(...trackFrames(7, 900)), testDisk());
    await track.next();
    const reading = track.next();
    await track.close();
    await reading.catch(() => null);
    expect(await track.next()).toBeNull();
  });
});

describe("a file that cannot be played", () => {
  test.each<[string, Uint8Array[], string]>([
    ["nothing", [], "it is empty"],
    ["a tag alone", [PLAIN], "it has no playable audio"],
    ["noise", [garbage(100_000, 8)], "it has no playable audio"],
    ["an info frame alone", [withMagic(mpegFrame(), 36, "Info")], "it has no playable audio"],
    ["broken Ogg", [Buffer.from("OggS"), garbage(400)], "it has no playable audio"],
    [
      "FLAC",
      [PLAIN, Buffer.from("fLaC"), garbage(400)],
      "it is native FLAC, which is not supported",
    ],
    [
      "an MP4",
      [Buffer.from("\0\0\0\x20ftypM4A "), garbage(400)],
      "it is MP4 (AAC/ALAC), which is not supported",
    ],
    [
      "PCM",
      [Buffer.from("RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0"), garbage(400)],
      "it is WAV, which is not supported",
    ],
    [
      "WMA",
      [Buffer.from("3026b2758e66cf11", "hex"), garbage(400)],
      "it is WMA (ASF), which is not supported",
    ],
    ["AIFF", [Buffer.from("FORM\0\0\0\0AIFF"), garbage(400)], "it is AIFF, which is not supported"],
    [
      "a page of the web",
      [Buffer.from("<!DOCTYPE html><title>404</title>")],
      "it is HTML, which is not supported",
    ],
    [
      "text",
      [Buffer.from("404: there is no such file here\n")],
      "it is text, which is not supported",
    ],
  ])("with %s in it says so", async (_, parts, reason) => {
    expect(await reasonFor(await shelf.file(...parts))).toBe(`TrackError: ${reason}`);
  });

  test("is a folder, a FIFO or a device: reported at once without waiting", async () => {
    const fifo = join(shelf.folder, "fifo.mp3");
    expect(Bun.spawnSync(["mkfifo", fifo]).exitCode).toBe(0);
    const device = join(shelf.folder, "device.mp3");
    await symlink("/dev/zero", device);
    for (const path of [shelf.folder, fifo, device]) {
      expect(await reasonFor(path)).toBe("TrackError: it is not a file");
    }
  });

  test("is a link to itself or to nowhere: the system's error", async () => {
    const loop = join(shelf.folder, "loop.mp3");
    await symlink(loop, loop);
    expect(await reasonFor(loop)).toContain("ELOOP");
    expect(await reasonFor(join(shelf.folder, "nowhere.mp3"))).toContain("ENOENT");
  });

  test("of gigabytes without a frame is given up after 16 MiB", async () => {
    const path = await shelf.file();
    await truncate(path, 4 * 2 ** 30);
    const started = workedMs();
    expect(await reasonFor(path)).toContain("it has no playable audio");
    expect(workedMs() - started).toBeLessThan(1500);
  });

  test("leaves no descriptor open", async () => {
    const open = async () =>
      (await Array.fromAsync(new Bun.Glob("*").scan({ cwd: "/proc/self/fd" }))).length;
    const before = await open();
    for (let i = 0; i < 20; i++) await reasonFor(await shelf.file(garbage(100)));
    expect(await open()).toBeLessThanOrEqual(before + 2);
  });
});
