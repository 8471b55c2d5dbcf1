// The turns of the data plane: inputs advance, sends that are due go out, and housekeeping that is due is done. Turns
// are started by a timer, and with few listeners by every write.
import type { Config } from "../config/config.ts";
import { type Clock, realMs } from "../lib/clock.ts";
import { Histogram, type HistogramFacts } from "../lib/histogram.ts";
import { Rounds } from "../lib/rounds.ts";
import { sendsPerSecond, staysAtOnce } from "./at-once.ts";
import type { Audience } from "./audience/audience.ts";
import { Lateness, type LatenessFacts } from "./lateness.ts";
import { Stretch } from "./stretch.ts";

/** Consecutive ticks of a mount before the event loop continues. */
const MAX_ROUNDS = 4;

/** The event loop needs time for its sockets, however short the configured sleep. */
const MIN_SLEEP_MS = 1;

/** Longest interval between checks for stalled listeners. */
const LONGEST_SLEEP_MS = 1000;

/** A pump without a turn for this long has stalled. */
const STANDSTILL_MS = 5000;

/** Interval for redistributing the send budget among mounts. */
const SHARE_MS = 1000;

/** In seconds. */
const TURN_BOUNDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1,
];

export class Pump {
  /** The process was paused for this many seconds, which the clock has left out. */
  onAbsence: (seconds: number) => void = () => undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tickedMs = Number.NEGATIVE_INFINITY;
  /** When the timer will fire; NaN before it is first set. */
  #dueMs = Number.NaN;
  readonly #lateness = new Lateness();
  readonly #turns = new Histogram(TURN_BOUNDS);
  readonly #stretch = new Stretch();
  #sharedMs = Number.NEGATIVE_INFINITY;
  #isAtOnce = true;
  #isTicking = false;
  /** Audiences with writes since their last turn. */
  readonly #woken = new Set<Audience>();
  #immediate: ReturnType<typeof setImmediate> | undefined;

  constructor(
    private readonly audiences: readonly Audience[],
    private sleep: Config["broadcaster"],
    private readonly clock: Clock,
    private readonly rounds = new Rounds(),
  ) {
    for (const audience of audiences) this.serve(audience);
  }

  /** Adds an audience while the pump is running. */
  serve(audience: Audience): void {
    audience.onDue = () => this.#wake(audience);
  }

  reconfigure(sleep: Config["broadcaster"]): void {
    this.sleep = sleep;
  }

  /** Runs turns until stop(). An exception in a turn ends the process: a station that cannot play must not
   * appear to run. */
  start(): void {
    const startedMs = realMs(this.clock);
    // NaN in the first turn.
    if (this.#dueMs > 0) this.#lateness.record(startedMs - this.#dueMs, startedMs);
    const used = this.tick(this.#beat());
    const endedMs = this.#judge(startedMs);
    this.#rest(endedMs, this.#sleepMs(used, this.audiences));
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
    // Shorter pauses count as event-loop lag.
    if (seconds > 0) this.onAbsence(seconds);
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = this.#immediate = undefined;
  }

  /** Event-loop lag over the last 10 to 20 s. */
  get lateness(): LatenessFacts {
    return this.#lateness.facts();
  }

  /** The same since the start, in seconds; a turn that is late sends late. */
  get lag(): HistogramFacts {
    return this.#lateness.histogram.facts();
  }

  /** How long turns took since the start, in seconds. */
  get turns(): HistogramFacts {
    return this.#turns.facts();
  }

  get isTurning(): boolean {
    return realMs(this.clock) - this.#tickedMs < STANDSTILL_MS;
  }

  /** One pass over all mounts. Returns the largest used share of a send buffer, 0..1. */
  tick(nowMs: number): number {
    return this.#tick(this.audiences, nowMs);
  }

  #tick(audiences: Iterable<Audience>, nowMs: number): number {
    this.#tickedMs = realMs(this.clock);
    this.#isTicking = true;
    let used = 0;
    for (const audience of audiences) {
      audience.mount.advance(nowMs);
      used = Math.max(used, this.#send(audience, nowMs));
    }
    this.#isTicking = false;
    return used;
  }

  /** However much is written in one turn of the event loop, it causes one turn of the mount. */
  #wake(audience: Audience): void {
    if (!this.#isAtOnce || this.#isTicking || this.#timer === undefined) return;
    this.#woken.add(audience);
    this.#immediate ??= setImmediate(() => this.#tickWoken());
  }

  #tickWoken(): void {
    this.#immediate = undefined;
    const woken = [...this.#woken];
    this.#woken.clear();
    const startedMs = realMs(this.clock);
    const used = this.#tick(woken, this.#beat());
    const endedMs = this.#judge(startedMs);
    const sleepMs = this.#sleepMs(used, this.#isAtOnce ? woken : this.audiences);
    if (endedMs + sleepMs >= this.#dueMs) return;
    clearTimeout(this.#timer);
    this.#rest(endedMs, sleepMs);
  }

  #rest(nowMs: number, sleepMs: number): void {
    this.#dueMs = nowMs + sleepMs;
    this.#timer = setTimeout(() => this.start(), sleepMs);
  }

  /** After a turn: adjusts the size of sends and the mode. Returns the time. */
  #judge(startedMs: number): number {
    const nowMs = realMs(this.clock);
    this.#turns.observe((nowMs - startedMs) / 1000);
    const isStretched = this.#stretch.worked(nowMs - startedMs, nowMs);
    const isAtOnce = staysAtOnce(this.#isAtOnce, this.#listeners) && this.#stretch.factor === 1;
    const isOther = isStretched || isAtOnce !== this.#isAtOnce;
    this.#isAtOnce = isAtOnce;
    if (isOther || nowMs - this.#sharedMs >= SHARE_MS) this.#share(nowMs);
    return nowMs;
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

  /** By number of listeners: spread over many mounts, they cost what they would on one. */
  #share(nowMs: number): void {
    this.#sharedMs = nowMs;
    const everybody = this.#listeners;
    const sends = sendsPerSecond(this.#isAtOnce);
    for (const audience of this.audiences) {
      const part = audience.count === 0 ? 1 : audience.count / everybody;
      audience.tune(this.#stretch.factor, sends * part, this.#isAtOnce);
    }
  }

  get #listeners(): number {
    let sum = 0;
    for (const { count } of this.audiences) sum += count;
    return sum;
  }

  /** After a turn of these audiences. Timers fire at whole milliseconds. */
  #sleepMs(used: number, audiences: readonly Audience[]): number {
    let pauseMs = Math.min(LONGEST_SLEEP_MS, this.rounds.run(this.clock.nowMs()));
    for (const audience of audiences) pauseMs = Math.min(pauseMs, audience.pauseMs);
    return Math.max(MIN_SLEEP_MS, this.#sleepSeconds(used) * 1000, Math.ceil(pauseMs));
  }

  #sleepSeconds(used: number): number {
    if (used > 0.8) return this.sleep.sleepHigh;
    return used >= 0.5 ? this.sleep.sleepMedium : this.sleep.sleepLow;
  }
}
