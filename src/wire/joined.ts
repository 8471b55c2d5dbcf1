// Stretches of one push put together: without a copy while there is only one.

/** A view costs more than copying so few bytes one by one. */
const SHORT = 16;

export class Joined {
  /** Where the first stretch stands, or the copy once there are more. */
  #bytes: Uint8Array;
  #start = 0;
  #end = 0;
  #isCopy = false;

  constructor(private readonly pushed: Uint8Array) {
    this.#bytes = pushed;
  }

  /** A view of what was pushed, or of the copy; valid until the next add(). */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** The bytes from `from` to `to` of what was pushed, behind those added before. */
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

  /** All stretches together are no longer than what they come from. */
  #copy(): void {
    if (this.#isCopy) return;
    const copy = new Uint8Array(this.pushed.length);
    copy.set(this.bytes);
    this.#end = this.length;
    this.#start = 0;
    this.#bytes = copy;
    this.#isCopy = true;
  }

  /** Nothing is put together any more. */
  clear(): void {
    this.#bytes = this.pushed;
    this.#isCopy = false;
    this.#start = this.#end = 0;
  }
}
