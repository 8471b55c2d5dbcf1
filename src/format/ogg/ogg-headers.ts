// Reads a chain's header packets, which may span pages and contain megabytes of pictures, and keeps what decoders need.
import type { StreamMetadata } from "../frame.ts";
import { OggComments } from "./ogg-comments.ts";
import type { OggCodec, PacketRole } from "./ogg-codec.ts";
import { type OggPage, type PacketPiece, piecesOf } from "./ogg-page.ts";
import { concatBytes } from "../parts/bytes.ts";

/** Limit of the header packets that are kept, since each new listener gets all of them. */
export const PREAMBLE_MAX_BYTES = 131_072;

// Covers take a few megabytes; a source with longer headers is refused.
const MOST_HEADER_BYTES = 16 << 20;

/** "audio": complete, and this page is the first after them. "refused": this chain cannot be played. */
export type HeaderProgress = "more" | "complete" | "audio" | "refused";

/** Comments by which a player would change the level once more. */
const LEVEL_NAMES = /^(?:r128|replaygain)_/i;

export class OggHeaders {
  /** The serial of the source's pages. */
  readonly serial: number;
  readonly comments = new OggComments();
  readonly #kept: Uint8Array[] = [];
  #pieces: Uint8Array[] = [];
  #keptBytes = 0;
  #byteLength: number;
  /** Index of the current packet; the first packet of a chain is 0. */
  #index = 0;
  #role: PacketRole = "dropped";
  #firstByte = -1;
  #commentsMark = 0;
  #isComplete = false;

  constructor(
    readonly codec: OggCodec,
    /** The chain's first page, with the packet that identifies the codec. */
    first: OggPage,
  ) {
    this.serial = first.serial;
    this.#byteLength = first.bytes.length;
  }

  /** Length of all pages so far in bytes. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** Takes the chain's next page. */
  read(page: OggPage): HeaderProgress {
    if (this.#byteLength > MOST_HEADER_BYTES) return "refused";
    for (const piece of piecesOf(page)) {
      if (piece.isStart) this.#begin(piece);
      if (this.#role === "audio") return "audio";
      if (!this.#add(piece.bytes)) return "refused";
      if (piece.isEnd && this.#finish()) break;
    }
    this.#byteLength += page.bytes.length;
    return this.#isComplete ? "complete" : "more";
  }

  /** All header packets for a chain that begins in mid-stream with another title; null if that is impossible. */
  packetsFrom(metadata: StreamMetadata, preSkip: number): Uint8Array[] | null {
    const packets = this.codec.headers(this.comments.bytesWith(metadata), this.#kept);
    const [first, ...others] = packets ?? [];
    const id = first === undefined ? undefined : this.codec.startedLater?.(first, preSkip);
    return id === undefined ? null : [id, ...others];
  }

  /** As packetsAt(), for a chain that begins in mid-stream; null if that is impossible. */
  packetsAtLater(gainDb: number, title: StreamMetadata | null, preSkip: number) {
    const [first, ...others] = this.packetsAt(gainDb, title) ?? [];
    const id = first === undefined ? undefined : this.codec.startedLater?.(first, preSkip);
    return id === undefined ? null : [id, ...others];
  }

  /** All header packets that a stream needs; null if some are missing. */
  get packets(): Uint8Array[] | null {
    return this.codec.headers(this.comments.bytes, this.#kept);
  }

  /** The same with a level that is `gainDb` higher, where the codec has one; without what describes the old one.
   * `title`: in place of all comments; null leaves them. */
  packetsAt(gainDb: number, title: StreamMetadata | null = null): Uint8Array[] | null {
    const { levelled } = this.codec;
    const isLevelled = gainDb !== 0 && levelled !== undefined;
    if (!isLevelled && title === null) return this.packets;
    const comments =
      title === null ? this.comments.bytesWithout(LEVEL_NAMES) : this.comments.bytesWith(title);
    const packets = this.codec.headers(comments, this.#kept);
    const [first, ...others] = packets ?? [];
    return isLevelled && first !== undefined ? [levelled(first, gainDb), ...others] : packets;
  }

  /** The same with these comments in place of others of their names; empty ones are left out. `isLater`: for a chain that
   * begins in mid-stream, if the codec allows that. */
  packetsTagged(fields: Readonly<Record<string, string>>, isLater: boolean): Uint8Array[] | null {
    const packets = this.codec.headers(this.comments.bytesTagged(fields), this.#kept);
    const [first, ...others] = packets ?? [];
    const later = isLater && first !== undefined && this.codec.startedLater?.(first, 0);
    return later ? [later, ...others] : packets;
  }

  #begin({ bytes }: PacketPiece): void {
    this.#index++;
    this.#firstByte = bytes[0] ?? -1;
    this.#role = this.codec.roleOf(this.#index, this.#firstByte);
    this.#commentsMark = this.codec.commentsAt;
    this.#pieces = [];
  }

  #add(bytes: Uint8Array): boolean {
    if (this.#role === "comments") {
      const mark = Math.min(this.#commentsMark, bytes.length);
      this.#commentsMark -= mark;
      this.comments.push(bytes.subarray(mark));
    } else if (this.#role === "kept") {
      this.#keptBytes += bytes.length;
      // A copy: the page is valid during this push only.
      if (this.#keptBytes <= PREAMBLE_MAX_BYTES) this.#pieces.push(bytes.slice());
    }
    return this.#keptBytes <= PREAMBLE_MAX_BYTES;
  }

  /** Ends the current packet; true if it was the last header. */
  #finish(): boolean {
    if (this.#role === "kept") this.#kept.push(concatBytes(this.#pieces));
    this.#isComplete = this.codec.isLast(this.#index, this.#firstByte);
    return this.#isComplete;
  }
}
