// How far back a mount can be listened to: its ring grows until it holds buffer.rewind_seconds, and the segments of HLS.
import type { MountConfig } from "../config/config.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Ring } from "../native/ring.ts";
import { isReplayed } from "../format/content-type.ts";
import type { StreamFormat } from "../format/frame.ts";
import type { Past } from "./past.ts";
import { WallTimes } from "./wall-times.ts";

const MIB = 1 << 20;

/** The largest ring. */
const MAX_BYTES = 1 << 30;

/** Held beyond rewind_seconds: the oldest place must not be overwritten while its listener connects. */
const SPARE_SECONDS = 30;

/** The first frame where a decoder may start is not farther from the tail. */
const NEAR_BYTES = 1 << 17;

/** For bitrates that vary. */
const SPARE_SHARE = 1.1;

/** The bitrate of less audio is no good estimate. */
const LEAST_SECONDS = 20;

/** How far back recordings are offered. */
export const RECORDED_SECONDS = 24 * 3600;

/** The size of the ring is checked once per this much audio. */
const CHECK_SECONDS = 1;

export class Rewind {
  /** What is recorded of the mount; null if nothing is configured. */
  past: () => Past | null = () => null;
  readonly #times = new WallTimes();
  readonly #kept = new Map<object, number>();
  #writtenSeconds = 0;
  #checkSeconds = 0;

  constructor(
    private readonly ring: Ring,
    private readonly buffer: () => MountConfig["buffer"],
    private readonly log: Log,
    private readonly wall: Clock,
  ) {}

  /** Seconds that listeners may go back at most; 0 if they may not. */
  get limitSeconds(): number {
    return this.buffer().rewindSeconds;
  }

  /** Seconds that they can go back now. */
  get reachSeconds(): number {
    const { limitSeconds, ring } = this;
    if (limitSeconds === 0) return 0;
    const oldest = ring.seek(Number.POSITIVE_INFINITY);
    const heldSeconds = ring.lag(oldest);
    // What is about to be overwritten is not offered.
    const isFleeting = ring.tail > 0 && oldest - ring.tail < NEAR_BYTES;
    const offered = isFleeting ? heldSeconds - SPARE_SECONDS : heldSeconds;
    return Math.min(limitSeconds, Math.max(0, offered));
  }

  /** How far back recordings go that listeners of the format can hear, at most a day; 0: there are none. */
  recordedSeconds(format: StreamFormat | null): number {
    const isPlayed = this.limitSeconds > 0 && format !== null && isReplayed(format);
    const fromMs = isPlayed ? (this.past()?.fromMs ?? null) : null;
    if (fromMs === null) return 0;
    return Math.min(RECORDED_SECONDS, Math.max(0, (this.wall.nowMs() - fromMs) / 1000));
  }

  /** The mount's audio reaches up to here, in seconds. */
  wrote(seconds: number): void {
    this.#writtenSeconds = seconds;
    this.#times.note(seconds, this.wall.nowMs());
    if (seconds < this.#checkSeconds) return;
    this.#checkSeconds = seconds + CHECK_SECONDS;
    if (this.#neededBytes() > this.ring.capacity) this.#resize();
  }

  /** rewind_seconds has changed: memory that is not needed any more is given back. */
  reconfigure(): void {
    const { capacity } = this.ring;
    const bytes = Math.max(this.buffer().sizeMb * MIB, this.#neededBytes());
    if (bytes > capacity || bytes < capacity / 2) this.#resize();
  }

  /** So much audio is to stay in the ring for somebody, whether listeners may go back or not. */
  keep(seconds: number, by: object = this): void {
    const before = this.#keptSeconds;
    if (seconds > 0) this.#kept.set(by, seconds);
    else this.#kept.delete(by);
    if (this.#keptSeconds < before) this.reconfigure();
  }

  get #keptSeconds(): number {
    return Math.max(0, ...this.#kept.values());
  }

  /** The timeline position of a byte of the ring. */
  secondsAt(position: number): number {
    // The ring counts whole microseconds, so its sum may be larger.
    return Math.max(0, this.#writtenSeconds - this.ring.lag(position));
  }

  /** Where a listener with this burst begins, on the timeline. */
  joinSeconds(burstSeconds: number): number {
    return this.secondsAt(this.ring.seek(burstSeconds));
  }

  /** Milliseconds since 1970 at which the audio so many seconds back was written; null if that is unknown. */
  wallMsAt(secondsBack: number): number | null {
    return this.#times.at(this.#writtenSeconds - secondsBack);
  }

  /** Milliseconds since 1970, now. */
  get nowMs(): number {
    return this.wall.nowMs();
  }

  /** How many seconds back the audio is that was written at this time; null before the first. Negative: still to come. */
  secondsBackTo(wallMs: number): number | null {
    const position = this.#times.position(wallMs);
    return position === null ? null : this.#writtenSeconds - position;
  }

  /** 0 while the bitrate is unknown. */
  #neededBytes(): number {
    const { ring } = this;
    const { head, tail } = ring;
    const wanted = Math.max(this.limitSeconds, this.#keptSeconds);
    const heldSeconds = ring.lag(tail);
    // A full ring never holds more.
    const isKnown = heldSeconds >= LEAST_SECONDS || (tail > 0 && heldSeconds > 0);
    if (wanted === 0 || !isKnown) return 0;
    const bytes = ((head - tail) / heldSeconds) * (wanted + SPARE_SECONDS) * SPARE_SHARE;
    return Math.min(MAX_BYTES, Math.ceil(bytes / MIB) * MIB);
  }

  #resize(): void {
    const bytes = Math.max(Math.round(this.buffer().sizeMb * MIB), this.#neededBytes());
    if (this.ring.resize(bytes)) return;
    this.log.repeated(`there is no memory to hold ${Math.round(bytes / MIB)} MiB of audio`);
  }
}
