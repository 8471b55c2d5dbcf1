// How long a library's scan still takes, and its progress in the log.
import { systemClock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { NO_PROGRESS, type Progress } from "../../library/state.ts";
import type { ScanProgress } from "../../mount/roles.ts";

/** Between two lines of progress; a scan that is shorter is not logged. */
const LINE_MS = 10_000;

export class ScanClock {
  #progress: ScanProgress = { ...NO_PROGRESS, secondsLeft: 0 };
  /** Where the present scan began; null between scans. */
  #start: { readonly atMs: number; readonly measured: number } | null = null;
  #lineMs = 0;
  #isLogged = false;

  constructor(
    private readonly log: Log,
    private readonly clock = systemClock,
  ) {}

  get progress(): ScanProgress {
    return this.#progress;
  }

  follow(progress: Progress): void {
    const nowMs = this.clock.nowMs();
    const isDone = progress.measured >= progress.files;
    if (!isDone && this.#start === null) {
      this.#start = { atMs: nowMs, measured: progress.measured };
      this.#lineMs = nowMs;
    }
    this.#progress = { ...progress, secondsLeft: isDone ? 0 : this.#left(progress, nowMs) };
    if (isDone) this.#end();
    else if (nowMs - this.#lineMs >= LINE_MS) this.#logLine(nowMs);
  }

  #left({ files, measured }: Progress, nowMs: number): number | null {
    if (this.#start === null) return null;
    const done = measured - this.#start.measured;
    const seconds = (nowMs - this.#start.atMs) / 1000;
    return done <= 0 || seconds <= 0 ? null : Math.ceil(((files - measured) * seconds) / done);
  }

  #logLine(nowMs: number): void {
    const { files, measured, secondsLeft } = this.#progress;
    const left = secondsLeft === null ? "" : `, about ${secondsLeft} s left`;
    this.log.info(`reading the music: ${measured} of ${files} files${left}`);
    this.#lineMs = nowMs;
    this.#isLogged = true;
  }

  #end(): void {
    this.#start = null;
    if (!this.#isLogged) return;
    this.#isLogged = false;
    const { files, seconds } = this.#progress;
    this.log.info(`the music is read: ${files} files, ${Math.round(seconds / 3600)} hours`);
  }
}
