// Pure: at which time of day each second of a mount's audio was written.

/** Between two notes, seconds of audio pass as seconds of the clock do. */
const STEP_SECONDS = 10;

/** More than the longest rewind. */
const MAX_KEPT = 4096;

interface Note {
  readonly seconds: number;
  readonly wallMs: number;
}

export class WallTimes {
  #notes: Note[] = [];

  /** Audio up to this position is written now; positions never decrease. */
  note(seconds: number, wallMs: number): void {
    const last = this.#notes.at(-1);
    if (last !== undefined && seconds < last.seconds + STEP_SECONDS) return;
    this.#notes.push({ seconds, wallMs });
    if (this.#notes.length > 2 * MAX_KEPT) this.#notes = this.#notes.slice(-MAX_KEPT);
  }

  /** Milliseconds since 1970 at which the position was written; null before the first note. */
  at(seconds: number): number | null {
    const note = this.#notes.findLast((kept) => kept.seconds <= seconds);
    return note === undefined ? null : note.wallMs + (seconds - note.seconds) * 1000;
  }

  /** The position that was written at this time, or the last before it while nothing was; null before the first note. */
  position(wallMs: number): number | null {
    const index = this.#notes.findLastIndex((kept) => kept.wallMs <= wallMs);
    const note = this.#notes[index];
    if (note === undefined) return null;
    const next = this.#notes[index + 1]?.seconds ?? Number.POSITIVE_INFINITY;
    return Math.min(next, note.seconds + (wallMs - note.wallMs) / 1000);
  }
}
