// How fast the converter's child process converts and measures, in seconds of audio per second of CPU, beside FFmpeg.
import { join } from "node:path";
import { ConvertProcess } from "../../src/convert/convert-process.ts";
import type { Job } from "../../src/convert/job.ts";
import { scratch } from "../support/station.ts";
import { busySeconds, busyThreads } from "./process.ts";
import { makeSong } from "./songs.ts";

const TARGET = {
  codec: "mp3",
  sampleRate: 44_100,
  channels: 2,
  bitrate: 128,
  loudness: null,
} as const;
const MANY_BYTES = 1e12;

/** Compiled by then; a whole library is much longer. */
const WARM_UP_SECONDS = 20;

export interface ConversionFigures {
  /** "FLAC to MP3" */
  readonly what: string;
  readonly timesRealTime: number;
  /** FFmpeg's; null where it is not comparable. */
  readonly ffmpeg: number | null;
}

const KINDS = [
  ["WAV to MP3", "wav"],
  ["FLAC to MP3", "flac"],
  ["Ogg Vorbis to MP3", "ogg"],
] as const;

function convertJob(path: string): Job {
  return {
    call: "convert",
    path,
    target: TARGET,
    output: `${path}.out.mp3`,
    limitBytes: MANY_BYTES,
  };
}

/** Throws when the child fails at it. */
async function cpuSecondsOf(child: ConvertProcess, job: Job): Promise<number> {
  const before = await busyThreads(child.pid ?? 0);
  const outcome = await child.run(job, () => undefined);
  if ("failure" in outcome) throw new Error(outcome.failure.why);
  return busySeconds(before, await busyThreads(child.pid ?? 0));
}

async function ffmpegCpuSeconds(path: string): Promise<number> {
  const words = ["-i", path, "-ar", "44100", "-ac", "2", "-b:a", "128k", `${path}.ffmpeg.mp3`];
  const command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", ...words];
  const done = Bun.spawn(command, { stdio: ["ignore", "ignore", "ignore"] });
  await done.exited;
  return Number(done.resourceUsage()?.cpuTime.total ?? 0) / 1e6;
}

/** Throws when FFmpeg is not there, or it is cut. */
export async function measureConversions(
  seconds: number,
  cut: AbortSignal,
): Promise<ConversionFigures[]> {
  await using home = await scratch();
  const child = new ConvertProcess();
  using _ = { [Symbol.dispose]: () => child.close() };
  const file = (name: string) => join(home.path, name);
  await makeSong(file("first.flac"), Math.min(seconds, WARM_UP_SECONDS), 1);
  await child.run(convertJob(file("first.flac")), () => undefined);
  const all: ConversionFigures[] = [];
  for (const [what, ending] of KINDS) {
    cut.throwIfAborted();
    await makeSong(file(`song.${ending}`), seconds, 3);
    const own = await cpuSecondsOf(child, convertJob(file(`song.${ending}`)));
    const its = await ffmpegCpuSeconds(file(`song.${ending}`));
    all.push({ what, timesRealTime: seconds / own, ffmpeg: seconds / its });
  }
  await makeSong(file("song.mp3"), seconds, 3);
  const own = await cpuSecondsOf(child, { call: "analyse", path: file("song.mp3") });
  return [...all, { what: "loudness of an MP3", timesRealTime: seconds / own, ffmpeg: null }];
}
