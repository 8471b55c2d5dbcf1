// A crossfade of Vorbis or FLAC: the first track up to a page's end, a short stream, the second track from a page's start. What
// is decoded of all three is the mix of both tracks, to the sample.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { statSync } from "node:fs";
import { join } from "node:path";
import { crossfade, type Fade } from "../../src/audio/crossfade.ts";
import { decodeFile } from "../../src/audio/open-audio.ts";
import { AudioFile } from "../../src/audio/audio-file.ts";
import { makeSeam } from "../../src/convert/make-seam.ts";
import { concatBytes } from "../../src/format/parts/bytes.ts";
import { openInside } from "../../src/lib/open-file.ts";
import { type SeamTrack, fileVersion } from "../../src/library/converter.ts";
import { Track } from "../../src/input/playlist/track.ts";
import { ffmpeg, runFfmpeg } from "../audio/synth.ts";
import { chainsOf } from "../support/decode-stream.ts";
import { scratch } from "../support/station.ts";

setDefaultTimeout(120_000);

const SECONDS = 2;
const RATE = 44_100;

let home: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  home = await scratch();
});
afterAll(() => home[Symbol.asyncDispose]());

async function makeTone(name: string, hertz: number, seconds: number, how: string) {
  const path = join(home.path, name);
  const tone = `aevalsrc='0.3*sin(2*PI*${hertz}*t)|0.2*sin(2*PI*${hertz}*t)':s=${RATE}:d=${seconds}`;
  await runFfmpeg(["-f", "lavfi", "-i", tone, ...how.split(" "), path]);
  return path;
}

function sideOf(path: string): SeamTrack {
  const version = fileVersion(statSync(path));
  return { path, source: path, version, steps: 0, cueIn: null, cueOut: null, fadeFrom: null };
}

async function decoded(path: string): Promise<Float32Array> {
  using file = AudioFile.open(path);
  const pieces: Float32Array[] = [];
  for await (const { channels } of decodeFile(file)) pieces.push(channels[0]!.slice());
  return Float32Array.from(pieces.flatMap((piece) => [...piece]));
}

async function bytesOf(track: Track): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for (let some = await track.next(); some !== null; some = await track.next())
    all.push(some.bytes.slice());
  return concatBytes(all);
}

/** What a decoder makes of a stream, chain after chain. */
async function heard(stream: Uint8Array): Promise<Float32Array> {
  const all: number[] = [];
  for (const [i, chain] of chainsOf(stream).entries()) {
    const path = join(home.path, `chain-${i}.ogg`);
    await Bun.write(path, chain);
    all.push(...(await decoded(path)));
  }
  return Float32Array.from(all);
}

const KINDS = [
  ["vorbis", "ogg", "-c:a libvorbis -q:a 6", 0.03],
  ["flac", "oga", "-c:a flac -sample_fmt s16 -page_duration 300000", 0.0001],
] as const;

describe.skipIf(ffmpeg === null)("a crossfade", () => {
  test.each(KINDS)("of %s is exact to the sample", async (_, ending, how, tolerance) => {
    const one = await makeTone(`one.${ending}`, 440, 13.4567, how);
    const two = await makeTone(`two.${ending}`, 660, 12.1234, how);
    const seam = await makeSeam({ from: sideOf(one), to: sideOf(two), seconds: SECONDS });
    const open = async (path: string) => Track.open(path, { open: async () => openInside(path) });
    const [a, b] = [await open(one), await open(two)];
    a.stopAt(seam.cut);
    b.beginAt(seam.resume);
    const parts = [await bytesOf(a), a.lastPage?.bytes ?? new Uint8Array(0)];
    parts.push(Uint8Array.fromBase64(seam.audio), await bytesOf(b));
    const got = await heard(concatBytes(parts));
    const [first, second] = [await decoded(one), await decoded(two)];
    const fade: Fade = { from: first.length - SECONDS * RATE, to: first.length };
    const length = fade.from + second.length;
    expect(Math.abs(got.length - length)).toBeLessThanOrEqual(1);
    const parts2 = [
      { channels: [first], at: 0 },
      { channels: [second], at: fade.from },
    ] as const;
    const [mix] = crossfade(...parts2, fade, 0, length);
    let worst = 0;
    for (let i = 0; i < got.length; i++)
      worst = Math.max(worst, Math.abs((got[i] ?? 0) - (mix?.[i] ?? 0)));
    expect(worst).toBeLessThan(tolerance);
  });
});
