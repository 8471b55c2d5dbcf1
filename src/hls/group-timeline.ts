// The media timeline of mounts that are variants of each other: the same dates, the same grid of frames, and numbers that
// match, so that a player goes on in another variant where it left the one before.
import type { Numbering, Numbers } from "./numbering.ts";
import { SampleTime } from "./sample-time.ts";
import { WallLine } from "./wall-line.ts";

/** Lengths of frames that sources may bring. */
const MAX_GRIDS = 64;

/** A segment begins at the first frame behind a line of the grid, or by rounding a hair before. */
const HAIR_MS = 1;

export class GroupTimeline {
  readonly line = new WallLine();
  /** By rate and length of frames: where such frames begin. */
  readonly #grids = new Map<string, SampleTime>();
  #segmentSeconds: number | null = null;
  #first: { readonly slot: number; readonly numbers: Numbers } | null = null;

  constructor(
    private readonly numbering: Numbering,
    /** Of all its mounts. */
    private readonly paths: () => readonly string[],
  ) {}

  /** That of the mount that asked first, since all are cut at the same lines. */
  segmentSeconds(own: number): number {
    return (this.#segmentSeconds ??= own);
  }

  /** Where frames of so many samples can begin that is nearest to a moment in milliseconds. */
  place(ms: number, rate: number, frameSamples: number): SampleTime {
    const grid = this.#grids.get(keyOf(rate, frameSamples));
    if (grid === undefined) return new SampleTime(Math.round(ms), 0, rate);
    const frames = Math.round((((ms - grid.ms) / 1000) * rate) / frameSamples);
    return grid.plus(frames * frameSamples);
  }

  /** A mount has published a segment that begins there: others follow, unless they were first. */
  settle(start: SampleTime, frameSamples: number): void {
    const key = keyOf(start.rate, frameSamples);
    if (this.#grids.size < MAX_GRIDS && !this.#grids.has(key)) this.#grids.set(key, start);
  }

  /** The numbers of a mount whose first segment begins at that moment. */
  numbersAt(path: string, ms: number, segmentMs: number): Numbers {
    const slot = Math.floor((ms + HAIR_MS) / segmentMs);
    this.#first ??= { slot, numbers: this.#highest() };
    const { numbers } = this.#first;
    const last = this.numbering.lastOf(path);
    return {
      segment: Math.max(numbers.segment + slot - this.#first.slot, (last?.segment ?? -1) + 1),
      discontinuity: Math.max(numbers.discontinuity, last?.discontinuity ?? 0),
    };
  }

  /** None of the mounts has used them in an earlier run. */
  #highest(): Numbers {
    const all = this.paths().map((path) => this.numbering.begin(path));
    return {
      segment: Math.max(...all.map(({ segment }) => segment)),
      discontinuity: Math.max(...all.map(({ discontinuity }) => discontinuity)),
    };
  }
}

function keyOf(rate: number, frameSamples: number): string {
  return `${rate}/${frameSamples}`;
}
