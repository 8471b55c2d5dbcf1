// Pure: whole frames that another server has not taken yet, and the titles between them. Bounded in seconds.
import type { Frames } from "../../format/frame.ts";
import { splitFrames } from "../../format/frame-slice.ts";
import type { Metadata } from "../../mount/metadata.ts";

interface Waiting {
  readonly bytes: Uint8Array;
  /** Playing time in whole µs. */
  readonly micros: number;
  readonly title: Metadata | null;
}

/** Headers are never dropped, and a hostile source sends many. */
const MAX_BYTES = 32 << 20;

/** Bytes of one write. */
const WRITE_BYTES = 65_536;

export class FrameBacklog {
  #waiting: Waiting[] = [];
  #micros = 0;
  #bytes = 0;
  /** Bytes of the first one that are sent already. */
  #sent = 0;

  constructor(private readonly limitSeconds: number) {}

  get seconds(): number {
    return this.#micros / 1e6;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** More waits than a connection is worth. */
  get isOverfull(): boolean {
    return this.#bytes > MAX_BYTES;
  }

  /** Copies the frames. Returns the seconds of older ones that were dropped to make room. */
  push(frames: Frames): number {
    for (const { bytes, micros } of splitFrames(frames))
      this.#add({ bytes: bytes.slice(), micros, title: null });
    return this.#makeRoom();
  }

  /** What a decoder needs; never dropped. */
  pushHeader(bytes: Uint8Array): void {
    this.#add({ bytes, micros: 0, title: null });
  }

  /** In force from the next frame on, in place of one that no frame has followed. */
  pushTitle(title: Metadata): void {
    if (this.#waiting.at(-1)?.title) this.#waiting.pop();
    this.#add({ bytes: new Uint8Array(0), micros: 0, title });
  }

  #add(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#micros += waiting.micros;
    this.#bytes += waiting.bytes.length;
  }

  /** Headers last no time, and stay; so does the last title before a frame that stays. */
  #makeRoom(): number {
    let excess = this.#micros - this.limitSeconds * 1e6;
    if (excess <= 0) return 0;
    const before = this.#micros;
    const kept = this.#waiting.filter(({ micros, bytes }, i) => {
      if (excess <= 0 || micros === 0 || (i === 0 && this.#sent > 0)) return true;
      excess -= micros;
      this.#micros -= micros;
      this.#bytes -= bytes.length;
      return false;
    });
    this.#waiting = kept.filter(({ title }, i) => title === null || !kept[i + 1]?.title);
    return (before - this.#micros) / 1e6;
  }

  /** Writes until no more is taken; `write` returns the bytes that were, negative if the connection is gone. Calls
   * `onTitle` when all frames before a title are out. Returns the bytes written. */
  flush(write: (bytes: Uint8Array) => number, onTitle: (title: Metadata) => void): number {
    let total = 0;
    for (;;) {
      this.#announce(onTitle);
      const bytes = this.#next();
      if (bytes.length === 0) return total;
      const taken = Math.max(0, write(bytes));
      total += taken;
      this.#consume(taken);
      if (taken < bytes.length) return total;
    }
  }

  #announce(onTitle: (title: Metadata) => void): void {
    for (let first = this.#waiting[0]; first?.title; first = this.#waiting[0]) {
      this.#waiting.shift();
      onTitle(first.title);
    }
  }

  /** The bytes up to the next title. */
  #next(): Uint8Array {
    const parts: Uint8Array[] = [];
    let length = 0;
    for (const { bytes, title } of this.#waiting) {
      if (title !== null || length >= WRITE_BYTES) break;
      parts.push(parts.length === 0 ? bytes.subarray(this.#sent) : bytes);
      length += bytes.length;
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  #consume(taken: number): void {
    let left = this.#sent + taken;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (first.title !== null || left < first.bytes.length) break;
      left -= first.bytes.length;
      this.#micros -= first.micros;
      this.#bytes -= first.bytes.length;
      this.#waiting.shift();
    }
    this.#sent = left;
  }

  clear(): void {
    this.#waiting = [];
    this.#micros = this.#bytes = this.#sent = 0;
  }
}
