// Joins ranges of one push; a single range is not copied.

/** Copying this few bytes one by one is faster than creating a view. */
const SHORT = 16;

export class JoinedRanges {
  /** The pushed bytes, or the copy once there is more than one range. */
  #bytes: Uint8Array;
  #start = 0;
  #end = 0;
  #isCopy = false;

  constructor(private readonly pushed: Uint8Array) {
    this.#bytes = pushed;
  }

  /** A view of the pushed bytes or of the copy; valid until the next add(). */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** Appends the pushed bytes from `from` to `to`. */
  add(from: number, to: number): void {
    if (this.length === 0 && !this.#isCopy) {
      this.#start = from;
      this.#end = to;
      return;
    }
    this.#copy();
    if (to - from > SHORT) this.#bytes.set(this.pushed.subarray(from, to), this.#end);
    else
      for (let at = from; at < to; at++) this.#bytes[this.#end + at - from] = this.pushed[at] ?? 0;
    this.#end += to - from;
  }

  /** All ranges together are no longer than the pushed bytes. */
  #copy(): void {
    if (this.#isCopy) return;
    const copy = new Uint8Array(this.pushed.length);
    copy.set(this.bytes);
    this.#end = this.length;
    this.#start = 0;
    this.#bytes = copy;
    this.#isCopy = true;
  }

  /** Starts again without any range. */
  clear(): void {
    this.#bytes = this.pushed;
    this.#isCopy = false;
    this.#start = this.#end = 0;
  }
}
