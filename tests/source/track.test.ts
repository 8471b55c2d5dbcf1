// A file of the playlist: exactly its audio frames, its names, and a few clear words when it cannot be played.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm, symlink, truncate, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { metadataOfName, Track } from "../../src/source/track.ts";
import { concat, garbage, mpegFrame, mpegFrames, withMagic } from "../format/mpeg-builder.ts";
import { trackFrames } from "../support/tracks.ts";
import {
  apeTag,
  coverFrame,
  id3Frame,
  id3Tag,
  id3v1,
  lyrics3,
  textFrame,
  unsynchronised,
} from "./tag-builder.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cycast-track-"));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function file(...parts: Uint8Array[]): Promise<string> {
  const path = join(folder, `Name Of ${++files} - File.mp3`);
  await writeFile(path, concat(...parts));
  return path;
}

const NAMED = () => ({ artist: `Name Of ${files}`, title: "File" });

/** Everything a track gives. */
async function play(path: string): Promise<{ track: Track; audio: Buffer; count: number }> {
  const track = await Track.open(path);
  const parts: Uint8Array[] = [];
  let count = 0;
  for (let frames = await track.next(); frames !== null; frames = await track.next()) {
    parts.push(frames.bytes);
    count += frames.count;
  }
  await track.close();
  return { track, audio: Buffer.concat(parts), count };
}

async function reasonFor(path: string): Promise<string> {
  const opened = await Track.open(path).catch((error: Error) => error);
  if (opened instanceof Error) return `${opened.name}: ${opened.message}`;
  await opened.close();
  throw new Error("it can be played");
}

const AUDIO = trackFrames(3, 12, true);
const TITLE = [textFrame(3, "TIT2", "A Title"), textFrame(3, "TPE1", "An Artist")];
const PLAIN = id3Tag(3, TITLE);

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
    const { audio, count } = await play(await file(...before, ...AUDIO, ...after));
    expect(audio.equals(concat(...AUDIO))).toBe(true);
    expect(count).toBe(AUDIO.length);
  });

  test("ends with its last whole frame", async () => {
    const cut = AUDIO.at(-1)!.subarray(0, 50);
    const { audio } = await play(await file(...AUDIO.slice(0, -1), cut));
    expect(audio.equals(concat(...AUDIO.slice(0, -1)))).toBe(true);
  });

  test("of many reads is whole across their borders", async () => {
    const long = trackFrames(4, 900, true);
    const { audio, track } = await play(await file(PLAIN, ...long));
    expect(audio.length).toBeGreaterThan(3 * 65_536);
    expect(audio.equals(concat(...long))).toBe(true);
    expect(track.bitrate).toBe(120);
  });

  test("behind an info frame alone in its first read is found", async () => {
    const gap = garbage(70_000, 5);
    const { audio } = await play(await file(info("Info"), mpegFrame(), gap, ...AUDIO));
    expect(audio.equals(concat(mpegFrame(), ...AUDIO))).toBe(true);
  });

  test("has its format", async () => {
    const mono = mpegFrames(4, { version: 2, sampleRate: 22_050, bitrate: 64, mode: "mono" });
    const { track } = await play(await file(...mono));
    expect(track.format).toEqual({ codec: "mp3", sampleRate: 22_050, channels: 1 });
  });

  test("goes on when the file is deleted", async () => {
    const path = await file(...AUDIO);
    const track = await Track.open(path);
    await unlink(path);
    expect((await track.next())?.count).toBe(AUDIO.length);
    await track.close();
  });

  test("ends where the file is cut off while it plays", async () => {
    const long = trackFrames(5, 900);
    const path = await file(...long);
    const track = await Track.open(path);
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
    const path = await file(...trackFrames(6, 900));
    const track = await Track.open(path);
    await track.next();
    const other = mpegFrames(900, { sampleRate: 48_000 });
    await writeFile(path, concat(...other));
    for (let next = await track.next(); next !== null; next = await track.next()) {
      expect(track.format.sampleRate).toBe(44_100);
    }
    await track.close();
  });

  test("is no more after close, also when a read was under way", async () => {
    const track = await Track.open(await file(...trackFrames(7, 900)));
    await track.next();
    const reading = track.next();
    await track.close();
    await reading.catch(() => null);
    expect(await track.next()).toBeNull();
  });
});

describe("a file that cannot be played", () => {
  test.each<[string, Uint8Array[], string]>([
    ["nothing", [], "it holds no MP3 frames"],
    ["a tag alone", [PLAIN], "it holds no MP3 frames"],
    ["noise", [garbage(100_000, 8)], "it holds no MP3 frames"],
    ["an info frame alone", [withMagic(mpegFrame(), 36, "Info")], "it holds no audio"],
    ["Ogg", [Buffer.from("OggS"), garbage(400)], "it is Ogg, which cannot be played yet"],
    ["FLAC", [PLAIN, Buffer.from("fLaC"), garbage(400)], "it is FLAC, which cannot be played yet"],
  ])("with %s in it says so", async (_, parts, reason) => {
    expect(await reasonFor(await file(...parts))).toBe(`TrackError: ${reason}`);
  });

  test("is a folder, a FIFO or a device: it is told at once and never waited for", async () => {
    const fifo = join(folder, "fifo.mp3");
    expect(Bun.spawnSync(["mkfifo", fifo]).exitCode).toBe(0);
    const device = join(folder, "device.mp3");
    await symlink("/dev/zero", device);
    for (const path of [folder, fifo, device]) {
      expect(await reasonFor(path)).toBe("TrackError: it is not a file");
    }
  });

  test("is a link to itself or to nowhere: the system's error", async () => {
    const loop = join(folder, "loop.mp3");
    await symlink(loop, loop);
    expect(await reasonFor(loop)).toContain("ELOOP");
    expect(await reasonFor(join(folder, "nowhere.mp3"))).toContain("ENOENT");
  });

  test("of gigabytes without a frame is given up after 16 MiB", async () => {
    const path = await file();
    await truncate(path, 4 * 2 ** 30);
    const started = performance.now();
    expect(await reasonFor(path)).toContain("it holds no MP3 frames");
    expect(performance.now() - started).toBeLessThan(1500);
  });

  test("leaves no descriptor open", async () => {
    const open = async () =>
      (await Array.fromAsync(new Bun.Glob("*").scan({ cwd: "/proc/self/fd" }))).length;
    const before = await open();
    for (let i = 0; i < 20; i++) await reasonFor(await file(garbage(100)));
    expect(await open()).toBeLessThanOrEqual(before + 2);
  });
});

describe("the metadata of a track", () => {
  const of = async (...parts: Uint8Array[]) => (await play(await file(...parts))).track.metadata;
  const both = { artist: "An Artist", title: "A Title" };

  test.each<[string, Uint8Array[], Uint8Array[]]>([
    [
      "ID3v2.2",
      [id3Tag(2, [textFrame(2, "TT2", "A Title"), textFrame(2, "TP1", "An Artist")])],
      [],
    ],
    ["ID3v2.3", [PLAIN], []],
    [
      "ID3v2.4",
      [id3Tag(4, [textFrame(4, "TPE1", "An Artist"), textFrame(4, "TIT2", "A Title")])],
      [],
    ],
    ["ID3v2 behind megabytes of cover", [id3Tag(3, [coverFrame(3, 5 << 20), ...TITLE])], []],
    ["ID3v2 before padding", [id3Tag(3, TITLE, { padding: 100_000 })], []],
    ["ID3v2 behind other frames", [id3Tag(3, [...otherFrames(60), ...TITLE])], []],
    ["ID3v1", [], [id3v1("A Title", "An Artist")]],
    ["APE", [], [apeTag({ Artist: "An Artist", Title: "A Title" })]],
    ["APE before ID3v1", [], [apeTag({ Title: "A Title", Artist: "An Artist" }), id3v1("x", "y")]],
    ["ID3v2 rather than the tags behind", [PLAIN], [apeTag({ Title: "x" }), id3v1("y", "z")]],
    ["ID3v1 when ID3v2 has no title", [id3Tag(3, otherFrames(3))], [id3v1("A Title", "An Artist")]],
  ])("is read from %s", async (_, before, after) => {
    expect(await of(...before, ...AUDIO, ...after)).toEqual(both);
  });

  test.each(["utf16", "utf8"] as const)("may be in %s", async (encoding) => {
    const frames = [
      textFrame(4, "TIT2", "Für Élise ☃ 😀", encoding),
      textFrame(4, "TPE1", "Björk", encoding),
    ];
    expect(await of(id3Tag(4, frames), ...AUDIO)).toEqual({
      artist: "Björk",
      title: "Für Élise ☃ 😀",
    });
  });

  test("is read from an unsynchronised tag", async () => {
    const frames = [
      textFrame(3, "TALB", "ÿàÿ", "utf16"),
      textFrame(3, "TIT2", "A Title", "utf16"),
      textFrame(3, "TPE1", "An Artist", "utf16"),
    ];
    const tag = id3Tag(3, [unsynchronised(concat(...frames))], { flags: 0x80 });
    expect(await of(tag, ...AUDIO)).toEqual(both);
  });

  test.each([
    [3, Uint8Array.of(0, 0, 0, 6, 0, 0, 0, 0, 0, 0)],
    [4, Uint8Array.of(0, 0, 0, 6, 1, 0)],
  ] as const)("is read behind the extended header of ID3v2.%d", async (version, header) => {
    const frames = [textFrame(version, "TIT2", "A Title"), textFrame(version, "TPE1", "An Artist")];
    expect(await of(id3Tag(version, [header, ...frames], { flags: 0x40 }), ...AUDIO)).toEqual(both);
  });

  test("is one line without controls, of at most 300 characters", async () => {
    const frames = [
      textFrame(4, "TIT2", `\x07 two\r\nlines\t${"x".repeat(500)}`, "utf8"),
      textFrame(4, "TPE1", " An  Artist ", "utf8"),
    ];
    const { artist, title } = await of(id3Tag(4, frames), ...AUDIO);
    expect(artist).toBe("An Artist");
    expect(title).toBe(`two lines ${"x".repeat(290)}`);
  });

  test("is the file's name when there is no title", async () => {
    expect(await of(...AUDIO)).toEqual(NAMED());
    expect(await of(id3Tag(3, [textFrame(3, "TPE1", "An Artist")]), ...AUDIO)).toEqual(NAMED());
    expect(await of(id3Tag(3, [textFrame(3, "TIT2", "  ")]), ...AUDIO)).toEqual(NAMED());
  });

  const tiny = (id: string, count: number) =>
    Array.from({ length: count }, () => textFrame(3, id, "a"));

  test.each<[string, Uint8Array[], Uint8Array[]]>([
    ["a megabyte of tiny frames", [id3Tag(3, tiny("TXYZ", 80_000))], []],
    ["a megabyte of padding", [id3Tag(3, [], { padding: 1 << 20 })], []],
    ["a title of a megabyte", [id3Tag(3, [textFrame(3, "TIT2", "/".repeat(1 << 20))])], []],
    ["noise that begins like a tag", [id3Tag(3, [garbage(1 << 20)])], []],
    ["a size that is not true", [Uint8Array.of(0x49, 0x44, 0x33, 3, 0, 0, 127, 127, 127, 127)], []],
    ["an APE tag of a megabyte", [], [apeTag({ Cover: new Uint8Array(1 << 20) })]],
    ["an APE tag of an untrue size", [], [apeTag({ Title: "x" }).fill(0xff, 0, 40)]],
    ["sync bytes behind its audio", [], [new Uint8Array(1 << 20).fill(255), id3v1("", "")]],
    [
      "frames of an untrue size",
      [id3Tag(3, [id3Frame(3, "TIT2", garbage(50)).fill(255, 4, 8)])],
      [],
    ],
  ])("is found, or not, in no time with %s", async (_, before, after) => {
    await of(PLAIN, ...AUDIO);
    const path = await file(...before, ...AUDIO, ...after);
    let longestMs = 0;
    let lastMs = performance.now();
    const watch = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - lastMs);
      lastMs = performance.now();
    }, 1);
    const { track } = await play(path);
    await Bun.sleep(2);
    clearInterval(watch);
    expect(track.metadata.title).not.toBe("");
    expect(longestMs).toBeLessThan(100);
  });
});

function otherFrames(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) =>
    textFrame(3, "TXXX", `key ${i}\0${"v".repeat(i)}`),
  );
}

describe("the name of a file", () => {
  test.each([
    ["Artist - Title", "Artist", "Title"],
    ["01 Artist - Title", "Artist", "Title"],
    ["01. Artist - Title", "Artist", "Title"],
    ["1. Artist - Title", "Artist", "Title"],
    ["12 - Artist - Title", "Artist", "Title"],
    ["007 - Title", "", "Title"],
    ["01_Some_Title", "", "Some Title"],
    ["Title", "", "Title"],
    ["Artist - Title - Remix", "Artist", "Title - Remix"],
    ["50 Cent - In da Club", "50 Cent", "In da Club"],
    ["99 Luftballons", "", "99 Luftballons"],
    ["1999", "", "1999"],
    ["01", "", "01"],
    ["Jean-Michel Jarre - Oxygène 4", "Jean-Michel Jarre", "Oxygène 4"],
  ])("%p means artist %p and title %p", (name, artist, title) => {
    expect(metadataOfName(`/music/${name}.mp3`)).toEqual({ artist, title });
  });
});
