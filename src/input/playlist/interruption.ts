// Pure: a track that another input has interrupted. After a short interruption it goes on where it was; after a show the
// next track begins.
import type { Metadata } from "../../mount/metadata.ts";
import type { Input } from "../../mount/roles.ts";

/** A longer interruption is a show. */
const LONGEST_MS = 60_000;

export interface Interrupted<T> {
  readonly track: T;
  /** What was announced of it last. */
  readonly metadata: Metadata;
  /** How much of it has been heard. */
  readonly seconds: number;
}

interface Kept<T> extends Interrupted<T> {
  readonly atMs: number;
  /** It had filled the gap of a source that returned: it goes on however long that one stays. */
  readonly isFiller: boolean;
}

export class Interruption<T> {
  #kept: Kept<T> | null = null;

  /** `by`: what goes on air in its place. */
  begin(interrupted: Interrupted<T>, by: Input | null, nowMs: number): void {
    this.#kept = { ...interrupted, atMs: nowMs, isFiller: by?.isReturning === true };
  }

  /** The track that goes on. */
  get track(): T | null {
    return this.#kept?.track ?? null;
  }

  /** The track that does not go on any more, once. */
  expired(nowMs: number): T | null {
    const kept = this.#kept;
    if (kept === null || kept.isFiller || nowMs - kept.atMs <= LONGEST_MS) return null;
    this.#kept = null;
    return kept.track;
  }

  /** It is over. */
  end(): Interrupted<T> | null {
    const kept = this.#kept;
    this.#kept = null;
    return kept;
  }
}
