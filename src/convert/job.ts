// Messages between the station and the converter's child process; each side checks what the other sends.
import type { Analysis, Converted, SeamWish, Target } from "../library/converter.ts";
import type { MadeSeam } from "./made-seam.ts";

export type Job =
  | { readonly call: "analyse"; readonly path: string }
  | {
      readonly call: "convert";
      readonly path: string;
      readonly target: Target;
      /** Absolute, in the cache's folder. */
      readonly output: string;
      /** Size of the whole cache; the least recently played files make room. */
      readonly limitBytes: number;
    }
  | {
      readonly call: "hear";
      /** Whose audio it is. */
      readonly path: string;
      /** A part of a stream in base64: its headers, if the codec has them, and whole frames. */
      readonly audio: string;
      /** Steps of 100 ms at its start that do not count. */
      readonly skipSteps: number;
    }
  | { readonly call: "seam"; readonly path: string; readonly wish: SeamWish };

export interface HeardWindow {
  /** LUFS of each 100 ms. */
  readonly steps: readonly number[];
  /** dBTP; null for silence. */
  readonly truePeak: number | null;
}

/** Why a job failed. */
export interface JobFailure {
  /** "it is empty" */
  readonly why: string;
  /** It will fail again until the file changes. */
  readonly isLasting: boolean;
  /** The system's code if the cache cannot be written, such as ENOSPC; no fault of the file. */
  readonly cacheCode: string | null;
  /** A program that did the work was ended by a signal; it may succeed the next time. */
  readonly isCrash?: boolean;
}

export interface Request {
  readonly id: number;
  readonly job: Job;
}

export type Reply = { readonly id: number } &
  /** Sent about once a second: seconds of audio so far. */
  (
    | { readonly progress: number }
    | { readonly analysis: Analysis }
    | { readonly converted: Converted }
    | { readonly heard: HeardWindow }
    | { readonly seam: MadeSeam }
    | { readonly noSeam: string }
    | { readonly failure: JobFailure }
  );

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isAmount: Check = (value) => isNumber(value) && Number(value) >= 0;
const isFlag: Check = (value) => typeof value === "boolean";

function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

/** The object has all of these; what else it has does not matter. */
function hasAll(checks: Readonly<Record<string, Check>>): Check {
  return (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(checks).every(([key, check]) => check(Reflect.get(value, key)));
}

const LEVEL = { loudness: orNull(isNumber), truePeak: orNull(isNumber) };

const CODECS: ReadonlySet<unknown> = new Set(["mp3", "vorbis", "opus", "aac", "flac"]);

const isTarget = hasAll({
  codec: (value) => CODECS.has(value),
  sampleRate: isAmount,
  channels: isAmount,
  bitrate: isAmount,
  loudness: orNull(isNumber),
  bitsPerSample: (value) => value === undefined || isAmount(value),
});

const isAnalyse = hasAll({ call: (value) => value === "analyse", path: isText });
const isConvert = hasAll({
  call: (value) => value === "convert",
  path: isText,
  target: isTarget,
  output: isText,
  limitBytes: isAmount,
});

const isHear = hasAll({
  call: (value) => value === "hear",
  path: isText,
  audio: isText,
  skipSteps: isAmount,
});

const isHeard = hasAll({
  steps: (value) => Array.isArray(value) && value.every(isNumber),
  truePeak: orNull(isNumber),
});

const isSeamTrack = hasAll({
  path: isText,
  source: isText,
  version: isText,
  steps: isNumber,
  cueIn: orNull(isAmount),
  cueOut: orNull(isAmount),
  fadeFrom: orNull(isAmount),
});

const isSeamJob = hasAll({
  call: (value) => value === "seam",
  path: isText,
  wish: hasAll({ from: isSeamTrack, to: isSeamTrack, seconds: isAmount }),
});

const isSeam = hasAll({ cut: isAmount, resume: isAmount, middle: isNumber, audio: isText });

const isAnalysis = hasAll({
  ...LEVEL,
  seconds: isAmount,
  sampleRate: isAmount,
  channels: isAmount,
  cueIn: isAmount,
  cueOut: isAmount,
  fadeFrom: isAmount,
  tags: orNull(hasAll({ title: isText, artist: isText, album: isText })),
});

const isConverted = hasAll({
  ...LEVEL,
  path: isText,
  seconds: isAmount,
  format: hasAll({ codec: isText, sampleRate: isAmount, channels: isAmount }),
});

const isFailure = hasAll({
  why: isText,
  isLasting: isFlag,
  cacheCode: orNull(isText),
  isCrash: (value) => value === undefined || isFlag(value),
});

export function isRequest(message: unknown): message is Request {
  const checks = [isAnalyse, isConvert, isHear, isSeamJob];
  return hasAll({ id: isAmount, job: (job) => checks.some((check) => check(job)) })(message);
}

export function isReply(message: unknown): message is Reply {
  const results = {
    progress: isAmount,
    analysis: isAnalysis,
    converted: isConverted,
    heard: isHeard,
    seam: isSeam,
    noSeam: isText,
    failure: isFailure,
  };
  const isOne = Object.entries(results).some(([key, check]) => hasAll({ [key]: check })(message));
  return isOne && hasAll({ id: isAmount })(message);
}
