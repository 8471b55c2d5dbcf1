// What players have lost of their store while the station was away, and when audio was due that makes up for it.
import type { Clock } from "../lib/clock.ts";
import type { Hold } from "../mount/hold.ts";
import { isPaced } from "../mount/roles.ts";
import type { MountEvents } from "../mount/events.ts";
import { endOf, type KeptWindow } from "./kept-window.ts";

/**
 * The longest absence that is made up for. Players begin three segments behind, whatever burst a mount has, so a longer one
 * has left them nothing, and three segments are all that they need again.
 */
const STORE_SEGMENTS = 3;

/** Within this time an input that is late has written what is missing, if it ever does. */
const CATCH_UP_MS = 10_000;

export interface AbsenceTerms {
  readonly segmentMs: number;
  readonly hold: Pick<Hold, "owe">;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  /** The date of the next frame; null before the first. */
  readonly dateMs: () => number | null;
}

export class Absence {
  /** Time of day at which the broadcast stopped; null once there is audio behind it. */
  #sinceMs: number | null = null;
  /** How long it was away, once there is. */
  #awayMs = 0;
  /** Audio at this place of the mount's timeline was due at that time of day, until the end of the catching up. */
  #fromSeconds = 0;
  #dueMs = 0;
  #endMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly terms: AbsenceTerms) {}

  /** The window is gone on with. Its dates may be ahead of the clock, or those of a mount that wrote nothing before the stop. */
  begin({ stoppedMs, newest }: Pick<KeptWindow, "stoppedMs" | "newest">): void {
    this.#sinceMs = Math.min(stoppedMs, endOf(newest).wallMs);
    this.terms.hold.owe(() => this.#missingMs, STORE_SEGMENTS * this.terms.segmentMs);
  }

  /** Audio that came early, as relays bring it, fills a store too. */
  get #missingMs(): number {
    const nowMs = this.terms.wall.nowMs();
    const aheadMs = (this.terms.dateMs() ?? nowMs) - nowMs;
    const awayMs = this.#sinceMs === null ? this.#awayMs : nowMs - this.#sinceMs;
    return awayMs - Math.max(0, aheadMs);
  }

  /** Another input is on air, whose audio begins at that place of the mount's timeline. */
  onAir({ input, lateMs }: MountEvents["onAir"], atSeconds: number): void {
    const nowMs = this.terms.wall.nowMs();
    const isLate = input !== null && isPaced(input) && lateMs > 0;
    this.#endMs = isLate ? nowMs + CATCH_UP_MS : Number.NEGATIVE_INFINITY;
    this.#fromSeconds = atSeconds;
    this.#dueMs = nowMs - lateMs;
  }

  /** How many milliseconds ago audio was due that is written now: dates go on as if it had come in time. */
  lateMs(atSeconds: number): number {
    const nowMs = this.terms.wall.nowMs();
    const dueMs = this.#dueMs + (atSeconds - this.#fromSeconds) * 1000;
    const lateMs = nowMs < this.#endMs ? Math.max(0, nowMs - dueMs) : 0;
    if (this.#sinceMs !== null) this.#awayMs = nowMs - lateMs - this.#sinceMs;
    this.#sinceMs = null;
    return lateMs;
  }
}
