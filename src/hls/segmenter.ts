// Pure: cuts a mount's frames into segments at a grid of the media timeline, which all mounts of a station share. The bytes
// stay in the ring.
import { type Frames, sameFormat, type StreamFormat } from "../format/frame.ts";
import { sliceFrames } from "../format/frame-slice.ts";
import { type Metadata, NO_METADATA } from "../mount/metadata.ts";
import type { GroupTimeline } from "./group-timeline.ts";
import { containerOf } from "./containers.ts";
import { cutBefore } from "./cut-before.ts";
import type { GrowingSegment, Init, MediaSegment } from "./media-segment.ts";
import { OpenSegment } from "./open-segment.ts";
import { SampleTime } from "./sample-time.ts";
import type { Rewrap, SegmentContainer } from "./segment-container.ts";
import { PART_TOLERANCE } from "./part-lengths.ts";
import { WallLine } from "./wall-line.ts";

/** Frames as they were written. */
export interface Written {
  readonly format: StreamFormat;
  readonly frames: Frames;
  /** The first byte's position in the ring. */
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** How long ago the first of them was due: dates are those of audio that comes in time. */
  readonly lateMs?: number;
}

/** A moment up to which an earlier run has filled the playlist. */
export interface EarlierEnd {
  /** On the media timeline, in milliseconds. */
  readonly ms: number;
  /** Time of day, in milliseconds since 1970. */
  readonly wallMs: number;
}

export interface SegmenterTerms {
  /** The first part of the names of all files. */
  readonly run: string;
  readonly segmentMs: number;
  /** Parts are as long, or longer by less than a frame; 0 for none. Mounts of a group have none. */
  readonly partMs: number;
  /** Time of day at which the media timeline is 0. */
  readonly epochMs: number;
  /** Where a moment of the media timeline, in milliseconds, is on the mount's timeline, in seconds. */
  readonly positionAt: (ms: number) => number;
  /** The mounts whose variant this is; null if it stands alone. */
  readonly group: GroupTimeline | null;
  /** Of a segment that begins at that moment of the media timeline. */
  readonly nextNumber: (startMs: number) => number;
  readonly onSegment: (segment: MediaSegment) => void;
  /** The segment that grows has another part. */
  readonly onPart: (segment: GrowingSegment) => void;
}

export class Segmenter {
  readonly #line: WallLine;
  #format: StreamFormat | null = null;
  #container: SegmentContainer | null = null;
  #rewrap: Rewrap | null = null;
  #open: OpenSegment | null = null;
  /** The moment behind the last frame. */
  #now: SampleTime | null = null;
  /** The next segment begins with a discontinuity. */
  #isBroken = false;
  #init: Init | null = null;
  #inits = 0;
  #title: Metadata = NO_METADATA;

  /** Where the segment begins that is the first on its clock; null behind it. */
  #beganMs: number | null = null;
  /** The end of what was heard before. */
  #earliestMs = 0;
  #earlier: EarlierEnd | null = null;
  #frameSamples = 0;

  constructor(private readonly terms: SegmenterTerms) {
    this.#line = terms.group?.line ?? new WallLine();
  }

  /** null: there is no HLS for what is heard. */
  get container(): SegmentContainer | null {
    return this.#container;
  }

  /** Time of day of the next frame; null before the first. */
  get wallMs(): number | null {
    return this.#now === null ? null : this.#line.at(this.#now.ms);
  }

  /** The moment of the next frame on the media timeline, in milliseconds; 0 before the first. */
  get nowMs(): number {
    return this.#now?.ms ?? 0;
  }

  /** To be called before the first frames: they go on there, or later, behind a discontinuity. */
  follow(end: EarlierEnd): void {
    this.#earlier = end;
  }

  /** In force from the next frame on. */
  retitle(title: Metadata): void {
    this.#title = title;
    this.#open?.retitle(title);
  }

  /** To be called before frames that may have another format, or come after a gap. */
  prepare(format: StreamFormat, nowMs: number): void {
    if (this.#format === null || !sameFormat(this.#format, format)) this.#turn(format, nowMs);
    const now = this.#now;
    if (now === null || !this.#line.isGap(now.ms, nowMs)) return;
    this.flush();
    this.#anchor(this.#momentAt(nowMs), format, nowMs);
  }

  /** By the clock. */
  #momentAt(nowMs: number): number {
    const { group, epochMs } = this.terms;
    return group?.line.isAnchored === true ? group.line.momentAt(nowMs) : nowMs - epochMs;
  }

  /** Takes frames for which prepare() was called. */
  add({ frames, position, nowMs, lateMs = 0 }: Written): void {
    if (this.#container === null) return;
    let rest = this.#rewrap?.take(frames) ?? frames;
    let [from, behindMs] = [position, lateMs];
    if (rest.count === 0) return;
    for (;;) {
      this.#settleInit(rest);
      const dueMs = nowMs - Math.max(0, behindMs);
      const open = (this.#open ??= this.#begin(rest, from, dueMs));
      if (this.#beganMs !== null) this.#settle(open, rest, dueMs);
      const before = open.parts.length;
      const count = cutBefore(rest, open.samples, this.#cutSamples(open));
      const part = count === rest.count ? rest : sliceFrames(rest, 0, count);
      if (count > 0) this.#append(open, part);
      if (count === rest.count) return this.#showParts(open, before);
      this.flush();
      from += part.bytes.length;
      behindMs -= part.seconds * 1000;
      rest = sliceFrames(rest, count);
    }
  }

  /** What follows comes from elsewhere, at the next moment of the timeline. */
  interrupt(): void {
    this.flush();
    this.#isBroken ||= this.#now !== null;
    this.#rewrap = this.#container?.rewrap?.() ?? null;
  }

  /** Completes the segment that grows, if it has any audio. */
  flush(): void {
    const open = this.#open;
    this.#open = null;
    if (open === null || open.samples === 0) return;
    const { start } = open.begin;
    if (this.#beganMs !== null) this.terms.group?.settle(start, this.#frameSamples);
    this.#beganMs = null;
    this.terms.onSegment(open.closed());
  }

  /** With parts a segment is complete as soon as it is long enough: the next part is then known to be one of the next segment. */
  #showParts(open: OpenSegment, before: number): void {
    if (open.begin.partSamples === null) return;
    if (open.samples >= this.#cutSamples(open)) this.flush();
    else if (open.parts.length > before) this.terms.onPart(open.grown());
  }

  /**
   * Variants have the same audio at the same moment: the first segment of one began as long before the clock as it has
   * audio, by the frames that came with the least delay, on the grid that frames of this length have in all variants.
   */
  #settle(open: OpenSegment, frames: Frames, nowMs: number): void {
    const { group } = this.terms;
    if (group === null) return;
    const { rate } = open.begin.start;
    this.#frameSamples = Math.max(this.#frameSamples, ...frames.samples);
    const heard = open.samples + frames.samples.reduce((sum, one) => sum + one, 0);
    const byClockMs = this.#line.momentAt(nowMs) - (heard / rate) * 1000;
    this.#beganMs = Math.max(this.#earliestMs, Math.min(this.#beganMs ?? byClockMs, byClockMs));
    const start = group.place(this.#beganMs, rate, this.#frameSamples);
    open.move(start, this.#line.at(start.ms));
    this.#now = open.end;
  }

  #append(open: OpenSegment, frames: Frames): void {
    open.add(frames);
    this.#now = open.end;
  }

  /** Another format: what follows has a clock of its own, which goes on from the one before. */
  #turn(format: StreamFormat, nowMs: number): void {
    this.flush();
    const { ms: endMs, wallMs: endWallMs } = this.#earlier ?? { ms: 0, wallMs: 0 };
    const wallMs = this.wallMs ?? Math.max(nowMs, endWallMs);
    const timelineMs = this.#now?.ms ?? Math.max(this.#momentAt(nowMs), Math.ceil(endMs));
    this.#format = format;
    this.#container = containerOf(format);
    this.#rewrap = this.#container?.rewrap?.() ?? null;
    this.#init = null;
    this.#anchor(timelineMs, format, wallMs);
  }

  #anchor(timelineMs: number, { sampleRate }: StreamFormat, wallMs: number): void {
    this.#isBroken = this.#now !== null || this.#earlier !== null;
    this.#earliestMs = this.#now?.ms ?? this.#earlier?.ms ?? 0;
    this.#now = new SampleTime(Math.max(0, Math.round(timelineMs)), 0, sampleRate);
    const { group } = this.terms;
    if (group === null || !group.line.isAnchored) this.#line.anchor(this.#now.anchorMs, wallMs);
    this.#beganMs = group === null ? null : this.#now.ms;
    this.#frameSamples = 0;
  }

  /** Where decoders need something else than before, a segment begins. */
  #settleInit({ preamble = null }: Frames): void {
    if (this.#rewrap === null || preamble === null || preamble === this.#init?.bytes) return;
    this.flush();
    this.#isBroken ||= this.#init !== null;
    this.#init = { run: this.terms.run, index: this.#inits++, bytes: preamble };
  }

  #begin(frames: Frames, from: number, nowMs: number): OpenSegment {
    const start = this.#now;
    const [format, container] = [this.#format, this.#container];
    if (start === null || format === null || container === null)
      throw new TypeError("frames without a format");
    this.#line.approach(start.ms, nowMs);
    const isDiscontinuous = this.#isBroken;
    this.#isBroken = false;
    const init = this.#init;
    const wallMs = this.#line.at(start.ms);
    const rewrap = this.#rewrap;
    const fromSeconds = this.terms.positionAt(start.ms);
    const partSamples = this.#partSamples(frames, container, start.rate);
    const { run } = this.terms;
    const place = { run, from, start, fromSeconds, wallMs, isDiscontinuous };
    const begin = { container, format, rewrap, init, partSamples, ...place };
    return new OpenSegment(begin, this.#title, ({ ms }) => this.terms.nextNumber(ms));
  }

  /** null without parts, as if frames are too long for parts of even length. */
  #partSamples({ samples }: Frames, { hasParts }: SegmentContainer, rate: number): number | null {
    const wanted = Math.floor((this.terms.partMs * rate) / 1000);
    const isEven = Math.max(...samples) <= wanted * PART_TOLERANCE;
    return hasParts && wanted > 0 && isEven ? wanted : null;
  }

  /** Samples of a segment before the next line of the grid. */
  #cutSamples({ begin: { start } }: OpenSegment): number {
    const { segmentMs } = this.terms;
    const first = start.samplesAt((Math.floor(start.ms / segmentMs) + 1) * segmentMs);
    const second = () => start.samplesAt((Math.floor(start.ms / segmentMs) + 2) * segmentMs);
    // Rounding may have put the begin a hair before the line that it belongs to.
    return (first > start.samples ? first : second()) - start.samples;
  }
}
