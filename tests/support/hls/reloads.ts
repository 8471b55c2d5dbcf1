// What must hold between one version of a media playlist and the next.
import { conflict } from "./media-playlist.ts";
import { PartReloads } from "./part-reloads.ts";
import { type Attributes, type MediaPlaylist, type Segment, unquoted } from "./playlist-text.ts";
import type { Report } from "./problem.ts";

/** A segment that left the playlist, and until when it must be there. */
export interface Removed {
  readonly url: string;
  readonly untilMs: number;
}

/** How much of a target duration may pass between versions. */
const SOONEST = 0.5;
const LATEST = 1.5;

export class Reloads {
  #last: MediaPlaylist | null = null;
  #changedMs = 0;
  /** The longest playlist that a segment was in, in seconds. */
  #longest = 0;
  readonly #segments = new Map<number, string>();
  readonly #discontinuities = new Map<number, number>();
  readonly #ranges = new Map<string, Attributes>();
  #removed: Removed[] = [];
  readonly #parts: PartReloads;
  #isRestarted = false;
  #polledMs = Number.NEGATIVE_INFINITY;
  /** Between the last two polls. */
  #gapMs = Number.POSITIVE_INFINITY;

  constructor(
    private readonly report: Report,
    /** Between fetches, at most, in milliseconds: a change is seen that much later. */
    private readonly pollMs: number,
  ) {
    this.#parts = new PartReloads(report);
  }

  /** Segments that must still be there. */
  removedAt(nowMs: number): readonly Removed[] {
    this.#removed = this.#removed.filter(({ untilMs }) => untilMs >= nowMs);
    return this.#removed;
  }

  /** Parts that must still be there. */
  removedPartsAt(nowMs: number): readonly Removed[] {
    return this.#parts.removedAt(nowMs);
  }

  /** The playlist was fetched, and may be as before. */
  polled(nowMs: number): void {
    this.#gapMs = Math.max(this.pollMs, nowMs - this.#polledMs);
    this.#polledMs = nowMs;
  }

  /** What follows is of a server that has started again: it goes on with what it had listed, or begins behind that. */
  restarted(): void {
    this.#isRestarted = true;
  }

  add(playlist: MediaPlaylist, nowMs: number): void {
    const isGoingOn = this.#last !== null && playlist.mediaSequence < endOf(this.#last);
    const last = this.#isRestarted && !isGoingOn ? this.#passOver(playlist) : this.#last;
    const isPaced = !this.#isRestarted;
    if (last !== null && last.lines.join("\n") === playlist.lines.join("\n")) return;
    this.#checkSegments(playlist);
    this.#checkRanges(playlist);
    if (last !== null) this.#compare(last, playlist, nowMs, isPaced);
    if (last !== null && endOf(playlist) > endOf(last)) this.#isRestarted = false;
    this.#parts.add(playlist, nowMs, this.#gapMs);
    const isLonger = last === null || endOf(playlist) !== endOf(last);
    this.#last = playlist;
    // Parts alone are no new segment.
    if (isLonger) this.#changedMs = nowMs;
    this.#longest = Math.max(this.#longest, lengthOf(playlist.segments));
  }

  /** Nothing of the run before is listed, behind a discontinuity. */
  #passOver(next: MediaPlaylist): null {
    const last = this.#last;
    this.#isRestarted = false;
    this.#removed = [];
    this.#parts.restarted();
    if (last === null) return null;
    if (next.mediaSequence < endOf(last))
      this.report("sequence", `${endOf(last)} -> ${next.mediaSequence} after a restart`);
    if (next.discontinuitySequence <= (last.segments.at(-1)?.discontinuity ?? 0))
      this.report("discontinuity", `${next.discontinuitySequence} after a restart`);
    if (last.target !== next.target) this.report("target-changed", "after a restart");
    return null;
  }

  #checkSegments({ segments }: MediaPlaylist): void {
    for (const { number, url, tags, map, discontinuity } of segments) {
      const text = [url, map, ...tags.filter((tag) => tag !== "#EXT-X-DISCONTINUITY")].join(" ");
      const before = this.#segments.get(number) ?? text;
      if (before !== text) this.report("segment-changed", `${number}: ${before} -> ${text}`);
      this.#segments.set(number, text);
      const known = this.#discontinuities.get(number) ?? discontinuity;
      if (known !== discontinuity)
        this.report("discontinuity", `${number}: ${known} -> ${discontinuity}`);
      this.#discontinuities.set(number, discontinuity);
    }
  }

  #checkRanges({ ranges }: MediaPlaylist): void {
    for (const range of ranges) {
      const id = unquoted(range.get("ID"));
      const known = this.#ranges.get(id);
      if (known !== undefined && conflict(known, range)) this.report("range-changed", id);
      this.#ranges.set(id, range);
    }
  }

  #compare(last: MediaPlaylist, next: MediaPlaylist, nowMs: number, isPaced: boolean): void {
    if (last.target !== next.target)
      this.report("target-changed", `${last.target} -> ${next.target}`);
    if (last.isEnded) this.report("ended", next.url);
    this.#checkSequence(last, next);
    if (isPaced) this.#checkPace(last, next, nowMs);
    this.#remove(last, next, nowMs);
  }

  #checkSequence(last: MediaPlaylist, next: MediaPlaylist): void {
    const step = next.mediaSequence - last.mediaSequence;
    if (step < 0 || step > last.segments.length)
      this.report("sequence", `${last.mediaSequence} -> ${next.mediaSequence}`);
    const isFewer = endOf(next) < endOf(last);
    if (isFewer) this.report("sequence", `${endOf(last)} -> ${endOf(next)} at the end`);
    const [first, ...removed] = [next.discontinuitySequence, last.discontinuitySequence];
    if (first < (removed[0] ?? 0)) this.report("discontinuity", `${removed[0]} -> ${first}`);
    if (step > 0 && last.type !== null) this.report("sequence", `removed from ${last.type}`);
  }

  #checkPace(last: MediaPlaylist, next: MediaPlaylist, nowMs: number): void {
    if (endOf(next) === endOf(last)) return;
    const passedMs = nowMs - this.#changedMs;
    const targetMs = next.target * 1000;
    const isSoon = passedMs + this.pollMs < SOONEST * targetMs;
    const isLate = passedMs - this.#gapMs > LATEST * targetMs;
    if (isSoon || isLate) this.report("pace", `${passedMs} ms, target ${targetMs}`);
  }

  #remove(last: MediaPlaylist, next: MediaPlaylist, nowMs: number): void {
    const gone = last.segments.filter(({ number }) => number < next.mediaSequence);
    if (gone.length === 0) return;
    const isShort = lengthOf(next.segments) < 3 * next.target - 0.001;
    if (isShort && !next.isEnded) this.report("window", `${lengthOf(next.segments)} s`);
    for (const { url, duration } of gone)
      // It may have been removed right after the last poll.
      this.#removed.push({
        url,
        untilMs: nowMs - this.#gapMs + (duration + this.#longest) * 1000,
      });
  }
}

function endOf({ mediaSequence, segments }: MediaPlaylist): number {
  return mediaSequence + segments.length;
}

function lengthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { duration }) => sum + duration, 0);
}
