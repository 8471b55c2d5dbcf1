// Pure: removes ICY metadata blocks from a source's body, which relays announce with icy-metaint.
import { JoinedRanges } from "../../wire/joined.ts";

/** Longer intervals are mistakes. */
const MAX_METAINT = 1 << 20;
const UNIT = 16;
const LONGEST_BLOCK = 255 * UNIT;

/** Titles reported per push; of further ones only the last counts. */
const MAX_TITLES = 4;

const OPENING = Buffer.from("StreamTitle='");
const CLOSING = Buffer.from("';");

/** The announced interval in bytes; null if there is none, or an invalid one. */
export function announcedMetaint(header: string | undefined): number | null {
  const metaint = Number(header ?? 0);
  return Number.isInteger(metaint) && metaint > 0 && metaint <= MAX_METAINT ? metaint : null;
}

/** A stretch of audio, and the StreamTitle of the block before it, if any. */
export interface Stretch {
  readonly audio: Uint8Array;
  readonly title: Uint8Array | null;
}

export class InlineTitles {
  /** Audio bytes until the next length byte. */
  #audioLeft: number;
  readonly #block = new Uint8Array(LONGEST_BLOCK);
  /** Bytes of the block that have arrived, and that are still missing. */
  #blockBytes = 0;
  #blockLeft = 0;

  constructor(private readonly metaint: number) {
    this.#audioLeft = metaint;
  }

  /** Audio is a view of the pushed bytes, or a copy if blocks without a title were removed from it. */
  *push(bytes: Uint8Array): Iterable<Stretch> {
    const audio = new JoinedRanges(bytes);
    let title: Uint8Array | null = null;
    let titles = 0;
    for (let at = 0; at < bytes.length;) {
      const { length } = audio;
      at = this.#step(bytes, at, audio);
      if (audio.length > length || !this.#isBlockComplete) continue;
      const next = this.#title();
      if (next === null) continue;
      if (length > 0 && ++titles <= MAX_TITLES) {
        yield { audio: audio.bytes, title };
        audio.clear();
      }
      title = next;
    }
    if (audio.length > 0 || title !== null) yield { audio: audio.bytes, title };
  }

  get #isBlockComplete(): boolean {
    return this.#blockLeft === 0 && this.#blockBytes > 0;
  }

  /** Takes audio up to the next block, or the block's bytes so far. Returns the next position. */
  #step(bytes: Uint8Array, at: number, audio: JoinedRanges): number {
    if (this.#audioLeft > 0) {
      const end = Math.min(bytes.length, at + this.#audioLeft);
      audio.add(at, end);
      this.#audioLeft -= end - at;
      return end;
    }
    if (this.#blockLeft === 0) {
      this.#begin(bytes[at] ?? 0);
      return at + 1;
    }
    const part = bytes.subarray(at, at + this.#blockLeft);
    this.#block.set(part, this.#blockBytes);
    this.#blockBytes += part.length;
    this.#blockLeft -= part.length;
    if (this.#blockLeft === 0) this.#audioLeft = this.metaint;
    return at + part.length;
  }

  #begin(units: number): void {
    this.#blockBytes = 0;
    this.#blockLeft = units * UNIT;
    if (units === 0) this.#audioLeft = this.metaint;
  }

  /** The title of the complete block. */
  #title(): Uint8Array | null {
    const block = this.#block.subarray(0, this.#blockBytes);
    this.#blockBytes = 0;
    return streamTitle(block);
  }
}

/** The bytes between StreamTitle=' and '; in their original charset. */
function streamTitle(block: Uint8Array): Uint8Array | null {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.length);
  const opening = bytes.indexOf(OPENING);
  const start = opening + OPENING.length;
  const end = opening < 0 ? -1 : bytes.indexOf(CLOSING, start);
  if (end < 0 || bytes.subarray(start, end).includes(0)) return null;
  return new Uint8Array(bytes.subarray(start, end));
}
