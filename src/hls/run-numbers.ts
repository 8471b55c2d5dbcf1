// The numbers of a run's segments and discontinuities. They begin behind those of earlier runs, which are read before its first
// segment.
import type { GroupTimeline } from "./group-timeline.ts";
import type { Numbering } from "./numbering.ts";

export interface NumberTerms {
  /** The mount's. */
  readonly path: string;
  readonly segmentMs: number;
  readonly numbering: Numbering;
  readonly group: GroupTimeline | null;
}

export class RunNumbers {
  /** The last discontinuity sequence number that was used. */
  discontinuity = 0;
  /** null before the first segment. */
  #next: number | null = null;

  constructor(private readonly terms: NumberTerms) {}

  /** The number of the next segment, which begins at that moment of the media timeline. */
  next(startMs: number): number {
    if (this.#next === null) {
      const { path, segmentMs, numbering, group } = this.terms;
      const first = group?.numbersAt(path, startMs, segmentMs) ?? numbering.begin(path);
      this.#next = first.segment;
      this.discontinuity = first.discontinuity;
    }
    return this.#next++;
  }

  /** Players know these numbers. */
  use(segment: number, discontinuity: number): void {
    this.discontinuity = discontinuity;
    this.note(segment, discontinuity);
  }

  /** Players know them from an earlier run. */
  note(segment: number, discontinuity: number): void {
    this.terms.numbering.use(this.terms.path, { segment, discontinuity });
  }
}
