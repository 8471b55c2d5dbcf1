// Tracks of a playlist that are faded into each other: what is heard, and what happens when the fade does not come about.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, spyOn, test } from "bun:test";
import { copyFile, mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeSeam } from "../../../src/convert/make-seam.ts";
import { decodeStretch } from "../../../src/audio/decode.ts";
import { lengthOf } from "../../../src/audio/pcm.ts";
import { Track } from "../../../src/input/playlist/track.ts";
import { TrackFinder } from "../../../src/input/playlist/track-finder.ts";
import {
  ConvertError,
  type Converter,
  type Seam,
  type SeamWish,
} from "../../../src/library/converter.ts";
import { framesOf, hasMp3Programs, run } from "../../format/mpeg/mp3-files.ts";
import { concat, mpegFrames } from "../../format/mpeg-builder.ts";
import type { TestMount } from "../../support/config.ts";
import { chainsOf } from "../../support/decode-stream.ts";
import { testDisk } from "../../support/disk.ts";
import { until } from "../../support/station.ts";
import { names, Radio, run as framesFrom } from "./radio.ts";

const SECONDS = 2;

/** Encoding takes long on a busy machine. */
const PATIENCE_SECONDS = 100;
setDefaultTimeout(PATIENCE_SECONDS * 1000);

/** Makes seams in this process; the test says when. */
class Converting implements Converter {
  readonly stopped = null;
  readonly state = { running: null, waiting: {}, speed: null, failures: [] };
  readonly wishes: SeamWish[] = [];
  readonly made: Seam[] = [];
  hold: Promise<void> = Promise.resolve();

  async seam(wish: SeamWish): Promise<Seam> {
    this.wishes.push(wish);
    await this.hold;
    const { audio, ...numbers } = await makeSeam(wish);
    const seam = { ...numbers, audio: Uint8Array.fromBase64(audio) };
    this.made.push(seam);
    return seam;
  }

  analyse(): Promise<never> {
    return Promise.reject(new ConvertError("nothing is measured here", true));
  }

  convert(): Promise<never> {
    return Promise.reject(new ConvertError("nothing is converted here", true));
  }

  hurry(): void {}

  touch(): void {}
  close(): void {}
}

let folder = "";
const TRACKS: Record<string, Uint8Array[]> = {};

beforeAll(async () => {
  if (!hasMp3Programs) return;
  folder = await mkdtemp(join(tmpdir(), "crossfade-"));
  for (const [i, name] of ["1", "2", "3"].entries()) {
    const path = join(folder, `${name}.mp3`);
    const tone = `sine=frequency=${300 + 200 * i}:duration=${12 + i / 3}`;
    const wav = await run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", tone, "-f", "wav", "-"]);
    await run(["lame", "--quiet", "-b", "64", "-", path], wav);
    TRACKS[name] = await framesOf(path);
  }
});

afterAll(async () => {
  if (folder !== "") await rm(folder, { recursive: true });
});

/** A radio that plays "1.mp3", "2.mp3", and so on, each of about 12 s. */
async function open(playlist: TestMount["playlist"] = {}) {
  const converter = new Converting();
  const copying = { converter, disk: testDisk(), hasCache: true };
  const radio = await Radio.open({ crossfade: SECONDS, ...playlist }, copying);
  for (const name of Object.keys(TRACKS)) {
    const path = radio.path(`${name}.mp3`);
    await copyFile(join(folder, `${name}.mp3`), path);
    await touch(path, 60);
  }
  return { radio, converter };
}

/** One that was written just now might still grow. */
function touch(path: string, secondsAgo: number): Promise<void> {
  const lately = Date.now() / 1000 - secondsAgo;
  return utimes(path, lately, lately);
}

/** Plays a little, so that the next seam is asked for, and waits until so many were asked for and are made. Returns the
 * last one. */
async function made(radio: Radio, converter: Converting, count: number): Promise<Seam> {
  await radio.play(0.5);
  const { wishes, made: seams } = converter;
  await until(
    `${count} seams are made`,
    () => seams.length >= count && seams.length === wishes.length,
    PATIENCE_SECONDS,
  );
  await Bun.sleep(0);
  return seams.at(-1)!;
}

const fileOf = (radio: Radio) => radio.feeder.file?.replace(/.*\//, "");

/** Plays until another file is on air. */
async function playOut(radio: Radio): Promise<void> {
  const file = fileOf(radio);
  for (let i = 0; fileOf(radio) === file && i < 1000; i++) await radio.play(0.025);
}

/** The heard frames by track and number; those of seams are "other". */
const heard = (radio: Radio) => names(radio, TRACKS);

const others = (count: number) => Array.from({ length: count }, () => "other");

describe.skipIf(!hasMp3Programs)("two tracks with a crossfade", () => {
  test("are the files' own frames up to the seam and after it", async () => {
    const { radio, converter } = await open();
    await using _ = radio;
    const first = await made(radio, converter, 1);
    await playOut(radio);
    const second = await made(radio, converter, 2);
    await playOut(radio);
    await radio.play(3);
    const [one, two, three] = [TRACKS["1"]!, TRACKS["2"]!, TRACKS["3"]!];
    const expected = concat(
      ...one.slice(0, first.cut),
      first.audio,
      ...two.slice(first.resume, second.cut),
      second.audio,
      ...three.slice(second.resume),
    );
    const { audio } = radio.stage;
    expect(audio.length).toBeGreaterThan(expected.length - concat(...three).length * 0.9);
    expect(audio.equals(expected.subarray(0, audio.length))).toBe(true);
    expect(radio.stage.told("skipped")).toEqual([]);
  });

  test("change their title in the middle of the seam", async () => {
    const { radio, converter } = await open();
    await using _ = radio;
    const { cut, middle } = await made(radio, converter, 1);
    await playOut(radio);
    expect(fileOf(radio)).toBe("2.mp3");
    const frames = radio.stage.heard.length;
    expect(frames).toBeGreaterThanOrEqual(cut + middle);
    expect(frames).toBeLessThanOrEqual(cut + middle + 2);
  });

  test("are faded at the level at which they play", async () => {
    const { radio, converter } = await open({ loudness: -30 });
    await using _ = radio;
    await made(radio, converter, 1);
    const [{ from, to }] = converter.wishes as [SeamWish];
    // LAME measured them; a tone of this kind has some -20 LUFS.
    expect(from.steps).toBeLessThan(0);
    expect(to.steps).toBeLessThan(0);
  });

  test("are joined as ever while the seam is not ready", async () => {
    const { radio, converter } = await open();
    await using _ = radio;
    converter.hold = new Promise(() => undefined);
    await radio.play(11);
    await playOut(radio);
    await radio.play(1);
    expect(converter.wishes.length).toBeGreaterThan(0);
    expect(heard(radio).slice(0, TRACKS["1"]!.length + 10)).toEqual([
      ...framesFrom("1", 0, TRACKS["1"]!.length),
      ...framesFrom("2", 0, 10),
    ]);
  });

  test("are joined as ever when the seam is ready too late", async () => {
    const { radio, converter } = await open();
    await using _ = radio;
    const { promise, resolve } = Promise.withResolvers<void>();
    converter.hold = promise;
    await radio.play(11.5);
    resolve();
    await until("the seam is made", () => converter.made.length > 0, PATIENCE_SECONDS);
    await playOut(radio);
    expect(heard(radio).slice(0, TRACKS["1"]!.length)).toEqual(
      framesFrom("1", 0, TRACKS["1"]!.length),
    );
  });

  test("are joined as ever if the second one has changed", async () => {
    const { radio, converter } = await open();
    await using _ = radio;
    await made(radio, converter, 1);
    await touch(radio.path("2.mp3"), 30);
    await playOut(radio);
    await radio.play(0.5);
    expect(heard(radio).slice(0, TRACKS["1"]!.length + 10)).toEqual([
      ...framesFrom("1", 0, TRACKS["1"]!.length),
      ...framesFrom("2", 0, 10),
    ]);
  });

  test("are others if somebody wants to hear another one next", async () => {
    const { radio, converter } = await open();
    await using _ = radio;
    await made(radio, converter, 1);
    expect(await radio.feeder.player.playNext("3.mp3")).toBe(true);
    const { cut, audio } = await made(radio, converter, 2);
    await playOut(radio);
    expect(fileOf(radio)).toBe("3.mp3");
    const wanted = concat(...TRACKS["1"]!.slice(0, cut), audio);
    const { length } = radio.stage.audio;
    expect(radio.stage.audio.equals(wanted.subarray(0, length))).toBe(true);
  });

  test("are joined as ever when another one is wanted in the last moment", async () => {
    const { radio, converter } = await open();
    await using _ = radio;
    await made(radio, converter, 1);
    converter.hold = new Promise(() => undefined);
    expect(await radio.feeder.player.playNext("3.mp3")).toBe(true);
    await playOut(radio);
    await radio.play(0.5);
    expect(heard(radio).slice(0, TRACKS["1"]!.length + 10)).toEqual([
      ...framesFrom("1", 0, TRACKS["1"]!.length),
      ...framesFrom("3", 0, 10),
    ]);
  });
});

describe.skipIf(!hasMp3Programs)("when the first of two faded tracks is left", () => {
  async function inSeam() {
    const { radio, converter } = await open();
    const { cut } = await made(radio, converter, 1);
    while (radio.stage.heard.length < cut + 10) await radio.play(0.025);
    expect(fileOf(radio)).toBe("1.mp3");
    return { radio, cut };
  }

  test("within the seam by a skip, the second begins at its start", async () => {
    const { radio, cut } = await inSeam();
    await using _ = radio;
    expect(radio.feeder.skip()).toBe(true);
    await radio.play(2);
    const frames = heard(radio);
    const seam = frames.lastIndexOf("other") + 1 - cut;
    expect(seam).toBeLessThan(14);
    const rest = frames.length - cut - seam;
    expect(frames).toEqual([
      ...framesFrom("1", 0, cut),
      ...others(seam),
      ...framesFrom("2", 0, rest),
    ]);
    expect(rest).toBeGreaterThan(60);
    expect(radio.stage.told("silence")).toEqual([]);
  });

  test("before the seam by a skip, the second begins at its start and is faded into the third", async () => {
    const { radio, converter } = await open();
    await using _ = radio;
    const { cut } = await made(radio, converter, 1);
    while (radio.stage.heard.length < cut - 30) await radio.play(0.025);
    expect(radio.feeder.upcoming(2)).toEqual(["2.mp3", "3.mp3"]);
    radio.feeder.skip();
    await radio.play(1);
    expect(fileOf(radio)).toBe("2.mp3");
    expect(heard(radio).filter((name) => name === "other")).toEqual([]);
    // The one after the second track was asked for twice, as that was begun twice.
    const second = await made(radio, converter, 3);
    await playOut(radio);
    expect(fileOf(radio)).toBe("3.mp3");
    expect(heard(radio)).toContain(`2${second.cut - 1}`);
    expect(heard(radio)).not.toContain(`2${second.cut}`);
  });

  test("by a live source, the second begins at its start after the show", async () => {
    const { radio } = await inSeam();
    await using _ = radio;
    await radio.show(mpegFrames(20, { payload: "zero", mode: "mono" }));
    const before = radio.stage.heard.length;
    await radio.play(1);
    expect(fileOf(radio)).toBe("2.mp3");
    const after = heard(radio).slice(before);
    expect(after.length).toBeGreaterThan(30);
    expect(after).toEqual(framesFrom("2", 0, after.length));
  });
});

test.skipIf(!hasMp3Programs)(
  "a track plays to its end if the next one is not found in time",
  async () => {
    const { radio, converter } = await open();
    await using _ = radio;
    await made(radio, converter, 1);
    const [found, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { next } = TrackFinder.prototype;
    using _next = spyOn(TrackFinder.prototype, "next").mockImplementation(async function (
      this: TrackFinder,
    ) {
      await found.promise;
      return next.call(this);
    });
    const { close } = Track.prototype;
    using _close = spyOn(Track.prototype, "close").mockImplementation(function (this: Track) {
      if (this.path.endsWith("1.mp3")) ended.resolve();
      return close.call(this);
    });
    const { clock, mount } = radio.stage;
    const { length } = TRACKS["1"]!;
    for (; radio.stage.heard.length < length; clock.ms += 25) {
      await Promise.race([radio.feeder.fill(), ended.promise]);
      mount.advance(clock.ms);
    }
    expect(heard(radio)).toEqual(framesFrom("1", 0, length));
    found.resolve();
    await playOut(radio);
    expect(fileOf(radio)).toBe("2.mp3");
    expect(heard(radio).filter((name) => name === "other")).toEqual([]);
  },
);

test.skipIf(!hasMp3Programs)("without a crossfade nobody asks for a seam", async () => {
  const { radio, converter } = await open({ crossfade: 0 });
  await using _ = radio;
  await radio.play(3);
  expect(converter.wishes).toEqual([]);
});

/** Samples of a stream. */
async function lengthOfStream(bytes: Uint8Array): Promise<number> {
  let samples = 0;
  for await (const pcm of decodeStretch(bytes)) samples += lengthOf(pcm);
  return samples;
}

test.skipIf(!hasMp3Programs)(
  "tracks of Vorbis are faded by a stream between theirs, each with its last page",
  async () => {
    const converter = new Converting();
    const copying = { converter, disk: testDisk(), hasCache: true };
    await using radio = await Radio.open({ crossfade: SECONDS, extensions: [".ogg"] }, copying);
    const lengths: number[] = [];
    for (const name of ["1", "2"]) {
      const path = radio.path(`${name}.ogg`);
      const tone = [
        "-f",
        "lavfi",
        "-i",
        `sine=frequency=${name}00:sample_rate=32000:duration=12.3`,
      ];
      await run(["ffmpeg", "-v", "error", ...tone, "-c:a", "libvorbis", path]);
      await touch(path, 60);
      lengths.push(await lengthOfStream(await Bun.file(path).bytes()));
    }
    await made(radio, converter, 1);
    await playOut(radio);
    expect(fileOf(radio)).toBe("2.ogg");
    await playOut(radio);
    const chains = chainsOf(radio.stage.audio).slice(0, 3);
    for (const chain of chains) {
      const last = chain.lastIndexOf(0x4f);
      expect((chain[chain.lastIndexOf(0x53, last + 3) + 2] ?? 0) & 4).toBe(4);
    }
    const heardSamples = await Promise.all(chains.map(lengthOfStream));
    const all = heardSamples.reduce((sum, samples) => sum + samples);
    expect(all).toBe(lengths[0]! + lengths[1]! - SECONDS * 32_000);
  },
);
