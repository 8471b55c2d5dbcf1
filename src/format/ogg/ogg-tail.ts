// Keeps a chain's last packet for codecs whose decoder needs it to decode the next one.
import type { OggCodec } from "./ogg-codec.ts";
import { type OggPage, piecesOf } from "./ogg-page.ts";

export class OggTail {
  readonly #isKept: boolean;
  #pieces: Uint8Array[] = [];
  #packet: Uint8Array | null = null;

  constructor(codec: OggCodec) {
    this.#isKept = codec.needsPacketBefore;
  }

  /** The last complete packet; null if there is none, or the codec does not need it. */
  get packet(): Uint8Array | null {
    return this.#packet;
  }

  /** Takes the next page of audio. */
  pass(page: OggPage): void {
    if (!this.#isKept) return;
    let last: Uint8Array | null = null;
    for (const { bytes, isStart, isEnd } of piecesOf(page)) {
      if (isStart) this.#pieces = [];
      if (!isEnd) this.#pieces.push(bytes.slice());
      else last = this.#pieces.length === 0 ? bytes : Buffer.concat([...this.#pieces, bytes]);
    }
    // A copy: the page is valid during this push only.
    if (last !== null) this.#packet = last.slice();
  }
}
