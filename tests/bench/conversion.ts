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

const LOUDNESS = "loudness of an MP3";

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

type FileOf = (ending: string) => string;

/** CPU seconds of the child, by what it did. Throws when it is cut. */
async function ownSeconds(file: FileOf, cut: AbortSignal): Promise<Map<string, number>> {
  const child = new ConvertProcess();
  // The child does not keep this program alive, and Bun spins while it waits for nothing that does.
  const alive = setInterval(() => undefined, 1000);
  using _ = {
    [Symbol.dispose]() {
      clearInterval(alive);
      child.close();
    },
  };
  // It compiles what runs often.
  await child.run(convertJob(file("flac")), () => undefined);
  const taken = new Map<string, number>();
  for (const [what, ending] of KINDS) {
    cut.throwIfAborted();
    taken.set(what, await cpuSecondsOf(child, convertJob(file(ending))));
  }
  return taken.set(LOUDNESS, await cpuSecondsOf(child, { call: "analyse", path: file("mp3") }));
}

async function ffmpegSeconds(file: FileOf): Promise<Map<string, number>> {
  const taken = new Map<string, number>();
  for (const [what, ending] of KINDS) taken.set(what, await ffmpegCpuSeconds(file(ending)));
  return taken;
}

/** Throws when FFmpeg is not there, or it is cut. */
export async function measureConversions(
  seconds: number,
  cut: AbortSignal,
): Promise<ConversionFigures[]> {
  await using home = await scratch();
  const file = (ending: string) => join(home.path, `song.${ending}`);
  // All of them first: a child without a job ends after a while.
  for (const ending of ["mp3", ...KINDS.map(([, its]) => its)])
    await makeSong(file(ending), seconds, 3);
  const own = await ownSeconds(file, cut);
  const ffmpeg = await ffmpegSeconds(file);
  return [...own].map(([what, taken]) => {
    const its = ffmpeg.get(what);
    return {
      what,
      timesRealTime: seconds / taken,
      ffmpeg: its === undefined ? null : seconds / its,
    };
  });
}
