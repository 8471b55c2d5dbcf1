// Joins the packets of Ogg pages; damaged ones are passed over.
import { oggFieldsOf, oggPageLength, OGG_EOS, piecesOf } from "../ogg/ogg-page.ts";
import { concatBytes } from "../parts/bytes.ts";

/** Longer packets are damage. */
const MAX_PACKET_BYTES = 1 << 20;

export interface PagePacket {
  /** A view of the page, or a copy of pieces on several pages. */
  readonly bytes: Uint8Array;
  /** It ends on the chain's last page. */
  readonly isOnLastPage: boolean;
}

export class PagePackets {
  #serial: number | null = null;
  #sequence = 0;
  /** The beginning of a packet that goes on on the next page; null if there is none, or it is lost. */
  #pieces: Uint8Array[] | null = null;
  #heldBytes = 0;

  /** The packets that end in these whole pages, which stand back to back. */
  *take(pages: Uint8Array): Generator<PagePacket> {
    let at = 0;
    while (at < pages.length) {
      const length = oggPageLength(pages, at) ?? 0;
      if (length === 0) return;
      yield* this.#page(pages.subarray(at, at + length));
      at += length;
    }
  }

  *#page(bytes: Uint8Array): Generator<PagePacket> {
    const { flags, serial, sequence } = oggFieldsOf(bytes);
    const isNext = serial === this.#serial && sequence === (this.#sequence + 1) >>> 0;
    if (!isNext) this.#pieces = null;
    this.#serial = serial;
    this.#sequence = sequence;
    const isOnLastPage = (flags & OGG_EOS) !== 0;
    for (const { bytes: piece, isStart, isEnd } of piecesOf({ bytes, flags })) {
      const whole = this.#join(piece, isStart, isEnd);
      if (whole !== null) yield { bytes: whole, isOnLastPage };
    }
  }

  /** The packet that this piece completes; null if it goes on, or its beginning is missing. */
  #join(piece: Uint8Array, isStart: boolean, isEnd: boolean): Uint8Array | null {
    if (isStart && isEnd) return piece;
    if (isStart) this.#begin();
    if (this.#pieces === null) return null;
    if (isEnd) return this.#end(piece);
    this.#hold(piece);
    return null;
  }

  #begin(): void {
    this.#pieces = [];
    this.#heldBytes = 0;
  }

  #hold(piece: Uint8Array): void {
    this.#heldBytes += piece.length;
    if (this.#heldBytes > MAX_PACKET_BYTES) this.#pieces = null;
    // A copy: the page is valid during this call only.
    else this.#pieces?.push(piece.slice());
  }

  #end(piece: Uint8Array): Uint8Array {
    const packet = concatBytes([...(this.#pieces ?? []), piece]);
    this.#pieces = null;
    return packet;
  }
}
