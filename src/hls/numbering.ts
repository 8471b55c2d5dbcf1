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

/** Players read both as 32 bits with a sign: seconds since then fit until 2092. */
const EPOCH_MS = Date.UTC(2025, 0, 1);

/** Numbers are noted so far ahead, so that they are written to the disk once in hours. */
const AHEAD: Numbers = { segment: 2000, discontinuity: 200 };

export class Numbering {
  #noted = new Map<string, Numbers>();
  readonly #last = new Map<string, Numbers>();
  /** What is noted has changed. */
  onChange: () => void = () => undefined;

  constructor(private readonly wall: Clock) {}

  /** What a mount has used last in this run. */
  lastOf(path: string): Numbers | null {
    return this.#last.get(path) ?? null;
  }

  /** By the mount's path. */
  get noted(): ReadonlyMap<string, Numbers> {
    return this.#noted;
  }

  /** Takes what earlier runs have noted. */
  restore(noted: ReadonlyMap<string, Numbers>): void {
    for (const [path, numbers] of noted) this.#note(path, numbers);
  }

  /** Segments are at least two seconds long, and discontinuities rarer than one a minute. */
  begin(path: string): Numbers {
    const seconds = Math.max(0, Math.floor((this.wall.nowMs() - EPOCH_MS) / 1000));
    const noted = this.#noted.get(path);
    const derived = { segment: seconds, discontinuity: Math.floor(seconds / 60) };
    const numbers = {
      segment: Math.max(derived.segment, noted?.segment ?? 0),
      discontinuity: Math.max(derived.discontinuity, noted?.discontinuity ?? 0),
    };
    this.#noteAhead(path, numbers);
    return numbers;
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
