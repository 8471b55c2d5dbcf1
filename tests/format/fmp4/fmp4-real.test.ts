// What ffmpeg's encoders made, as fragments: its own decoders must hear in them what they hear in the Ogg.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireProgram } from "../../support/programs.ts";
import { mp4Fragments, mp4Init } from "../../support/mp4-boxes.ts";
import { concat } from "../mpeg-builder.ts";
import { packetsOf, segmentsOf } from "./rewrap.ts";

const ffmpeg = requireProgram("ffmpeg");
const ffprobe = requireProgram("ffprobe");
const canRun = ffmpeg !== null && ffprobe !== null;

async function run(command: string[], stdin?: Uint8Array): Promise<Uint8Array> {
  const child = Bun.spawn(command, { stdin: stdin ?? "ignore", stdout: "pipe", stderr: "pipe" });
  const { stdout, stderr, exited } = child;
  const [out, said, code] = await Promise.all([stdout.bytes(), stderr.text(), exited]);
  expect({ code, said: said.replace(/.*Guessed Channel Layout.*\n/g, "") }).toEqual({
    code: 0,
    said: "",
  });
  return out;
}

interface Kind {
  readonly name: string;
  /** Hz and channels of what is encoded. */
  readonly rate: number;
  readonly channels: number;
  readonly encoding: readonly string[];
}

function opus(name: string, channels: number, ...options: readonly string[]): Kind {
  return { name, rate: 48_000, channels, encoding: ["-c:a", "libopus", ...options] };
}

function flac(name: string, rate: number, channels: number, ...options: readonly string[]): Kind {
  return { name, rate, channels, encoding: ["-c:a", "flac", "-f", "ogg", ...options] };
}

const kinds: readonly Kind[] = [
  ...["2.5", "5", "10", "20", "40", "60"].map((ms) =>
    opus(`frames-of-${ms}-ms.opus`, 2, "-frame_duration", ms),
  ),
  opus("speech.opus", 1, "-application", "voip", "-b:a", "16k", "-page_duration", "20000"),
  opus("surround.opus", 6, "-mapping_family", "1"),
  flac("cd.oga", 44_100, 2),
  flac("mono.oga", 22_050, 1),
  flac("studio.oga", 96_000, 2, "-sample_fmt", "s32"),
  flac("small-blocks.oga", 48_000, 2, "-frame_size", "200"),
];
const named = kinds.map((kind) => [kind.name, kind] as const);
const some = named.filter(([name]) => /^(?:frames-of-20|cd)/.test(name));

const SECONDS = 1.7;
let folder = "";

beforeAll(async () => {
  if (!canRun) return;
  folder = await mkdtemp(join(tmpdir(), "fmp4-"));
  const sound = ["-f", "lavfi", "-i", `anoisesrc=d=${SECONDS}:a=0.3:seed=1:r=48000`];
  const outputs = kinds.flatMap(({ name, rate, channels, encoding }) => {
    const shape = ["-ar", String(rate), "-ac", String(channels)];
    return [...shape, ...encoding, join(folder, name)];
  });
  await run([ffmpeg!, "-v", "error", ...sound, ...outputs]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function chunksOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / 1400) }, (_, i) =>
    bytes.subarray(i * 1400, i * 1400 + 1400),
  );
}

function decode(input: Uint8Array): Promise<Uint8Array> {
  const options = ["-v", "warning", "-i", "-", "-f", "s32le", "-"];
  return run([ffmpeg!, ...options], input);
}

/** The whole file as an initialization segment and segments of half a second. */
async function rewrap({ name, rate }: Kind) {
  const file = await Bun.file(join(folder, name)).bytes();
  let next = rate / 2;
  const segments = segmentsOf(packetsOf(chunksOf(file)), (position) => {
    const isPassed = position >= next;
    if (isPassed) next += rate / 2;
    return isPassed;
  });
  return { file, segments, init: segments[0]!.track.init };
}

/** Where decoding begins by the edit list; ffprobe counts from where playing does. */
function beginning(init: Uint8Array): number {
  return 0 - mp4Init(init).mediaTime;
}

describe.skipIf(!canRun)("fragments of", () => {
  test.each(named)("%s decode to the samples of the Ogg, without a word", async (_name, kind) => {
    const { file, segments, init } = await rewrap(kind);
    expect(segments.length).toBeGreaterThanOrEqual(3);
    const sound = await decode(file);
    const ours = await decode(concat(init, ...segments.map(({ bytes }) => bytes)));
    // What the last packet of the chain is to be trimmed by is heard, since no packet is the last of a live stream.
    expect(ours.length - sound.length).toBeLessThan(0.06 * 48_000 * kind.channels * 4);
    expect(Buffer.compare(ours.subarray(0, sound.length), sound)).toBe(0);
  });

  test.each(named)("%s go on without a gap of time", async (_name, kind) => {
    const { segments, init } = await rewrap(kind);
    let expected = 0;
    for (const { bytes } of segments)
      for (const { decodeTime, samples } of mp4Fragments(bytes)) {
        expect(decodeTime).toBe(expected);
        expected += samples.reduce((sum, { duration }) => sum + duration, 0);
      }
    const seconds = (expected + beginning(init)) / kind.rate;
    expect(Math.abs(seconds - SECONDS)).toBeLessThan(0.06);
  });

  test.each(some)("%s have the times that ffprobe expects", async (_name, kind) => {
    const { segments, init } = await rewrap(kind);
    const wanted = ["-show_entries", "packet=pts", "-of", "csv=p=0"];
    const whole = concat(init, ...segments.map(({ bytes }) => bytes));
    const text = Buffer.from(await run([ffprobe!, "-v", "warning", ...wanted, "-"], whole));
    const packets = segments.flatMap(({ bytes }) => mp4Fragments(bytes)[0]!.samples);
    let at = beginning(init);
    const times = packets.map(({ duration }) => (at += duration) - duration);
    expect(text.toString().match(/-?\d+/g)?.map(Number)).toEqual(times);
  });

  test.each(some)("%s can be joined at any segment", async (_name, kind) => {
    const { segments, init } = await rewrap(kind);
    const bytes = segments.slice(2).map((segment) => segment.bytes);
    const sound = await decode(concat(init, ...bytes));
    const seconds = sound.length / 4 / kind.channels / kind.rate;
    expect(Math.abs(seconds - (SECONDS - segments[2]!.position / kind.rate))).toBeLessThan(0.06);
  });
});
