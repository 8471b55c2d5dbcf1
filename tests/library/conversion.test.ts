// A file that does not fit is converted ahead of its turn, and the next that fits plays meanwhile.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Disks } from "../../src/disk/disks.ts";
import type { StreamFormat } from "../../src/format/frame.ts";
import { createLog } from "../../src/lib/log.ts";
import { Playlist } from "../../src/input/playlist/playlist.ts";
import {
  type Analysis,
  ConvertError,
  type Converted,
  type Converter,
  type Seam,
  type Source,
  type Target,
} from "../../src/library/converter.ts";
import { newEntry } from "../../src/library/entry.ts";
import { targetOf, votesOf } from "../../src/library/format-choice.ts";
import { mpegFrames } from "../format/mpeg-builder.ts";
import { testMount } from "../support/config.ts";
import { threadOfThisOne } from "../support/disk.ts";
import { scratch, until } from "../support/station.ts";
import { writeTrack } from "../support/tracks.ts";

const STEREO = { codec: "mp3", sampleRate: 44_100, channels: 2 } as const;

const ANALYSIS: Analysis = {
  seconds: 60,
  sampleRate: 96_000,
  channels: 2,
  loudness: -20,
  truePeak: -3,
  cueIn: 0,
  cueOut: 60,
  fadeFrom: 58,
  tags: { title: "A Title", artist: "An Artist", album: "An Album" },
};

let home: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  home = await scratch();
  await mkdir(join(home.path, "music"));
  await mkdir(join(home.path, "converted"));
});
afterEach(() => home[Symbol.asyncDispose]());

const music = () => join(home.path, "music");

/** Does at once what it is asked, or when it is let go. */
class FakeConverter implements Converter {
  readonly stopped = null;
  readonly state = { running: null, waiting: {}, speed: null, failures: [] };
  readonly converted: string[] = [];
  readonly targets: Target[] = [];
  readonly touched: string[] = [];
  readonly hurried: string[] = [];
  refusal: ConvertError | null = null;
  hold: Promise<void> = Promise.resolve();
  holdAnalysis: Promise<void> = Promise.resolve();
  /** Conversions that are not done. */
  #busy = 0;

  /** What can be done is done, and the library knows. */
  async idle(): Promise<void> {
    await until("the converter is idle", () => this.#busy === 0);
    await Bun.sleep(0);
  }

  async analyse(): Promise<Analysis> {
    await this.holdAnalysis;
    if (this.refusal !== null) throw this.refusal;
    return ANALYSIS;
  }

  seam(): Promise<Seam> {
    return Promise.reject(new ConvertError("they are not faded", true));
  }

  async convert(source: Source, target: Target): Promise<Converted> {
    this.#busy++;
    try {
      return await this.#convert(source, target);
    } finally {
      this.#busy--;
    }
  }

  async #convert({ path }: Source, target: Target): Promise<Converted> {
    await this.hold;
    if (this.refusal !== null) throw this.refusal;
    this.converted.push(basename(path));
    this.targets.push(target);
    const name = `${basename(path)}.${this.converted.length}.mp3`;
    const mode = target.channels === 1 ? "mono" : "stereo";
    await writeTrack(join(home.path, "converted"), name, mpegFrames(20, { mode }));
    const { codec, sampleRate, channels } = target;
    const format: StreamFormat = { codec, sampleRate, channels };
    const sound = { seconds: 61, loudness: -18, truePeak: -2 };
    return { path: join(home.path, "converted", name), format, ...sound };
  }

  hurry(path: string): void {
    this.hurried.push(basename(path));
  }

  touch(path: string): void {
    this.touched.push(path);
  }

  close(): void {}
}

const write = (name: string, mode: "mono" | "stereo", count = 50) =>
  writeTrack(music(), name, mpegFrames(count, { mode, seed: name.length }));

const writeJingle = (name: string) =>
  writeTrack(music(), name, mpegFrames(5, { sampleRate: 48_000, seed: name.length }));

/** Audio that only a converter knows. */
const writeFlac = (name: string) => Bun.write(join(music(), name), `fLaC${"\0".repeat(9000)}`);

function open(converter: Converter | null, more: object = {}, random = Math.random) {
  const lines: string[] = [];
  const log = createLog((level, text) => void lines.push(`${level} ${text}`));
  const disks = new Disks(() => threadOfThisOne(random));
  const disk = disks.at(music(), "the music", log);
  const settings = { directory: music(), extensions: [".mp3", ".flac"], ...more };
  const { playlist: config } = testMount({ playlist: settings });
  const copying = converter === null ? null : { converter, disk, hasCache: true };
  const playlist = new Playlist(config, log, disk, "/stream", null, copying);
  return { playlist, lines };
}

async function take(
  playlist: Playlist,
  count: number,
  converter?: FakeConverter,
): Promise<string[]> {
  const taken: string[] = [];
  for (let i = 0; i < count; i++) {
    const chosen = await playlist.next();
    taken.push(chosen === null ? "" : basename(chosen.source));
    await (converter?.idle() ?? Bun.sleep(2));
  }
  return taken;
}

describe("a jingle in another format before the songs", () => {
  test("does not decide what plays, and plays in its turn", async () => {
    await writeJingle("0 jingle.mp3");
    for (const i of [1, 2, 3]) await write(`${i}.mp3`, "stereo");
    const converter = new FakeConverter();
    const { playlist } = open(converter);
    await playlist.look();
    // It is converted while the first song plays.
    const round = ["1.mp3", "0 jingle.mp3", "2.mp3", "3.mp3"];
    expect(await take(playlist, 5, converter)).toEqual([...round, "0 jingle.mp3"]);
    expect(playlist.format).toEqual(STEREO);
    expect(playlist.skipped).toEqual([]);
    expect(converter.targets[0]).toEqual({ ...STEREO, bitrate: 192, loudness: null });
    playlist.close();
  });

  test("plays with all others in every shuffle", async () => {
    await writeJingle("jingle.mp3");
    for (const i of [1, 2, 3, 4]) await write(`${i}.mp3`, "stereo");
    const all = ["1.mp3", "2.mp3", "3.mp3", "4.mp3", "jingle.mp3"];
    for (let seed = 1; seed <= 50; seed++) {
      let drawn = seed;
      const random = () => (drawn = (drawn * 16_807) % 2_147_483_647) / 2_147_483_647;
      const converter = new FakeConverter();
      const { playlist } = open(converter, { shuffle: true }, random);
      await playlist.look();
      const round = await take(playlist, 5, converter);
      expect({ seed, round: round.toSorted() }).toEqual({ seed, round: all });
      playlist.close();
    }
  });
});

test("while a file is being converted the others play, and it comes as soon as it is ready", async () => {
  await write("odd.mp3", "mono", 5);
  for (const i of [1, 2, 3]) await write(`${i}.mp3`, "stereo");
  const converter = new FakeConverter();
  const { promise, resolve } = Promise.withResolvers<void>();
  converter.hold = promise;
  const { playlist } = open(converter, { shuffle: true });
  await playlist.look();
  expect(await take(playlist, 6)).not.toContain("odd.mp3");
  resolve();
  await converter.idle();
  expect(await take(playlist, 3)).toContain("odd.mp3");
  playlist.close();
});

test("of many files that are not converted in their turn each is played once in the round, in order", async () => {
  for (const i of [1, 3, 5, 7, 8, 9]) await write(`${i}.mp3`, "stereo");
  for (const i of [2, 4, 6]) await write(`${i}.mp3`, "mono", 5);
  const converter = new FakeConverter();
  const { promise, resolve } = Promise.withResolvers<void>();
  converter.hold = promise;
  const { playlist } = open(converter);
  await playlist.look();
  expect(await take(playlist, 4)).toEqual(["1.mp3", "3.mp3", "5.mp3", "7.mp3"]);
  resolve();
  await converter.idle();
  expect(playlist.upcoming(2)).toEqual(["2.mp3", "8.mp3"]);
  expect(basename(playlist.state.coming?.source ?? "")).toBe("2.mp3");
  const rest = ["2.mp3", "4.mp3", "6.mp3", "8.mp3", "9.mp3"];
  expect(await take(playlist, 7, converter)).toEqual([...rest, "1.mp3", "2.mp3"]);
  playlist.close();
});

describe("the first track of a new library", () => {
  const firstOf = async (frames: number, measuring: Promise<void>) => {
    await write("1.mp3", "stereo", frames);
    const converter = new FakeConverter();
    converter.holdAnalysis = measuring;
    const { playlist } = open(converter, { loudness: -16 });
    await playlist.look();
    const chosen = await playlist.next();
    playlist.close();
    return { loudness: chosen?.loudness, hurried: converter.hurried };
  };
  const never = new Promise<void>(() => undefined);

  test("is measured before it plays if it is short", async () => {
    const soon = new Promise<void>((resolve) => setImmediate(resolve));
    expect(await firstOf(50, soon)).toMatchObject({ loudness: -20 });
  });

  test("waits for its measurement no longer than a moment", async () => {
    expect(await firstOf(50, never)).toEqual({ loudness: null, hurried: ["1.mp3"] });
  });

  test("does not wait if it is long", async () => {
    expect(await firstOf(1500, never)).toEqual({ loudness: null, hurried: [] });
  });
});

test("a copy is called by its file, with the tags and the loudness that were found", async () => {
  await writeFlac("song.flac");
  const { playlist } = open(new FakeConverter());
  await playlist.look();
  await until("it is ready", async () => (await playlist.next()) !== null);
  const chosen = await playlist.next();
  expect(chosen).toMatchObject({
    source: join(music(), "song.flac"),
    tags: ANALYSIS.tags,
    seconds: 61,
    loudness: -18,
    truePeak: -2,
    cueOut: 60,
  });
  expect(playlist.nameOf(chosen?.path ?? "")).toBe("song.flac");
  expect(playlist.format).toEqual({ ...STEREO, sampleRate: 48_000 });
  playlist.close();
});

test("a copy that was deleted is made again, one that is heard is kept longest", async () => {
  await write("1.mp3", "stereo");
  await write("2.mp3", "mono", 5);
  const converter = new FakeConverter();
  const { playlist } = open(converter);
  await playlist.look();
  await until("it is given", async () => (await take(playlist, 1))[0] === "2.mp3");
  const copy = join(home.path, "converted", "2.mp3.1.mp3");
  playlist.heard(copy);
  expect(converter.touched).toEqual([copy]);
  await rm(copy);
  expect(await take(playlist, 2)).toEqual(["1.mp3", "1.mp3"]);
  await until("it is made again", async () => (await take(playlist, 1))[0] === "2.mp3");
  expect(converter.converted).toEqual(["2.mp3", "2.mp3"]);
  playlist.close();
});

test("what the converter does not take is left out, named with its reason", async () => {
  await write("1.mp3", "stereo");
  await writeFlac("2.flac");
  const converter = new FakeConverter();
  converter.refusal = new ConvertError("it is FLAC without end", true);
  const { playlist, lines } = open(converter);
  await playlist.look();
  expect(await take(playlist, 3)).toEqual(["1.mp3", "1.mp3", "1.mp3"]);
  expect([...playlist.reasons]).toEqual([["2.flac", "it is FLAC without end"]]);
  expect(lines.filter((line) => line.includes("skipped"))).toEqual([
    "warn 2.flac is skipped: it is FLAC without end",
  ]);
  playlist.close();
});

test("without a converter what does not fit is left out, as what it is", async () => {
  await write("1.mp3", "stereo");
  await writeFlac("2.flac");
  const { playlist } = open(null);
  await playlist.look();
  expect(await take(playlist, 2)).toEqual(["1.mp3", "1.mp3"]);
  expect([...playlist.reasons.values()]).toEqual(["it is native FLAC, which is not supported"]);
  playlist.close();
});

test("rate, channels and bitrate that the configuration names decide", async () => {
  await write("1.mp3", "stereo");
  const converter = new FakeConverter();
  const { playlist } = open(converter, { channels: 1, bitrate: 64 });
  await playlist.look();
  await until("it is ready", async () => (await playlist.next()) !== null);
  expect(playlist.format).toEqual({ ...STEREO, channels: 1 });
  expect(converter.targets[0]?.bitrate).toBe(64);
  playlist.close();
});

describe("what files are converted to", () => {
  const wish = {
    format: "auto",
    sampleRate: 0,
    channels: 0,
    bitrate: 0,
    canConvert: true,
    loudness: -16,
  } as const;
  const stereo = { sampleRate: 44_100, channels: 2 } as const;

  test("on a mount of Vorbis is Vorbis, as loud as is wished for: its level cannot be changed in passing", () => {
    const target = { codec: "vorbis", ...stereo, bitrate: 192, loudness: -16 } as const;
    expect(targetOf({ codec: "vorbis", ...stereo }, wish)).toEqual(target);
    expect(targetOf({ codec: "vorbis", ...stereo }, { ...wish, loudness: "off" })).toEqual({
      ...target,
      loudness: null,
    });
  });

  test("on a mount of Opus keeps its level, which its header changes as it plays", () => {
    const opus = { codec: "opus", sampleRate: 48_000, channels: 2 } as const;
    expect(targetOf(opus, wish)).toEqual({ ...opus, bitrate: 192, loudness: null });
  });

  test("on a mount of AAC or FLAC is that, as loud as is wished for, with the depth of the mount", () => {
    const rest = { bitrate: 192, loudness: -16 };
    const aac = { codec: "aac", ...stereo } as const;
    expect(targetOf(aac, wish)).toEqual({ ...aac, ...rest });
    const flac = { codec: "flac", ...stereo, bitsPerSample: 24 } as const;
    expect(targetOf(flac, wish)).toEqual({ ...flac, ...rest });
    expect(targetOf({ ...flac, bitsPerSample: 20 }, wish)).toBeNull();
  });

  test("is of the format that is asked for, at the only rate that it has", () => {
    const entry = {
      ...newEntry("/music/a.mp3"),
      measure: { format: { codec: "mp3", ...stereo }, seconds: 9, content: "", tags: null },
    } as const;
    const formatOf = (format: "opus" | "flac" | "aac", sampleRate = 0) =>
      [...votesOf([entry], { ...wish, format, sampleRate })][0]?.format;
    expect(formatOf("opus", 44_100)).toEqual({ codec: "opus", sampleRate: 48_000, channels: 2 });
    expect(formatOf("flac")).toEqual({ codec: "flac", ...stereo, bitsPerSample: 16 });
    expect(formatOf("aac", 32_000)).toEqual({ codec: "aac", sampleRate: 32_000, channels: 2 });
  });

  test("is nothing for a file that the converter refused, which still counts as it is", () => {
    const format = { codec: "aac", ...stereo } as const;
    const measure = { format, seconds: 9, content: "", tags: null };
    const entry = { ...newEntry("/music/a.aac"), measure, refusal: "it needs ffmpeg" };
    expect([...votesOf([entry], wish)]).toEqual([{ format, seconds: 9 }]);
    expect([...votesOf([entry], { ...wish, format: "opus" })]).toEqual([]);
  });

  test("on a mount of Speex, or without a cache, is nothing", () => {
    expect(targetOf({ codec: "speex", sampleRate: 32_000, channels: 2 }, wish)).toBeNull();
    expect(targetOf({ codec: "mp3", ...stereo }, { ...wish, canConvert: false })).toBeNull();
  });
});
