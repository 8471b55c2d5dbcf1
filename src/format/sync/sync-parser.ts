// The parser for codecs whose frames begin with a sync word and give their own length (MPEG audio, ADTS).
// Locks on two matching headers in a row; after that, a frame is output when its last byte arrives.
import { FrameBatch } from "../parts/frame-batch.ts";
import { Intake } from "../parts/intake.ts";
import {
  FRAME_SYNC,
  type FrameParser,
  type Frames,
  NO_FRAMES,
  type StreamFormat,
} from "../frame.ts";
import { TagWalk } from "../tags/tag-walk.ts";

export interface SyncHeader {
  /** Bytes of the whole frame, header included. */
  readonly length: number;
  /** Samples per channel. */
  readonly samples: number;
  /** Two headers with the same signature belong to the same stream. */
  readonly signature: number;
  readonly format: StreamFormat;
}

export interface SyncSyntax {
  readonly headerBytes: number;
  /** The header at `at`, where headerBytes are available; null if it is invalid. */
  parse(bytes: Uint8Array, at: number): SyncHeader | null;
}

// Frames of another format in a row before it is believed: accusing a source must not hang on two chance headers.
const FOREIGN_PROOF = 8;

const SYNC_BYTE = 0xff;
const TAG_BYTE = 0x49; // the I of ID3

// Results in place of the position to continue at.
const NEED_MORE = -1;
const NOTHING_HERE = -2;

/** A parser for one input. Drops and counts bytes before the first lock, between frames, and in tags. */
export function createSyncParser(syntax: SyncSyntax): FrameParser {
  return new SyncParser(syntax);
}

class SyncParser implements FrameParser {
  readonly #syntax: SyncSyntax;
  readonly #batch = new FrameBatch();
  readonly #intake = new Intake();
  // #work is the intake as of this push; #work[#start, #size) are undecided, [#runStart, #runEnd) the batch's frames.
  #work: Uint8Array = new Uint8Array(0);
  #start = 0;
  #size = 0;
  #runStart = 0;
  #runEnd = 0;
  /** Bytes of an inline tag that have not arrived yet. */
  #skip = 0;
  #synced = false;
  #lock: SyncHeader | null = null;
  #foreign: StreamFormat | null = null;
  #foreignFrames = 0;
  #garbageBytes = 0;
  #tagBytes = 0;
  readonly #tags = new TagWalk();
  #frameBytes = 0;
  #frameSamples = 0;

  constructor(syntax: SyncSyntax) {
    this.#syntax = syntax;
  }

  get format(): StreamFormat | null {
    return this.#lock === null ? null : this.#lock.format;
  }

  get foreignFormat(): StreamFormat | null {
    return this.#foreignFrames < FOREIGN_PROOF ? null : this.#foreign;
  }

  get garbageBytes(): number {
    return this.#garbageBytes;
  }

  get tagBytes(): number {
    return this.#tagBytes;
  }

  get bitrate(): number {
    if (this.#lock === null || this.#frameSamples === 0) return 0;
    const seconds = this.#frameSamples / this.#lock.format.sampleRate;
    return Math.round((this.#frameBytes * 8) / seconds / 1000);
  }

  push(chunk: Uint8Array): Frames {
    const skipped = Math.min(this.#skip, chunk.length);
    this.#skip -= skipped;
    this.#garbageBytes += skipped;
    this.#tagBytes += skipped;
    this.#load(skipped === 0 ? chunk : chunk.subarray(skipped));
    this.#advance(false);
    return this.#take();
  }

  /** Empty, since these codecs have no preamble: push() and end() return all frames. */
  next(): Frames {
    return NO_FRAMES;
  }

  end(): Frames {
    this.#load(new Uint8Array(0));
    this.#advance(true);
    this.#garbageBytes += this.#intake.length;
    this.#intake.skip(this.#intake.length);
    return this.#take();
  }

  /** The intake's is the only copy of the audio. */
  #load(chunk: Uint8Array): void {
    this.#intake.push(chunk);
    this.#work = this.#intake.bytes;
    this.#start = 0;
    this.#size = this.#work.length;
  }

  #advance(ending: boolean): void {
    let at = 0;
    while (at >= 0 && at < this.#size) {
      this.#start = at;
      at = this.#synced ? this.#readFrame(at) : this.#search(at, ending);
    }
    if (at >= 0) this.#start = at;
    this.#intake.skip(this.#start);
  }

  #take(): Frames {
    const bytes = this.#work.subarray(this.#runStart, this.#runEnd);
    return this.#batch.take(bytes, this.#lock?.format.sampleRate ?? 1);
  }

  #readFrame(at: number): number {
    const left = this.#size - at;
    if (left < this.#syntax.headerBytes) return NEED_MORE;
    const header = this.#syntax.parse(this.#work, at);
    if (header === null || header.signature !== this.#lock?.signature) {
      this.#synced = false;
      return at;
    }
    if (left < header.length) return NEED_MORE;
    this.#emit(at, header);
    return at + header.length;
  }

  #emit(at: number, header: SyncHeader): void {
    if (this.#batch.count === 0) this.#runStart = this.#runEnd = at;
    // Closes a gap left by garbage.
    if (this.#runEnd !== at) this.#work.copyWithin(this.#runEnd, at, at + header.length);
    this.#runEnd += header.length;
    this.#frameBytes += header.length;
    this.#frameSamples += header.samples;
    this.#batch.add(header.length, header.samples, header.format.sampleRate, FRAME_SYNC);
  }

  #search(at: number, ending: boolean): number {
    const work = this.#work;
    for (let i = at; i < this.#size; i++) {
      const byte = work[i];
      if (byte !== SYNC_BYTE && byte !== TAG_BYTE && !(this.#tags.isOpen && i === at)) continue;
      const next = byte === SYNC_BYTE ? this.#lockAt(i, ending) : this.#skipTag(i, ending);
      if (next === NOTHING_HERE) continue;
      this.#drop(i - at);
      if (next === NEED_MORE) this.#start = i;
      return next;
    }
    this.#drop(this.#size - at);
    return this.#size;
  }

  #lockAt(at: number, ending: boolean): number {
    const { headerBytes } = this.#syntax;
    if (at + headerBytes > this.#size) return ending ? NOTHING_HERE : NEED_MORE;
    const header = this.#syntax.parse(this.#work, at);
    if (header === null) return NOTHING_HERE;
    const next = at + header.length;
    if (next + headerBytes <= this.#size) {
      const follower = this.#syntax.parse(this.#work, next);
      return follower?.signature === header.signature ? this.#accept(at, header) : NOTHING_HERE;
    }
    if (!ending) return NEED_MORE;
    return this.#isLastFrame(next) ? this.#accept(at, header) : NOTHING_HERE;
  }

  #accept(at: number, header: SyncHeader): number {
    this.#lock ??= header;
    if (header.signature === this.#lock.signature) {
      this.#synced = true;
      this.#foreignFrames = 0;
      return at;
    }
    this.#foreign = header.format;
    this.#foreignFrames++;
    this.#drop(header.length);
    return at + header.length;
  }

  /** A frame at the end of the input has no successor to confirm it, but it must be complete. */
  #isLastFrame(next: number): boolean {
    return this.#lock === null ? next === this.#size : next <= this.#size;
  }

  #skipTag(at: number, ending: boolean): number {
    const length = this.#tags.lengthAt(this.#work, at);
    if (length === null) return ending ? NOTHING_HERE : NEED_MORE;
    if (length === 0) return NOTHING_HERE;
    const here = Math.min(length, this.#size - at);
    this.#skip = length - here;
    this.#tagBytes += here;
    this.#drop(here);
    return at + here;
  }

  #drop(count: number): void {
    this.#garbageBytes += count;
  }
}
