// The only timer of the data plane: advances what plays, then sends what is due.
import type { Config } from "../config/config.ts";
import { type Clock, realMs } from "../lib/clock.ts";
import { type Audience, SENDS_PER_SECOND } from "./audience.ts";
import { Lateness, type LatenessFacts } from "./lateness.ts";
import { Stretch } from "./stretch.ts";

/** Calls of a mount's tick before other work of the event loop gets its turn. */
const MAX_ROUNDS = 4;

/** However little sleep is configured, the event loop must get to its sockets. */
const MIN_SLEEP_MS = 1;

/** While nobody listens nothing is late for anybody: a joiner's burst is written at the join. */
const IDLE_SLEEP_MS = 100;

/** A pump that has not turned for so long plays nothing to anybody. */
const STANDSTILL_MS = 5000;

/** How often mounts are told their share of what may be sent. */
const SHARE_MS = 1000;

export class Pump {
  /** The process stood still for so many seconds, which the clock has left out. */
  onAbsence: (seconds: number) => void = () => undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tickedMs = Number.NEGATIVE_INFINITY;
  /** When the timer is to fire; NaN before it has been set. */
  #dueMs = Number.NaN;
  readonly #lateness = new Lateness();
  readonly #stretch = new Stretch();
  #sharedMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly audiences: readonly Audience[],
    private readonly sleep: Config["broadcaster"],
    private readonly clock: Clock,
  ) {}

  /** Turns until stop(). What a turn throws ends the process: a station that cannot play must not
   * seem to. */
  start(): void {
    const startedMs = realMs(this.clock);
    if (startedMs > this.#dueMs) this.#lateness.record(startedMs - this.#dueMs, startedMs);
    const used = this.tick(this.#beat());
    const endedMs = realMs(this.clock);
    const isOther = this.#stretch.worked(endedMs - startedMs, endedMs);
    if (isOther || endedMs - this.#sharedMs >= SHARE_MS) this.#share(endedMs);
    const sleepMs = Math.max(MIN_SLEEP_MS, this.#sleepSeconds(used) * 1000, this.#pauseMs);
    this.#dueMs = endedMs + sleepMs;
    this.#timer = setTimeout(() => this.start(), sleepMs);
  }

  /** Returns the time on the station's clock. */
  #beat(): number {
    const absentMs = this.clock.beat?.() ?? 0;
    const nowMs = this.clock.nowMs();
    if (absentMs > 0) this.#wakeUp(absentMs, nowMs);
    return nowMs;
  }

  #wakeUp(absentMs: number, nowMs: number): void {
    for (const { mount } of this.audiences) mount.lead.missed(absentMs, nowMs);
    const seconds = Math.round(absentMs / 1000);
    // Shorter absences are told by the event loop's lag.
    if (seconds > 0) this.onAbsence(seconds);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Of the event loop, in the last 10 to 20 s. */
  get lateness(): LatenessFacts {
    return this.#lateness.facts();
  }

  get isTurning(): boolean {
    return realMs(this.clock) - this.#tickedMs < STANDSTILL_MS;
  }

  /** One pass over all mounts. Returns how full the fullest send buffer of the pass was, 0..1. */
  tick(nowMs: number): number {
    this.#tickedMs = realMs(this.clock);
    let used = 0;
    for (const audience of this.audiences) {
      audience.mount.advance(nowMs);
      used = Math.max(used, this.#send(audience, nowMs));
    }
    return used;
  }

  #send(audience: Audience, nowMs: number): number {
    let used = 0;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const share = audience.tick(nowMs);
      used = Math.max(used, share);
      if (share === 0) break;
    }
    return used;
  }

  /** By heads: spread over many mounts, listeners cost what they would in one. */
  #share(nowMs: number): void {
    this.#sharedMs = nowMs;
    const everybody = this.audiences.reduce((sum, { count }) => sum + count, 0);
    for (const audience of this.audiences) {
      const part = audience.count === 0 ? 1 : audience.count / everybody;
      audience.tune(this.#stretch.factor, SENDS_PER_SECOND * part);
    }
  }

  /** Timers fire at whole milliseconds. */
  get #pauseMs(): number {
    let pauseMs = IDLE_SLEEP_MS;
    for (const audience of this.audiences) pauseMs = Math.min(pauseMs, audience.pauseMs);
    return Math.ceil(pauseMs);
  }

  #sleepSeconds(used: number): number {
    if (used > 0.8) return this.sleep.sleepHigh;
    return used >= 0.5 ? this.sleep.sleepMedium : this.sleep.sleepLow;
  }
}
