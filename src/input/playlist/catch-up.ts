// Pure: when an input goes on air late, listeners have lived on their burst. It writes what they missed at once, as far as
// it has read ahead.
import type { Schedule } from "../schedule.ts";

/** Not used up for it: the queue would run dry. */
const KEPT_SECONDS = 1.5;

/** A disk that cannot deliver in this time will not. */
const LONGEST_MS = 10_000;

export class CatchUp {
  #endMs = Number.NEGATIVE_INFINITY;

  begin(dueMs: number, nowMs: number): void {
    this.#endMs = dueMs < nowMs ? nowMs + LONGEST_MS : nowMs;
  }

  /** Some of it is still missing. */
  isBehind(schedule: Schedule, nowMs: number): boolean {
    if (schedule.dueMs >= nowMs) this.#endMs = nowMs;
    return nowMs < this.#endMs;
  }

  /** Until when frames may be written now. */
  untilMs(schedule: Schedule, queuedSeconds: number, nowMs: number): number {
    const spareSeconds = Math.max(0, queuedSeconds - KEPT_SECONDS);
    return Math.min(nowMs, schedule.dueMs + spareSeconds * 1000);
  }
}
