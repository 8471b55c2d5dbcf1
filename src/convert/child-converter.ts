// The converter as the station uses it: a queue in front of one child process, and the cache of what it made.
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Disk } from "../disk/disk.ts";
import type { Log } from "../lib/log.ts";
import {
  type Analysis,
  type Converted,
  ConvertError,
  type Converter,
  type ConverterState,
  type Seam,
  type SeamWish,
  type Source,
  type Target,
} from "../library/converter.ts";
import { cachedTrack } from "./cached-track.ts";
import { CacheHealth } from "./cache-health.ts";
import { ConvertProcess, CrashError } from "./convert-process.ts";
import type { Job } from "./job.ts";
import { JobRecord } from "./job-record.ts";
import type { Outcome } from "./perform-job.ts";

/** More than this is not worth remembering: the library asks again. */
const MAX_QUEUED = 256;

/** A file that crashes the child so often is left out. */
const MAX_CRASHES = 2;
const MAX_CRASHED_FILES = 1000;

/** A seam is needed before its track ends; a track that is converted may be waiting for its turn to play. */
const URGENCY: Readonly<Record<Job["call"], number>> = { seam: 3, convert: 2, hear: 1, analyse: 0 };

const ENDINGS = { mp3: "mp3", vorbis: "ogg", opus: "opus", flac: "oga", aac: "aac" } as const;

const MIB = 1 << 20;

interface Options {
  /** Absolute. */
  readonly directory: string;
  readonly limitMib: number;
  /** The disk with the directory. */
  readonly disk: Disk;
  readonly log: Log;
  readonly process?: ConvertProcess;
}

interface Queued {
  readonly key: string;
  readonly job: Job;
  readonly version: string;
  readonly result: Promise<Outcome>;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

export class ChildConverter implements Converter {
  readonly #process: ConvertProcess;
  readonly #health: CacheHealth;
  #queue: Queued[] = [];
  #current: Queued | null = null;
  readonly #record = new JobRecord();
  readonly #crashes = new Map<string, number>();
  #isClosed = false;

  constructor(private readonly options: Options) {
    this.#process = options.process ?? new ConvertProcess();
    this.#health = new CacheHealth(options.directory, options.log);
  }

  get state(): ConverterState {
    const waiting: Record<string, number> = {};
    for (const { job } of this.#queue) waiting[job.call] = (waiting[job.call] ?? 0) + 1;
    const { running, speed, failures } = this.#record;
    return { running, waiting, speed, failures };
  }

  get stopped(): string | null {
    return this.#health.trouble;
  }

  async analyse({ path, version }: Source): Promise<Analysis> {
    const outcome = await this.#ask({ call: "analyse", path }, version);
    if ("analysis" in outcome) return outcome.analysis;
    throw unexpected(outcome);
  }

  hurry(path: string): void {
    const at = this.#queue.findIndex(({ job }) => job.call === "analyse" && job.path === path);
    if (at > 0) this.#queue.unshift(...this.#queue.splice(at, 1));
  }

  async convert({ path, version }: Source, target: Target): Promise<Converted> {
    const output = join(this.options.directory, cacheName(path, version, target));
    const cached = await cachedTrack(this.options.disk, output);
    if (cached !== null) return cached;
    const { stopped } = this.#health;
    if (stopped !== null) throw new ConvertError(stopped, false);
    const limitBytes = this.options.limitMib * MIB;
    const outcome = await this.#ask({ call: "convert", path, target, output, limitBytes }, version);
    if ("converted" in outcome) return outcome.converted;
    throw unexpected(outcome);
  }

  async seam(wish: SeamWish): Promise<Seam> {
    const { from, to } = wish;
    const path = from.path;
    const version = JSON.stringify([from.version, to.path, to.version]);
    const outcome = await this.#ask({ call: "seam", path, wish }, version);
    if ("noSeam" in outcome) throw new ConvertError(outcome.noSeam, true);
    if (!("seam" in outcome)) throw unexpected(outcome);
    return { ...outcome.seam, audio: Uint8Array.fromBase64(outcome.seam.audio) };
  }

  touch(path: string): void {
    // A cache that was deleted in the meantime has nothing to keep.
    this.options.disk.touch(path).catch(() => undefined);
  }

  close(): void {
    this.#isClosed = true;
    this.#process.close();
    const waiting = [...(this.#current === null ? [] : [this.#current]), ...this.#queue];
    this.#queue = [];
    this.#current = null;
    for (const { reject } of waiting) reject(new ConvertError("the station is stopping", false));
  }

  #ask(job: Job, version: string): Promise<Outcome> {
    const key = JSON.stringify([job, version]);
    const same = [this.#current, ...this.#queue].find((queued) => queued?.key === key);
    if (same !== undefined && same !== null) return same.result;
    if (this.#isClosed || this.#queue.length >= MAX_QUEUED)
      return Promise.reject(new ConvertError("the converter is busy", false));
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    this.#enqueue({ key, job, version, result: promise, resolve, reject });
    void this.#next();
    return promise;
  }

  #enqueue(queued: Queued): void {
    const urgency = URGENCY[queued.job.call];
    const place = this.#queue.findIndex(({ job }) => URGENCY[job.call] < urgency);
    if (place < 0) this.#queue.push(queued);
    else this.#queue.splice(place, 0, queued);
  }

  async #next(): Promise<void> {
    if (this.#current !== null) return;
    const queued = this.#queue.shift();
    if (queued === undefined) return;
    this.#current = queued;
    this.#record.begin(queued.job);
    try {
      queued.resolve(this.#judged(await this.#run(queued)));
      this.#record.done();
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.#record.failed(failure.message);
      queued.reject(failure);
    }
    if (this.#isClosed) return;
    this.#current = null;
    void this.#next();
  }

  /** Throws ConvertError for a file that crashed the child too often. */
  async #run({ job, version }: Queued): Promise<Outcome> {
    const file = JSON.stringify([job.path, version]);
    for (;;) {
      try {
        return await this.#process.run(job, (seconds) => this.#record.progress(seconds));
      } catch (error) {
        if (!(error instanceof CrashError) || this.#isClosed) throw error;
        const crashes = this.#countCrash(file);
        this.options.log.repeated(`the converter failed at ${job.path}: ${error.message}`);
        if (crashes >= MAX_CRASHES)
          throw new ConvertError(`the converter fails at it (${error.message})`, true);
      }
    }
  }

  #countCrash(file: string): number {
    const crashes = (this.#crashes.get(file) ?? 0) + 1;
    if (this.#crashes.size >= MAX_CRASHED_FILES) this.#crashes.clear();
    this.#crashes.set(file, crashes);
    return crashes;
  }

  /** Throws ConvertError for a failure. */
  #judged(outcome: Outcome): Outcome {
    if ("converted" in outcome) this.#health.written();
    if (!("failure" in outcome)) return outcome;
    const { why, isLasting, cacheCode } = outcome.failure;
    if (cacheCode !== null) throw new ConvertError(this.#health.failed(cacheCode), false);
    throw new ConvertError(why, isLasting);
  }
}

function unexpected(outcome: Outcome): ConvertError {
  return new ConvertError(`the converter sent ${Object.keys(outcome).join(", ")}`, false);
}

/** Depends on everything the result depends on. */
export function cacheName(path: string, version: string, target: Target): string {
  const { codec, sampleRate, channels, bitrate, loudness, bitsPerSample = [] } = target;
  const parts = [path, version, codec, sampleRate, channels, bitrate, loudness].concat(
    bitsPerSample,
  );
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `${hash.slice(0, 32)}.${ENDINGS[codec]}`;
}
