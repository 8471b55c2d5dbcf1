// What the converter is doing and has done: for people, who want to know how fast it is and what it did not take.
import type { FailedJob, RunningJob } from "../library/converter.ts";
import { type Clock, systemClock, wallClock } from "../lib/clock.ts";
import type { Job } from "./job.ts";

const MAX_FAILURES = 20;

/** The speed is that of so many jobs. */
const MAX_TIMED = 20;

interface Timed {
  readonly audioSeconds: number;
  readonly seconds: number;
}

export class JobRecord {
  #running: (RunningJob & { readonly sinceMs: number }) | null = null;
  #timed: readonly Timed[] = [];
  #failures: readonly FailedJob[] = [];

  constructor(
    private readonly clock: Clock = systemClock,
    private readonly wall: Clock = wallClock,
  ) {}

  get running(): RunningJob | null {
    return this.#running;
  }

  /** The latest first. */
  get failures(): readonly FailedJob[] {
    return this.#failures;
  }

  /** Seconds of audio a second, over the latest jobs; null while nothing is known. */
  get speed(): number | null {
    const timed = [...this.#timed, ...this.#timedNow()];
    const audioSeconds = timed.reduce((sum, job) => sum + job.audioSeconds, 0);
    const seconds = timed.reduce((sum, job) => sum + job.seconds, 0);
    return audioSeconds > 0 && seconds > 0 ? audioSeconds / seconds : null;
  }

  begin({ call, path }: Job): void {
    this.#running = { kind: call, path, seconds: 0, sinceMs: this.clock.nowMs() };
  }

  /** Seconds of audio so far. */
  progress(seconds: number): void {
    if (this.#running !== null) this.#running = { ...this.#running, seconds };
  }

  done(): void {
    this.#timed = [...this.#timed, ...this.#timedNow()].slice(-MAX_TIMED);
    this.#running = null;
  }

  failed(why: string): void {
    if (this.#running === null) return;
    const { kind, path } = this.#running;
    this.#running = null;
    // Two tracks that are not faded follow each other, which may be meant.
    if (kind === "seam") return;
    const failure = { kind, path, why, atMs: this.wall.nowMs() };
    const others = this.#failures.filter((one) => one.path !== path || one.kind !== kind);
    this.#failures = [failure, ...others].slice(0, MAX_FAILURES);
  }

  #timedNow(): Timed[] {
    if (this.#running === null || this.#running.seconds === 0) return [];
    const { seconds, sinceMs } = this.#running;
    return [{ audioSeconds: seconds, seconds: (this.clock.nowMs() - sinceMs) / 1000 }];
  }
}
