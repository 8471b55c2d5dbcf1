// A media playlist: the newest segments of one codec of a mount, and its text.
import {
  bitrateOf,
  type GrowingSegment,
  isDiscontinuity,
  type MediaSegment,
  secondsOf,
} from "./media-segment.ts";
import { mediaText, type PartPlace, type PlaylistFacts } from "./playlist-text.ts";
import type { TitleRange } from "./title-ranges.ts";
import { WaitingClients } from "./waiting-clients.ts";

/** Players ask for the bit rate once, and it must not be exceeded later: titles vary, and so do bit rates. */
const HEADROOM = 1.05;

/** Opus and FLAC have as many bits as their sound needs. */
const VARIABLE_HEADROOM = 1.25;

export class MediaPlaylist {
  readonly waiting = new WaitingClients();
  #listed: readonly MediaSegment[] = [];
  #growing: GrowingSegment | null = null;
  #titles: readonly TitleRange[] = [];
  #discontinuity: number;
  #isEnded = false;
  #text: string | null = null;
  #offered: string | null = null;
  #peak = 0;
  #bits = 0;
  #seconds = 0;

  constructor(readonly facts: PlaylistFacts) {
    this.#discontinuity = facts.discontinuity;
  }

  /** Oldest first. */
  get listed(): readonly MediaSegment[] {
    return this.#listed;
  }

  /** The segment behind the newest one, of which there are parts; null before its first part. */
  get growing(): GrowingSegment | null {
    return this.#growing;
  }

  get titles(): readonly TitleRange[] {
    return this.#titles;
  }

  /** Removed discontinuities, and those of earlier runs. */
  get discontinuitySequence(): number {
    return this.#discontinuity;
  }

  /** The sequence number that the newest segment belongs to. */
  get lastDiscontinuity(): number {
    return this.#discontinuity + discontinuities(this.#listed);
  }

  /** Media sequence number of the newest segment; -1 before the first. */
  get last(): number {
    return this.#listed.at(-1)?.number ?? -1;
  }

  /** What those who wait for more go by. */
  get progress() {
    const lastParts = this.#listed.at(-1)?.parts.length ?? 0;
    const growingParts = this.#growing?.parts.length ?? 0;
    return { last: this.last, lastParts, growingParts, partSeconds: this.facts.partSeconds };
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Bits a second of the largest segments so far; 0 before the first. Short ones do not count. */
  get bandwidth(): number {
    const isVariable = this.#listed.at(-1)?.container.rewrap !== undefined;
    return Math.ceil(this.#peak * (isVariable ? VARIABLE_HEADROOM : HEADROOM));
  }

  get averageBandwidth(): number {
    return this.#seconds === 0 ? 0 : Math.ceil(this.#bits / this.#seconds);
  }

  get text(): string {
    return (this.#text ??= mediaText(this));
  }

  /** What clients get. */
  get offered(): string {
    return this.#offered ?? this.text;
  }

  /** The station stops: clients get what is listed now, since nobody could fetch yet what is added. */
  freeze(): void {
    this.#offered = this.text;
  }

  append(segment: MediaSegment, window: number): void {
    const all = [...this.#listed, segment];
    const removed = all.slice(0, Math.max(0, all.length - window));
    this.#discontinuity += discontinuities(removed);
    this.#listed = all.slice(removed.length);
    this.#growing = null;
    this.#measure(segment);
    this.#text = null;
  }

  /** Takes all segments off the list: those that follow have other numbers. */
  clear(discontinuity: number): void {
    this.#listed = [];
    this.#growing = null;
    this.#discontinuity = discontinuity;
    this.#text = null;
  }

  /** The next segment has a further part. */
  grow(growing: GrowingSegment): void {
    this.#growing = growing;
    this.#text = null;
  }

  /** Where the next part will be; null if there are no parts. */
  get nextPart(): PartPlace | null {
    if (this.facts.partSeconds === 0 || this.#isEnded || this.last < 0) return null;
    const growing = this.#growing;
    return { number: this.last + 1, index: growing?.parts.length ?? 0 };
  }

  /** The titles of what is listed. Answers those who wait. */
  publish(titles: readonly TitleRange[]): void {
    this.#titles = titles;
    this.#text = null;
    this.waiting.look();
  }

  /** No segment follows. */
  end(): void {
    this.#isEnded = true;
    this.#growing = null;
    this.#text = null;
    this.waiting.release();
  }

  #measure(segment: MediaSegment): void {
    const seconds = secondsOf(segment);
    this.#bits += bitrateOf(segment) * seconds;
    this.#seconds += seconds;
    if (seconds >= this.facts.targetSeconds / 2 || this.#peak === 0)
      this.#peak = Math.max(this.#peak, bitrateOf(segment));
  }
}

function discontinuities(segments: readonly MediaSegment[]): number {
  return segments.filter(isDiscontinuity).length;
}
