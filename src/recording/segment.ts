// Pure: what is known of one recorded file while it grows: lengths, titles, sources, gaps, and where each moment is.
import type { Frames, StreamFormat } from "../format/frame.ts";
import type { Metadata } from "../mount/metadata.ts";

/** A point of the file's audio. */
export interface Mark {
  /** Samples per channel before it, without the silent frame that may be in front. */
  readonly sample: number;
}

export interface TitleMark extends Mark, Metadata {
  /** The kind of its input. */
  readonly source: string;
}

export interface SourceMark extends Mark {
  readonly kind: string;
  readonly show: string;
  readonly user: string;
  readonly address: string;
}

/** "source": no source was connected. "disk": the disk did not take it. "space": it is full. */
export type GapReason = "source" | "disk" | "space";

export interface Gap extends Mark {
  readonly reason: GapReason;
  readonly fromMs: number;
  readonly toMs: number;
  /** Audio that was heard and is missing; 0 between sources. */
  readonly lostSeconds: number;
}

/** Where a moment is: milliseconds since 1970, byte behind the head, frame, sample, and the listeners there were. */
export type Anchor = readonly [
  atMs: number,
  byte: number,
  frame: number,
  sample: number,
  listeners: number,
];

const ANCHOR_MS = 10_000;

/** More than a day has; each gap begins with one. */
const MAX_ANCHORS = 20_000;

/** Beyond any real programme; more are an attack. */
const MAX_MARKS = 5000;

/** UTF-16 units of all marks' texts: the document must stay small enough to be read again. */
const MAX_MARKED_TEXT = 1 << 20;

export class Segment {
  frames = 0;
  samples = 0;
  bytes = 0;
  /** Audio that was heard and is missing. */
  lostSeconds = 0;
  endMs: number;
  isHeld = false;
  readonly titles: TitleMark[] = [];
  readonly sources: SourceMark[] = [];
  readonly gaps: Gap[] = [];
  readonly anchors: Anchor[] = [];
  #anchorMs = Number.NEGATIVE_INFINITY;
  #frameBytes = 0;
  #isVariable = false;
  #markedText = 0;

  constructor(
    readonly format: StreamFormat,
    readonly startMs: number,
    /** Samples in front that were not heard. */
    readonly delay = 0,
  ) {
    this.endMs = startMs;
  }

  get seconds(): number {
    return this.samples / this.format.sampleRate;
  }

  /** Its frames differ in length by more than padding. */
  get isVariable(): boolean {
    return this.#isVariable;
  }

  /** A silent frame: in front, where its samples are the delay, or behind a gap, where they count. */
  insert(bytes: number, samples: number): void {
    if (this.frames > 0) this.samples += samples;
    this.bytes += bytes;
    this.frames++;
  }

  /** Frames that were heard between two moments, in milliseconds since 1970. */
  add(frames: Frames, fromMs: number, toMs: number, listeners: number): void {
    this.#noteMoment(fromMs, listeners);
    this.frames += frames.count;
    this.bytes += frames.bytes.length;
    for (let i = 0; i < frames.count; i++) {
      this.samples += frames.samples[i] ?? 0;
      this.#noteLength(frames.table[i * 3] ?? 0);
    }
    this.endMs = toMs;
  }

  title(mark: Omit<TitleMark, "sample">): void {
    const last = this.titles.at(-1);
    if (last?.sample === this.samples) this.titles.pop();
    const { artist, title, album = "" } = mark;
    if (this.titles.length < MAX_MARKS && this.#hasRoomFor([artist, title, album]))
      this.titles.push({ sample: this.samples, ...mark });
  }

  source(mark: Omit<SourceMark, "sample">): void {
    const { show, user, address } = mark;
    if (this.sources.length < MAX_MARKS && this.#hasRoomFor([show, user, address]))
      this.sources.push({ sample: this.samples, ...mark });
  }

  #hasRoomFor(texts: readonly string[]): boolean {
    this.#markedText += texts.join("").length;
    return this.#markedText <= MAX_MARKED_TEXT;
  }

  /** Audio is missing here; one gap grows as long as nothing follows it. */
  gap(reason: GapReason, fromMs: number, toMs: number, lostSeconds: number): void {
    this.lostSeconds += lostSeconds;
    const last = this.gaps.at(-1);
    const isSame = last?.sample === this.samples && last.reason === reason;
    const whole = isSame
      ? { ...last, toMs, lostSeconds: last.lostSeconds + lostSeconds }
      : { sample: this.samples, reason, fromMs, toMs, lostSeconds };
    if (isSame) this.gaps.pop();
    if (this.gaps.length < MAX_MARKS) this.gaps.push(whole);
    this.#anchorMs = Number.NEGATIVE_INFINITY;
  }

  /** The byte at which a share of its frames ends, between the nearest anchors. */
  byteAt(share: number): number {
    const frame = share * this.frames;
    const at = this.anchors.findLastIndex(([, , anchored]) => anchored <= frame);
    const [, byte, first] = this.anchors[at] ?? [0, 0, 0];
    const [, end, last] = this.anchors[at + 1] ?? [0, this.bytes, this.frames];
    return last === first ? byte : byte + ((frame - first) / (last - first)) * (end - byte);
  }

  #noteMoment(atMs: number, listeners: number): void {
    if (atMs - this.#anchorMs < ANCHOR_MS && atMs >= this.#anchorMs) return;
    this.#anchorMs = atMs;
    if (this.anchors.length >= MAX_ANCHORS) return;
    this.anchors.push([Math.round(atMs), this.bytes, this.frames, this.samples, listeners]);
  }

  /** The padding of a constant bit rate is one byte. */
  #noteLength(length: number): void {
    if (this.#frameBytes === 0) this.#frameBytes = length;
    this.#isVariable ||= Math.abs(length - this.#frameBytes) > 1;
  }
}
