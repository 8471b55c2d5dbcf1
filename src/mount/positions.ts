// Pure: which bytes of a mount's ring are which bytes of its origin's ring. Servers of one cluster speak of a place in a stream
// by the origin's position, so that a listener can go on at any of them.
import { randomBytes } from "node:crypto";

/** A place in the ring of a run: positions mean nothing in another ring, or after a restart. */
export interface SharedPlace {
  /** 16 hexadecimal digits. */
  readonly run: string;
  readonly position: number;
}

/** The same on the origin's timeline. */
export interface TimedPlace extends SharedPlace {
  readonly seconds: number;
}

/** A stretch of the ring that came from an origin's. */
export interface Span {
  readonly local: number;
  readonly run: string;
  readonly from: number;
  readonly length: number;
  /** How far the origin's timeline is ahead of this mount's. */
  readonly aheadSeconds: number;
}

/** The oldest go first: each begins with an interruption. */
const MAX_SPANS = 16;

const RUN_BYTES = 8;

/** Where frames were changed on the way nothing is missing; the sums of two timelines differ by less. */
const MISSED_SECONDS = 0.05;

export class Positions {
  /** This ring. */
  readonly run: string = randomBytes(RUN_BYTES).toString("hex");
  #spans: readonly Span[] = [];

  /** Frames that end at `end` of an origin's ring, and had so many bytes there, were written from `before` to `head`. Where
   * they were changed on the way, only their end is known. */
  follow(before: number, head: number, end: SharedPlace, bytes: number, aheadSeconds = 0): void {
    const isWhole = head - before === bytes;
    const last = this.#spans.at(-1);
    const from = end.position - bytes;
    const goesOn =
      isWhole &&
      last?.run === end.run &&
      last.local + last.length === before &&
      last.from + last.length === from;
    if (goesOn)
      return this.#put(this.#spans.slice(0, -1), { ...last, length: last.length + bytes });
    const local = isWhole ? before : head;
    const length = head - local;
    const span = { local, run: end.run, from: end.position - length, length, aheadSeconds };
    this.#put(this.#spans, span);
  }

  /** Frames of this server itself were written: where others follow it then, what was its origin's stream goes on. */
  wrote(before: number, head: number): void {
    const last = this.#spans.at(-1);
    if (last === undefined || last.local + last.length !== before) return;
    this.#put(this.#spans.slice(0, -1), { ...last, length: last.length + head - before });
  }

  #put(before: readonly Span[], span: Span): void {
    this.#spans = [...before, span].slice(-MAX_SPANS);
  }

  /** What the audio behind `head` follows in its origin's ring; null if what is at the head came from elsewhere. */
  endAt(head: number): SharedPlace | null {
    const last = this.#spans.at(-1);
    if (last === undefined || last.local + last.length !== head) return null;
    return { run: last.run, position: last.from + last.length };
  }

  /** How others know a position of this ring. */
  shared(local: number): SharedPlace {
    const span = this.#spanAt(local);
    if (span === undefined) return { run: this.run, position: local };
    return { run: span.run, position: span.from + local - span.local };
  }

  /** How far the origin's timeline is ahead of this mount's there. */
  aheadSeconds(local: number): number {
    return this.#spanAt(local)?.aheadSeconds ?? 0;
  }

  /** The position from which on no audio of the origin is missing; `tail` if that is not known to be later. */
  wholeFrom(tail: number): number {
    const last = this.#spans.at(-1);
    if (last === undefined) return tail;
    const isApart = ({ run, aheadSeconds }: Span) =>
      run !== last.run || Math.abs(aheadSeconds - last.aheadSeconds) > MISSED_SECONDS;
    const broken = this.#spans.findLastIndex(isApart);
    return Math.max(tail, this.#spans[broken + 1]?.local ?? tail);
  }

  #spanAt(local: number): Span | undefined {
    return this.#spans.findLast((one) => local >= one.local && local <= one.local + one.length);
  }

  /** The position in this ring; null if it is not known here. It may be one that the ring does not hold any more. */
  local({ run, position }: SharedPlace): number | null {
    if (run === this.run) return position;
    const span = this.#spans.findLast(
      (one) => one.run === run && position >= one.from && position <= one.from + one.length,
    );
    return span === undefined ? null : span.local + position - span.from;
  }

  /** How many bytes are missing until the place is written, if all goes on as it does; null if it may never be. */
  missing({ run, position }: SharedPlace): number | null {
    const last = this.#spans.at(-1);
    if (last === undefined || last.run !== run) return null;
    const missing = position - last.from - last.length;
    return missing > 0 ? missing : null;
  }

  /** What of it is held from `tail` on; of an origin, all up to `head`. The oldest first. */
  held(tail: number, head: number): readonly Span[] {
    if (this.#spans.length === 0)
      return [{ local: tail, run: this.run, from: tail, length: head - tail, aheadSeconds: 0 }];
    return this.#spans.flatMap((span) => {
      const cut = Math.max(0, tail - span.local);
      if (cut > span.length) return [];
      const { local, from, length } = span;
      return [{ ...span, local: local + cut, from: from + cut, length: length - cut }];
    });
  }
}
