// Pure: where a run's numbers begin, so that none of an earlier run comes back: derived from the date, and never below what
// was noted then.
import type { Clock } from "../lib/clock.ts";

/** Numbers of a mount's playlists. */
export interface Numbers {
  /** Media sequence. */
  readonly segment: number;
  /** Discontinuity sequence. */
  readonly discontinuity: number;
}

/** As they are in a file. */
export interface NotedNumbers extends Numbers {
  /** When the mount ended with exactly these, in milliseconds since 1970; absent while it runs. */
  readonly stoppedMs?: number;
}

/** Players stay for less, and go on best at the next number. */
const SHORT_STOP_MS = 600_000;

/** Players read both as 32 bits with a sign: seconds since then fit until 2092. */
export const EPOCH_MS = Date.UTC(2025, 0, 1);

/** Numbers are noted so far ahead, so that they are written to the disk once in hours. */
const AHEAD: Numbers = { segment: 2000, discontinuity: 200 };

export class Numbering {
  #noted = new Map<string, NotedNumbers>();
  readonly #last = new Map<string, Numbers>();
  /** Numbers with which an earlier run has ended. */
  readonly #stopped = new Map<string, NotedNumbers>();
  /** What is noted has changed. */
  onChange: () => void = () => undefined;

  constructor(private readonly wall: Clock) {}

  /** What a mount has used last in this run. */
  lastOf(path: string): Numbers | null {
    return this.#last.get(path) ?? null;
  }

  /** By the mount's path. */
  get noted(): ReadonlyMap<string, NotedNumbers> {
    return this.#noted;
  }

  /** Takes what earlier runs have noted. */
  restore(noted: ReadonlyMap<string, NotedNumbers>): void {
    for (const [path, numbers] of noted) {
      const { stoppedMs } = numbers;
      this.#note(path, numbers);
      // A mount that has begun meanwhile has other numbers by now.
      if (stoppedMs !== undefined && !this.#last.has(path)) this.#stopped.set(path, numbers);
    }
  }

  /** The number with which a playlist goes on that an earlier run has left a moment ago; null if there is none. */
  nextOf(path: string): number | null {
    const stopped = this.#stopped.get(path);
    return stopped !== undefined && this.#isShort(stopped) ? stopped.segment : null;
  }

  /** The station ends: the next run may go on with the next numbers, instead of those that are noted ahead. */
  stop(): void {
    const stoppedMs = this.wall.nowMs();
    for (const [path, { segment, discontinuity }] of this.#last)
      this.#noted.set(path, { segment: segment + 1, discontinuity, stoppedMs });
    this.onChange();
  }

  /** Segments are at least two seconds long, and discontinuities rarer than one a minute. */
  begin(path: string): Numbers {
    const numbers = this.#continued(path) ?? this.#derived(path);
    this.#noteAhead(path, numbers);
    return numbers;
  }

  #continued(path: string): Numbers | null {
    const stopped = this.#stopped.get(path);
    this.#stopped.delete(path);
    return stopped !== undefined && this.#isShort(stopped) ? stopped : null;
  }

  #isShort({ stoppedMs = Number.NEGATIVE_INFINITY }: NotedNumbers): boolean {
    const passedMs = this.wall.nowMs() - stoppedMs;
    return passedMs >= 0 && passedMs < SHORT_STOP_MS;
  }

  #derived(path: string): Numbers {
    const seconds = Math.max(0, Math.floor((this.wall.nowMs() - EPOCH_MS) / 1000));
    const noted = this.#noted.get(path);
    const derived = { segment: seconds, discontinuity: Math.floor(seconds / 60) };
    return {
      segment: Math.max(derived.segment, noted?.segment ?? 0),
      discontinuity: Math.max(derived.discontinuity, noted?.discontinuity ?? 0),
    };
  }

  /** These numbers are in use. */
  use(path: string, numbers: Numbers): void {
    this.#last.set(path, numbers);
    this.#noteAhead(path, numbers);
  }

  #noteAhead(path: string, { segment, discontinuity }: Numbers): void {
    const noted = this.#noted.get(path);
    const isNear =
      noted === undefined ||
      segment + AHEAD.segment / 2 > noted.segment ||
      discontinuity + AHEAD.discontinuity / 2 > noted.discontinuity;
    if (!isNear) return;
    this.#note(path, {
      segment: segment + AHEAD.segment,
      discontinuity: discontinuity + AHEAD.discontinuity,
    });
    this.onChange();
  }

  #note(path: string, { segment, discontinuity }: Numbers): void {
    const before = this.#noted.get(path);
    this.#noted.set(path, {
      segment: Math.max(segment, before?.segment ?? 0),
      discontinuity: Math.max(discontinuity, before?.discontinuity ?? 0),
    });
  }
}
