// Pure: a queue of frames read ahead, which gives out those that are due.
import type { Frames, StreamFormat } from "../../format/frame.ts";
import { sliceFrames, splitFrames } from "../../format/frame-slice.ts";
import { Rejoin } from "../../format/rejoin.ts";
import type { Schedule } from "../schedule.ts";

/** The track that frames belong to; compared by identity. */
interface Played {
  readonly format: StreamFormat;
}

interface Entry<T> {
  readonly track: T;
  frames: Frames;
  /** Plays instead if what waits before it is dropped; null: the frames themselves. */
  alone: Frames | null;
  /** Frames before this one have been taken. */
  next: number;
}

/** Taken frames that are kept: what follows them may refer to them. */
const KEPT_FRAMES = 64;

/** Frames of one track that are due. */
export interface Due<T> {
  readonly track: T;
  readonly frames: Frames;
}

export class FrameQueue<T extends Played> {
  #entries: Entry<T>[] = [];
  #seconds = 0;
  /** The latest frames of the track that plays. */
  #taken: readonly Due<T>[] = [];

  /** Playing time of the queued frames. */
  get seconds(): number {
    return this.#seconds;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** The track of the next frame. */
  get track(): T | null {
    return this.#entries[0]?.track ?? null;
  }

  /** Tracks with queued frames, in playing order. */
  get tracks(): readonly T[] {
    return [...new Set(this.#entries.map(({ track }) => track))];
  }

  /** The frames are kept, not copied. `alone`: the same frames as they play without those that wait before them. */
  push(track: T, frames: Frames, alone: Frames | null = null): void {
    if (frames.count === 0) return;
    this.#entries.push({ track, frames, alone, next: 0 });
    this.#seconds += frames.seconds;
  }

  /** Bytes of the last frames that wait, at most so many; views, which may be written to. */
  last(count: number): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let i = this.#entries.length - 1; i >= 0 && frames.length < count; i--) {
      const entry = this.#entries[i];
      if (entry === undefined) break;
      const waiting = splitFrames(sliceFrames(entry.frames, entry.next)).slice(
        frames.length - count,
      );
      frames.unshift(...waiting.map(({ bytes }) => bytes));
    }
    return frames;
  }

  /** Drops what is left of one track; what follows then follows something else. */
  drop(track: T): void {
    this.#entries.forEach((entry, i) => {
      const isBehind = i === 0 || this.#entries[i - 1]?.track === track;
      if (isBehind && entry.next === 0) entry.frames = entry.alone ?? entry.frames;
    });
    this.#entries = this.#entries.filter((entry) => entry.track !== track);
    this.#count();
  }

  /** Something else was heard in between: what waits is changed so that it can follow that. */
  rejoin(): void {
    const taken = this.#taken;
    const track = taken.at(-1)?.track;
    if (track === undefined) return;
    this.#taken = [];
    const rejoin = new Rejoin();
    for (const { frames } of taken) rejoin.miss(frames, track.format.codec);
    while (this.#entries[0]?.track === track && !rejoinEntry(this.#entries[0], rejoin))
      this.#entries.shift();
    this.#partFrom(track);
    this.#count();
  }

  /** The first frames behind a track may refer to its last ones, some of which were heard before. */
  #partFrom(track: T): void {
    const own = this.#entries.filter((entry) => entry.track === track);
    const left = own.reduce((sum, { frames, next }) => sum + frames.count - next, 0);
    const follower = this.#entries.find((entry) => entry.track !== track);
    if (left < KEPT_FRAMES && follower?.next === 0) useAlone(follower);
  }

  #count(): void {
    this.#seconds = this.#entries.reduce(
      (sum, { frames, next }) => sum + sliceFrames(frames, next).seconds,
      0,
    );
  }

  clear(): void {
    this.#entries = [];
    this.#seconds = 0;
  }

  /** Takes the frames that are due at nowMs, batch by batch, and advances the schedule past them. An entry is removed
   * only after its last batch was used, so that the queue is not empty meanwhile. */
  *takeDue(schedule: Schedule, nowMs: number): Iterable<Due<T>> {
    for (let entry = this.#entries[0]; entry !== undefined; entry = this.#entries[0]) {
      const from = entry.next;
      const isWhole = passDue(entry, schedule, nowMs);
      if (entry.next > from) yield this.#take(entry, from);
      if (!isWhole) return;
      this.#entries.shift();
    }
    this.#seconds = 0;
  }

  #take(entry: Entry<T>, from: number): Due<T> {
    const frames = sliceFrames(entry.frames, from, entry.next);
    this.#seconds -= frames.seconds;
    const due = { track: entry.track, frames };
    this.#keep(due);
    return due;
  }

  #keep(due: Due<T>): void {
    const isSame = this.#taken.at(-1)?.track === due.track;
    const taken = isSame ? [...this.#taken, due] : [due];
    this.#taken = taken.slice(-KEPT_FRAMES);
  }
}

/** Whether all of the entry's frames were due. */
function passDue(entry: Entry<Played>, schedule: Schedule, nowMs: number): boolean {
  const { samples, count } = entry.frames;
  const { sampleRate } = entry.track.format;
  while (entry.next < count && schedule.dueMs <= nowMs) {
    schedule.spend(samples[entry.next] ?? 0, sampleRate);
    entry.next++;
  }
  return entry.next === count;
}

/** The entry's frames as they play without those before them. */
function useAlone(entry: Entry<Played>): void {
  entry.frames = entry.alone ?? entry.frames;
  entry.alone = null;
}

/** False if nothing is left that can follow something else. */
function rejoinEntry(entry: Entry<Played>, rejoin: Rejoin): boolean {
  const frames = rejoin.pass(sliceFrames(entry.frames, entry.next), entry.track.format.codec);
  entry.frames = frames;
  entry.next = 0;
  return frames.count > 0;
}
