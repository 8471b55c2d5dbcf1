// The seam between two faded tracks: what two decoders play of it is the mix that was wanted, and the files elsewhere.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { statSync, utimesSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { areContinuous } from "../../src/convert/gapless-tags.ts";
import { makeSeam } from "../../src/convert/make-seam.ts";
import { surveyMp3 } from "../../src/convert/mp3-stretch.ts";
import { type FadeTrack, placeSeam } from "../../src/convert/seam-place.ts";
import { AudioFile } from "../../src/audio/audio-file.ts";
import { splitFrames } from "../../src/format/frame-slice.ts";
import { addGain } from "../../src/format/mpeg/global-gain.ts";
import { createMpegParser, parseMpegHeader } from "../../src/format/sync/mpeg.ts";
import { fileVersion, type SeamTrack } from "../../src/library/converter.ts";
import {
  DECODERS,
  encode,
  FIRST_EQUAL_SAMPLE,
  framesOf,
  hasMp3Programs,
  makeMusic,
  run,
} from "../format/mpeg/mp3-files.ts";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { id3Frame, id3Tag, textFrame } from "../input/playlist/tag-builder.ts";
import { scratch } from "../support/station.ts";
import { scripted, sourceOf, testConverter } from "./converting.ts";

// Programs wait for all others on a busy machine.
setDefaultTimeout(120_000);

/** The fade's length. Tracks of less than three times that, or of 10 s, are jingles. */
const SECONDS = 2;
const TRACK_SECONDS = 11;

/** Length of a window in which an error is measured. */
const WINDOW_SECONDS = 0.0065;

const UNKNOWN = { cueIn: null, cueOut: null, fadeFrom: null };

let home: Awaited<ReturnType<typeof scratch>>;
/** Two pieces of music with nothing in common but their chords. */
let [first, second] = ["", ""];

beforeAll(async () => {
  home = await scratch();
  if (!hasMp3Programs) return;
  await mkdir(join(home.path, "b"));
  [first, second] = [join(home.path, "music.wav"), join(home.path, "b", "music.wav")];
  await makeMusic(first, TRACK_SECONDS);
  const change = "areverse,asetrate=48000,aresample=44100,volume=0.7,apad=pad_dur=1";
  await run(["ffmpeg", "-v", "error", "-i", first, "-af", change, second]);
});
afterAll(() => home[Symbol.asyncDispose]());

function sideOf(path: string, changed: Partial<SeamTrack> = {}): SeamTrack {
  const version = fileVersion(statSync(path));
  return { path, source: path, version, steps: 0, ...UNKNOWN, ...changed };
}

async function facts({ path, ...known }: SeamTrack): Promise<FadeTrack> {
  using file = AudioFile.open(path);
  return { ...known, survey: await surveyMp3(file) };
}

function split(audio: Uint8Array): Uint8Array[] {
  const parser = createMpegParser();
  const batches = [parser.push(audio), parser.end()];
  return batches.flatMap(splitFrames).map(({ bytes }) => bytes.slice());
}

async function louder(path: string, steps: number): Promise<Uint8Array[]> {
  const frames = await framesOf(path);
  for (const frame of frames) addGain(frame, steps);
  return frames;
}

/** Both tracks as their frames play, the seam, and all of it in one. */
async function fade(a: SeamTrack, b: SeamTrack) {
  const made = await makeSeam({ from: a, to: b, seconds: SECONDS });
  const [before, after] = [await louder(a.path, a.steps), await louder(b.path, b.steps)];
  const seam = split(Uint8Array.fromBase64(made.audio));
  const whole = [...before.slice(0, made.cut), ...seam, ...after.slice(made.resume)];
  const place = placeSeam(await facts(a), await facts(b), SECONDS);
  if (place === null) throw new Error("they are too short");
  return { ...made, before, after, seam, whole, place };
}

/** The mean square error of each window from <= i < to, in dB of full scale, the smallest first. */
function levels(errors: Float32Array, from: number, to: number, window: number): number[] {
  const all: number[] = [];
  for (let at = from; at + window <= to; at += window) {
    let sum = 0;
    for (let i = at; i < at + window; i++) sum += (errors[i] ?? 0) ** 2;
    all.push(10 * Math.log10(sum / window + 1e-20));
  }
  return all.toSorted((a, b) => a - b);
}

function worst(...part: Parameters<typeof levels>): number {
  return levels(...part).at(-1) ?? 0;
}

function median(...part: Parameters<typeof levels>): number {
  const all = levels(...part);
  return all[all.length >> 1] ?? 0;
}

/** Kinds of file, and the coding noise that half of the windows within may exceed, in dB of full scale: wrong gains, or a mix
 * that is late by a sample, exceed it. */
const PAIRS: [string, string, number][] = [
  ["CBR 128", "V2", -46],
  ["CBR 320", "CBR 320", -49],
  ["V0", "V9", -53],
  ["CRC 320", "no reservoir", -53],
  ["mono 64", "mono V4", -49],
  ["22.05 kHz 48", "22.05 kHz 48", -38],
  ["8 kHz 8 mono", "8 kHz 8 mono", -33],
];

describe.skipIf(!hasMp3Programs)("a crossfade", () => {
  test.each(PAIRS)(
    "from %s into %s is the mix of both, and at its joints no worse than within",
    async (from, into, noise) => {
      const [a, b] = [await encode(first, from), await encode(second, into)];
      const made = await fade(sideOf(a, { steps: -2 }), sideOf(b, { steps: 1 }));
      const { before, after, seam, whole, place, cut, resume } = made;
      const header = parseMpegHeader(before[1]!);
      const { samples = 0, format } = header!;
      const { channels, sampleRate } = format;
      const back = place.shift * samples;
      expect(cut + seam.length - resume).toBe(place.shift);
      for (const { decode } of DECODERS) {
        const [one, two, heard] = await Promise.all(
          [before, after, whole].map((frames) => decode(frames, home.path)),
        );
        const at = (of: Float32Array | undefined, t: number, c: number) =>
          of?.[t * channels + c] ?? 0;
        const length = (heard?.length ?? 0) / channels;
        expect(length).toBe(whole.length * samples);
        const errors = new Float32Array(length);
        let [outsideA, outsideB] = [0, 0];
        const end = (cut + seam.length) * samples + FIRST_EQUAL_SAMPLE + samples;
        for (let t = 0; t < length; t++) {
          const x = (t - place.fade.from) / (place.fade.to - place.fade.from);
          const angle = (Math.min(1, Math.max(0, x)) * Math.PI) / 2;
          let sum = 0;
          for (let c = 0; c < channels; c++) {
            const [p, q] = [at(one, t, c), at(two, t - back, c)];
            const error = at(heard, t, c) - (Math.cos(angle) * p + Math.sin(angle) * q);
            sum += error ** 2;
            if (t < cut * samples) outsideA = Math.max(outsideA, Math.abs(error));
            // Decoders differ in how they end.
            if (t >= end && t < length - samples) outsideB = Math.max(outsideB, Math.abs(error));
          }
          errors[t] = Math.sqrt(sum / channels);
        }
        // A bit of 24: what a decoder rounds.
        expect(outsideA).toBeLessThan(2 ** -23);
        expect(outsideB).toBeLessThan(2 ** -23);
        const window = Math.round(WINDOW_SECONDS * sampleRate);
        const [start, stop] = [place.fade.from, place.fade.to].map(Math.round);
        const [fading, faded] = [start! + samples, stop! - samples];
        const within = worst(errors, fading, faded, window);
        expect(median(errors, fading, faded, window)).toBeLessThan(noise);
        const atJoints = [
          worst(errors, cut * samples, start! + samples, window),
          worst(errors, stop! - samples, end, window),
        ];
        // Coding noise is uneven: the worst of many windows within is compared with the worst of a few.
        expect(Math.max(...atJoints)).toBeLessThan(within + 3);
      }
    },
  );
});

/** A track of 44.1 kHz as a survey shows it. */
function track(seconds: number, known: Partial<FadeTrack> = {}): FadeTrack {
  const frames = Math.round((seconds * 44_100) / 1152);
  const format = { codec: "mp3", sampleRate: 44_100, channels: 2 } as const;
  const survey = { format, frames, frameSamples: 1152, info: null };
  return { ...UNKNOWN, survey, ...known };
}

function secondsOf(a: FadeTrack, b: FadeTrack, seconds: number): [from: number, to: number] | null {
  const place = placeSeam(a, b, seconds);
  return place === null ? null : [place.fade.from / 44_100, place.fade.to / 44_100];
}

/** Half of a frame, and what a length is rounded to. */
const NEARLY = 0.03;

describe("the place of a crossfade", () => {
  test("is the end of the first track, less its silence", () => {
    const [from, to] = secondsOf(track(180, { cueOut: 176.5 }), track(200), 4)!;
    expect(Math.abs(to - 176.5)).toBeLessThan(NEARLY);
    expect(Math.abs(to - from - 4)).toBeLessThan(NEARLY);
  });

  test("begins where the first track fades out by itself", () => {
    const fading = track(180, { cueOut: 179, fadeFrom: 171 });
    const [from, to] = secondsOf(fading, track(200), 4)!;
    expect(Math.abs(from - 171)).toBeLessThan(NEARLY);
    expect(Math.abs(to - 175)).toBeLessThan(NEARLY);
  });

  test("cuts off no long quiet ending", () => {
    const [, to] = secondsOf(track(180, { cueOut: 179, fadeFrom: 120 }), track(200), 4)!;
    expect(Math.abs(to - 179)).toBeLessThan(NEARLY);
  });

  test("leaves out the silence before the second track's first sound", () => {
    const place = placeSeam(track(180), track(200, { cueIn: 3 }), 4)!;
    const begins = place.fade.from / 44_100 - (place.shift * 1152) / 44_100;
    expect(Math.abs(begins - 3)).toBeLessThan(NEARLY);
  });

  test.each([
    [9, 4],
    [11, 4],
    [20, 8],
  ])("is nowhere beside a jingle of %d s, at a length of %d s", (length, seconds) => {
    expect(placeSeam(track(length), track(200), seconds)).toBeNull();
    expect(placeSeam(track(200), track(length), seconds)).toBeNull();
  });

  test("is there for tracks of at least 10 s and three fades", () => {
    expect(placeSeam(track(12.5), track(12.5), 4)).not.toBeNull();
    expect(placeSeam(track(10.1), track(10.1), 1)).not.toBeNull();
  });
});

/** MP3 with these ID3 frames before it. */
async function tagged(name: string, frames: readonly Uint8Array[]): Promise<string> {
  const path = join(home.path, name);
  await mkdir(dirname(path), { recursive: true });
  await Bun.write(path, concat(id3Tag(3, frames), ...mpegFrames(4)));
  return path;
}

function numbered(name: string, album: string, number: string): Promise<string> {
  return tagged(name, [textFrame(3, "TALB", album), textFrame(3, "TRCK", number)]);
}

const GAPLESS: readonly [string, Uint8Array][] = [
  ["iTunPGAP", id3Frame(3, "COMM", Buffer.from("\0engiTunPGAP\x001", "latin1"))],
  ["ITUNESGAPLESS", textFrame(3, "TXXX", "ITUNESGAPLESS\x001")],
];

describe("tracks that are played without a gap", () => {
  test("are consecutive ones of an album in one folder", async () => {
    const one = await numbered("album/1.mp3", "Album", "1/9");
    const two = await numbered("album/2.mp3", "Album", "2/9");
    const three = await numbered("album/3.mp3", "Album", "3/9");
    expect(await areContinuous(one, two)).toBe(true);
    expect(await areContinuous(two, three)).toBe(true);
    expect(await areContinuous(one, three)).toBe(false);
    expect(await areContinuous(two, one)).toBe(false);
  });

  test("are not those of different albums or folders, nor those without an album", async () => {
    const one = await numbered("some/1.mp3", "Album", "1");
    expect(await areContinuous(one, await numbered("some/2.mp3", "Other", "2"))).toBe(false);
    expect(await areContinuous(one, await numbered("others/2.mp3", "Album", "2"))).toBe(false);
    const [bare, next] = [await tagged("bare/1.mp3", []), await tagged("bare/2.mp3", [])];
    expect(await areContinuous(bare, next)).toBe(false);
  });

  test.each(GAPLESS)("are those after a track with %s", async (name, frame) => {
    const marked = await tagged(`${name}.mp3`, [frame]);
    const plain = await tagged("plain.mp3", []);
    expect(await areContinuous(marked, plain)).toBe(true);
    expect(await areContinuous(plain, marked)).toBe(false);
  });
});

const attempt = (from: SeamTrack, to: SeamTrack) => makeSeam({ from, to, seconds: SECONDS });

describe.skipIf(!hasMp3Programs)("no crossfade is made", () => {
  test("between tracks that are played without a gap", async () => {
    const one = sideOf(await encode(first, "CBR 128"));
    const frame = textFrame(3, "TXXX", "ITUNESGAPLESS\x001");
    const marked = await tagged("marked.mp3", [frame]);
    await expect(attempt({ ...one, source: marked }, one)).rejects.toThrow("without a gap");
  });

  test("with a file that has changed since it was opened", async () => {
    const one = sideOf(await encode(first, "CBR 128"));
    const copy = join(home.path, "changed.mp3");
    await copyFile(one.path, copy);
    const two = sideOf(copy);
    utimesSync(copy, 1, 1);
    await expect(attempt(one, two)).rejects.toThrow("it has changed");
  });

  test("between two formats", async () => {
    const [one, two] = [await encode(first, "CBR 128"), await encode(first, "mono 64")];
    await expect(attempt(sideOf(one), sideOf(two))).rejects.toThrow("they differ in format");
  });
});

test.skipIf(!hasMp3Programs)("a seam is the same when the child makes it", async () => {
  using made = testConverter(home.path);
  const [a, b] = [await encode(first, "CBR 128"), await encode(second, "V2")];
  const wish = { from: sideOf(a), to: sideOf(b), seconds: SECONDS };
  const there = await made.converter.seam(wish);
  expect({ ...there, audio: there.audio.toBase64() }).toEqual(await makeSeam(wish));
  const tooLong = made.converter.seam({ ...wish, seconds: 15 });
  await expect(tooLong).rejects.toThrow("one of them is a jingle");
  // That is nothing to be repaired.
  expect(made.converter.state.failures).toEqual([]);
});

test("a seam is made before what else waits", async () => {
  const failure = "{ why: message.job.call, isLasting: true, cacheCode: null }";
  const child = scripted(`process.on("message", (message) =>
    process.send({ id: message.id, failure: ${failure} }));`);
  using made = testConverter(home.path, child);
  const { converter } = made;
  const path = await tagged("any.mp3", []);
  const calls: string[] = [];
  const note = (error: Error) => void calls.push(error.message);
  const wish = { from: sideOf(path), to: sideOf(path), seconds: SECONDS };
  await Promise.all([
    converter.analyse(sourceOf(path)).catch(note),
    converter.analyse({ path, version: "other" }).catch(note),
    converter.seam(wish).catch(note),
  ]);
  expect(calls).toEqual(["analyse", "seam", "analyse"]);
});
