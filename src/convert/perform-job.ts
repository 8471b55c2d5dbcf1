// Does the converter's jobs, inside the child process: decodes, measures, resamples, mixes and encodes in a stream.
import { AudioFile } from "../audio/audio-file.ts";
import { mixed } from "../audio/channel-mix.ts";
import { CrashedProgramError } from "../audio/crashed-program.ts";
import { createEncoder } from "../audio/create-encoder.ts";
import { type Encoder, EncoderError } from "../audio/encoder.ts";
import { PcmMeter } from "../audio/measure-pcm.ts";
import { decodeFile } from "../audio/open-audio.ts";
import { amplified, AudioError, lengthOf, type Pcm, type PcmStream } from "../audio/pcm.ts";
import { resampled } from "../audio/resample.ts";
import { systemClock } from "../lib/clock.ts";
import type { Analysis, Converted, SeamWish, Target } from "../library/converter.ts";
import { failureOf } from "../library/playable.ts";
import { audioTags } from "./audio-tags.ts";
import { hearWindow } from "./hear-window.ts";
import type { HeardWindow, Job, JobFailure } from "./job.ts";
import { type MadeSeam, NoSeamError } from "./made-seam.ts";
import { makeSeam } from "./make-seam.ts";
import { CacheError, OutputFile, TooLargeError } from "./output-file.ts";

/** Audio between forced collections of garbage: without them memory grows to hundreds of MiB. */
const COLLECT_SECONDS = 8;

/** dBTP: as for levels that are changed in passing. */
const MAX_PEAK_DB = -1;

/** Decoding alone never returns to the event loop, which has to notice that the station is gone. */
const TURN_MS = 100;

/** Seconds of audio so far. */
type OnProgress = (seconds: number) => void;

export type Outcome =
  | { readonly analysis: Analysis }
  | { readonly converted: Converted }
  | { readonly heard: HeardWindow }
  | { readonly seam: MadeSeam }
  /** Why two tracks are not faded, which is no failure. */
  | { readonly noSeam: string }
  | { readonly failure: JobFailure };

/** Never rejects. */
export async function performJob(job: Job, onProgress: OnProgress): Promise<Outcome> {
  try {
    if (job.call === "hear")
      return { heard: await hearWindow(Uint8Array.fromBase64(job.audio), job.skipSteps) };
    if (job.call === "seam") return await seamOf(job.wish);
    using file = AudioFile.open(job.path);
    const decode = () => watched(decodeFile(file), onProgress);
    if (job.call === "analyse") return { analysis: await analyse(job.path, file, decode()) };
    return { converted: await convert(job, decode) };
  } catch (error) {
    return { failure: jobFailure(error) };
  }
}

async function seamOf(wish: SeamWish): Promise<Outcome> {
  try {
    return { seam: await makeSeam(wish) };
  } catch (error) {
    if (error instanceof NoSeamError) return { noSeam: error.message };
    throw error;
  }
}

function jobFailure(error: unknown): JobFailure {
  const cacheCode = error instanceof CacheError ? error.code : null;
  if (error instanceof CrashedProgramError)
    return { why: error.message, isLasting: false, cacheCode, isCrash: true };
  const isOwn = [AudioError, EncoderError, TooLargeError].some((kind) => error instanceof kind);
  if (isOwn && error instanceof Error) return { why: error.message, isLasting: true, cacheCode };
  if (error instanceof CacheError) return { why: error.message, isLasting: false, cacheCode };
  const isSystem = error instanceof Error && "code" in error;
  if (isSystem) return { ...failureOf(error), cacheCode };
  const why = error instanceof Error ? error.message : String(error);
  return { why: `it cannot be decoded (${why})`, isLasting: true, cacheCode };
}

async function* watched(pieces: PcmStream, onProgress: OnProgress): AsyncGenerator<Pcm> {
  let seconds = 0;
  let collected = 0;
  let turnedMs = systemClock.nowMs();
  for await (const pcm of pieces) {
    seconds += lengthOf(pcm) / pcm.sampleRate;
    if (seconds > collected + COLLECT_SECONDS) {
      collected = seconds;
      Bun.gc(true);
    }
    if (systemClock.nowMs() > turnedMs + TURN_MS) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      turnedMs = systemClock.nowMs();
    }
    onProgress(seconds);
    yield pcm;
  }
}

async function analyse(path: string, file: AudioFile, pieces: PcmStream): Promise<Analysis> {
  const meter = new PcmMeter();
  for await (const pcm of pieces) meter.add(pcm);
  return { ...meter.measured, tags: await audioTags(path, file) };
}

type Conversion = Extract<Job, { readonly call: "convert" }>;

/** The factor that makes it as loud as is wished for, as far as its peaks allow. */
async function gainOf(target: Target, pieces: PcmStream): Promise<number> {
  const meter = new PcmMeter();
  for await (const pcm of pieces) meter.add(mixed(pcm, channelsOf(target)));
  const { loudness, truePeak } = meter.measured;
  if (target.loudness === null || loudness === null || truePeak === null) return 1;
  return 10 ** (Math.min(target.loudness - loudness, MAX_PEAK_DB - truePeak) / 20);
}

function channelsOf({ channels }: Target): 1 | 2 {
  return channels === 1 ? 1 : 2;
}

async function convert(job: Conversion, decode: () => PcmStream): Promise<Converted> {
  const { target } = job;
  const channels = channelsOf(target);
  // First of all, since it may be missing.
  const encoder = await createEncoder(target.codec, { ...target, channels });
  try {
    const gain = target.loudness === null ? 1 : await gainOf(target, decode());
    const meter = new PcmMeter();
    using output = new OutputFile(job.output, encoder.startBytes, job.limitBytes);
    for await (const pcm of resampled(decode(), target.sampleRate)) {
      const ready = amplified(mixed(pcm, channels), gain);
      meter.add(ready);
      output.write(await encoder.encode(ready));
    }
    return await finish(encoder, meter, output, job.output);
  } finally {
    encoder[Symbol.dispose]?.();
  }
}

async function finish(
  encoder: Encoder,
  meter: PcmMeter,
  output: OutputFile,
  path: string,
): Promise<Converted> {
  output.write(await encoder.finish());
  const { measured } = meter;
  output.finish(encoder.start(measured));
  const { loudness, truePeak } = measured;
  const { format, samples } = encoder;
  const seconds = samples === undefined ? measured.seconds : samples / format.sampleRate;
  return { path, format, seconds, loudness, truePeak };
}
