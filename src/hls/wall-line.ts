// Pure: the time of day of each sample. It never goes back and follows the system's clock slowly, so that neither bursts nor
// a clock that is set disturb the dates of a playlist.

/** Bursts of sources and playlists move the time of writing by less. */
const TOLERATED_MS = 1000;

/** Share of the passing time by which dates approach the system's clock. */
const SLEW = 0.01;

/** The audio had a gap, or the clock was set forward: dates have to jump. */
const GAP_MS = 5000;

export class WallLine {
  #isAnchored = false;
  #baseMs = 0;
  /** Milliseconds of the media timeline at the base. */
  #baseAt = 0;

  /** The moment of the timeline has this time of day. */
  anchor(timelineMs: number, wallMs: number): void {
    this.#isAnchored = true;
    this.#baseAt = timelineMs;
    this.#baseMs = wallMs;
  }

  /** Whether anchor() was called. */
  get isAnchored(): boolean {
    return this.#isAnchored;
  }

  /** The moment of the timeline that has this time of day. */
  momentAt(wallMs: number): number {
    return this.#baseAt + wallMs - this.#baseMs;
  }

  /** Milliseconds since 1970. */
  at(timelineMs: number): number {
    return this.#baseMs + timelineMs - this.#baseAt;
  }

  /** Whether audio that is written now can not follow what was written before, as it is too late for that. */
  isGap(timelineMs: number, nowMs: number): boolean {
    return nowMs - this.at(timelineMs) > GAP_MS;
  }

  /** From this moment of the timeline on, written now, dates approach the system's clock. */
  approach(timelineMs: number, nowMs: number): void {
    const predicted = this.at(timelineMs);
    const error = nowMs - predicted;
    const most = Math.max(0, timelineMs - this.#baseAt) * SLEW;
    const step = Math.abs(error) <= TOLERATED_MS ? 0 : Math.max(-most, Math.min(most, error));
    this.anchor(timelineMs, predicted + step);
  }
}
