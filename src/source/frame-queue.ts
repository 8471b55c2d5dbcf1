// Pure: the frames read ahead of their time, and which of them are due.
import type { Frames } from "../format/frame.ts";
import type { Schedule } from "./schedule.ts";
import { framesFrom, type Track } from "./track.ts";

interface Entry {
  readonly track: Track;
  readonly frames: Frames;
  /** Frames before this one have been taken. */
  next: number;
}

/** Frames of one track that are due. */
export interface Due {
  readonly track: Track;
  readonly frames: Frames;
}

export class FrameQueue {
  #entries: Entry[] = [];
  #seconds = 0;

  /** Playing time that is waiting. */
  get seconds(): number {
    return this.#seconds;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  push(track: Track, frames: Frames): void {
    if (frames.count === 0) return;
    this.#entries.push({ track, frames, next: 0 });
    this.#seconds += frames.seconds;
  }

  clear(): void {
    this.#entries = [];
    this.#seconds = 0;
  }

  /** Takes what is due at nowMs, a batch a track, and moves the schedule past it. */
  *takeDue(schedule: Schedule, nowMs: number): Iterable<Due> {
    for (let entry = this.#entries[0]; entry !== undefined; entry = this.#entries[0]) {
      const from = entry.next;
      const isWhole = this.#passDue(entry, schedule, nowMs);
      if (entry.next > from) yield this.#take(entry, from);
      if (!isWhole) return;
      this.#entries.shift();
    }
    this.#seconds = 0;
  }

  /** Returns whether all frames of the entry were due. */
  #passDue(entry: Entry, schedule: Schedule, nowMs: number): boolean {
    const { samples, count } = entry.frames;
    const { sampleRate } = entry.track.format;
    while (entry.next < count && schedule.dueMs <= nowMs) {
      schedule.spend(samples[entry.next] ?? 0, sampleRate);
      entry.next++;
    }
    return entry.next === count;
  }

  #take(entry: Entry, from: number): Due {
    const frames = framesFrom(entry.frames, from, entry.next);
    this.#seconds -= frames.seconds;
    return { track: entry.track, frames };
  }
}
