// What a listener of the recorded past of Ogg gets, as decoders hear it: the tones that were on air, and no complaint.
import { describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Codec, Frames } from "../../src/format/frame.ts";
import { copyFrames } from "../../src/format/frame-slice.ts";
import { createOggParser } from "../../src/format/ogg/ogg.ts";
import { FakeSink } from "../output/fake-sink.ts";
import { PastStudio } from "../output/past-studio.ts";
import { requireProgram } from "../support/programs.ts";
import { gapsBetween, type Recording, tonesIn } from "../support/tones.ts";

const has = ["ffmpeg", "opusdec", "oggdec", "flac"].every((name) => requireProgram(name) !== null);

const TONES = [440, 660, 880, 1100];

async function run(...command: string[]): Promise<{ errors: string; bytes: Buffer }> {
  return runWith("ignore", command);
}

async function runWith(stdin: Bun.BunFile | "ignore", command: readonly string[]) {
  const program = Bun.spawn([...command], { stdin, stdout: "pipe", stderr: "pipe" });
  const [out, errors] = await Promise.all([
    new Response(program.stdout).bytes(),
    new Response(program.stderr).text(),
  ]);
  expect(await program.exited, `${command.join(" ")}: ${errors}`).toBe(0);
  return { errors, bytes: Buffer.from(out) };
}

/** A chain of two tones, each so many seconds long, in batches of about a second. */
async function encoded(path: string, tones: readonly [number, number][], codec: readonly string[]) {
  const inputs = tones.map(([hertz, seconds]) => `sine=f=${hertz}:d=${seconds}:r=48000`);
  const graph = `${inputs.map((_, at) => `[${at}]`).join("")}concat=n=2:v=0:a=1,volume=4,aformat=channel_layouts=stereo`;
  const sources = inputs.flatMap((input) => ["-f", "lavfi", "-i", input]);
  const made = ["-filter_complex", graph, ...codec, "-f", "ogg", path];
  await run("ffmpeg", "-v", "error", "-y", ...sources, ...made);
  return batchesOf(await Bun.file(path).bytes());
}

function batchesOf(bytes: Uint8Array): Frames[][] {
  const parser = createOggParser();
  const seconds: Frames[][] = [[]];
  const keep = (first: Frames) => {
    for (let frames = first; frames.count > 0; frames = parser.next()) {
      seconds.at(-1)!.push(copyFrames(frames));
      if (seconds.at(-1)!.reduce((sum, one) => sum + one.seconds, 0) >= 0.9) seconds.push([]);
    }
  };
  for (let at = 0; at < bytes.length; at += 1024) keep(parser.push(bytes.subarray(at, at + 1024)));
  keep(parser.end());
  return seconds;
}

const FORMAT = { sampleRate: 48_000, channels: 2 };

/** Four seconds after the start of a show, which was cut at the full hour and had a gap; and on into the ring. */
async function heardIn(folder: string, codec: Codec, options: readonly string[]): Promise<Buffer> {
  const bits = codec === "flac" ? { bitsPerSample: 16 } : {};
  using studio = new PastStudio({ codec, ...FORMAT, ...bits }, "2026-11-29T09:59:45Z", 5);
  const path = join(folder, "in.ogg");
  const first = await encoded(
    path,
    [
      [440, 12],
      [660, 12],
    ],
    options,
  );
  const second = await encoded(
    path,
    [
      [880, 8],
      [1100, 52],
    ],
    options,
  );
  for (const batches of first) await studio.send(batches);
  studio.pass(5);
  for (const batches of second.splice(0, 24)) await studio.send(batches);
  const sink = new FakeSink();
  studio.join(studio.at((studio.wallMs - Date.parse("2026-11-29T09:59:49Z")) / 1000), sink);
  studio.widen();
  for (const batches of second) await studio.send(batches);
  expect([studio.audience.counts.inPast, studio.files.length]).toEqual([0, 1]);
  return sink.bytes;
}

async function samplesOf(path: string): Promise<{ errors: string; samples: Recording }> {
  const to = ["-f", "f32le", "-ac", "2", "-ar", "44100", "-"];
  const given = ["-v", "warning", "-guess_layout_max", "0", "-channel_layout", "stereo"];
  // As a stream: of a file, ffmpeg looks at its end first.
  const from = ["-i", "pipe:0"];
  const options = path.endsWith(".wav") ? [...given, ...from] : ["-v", "warning", ...from];
  const { errors, bytes } = await runWith(Bun.file(path), ["ffmpeg", ...options, ...to]);
  const samples = new Float32Array(new Uint8Array(bytes).buffer);
  return { errors, samples };
}

describe.skipIf(!has)("the recorded past, through an hour's cut, a gap and into the ring", () => {
  test.each([
    ["opus", ["-c:a", "libopus", "-b:a", "64k"], ["opusdec", "--quiet", "IN", "OUT"]],
    ["vorbis", ["-c:a", "libvorbis", "-q:a", "3"], ["oggdec", "-Q", "-o", "OUT", "IN"]],
    ["flac", ["-c:a", "flac", "-sample_fmt", "s16"], ["flac", "-s", "-d", "-f", "-o", "OUT", "IN"]],
  ] as const)("is heard in %s by ffmpeg and another decoder", async (codec, options, decoder) => {
    const folder = await mkdtemp(join(tmpdir(), "cycast-past-"));
    try {
      const [heard, wave] = ["heard.oga", "heard.wav"].map((name) => join(folder, name));
      await Bun.write(heard!, await heardIn(folder, codec, options));
      const command = decoder.map((word) =>
        word === "IN" ? heard! : word === "OUT" ? wave! : word,
      );
      const other = await run(...command);
      // No live stream has one.
      expect(other.errors.replace(/.*cannot check MD5 signature.*\n/, "")).toBe("");
      for (const path of [heard!, wave!]) {
        const { errors, samples } = await samplesOf(path);
        expect(errors).toBe("");
        const tones = tonesIn(samples, TONES);
        // The program flac ends with the first chain.
        const isFirst = codec === "flac" && path === wave;
        expect(tones.map(({ hertz }) => hertz)).toEqual(isFirst ? TONES.slice(0, 2) : TONES);
        const [first = 0, second, third = 8] = tones.map(({ from, to }) => to - from);
        expect(first).toBeWithin(7, 8.1);
        expect(second).toBeWithin(11.9, 12.1);
        expect(third).toBeWithin(7.9, 8.1);
        expect(gapsBetween(samples).filter((ms) => ms > 12)).toEqual([]);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
