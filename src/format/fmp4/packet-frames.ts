// Turns the pages of an Ogg mount into its packets, as frames of their own: MP4 has packets, and segments are cut between them.
import { FRAME_SYNC, type Frames, NO_FRAMES } from "../frame.ts";
import { FrameBatch } from "../parts/frame-batch.ts";
import { concatBytes } from "../parts/bytes.ts";
import { type SingleFrame, splitFrames } from "../frame-slice.ts";
import { type PagePacket, PagePackets } from "./page-packets.ts";
import { canContinue, type Track, trackOf } from "./ogg-track.ts";

/** A packet, and what it decodes to in samples per channel. */
interface Packet {
  readonly bytes: Uint8Array;
  readonly worth: number;
}

/**
 * A chain that the present track's decoder can decode goes on in that track, which spares players a new start. Such a
 * decoder plays the chain's pre-skip, and what its end was to be trimmed by; whole packets of that are left out, so that
 * the packets stay within one of the mount's own clock.
 */
export class PacketFrames {
  readonly #pages = new PagePackets();
  readonly #batch = new FrameBatch();
  #preamble: Uint8Array | null = null;
  #track: Track | null = null;
  /** The track of a chain whose first packet has not come yet. */
  #next: Track | null = null;
  /** Samples of the track's start that are decoded and do not count as time. */
  #toSkip = 0;
  /** Samples of the chain's pre-skip that may still come. */
  #preSkip = 0;
  /** The chain goes on in the track of another. */
  #goesOn = false;
  /** Samples that the packets are ahead of the mount's clock. */
  #surplus = 0;

  /** The track of the frames returned last; null if the mount's codec has no place in MP4. */
  get track(): Track | null {
    return this.#track;
  }

  /**
   * The packets that end on these pages. `samples` is their playing time; `preamble` is the track's initialization
   * segment, a new object where a new track begins. Valid until the next call.
   */
  take(frames: Frames): Frames {
    this.#follow(frames.preamble ?? null);
    const packets = splitFrames(frames).flatMap((page) => this.#packetsOf(page));
    const track = this.#track;
    if (track === null || packets.length === 0) return NO_FRAMES;
    for (const { bytes, worth } of packets) this.#add(bytes.length, worth, track);
    const bytes = concatBytes(packets.map((packet) => packet.bytes));
    const taken = this.#batch.take(bytes, track.format.sampleRate);
    return { ...taken, preamble: track.init, metadata: null };
  }

  #follow(preamble: Uint8Array | null): void {
    if (preamble === this.#preamble) return;
    this.#preamble = preamble;
    this.#next = preamble === null ? null : trackOf(preamble);
    if (this.#next === null) this.#track = null;
  }

  #packetsOf(page: Pick<SingleFrame, "bytes" | "samples">): readonly Packet[] {
    const track = this.#next ?? this.#track;
    if (track === null) return [];
    const found = [...this.#pages.take(page.bytes)].map((packet) => weighed(packet, track));
    const packets = found.filter(({ worth }) => worth > 0);
    if (packets.length === 0) return packets;
    const missing = packets.reduce((sum, { worth }) => sum + worth, 0) - page.samples;
    if (this.#next !== null) this.#begin(this.#next, missing > 0);
    return this.#spare(packets, missing, found.at(-1)?.isOnLastPage === true);
  }

  /** `isStart`: the chain begins here; otherwise its pre-skip has been before. */
  #begin(next: Track, isStart: boolean): void {
    this.#next = null;
    const preSkip = isStart ? next.preSkip : 0;
    this.#preSkip = preSkip;
    this.#goesOn = this.#track !== null && canContinue(this.#track, next);
    if (this.#goesOn) return;
    this.#toSkip = preSkip + this.#surplus;
    this.#surplus = 0;
    this.#track = next.withPreSkip(preSkip);
  }

  /** Counts what the page is to be shorter than its packets, and leaves out packets that are as long. */
  #spare(packets: readonly Packet[], missing: number, isLast: boolean): readonly Packet[] {
    const skipped = this.#skip(missing);
    if (this.#goesOn) this.#surplus += skipped;
    const begun = skipped > 0 ? this.#spareFirst(packets) : packets;
    if (!isLast) return begun;
    this.#surplus += Math.max(0, missing - skipped);
    return this.#spareFirst(begun.toReversed()).toReversed();
  }

  /** How much of what the page lacks is pre-skip. */
  #skip(missing: number): number {
    const skipped = Math.max(0, Math.min(this.#preSkip, missing));
    this.#preSkip = skipped === 0 ? 0 : this.#preSkip - skipped;
    return skipped;
  }

  #spareFirst(packets: readonly Packet[]): readonly Packet[] {
    let from = 0;
    for (const { worth } of packets) {
      if (this.#surplus < worth) break;
      this.#surplus -= worth;
      from++;
    }
    return packets.slice(from);
  }

  #add(length: number, worth: number, track: Track): void {
    const skipped = Math.min(this.#toSkip, worth);
    this.#toSkip -= skipped;
    this.#batch.add(length, worth - skipped, track.format.sampleRate, FRAME_SYNC);
  }
}

function weighed({ bytes, isOnLastPage }: PagePacket, track: Track): Packet & PagePacket {
  return { bytes, isOnLastPage, worth: isHeader(bytes) ? 0 : track.samplesOf(bytes) };
}

const HEADERS = ["OpusHead", "OpusTags"].map((text) => Uint8Array.from(Buffer.from(text)));

/** Those of FLAC are no frames, which is seen by their first byte. */
function isHeader(packet: Uint8Array): boolean {
  return HEADERS.some((mark) => Buffer.compare(packet.subarray(0, mark.length), mark) === 0);
}
