// The playlist on the air: every frame, in order, when it is due, whatever happens to the files and whoever goes live.
import { describe, expect, test } from "bun:test";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createMpegParser } from "../../src/format/mpeg.ts";
import type { Metadata } from "../../src/mount/metadata.ts";
import type { Input } from "../../src/mount/roles.ts";
import { PlaylistFeeder } from "../../src/source/feeder.ts";
import { Playlist } from "../../src/source/playlist.ts";
import { Silence } from "../../src/source/silence.ts";
import { concat, garbage, mpegFrames } from "../format/mpeg-builder.ts";
import { scratch, until } from "../support/station.ts";
import { FRAME_MS, trackFrames, writeTrack } from "../support/tracks.ts";
import { Stage } from "./stage.ts";

const TICK_MS = 25;

/** A mount with a playlist on a directory of its own, advanced by hand. */
class Radio implements AsyncDisposable {
  readonly stage: Stage;
  readonly playlist: Playlist;
  readonly feeder: PlaylistFeeder;

  private constructor(
    readonly music: Awaited<ReturnType<typeof scratch>>,
    shuffle: boolean,
  ) {
    this.stage = new Stage({ playlist: { directory: music.path, shuffle } });
    const { mount } = this.stage;
    this.playlist = new Playlist(mount.config.playlist, mount.log);
    this.feeder = new PlaylistFeeder(mount, this.playlist);
    mount.attach(this.feeder);
    mount.attach(new Silence(mount));
  }

  static async open({ shuffle = false } = {}): Promise<Radio> {
    return new Radio(await scratch(), shuffle);
  }

  write(name: string, frames: readonly Uint8Array[]): Promise<Uint8Array[]> {
    return writeTrack(this.music.path, name, frames);
  }

  path(name: string): string {
    return join(this.music.path, name);
  }

  /** Plays on; what is read ahead is always there in time. */
  async play(seconds: number, tickMs = TICK_MS): Promise<void> {
    const { clock, mount } = this.stage;
    for (const endMs = clock.ms + seconds * 1000; clock.ms < endMs; clock.ms += tickMs) {
      await this.feeder.fill();
      mount.advance(clock.ms);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.feeder.close();
    this.stage[Symbol.dispose]();
    await this.music[Symbol.asyncDispose]();
  }
}

/** A live input played by hand. */
class Dj implements Input {
  readonly kind = "live";
  readonly name = "the DJ";
  readonly bitrate = 128;
  readonly metadata: Metadata = { artist: "", title: "Show" };
  ready = true;
  format = { codec: "mp3", sampleRate: 44_100, channels: 2 } as const;
  onAir(): void {}
  offAir(): void {}
  advance(): void {}

  speak({ mount, clock }: Stage, frames: readonly Uint8Array[]): void {
    mount.write(this, createMpegParser().push(concat(...frames)), clock.ms);
  }
}

/** How often each frame was heard; frames not asked for are "other". */
function names(radio: Radio, tracks: Readonly<Record<string, readonly Uint8Array[]>>): string[] {
  const known = new Map<string, string>();
  for (const [name, frames] of Object.entries(tracks)) {
    frames.forEach((frame, i) => known.set(Buffer.from(frame).toString("latin1"), `${name}${i}`));
  }
  return radio.stage.heard.map(({ bytes }) => {
    return known.get(Buffer.from(bytes).toString("latin1")) ?? "other";
  });
}

const run = (name: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `${name}${from + i}`);

describe("over a simulated hour", () => {
  test("every frame of every track is heard in order, byte for byte, within a tick of its due time", async () => {
    await using radio = await Radio.open();
    const lengths = [700, 1, 333, 1500, 2, 1024, 90];
    const tracks: Uint8Array[][] = [];
    for (const [i, length] of lengths.entries()) {
      tracks.push(await radio.write(`${i}.mp3`, trackFrames(i + 1, length, i % 2 === 0)));
    }
    await radio.play(3600);
    const round = tracks.flat();
    const { heard } = radio.stage;
    expect(heard.length).toBe(Math.floor((3600_000 - TICK_MS) / FRAME_MS) + 1);
    let wrong = 0;
    let latestMs = 0;
    for (const [i, { bytes, atMs }] of heard.entries()) {
      if (Buffer.compare(bytes, round[i % round.length]!) !== 0) wrong++;
      const lateMs = atMs - (1000 + (i * 1152 * 1000) / 44_100);
      if (lateMs < -1e-6) wrong++;
      latestMs = Math.max(latestMs, lateMs);
    }
    expect(wrong).toBe(0);
    expect(latestMs).toBeLessThan(TICK_MS);
  });
});

describe("a track", () => {
  test("is told when its first frame is heard, and its title then", async () => {
    await using radio = await Radio.open();
    await radio.write("1 A - One.mp3", trackFrames(1, 40));
    await radio.write("2 B - Two.mp3", trackFrames(2, 40));
    const { mount } = radio.stage;
    await radio.play(1);
    expect(mount.metadata).toEqual({ artist: "1 A", title: "One" });
    expect(radio.stage.told("plays")).toEqual([
      `info /stream: plays ${radio.path("1 A - One.mp3")}`,
    ]);
    await radio.play(0.1);
    expect(mount.metadata).toEqual({ artist: "2 B", title: "Two" });
    expect(radio.stage.told("plays").length).toBe(2);
    expect(radio.feeder.format).toEqual({ codec: "mp3", sampleRate: 44_100, channels: 2 });
    expect(radio.feeder.bitrate).toBe(128);
  });

  test("that appears is played within the round, one that vanished is not", async () => {
    await using radio = await Radio.open();
    const tracks = {
      a: await radio.write("a.mp3", trackFrames(1, 200)),
      c: await radio.write("c.mp3", trackFrames(2, 200)),
      b: trackFrames(3, 200),
    };
    await radio.play(0.1);
    await radio.write("b.mp3", tracks.b);
    await rm(radio.path("c.mp3"));
    await radio.play(15);
    const expected = [...run("a", 0, 200), ...run("b", 0, 200), ...run("a", 0, 200)];
    expect(names(radio, tracks)).toEqual(expected.slice(0, radio.stage.heard.length));
  });

  test("that is deleted while it plays is played to its end", async () => {
    await using radio = await Radio.open();
    const frames = await radio.write("1.mp3", trackFrames(1, 800));
    await radio.play(1);
    await rm(radio.path("1.mp3"));
    await radio.play(25);
    expect(radio.stage.audio.subarray(0, concat(...frames).length).equals(concat(...frames))).toBe(
      true,
    );
    expect(radio.stage.told("silence is on air").length).toBe(1);
    expect(radio.stage.told("skipped")).toEqual([]);
  });

  test("that is overwritten in place by another kind of file ends, and the next one comes", async () => {
    await using radio = await Radio.open();
    await radio.write("1.mp3", trackFrames(1, 2000));
    const next = await radio.write("2.mp3", trackFrames(2, 100));
    await radio.play(1);
    await writeFile(radio.path("1.mp3"), garbage(900_000));
    await radio.play(12);
    expect(names(radio, { b: next })).toContain("b0");
    expect(radio.stage.told("silence")).toEqual([]);
  });

  test("that cannot be read at all is skipped with one line, however many rounds are played", async () => {
    await using radio = await Radio.open();
    const good = await radio.write("2.mp3", trackFrames(1, 30));
    await writeFile(radio.path("1.mp3"), garbage(500));
    await symlink(radio.path("3.mp3"), radio.path("3.mp3"));
    await mkdir(radio.path("4.mp3"));
    expect(Bun.spawnSync(["mkfifo", radio.path("5.mp3")]).exitCode).toBe(0);
    await radio.play(10);
    expect(new Set(names(radio, { g: good }))).toEqual(new Set(run("g", 0, 30)));
    expect(radio.stage.told("skipped")).toEqual([
      "warn /stream: 1.mp3 is skipped: it holds no MP3 frames",
      "warn /stream: 3.mp3 is skipped: it cannot be read (ELOOP)",
      "warn /stream: 5.mp3 is skipped: it is not a file",
    ]);
    expect(radio.playlist.count).toBe(1);
  });

  test("that was mended is played again, and one that broke anew is told anew", async () => {
    await using radio = await Radio.open();
    const [a, b] = [trackFrames(1, 30), trackFrames(2, 30)];
    await radio.write("a.mp3", a);
    await writeFile(radio.path("b.mp3"), garbage(500));
    await radio.play(3);
    await radio.write("b.mp3", b);
    await radio.play(8);
    expect(names(radio, { a, b })).toContain("b0");
    await writeFile(radio.path("b.mp3"), garbage(600));
    await radio.play(8);
    expect(radio.stage.told("b.mp3 is skipped").length).toBe(2);
  });

  test("of another rate or channel count than the mount's is skipped with one line", async () => {
    await using radio = await Radio.open();
    // Shorter than what is read ahead: the others are opened before the mount has a format.
    const good = await radio.write("1.mp3", trackFrames(1, 20));
    await radio.write("2.mp3", mpegFrames(20, { sampleRate: 48_000 }));
    await radio.write("3.mp3", mpegFrames(20, { mode: "mono" }));
    await radio.play(5);
    expect(new Set(names(radio, { g: good }))).toEqual(new Set(run("g", 0, 20)));
    expect(radio.stage.told("skipped")).toEqual([
      "warn /stream: 2.mp3 is skipped: it is MP3 48 kHz stereo, the mount is MP3 44.1 kHz stereo",
      "warn /stream: 3.mp3 is skipped: it is MP3 44.1 kHz mono, the mount is MP3 44.1 kHz stereo",
    ]);
  });
});

describe("an empty playlist", () => {
  test("is silence in the format of what was heard, until a file appears", async () => {
    await using radio = await Radio.open();
    const { stage } = radio;
    await radio.play(1);
    const silent = stage.heard.length;
    expect(silent).toBe(Math.floor((1000 - TICK_MS) / FRAME_MS) + 1);
    const frames = await radio.write("1.mp3", trackFrames(1, 40));
    await until("it is noticed", () => radio.feeder.ready, 3);
    await radio.play(1);
    expect(names(radio, { n: frames }).slice(silent, silent + 38)).toEqual(run("n", 0, 38));
    expect(stage.told("is on air")).toEqual([
      "info /stream: silence is on air",
      "info /stream: the playlist is on air",
    ]);
  });

  test("of broken files is silence, each told once, and goes on when one is mended", async () => {
    await using radio = await Radio.open();
    for (let i = 0; i < 50; i++) await writeFile(radio.path(`${i}.mp3`), garbage(100 + i));
    await radio.play(1);
    await radio.feeder.fill();
    await radio.feeder.fill();
    expect(radio.stage.told("skipped").length).toBe(50);
    expect(radio.feeder.ready).toBe(false);
    const frames = await radio.write("7.mp3", trackFrames(1, 40));
    await radio.feeder.fill();
    await radio.play(0.5);
    expect(names(radio, { n: frames })).toContain("n0");
    expect(radio.stage.told("skipped").length).toBe(50);
  });

  test("whose only file is written all the time tries it once a look, not without end", async () => {
    await using radio = await Radio.open();
    const { playlist } = radio;
    const next = playlist.next.bind(playlist);
    let tries = 0;
    playlist.next = async () => {
      tries++;
      await writeFile(radio.path("1.mp3"), garbage(100 + tries));
      return next();
    };
    await writeFile(radio.path("1.mp3"), garbage(99));
    await radio.feeder.fill();
    expect(tries).toBe(2);
  });
});

describe("a live source", () => {
  test("breaks into a track between two frames; after it the next track comes at once, from its start", async () => {
    await using radio = await Radio.open();
    const { mount, clock } = radio.stage;
    const tracks = {
      a: await radio.write("a.mp3", trackFrames(1, 2000)),
      b: await radio.write("b.mp3", trackFrames(2, 2000)),
      show: trackFrames(9, 20),
    };
    await radio.play(2);
    const before = radio.stage.heard.length;
    const dj = new Dj();
    mount.attach(dj);
    mount.advance(clock.ms);
    dj.speak(radio.stage, tracks.show);
    expect(mount.metadata.title).toBe("Show");
    await radio.play(3);
    expect(radio.feeder.ready).toBe(true);
    clock.ms += 3_600_000;
    mount.detach(dj, clock.ms);
    mount.advance(clock.ms);
    expect(mount.onAir).toBe(radio.feeder);
    expect(mount.metadata.title).toBe("b");
    await radio.play(1);
    const heard = names(radio, tracks);
    expect(heard.slice(0, before + 20)).toEqual([...run("a", 0, before), ...run("show", 0, 20)]);
    expect(heard.slice(before + 20)).toEqual(run("b", 0, heard.length - before - 20));
    expect(heard.length - before - 20).toBe(Math.floor((1000 - TICK_MS) / FRAME_MS) + 1);
    expect(radio.stage.told("behind")).toEqual([]);
  });

  test("that comes near a track's end costs no track its turn", async () => {
    await using radio = await Radio.open();
    const { mount, clock } = radio.stage;
    const tracks = {
      a: await radio.write("a.mp3", trackFrames(1, 60)),
      b: await radio.write("b.mp3", trackFrames(2, 60)),
      c: await radio.write("c.mp3", trackFrames(3, 60)),
    };
    await radio.play(1);
    const before = radio.stage.heard.length;
    const dj = new Dj();
    mount.attach(dj);
    mount.advance(clock.ms);
    await radio.play(1);
    mount.detach(dj, clock.ms);
    await radio.play(2);
    const expected = [...run("a", 0, before), ...run("b", 0, 60), ...run("c", 0, 60)];
    const heard = names(radio, tracks);
    expect(heard).toEqual(expected.slice(0, heard.length));
    expect(heard.length).toBeGreaterThan(before + 60);
  });

  test("in every moment of a read leaves whole tracks in order behind it", async () => {
    await using radio = await Radio.open();
    const { mount, clock } = radio.stage;
    const tracks: Record<string, Uint8Array[]> = {};
    for (const name of ["a", "b", "c", "d"]) {
      tracks[name] = await radio.write(`${name}.mp3`, trackFrames(name.charCodeAt(0), 400));
    }
    for (let turn = 0; turn < 40; turn++) {
      // Not awaited: the read goes on under the change.
      for (let tick = 0; tick < turn; tick++) {
        mount.advance((clock.ms += TICK_MS));
        if (tick % 7 === turn % 7) await Promise.resolve();
      }
      const dj = new Dj();
      mount.attach(dj);
      mount.advance(clock.ms);
      for (let i = 0; i < turn % 5; i++) await Promise.resolve();
      mount.detach(dj, clock.ms);
      await radio.feeder.fill();
      await radio.play(0.2);
    }
    const heard = names(radio, tracks).filter((name) => name !== "other");
    for (const [i, name] of heard.slice(1).entries()) {
      const [, track = "", number = ""] = /^(.)(\d+)$/.exec(name) ?? [];
      const isNext = heard[i] === `${track}${Number(number) - 1}`;
      expect(isNext || number === "0").toBe(true);
    }
  });

  test("that was there first finds the playlist waiting behind it", async () => {
    await using radio = await Radio.open();
    const { mount, clock } = radio.stage;
    const frames = await radio.write("1.mp3", trackFrames(1, 300));
    const dj = new Dj();
    mount.attach(dj);
    await radio.play(1);
    expect(radio.stage.heard).toEqual([]);
    mount.detach(dj, clock.ms);
    await radio.play(1);
    expect(names(radio, { n: frames })).toEqual(run("n", 0, radio.stage.heard.length));
  });
});

describe("the schedule", () => {
  test("starts anew after the machine slept, instead of rushing what it missed", async () => {
    await using radio = await Radio.open();
    const { clock } = radio.stage;
    await radio.write("1.mp3", trackFrames(1, 2000));
    await radio.play(1);
    const before = radio.stage.heard.length;
    clock.ms += 3_600_000;
    await radio.play(1);
    expect(radio.stage.heard.length - before).toBe(Math.floor((1000 - TICK_MS) / FRAME_MS) + 1);
    expect(radio.stage.told("fell behind").length).toBe(1);
  });

  test("makes up for ticks that came late", async () => {
    await using radio = await Radio.open();
    await radio.write("1.mp3", trackFrames(1, 2000));
    await radio.play(10, 900);
    expect(radio.stage.heard.length).toBe(Math.floor(9900 / FRAME_MS) + 1);
  });
});

describe("the end", () => {
  const descriptors = async () =>
    (await Array.fromAsync(new Bun.Glob("*").scan({ cwd: "/proc/self/fd", onlyFiles: false })))
      .length;

  test("close, whenever it comes, leaves nothing open and nothing running", async () => {
    await using radio = await Radio.open();
    for (let i = 0; i < 3; i++) await radio.write(`${i}.mp3`, trackFrames(i, 300));
    const before = await descriptors();
    for (let turn = 0; turn < 30; turn++) {
      const playlist = new Playlist(radio.stage.mount.config.playlist, radio.stage.log);
      const feeder = new PlaylistFeeder(radio.stage.mount, playlist);
      void feeder.fill();
      for (let i = 0; i < turn; i++) await Bun.file(radio.path("0.mp3")).exists();
      await feeder.close();
      expect(feeder.ready).toBe(false);
    }
    expect(await descriptors()).toBeLessThanOrEqual(before);
  });

  test("of the directory while it plays is silence, and its return is noticed", async () => {
    await using radio = await Radio.open();
    const frames = await radio.write("1.mp3", trackFrames(1, 100));
    await radio.play(1);
    await rename(radio.music.path, `${radio.music.path}-away`);
    await radio.play(10);
    expect(radio.stage.mount.onAir?.kind).toBe("silence");
    await rename(`${radio.music.path}-away`, radio.music.path);
    await until("it is noticed", () => radio.feeder.ready, 3);
    await radio.play(1);
    expect(names(radio, { n: frames }).slice(-38)).toEqual(run("n", 0, 38));
    expect(radio.stage.told("playlist directory").length).toBe(2);
  });
});
