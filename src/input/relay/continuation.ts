// Where a new connection's audio goes on from what was written before it. Masters send new clients a burst of the past, which
// the listeners have heard already, and two masters of one stream are not equally late. Frames are compared by their bytes.
import type { Frames } from "../../format/frame.ts";
import { copyFrames, sliceFrames, splitFrames } from "../../format/frame-slice.ts";

/** So many frames in a row are no coincidence. */
const RUN = 8;

/** More than the longest burst has. */
const KEPT = 2048;

/** A burst is here within this time: what was not found then is other audio. */
const SEARCH_MS = 750;

/** No burst is longer. */
const MAX_HELD_BYTES = 4 << 20;

function hashesOf(frames: Frames): number[] {
  return splitFrames(frames).map(({ bytes }) => Bun.hash.crc32(bytes));
}

/** The frames that were written, by their hashes, numbered from 0. */
export class History {
  readonly #hashes = new Uint32Array(KEPT);
  #end = 0;

  /** The number of the next frame. */
  get end(): number {
    return this.#end;
  }

  add(frames: Frames): void {
    for (const hash of hashesOf(frames)) this.#hashes[this.#end++ % KEPT] = hash;
  }

  /** The number behind the latest run of these; null if there is none. */
  behind(run: readonly number[]): number | null {
    const first = Math.max(0, this.#end - KEPT);
    for (let end = this.#end; end - run.length >= first; end--) {
      const isRun = run.every((hash, at) => this.#hashes[(end - run.length + at) % KEPT] === hash);
      if (isRun) return end;
    }
    return null;
  }
}

export interface Searched {
  /**
   * searching: it is not known yet. behind: what comes has been written already, and the rest will follow. found: these are
   * the frames after what was written. unlike: this is other audio, all of it.
   */
  readonly kind: "searching" | "behind" | "found" | "unlike";
  readonly frames: readonly Frames[];
}

export const SEARCHING: Searched = { kind: "searching", frames: [] };
const BEHIND: Searched = { kind: "behind", frames: [] };

export class Search {
  #held: Frames[] = [];
  #heldBytes = 0;
  #run: number[] = [];
  #sinceMs: number | null = null;
  /** The number in the history that its next frame has; null while that is unknown. */
  #next: number | null = null;

  constructor(private readonly history: History) {}

  /** Copies the frames. */
  push(frames: Frames, nowMs: number): Searched {
    this.#sinceMs ??= nowMs;
    if (this.history.end < RUN) return { kind: "unlike", frames: [copyFrames(frames)] };
    for (const [at, hash] of hashesOf(frames).entries()) {
      this.#step(hash);
      if (this.#next === this.history.end) return { kind: "found", frames: restOf(frames, at + 1) };
    }
    if (this.#next === null) this.#hold(frames);
    return this.check(nowMs);
  }

  /** Also without frames: an end to the search. */
  check(nowMs: number): Searched {
    const isOver = this.#sinceMs !== null && nowMs - this.#sinceMs >= SEARCH_MS;
    if (!isOver && this.#heldBytes <= MAX_HELD_BYTES) return SEARCHING;
    return this.#next === null ? { kind: "unlike", frames: this.#held } : BEHIND;
  }

  #step(hash: number): void {
    if (this.#next !== null) {
      this.#next++;
      return;
    }
    this.#run = [...this.#run, hash].slice(-RUN);
    if (this.#run.length === RUN) this.#next = this.history.behind(this.#run);
  }

  #hold(frames: Frames): void {
    this.#held.push(copyFrames(frames));
    this.#heldBytes += frames.bytes.length;
  }
}

function restOf(frames: Frames, from: number): Frames[] {
  return from < frames.count ? [copyFrames(sliceFrames(frames, from))] : [];
}
