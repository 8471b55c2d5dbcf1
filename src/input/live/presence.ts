// Whether a source that is connected may be heard: one that sends no audio for a while may not, nor one that keeps dropping
// until it has been steady.
import type { MountConfig } from "../../config/config.ts";
import type { Log } from "../../lib/log.ts";
import { type Drops, sourceIdentity, type SourceNames } from "../../mount/drops.ts";
import { Lead } from "../../mount/lead.ts";
import type { PaceLead } from "./pace.ts";

/** What is not called a stall, however little listeners have in reserve: networks deliver unevenly. */
const SHORTEST_STALL_MS = 2000;

/** The mount as it matters here. */
interface Place {
  readonly config: Pick<MountConfig, "sourceGrace" | "sourceSteady">;
  readonly drops: Drops;
  readonly lead: Lead;
  readonly log: Log;
  readonly hold: { readonly leftMs: number };
}

export class Presence {
  /** How far its audio is ahead of the clock: what is not heard does not count for the mount. */
  readonly lead: PaceLead = {
    add: (playMs, nowMs) => this.#lead.add(playMs, nowMs),
    ms: (nowMs) => this.#lead.ms(nowMs),
  };
  readonly #identity: string;
  readonly #unheard = new Lead();
  #isAbsent = false;
  #isFlapping = false;
  #isReturning = false;
  #hasBegun = false;
  /** Since when it has sent audio without a stall. */
  #steadyMs = 0;
  #absentMs = 0;
  #onAirMs: number | null = null;
  /** When it last went on air or off. */
  #changedMs = 0;

  constructor(
    private readonly place: Place,
    client: SourceNames,
    private readonly name: string,
  ) {
    this.#identity = sourceIdentity(client);
  }

  get #lead(): Lead {
    return this.#hasBegun && this.#onAirMs === null ? this.#unheard : this.place.lead;
  }

  /** It has sent no audio for longer than listeners should wait. */
  get isAbsent(): boolean {
    return this.#isAbsent;
  }

  /** It keeps dropping, and has not been steady since. */
  get isFlapping(): boolean {
    return this.#isFlapping;
  }

  /** Why it is not heard, or null. */
  get held(): string | null {
    if (this.#isAbsent) return "no audio";
    return this.#isFlapping ? "flapping" : null;
  }

  /** It goes on after an interruption that was short, or that its flapping has made longer. */
  get isReturning(): boolean {
    return this.#isReturning;
  }

  /** Audio has come. */
  arrive(nowMs: number): void {
    if (!this.#hasBegun) {
      this.#isReturning = this.place.drops.isRecent(this.#identity, this.#graceMs, nowMs);
      this.#begin(nowMs);
    } else if (this.#isAbsent) {
      this.#isReturning = nowMs - this.#absentMs <= this.#graceMs;
      this.#begin(nowMs);
    }
  }

  #begin(nowMs: number): void {
    this.#hasBegun = true;
    this.#isAbsent = false;
    this.#steadyMs = this.#changedMs = nowMs;
    const { sourceSteady } = this.place.config;
    this.#isFlapping = sourceSteady > 0 && this.place.drops.isFlapping(this.#identity, nowMs);
    if (!this.#isFlapping) return;
    this.#isReturning = true;
    const sentence = `keeps dropping: it is heard again after ${sourceSteady} s without an interruption`;
    this.place.log.warn(`${this.name} ${sentence}`);
  }

  /** It goes on air or off: what it has sent so far does not count for what follows. */
  change(isOnAir: boolean, nowMs: number): void {
    this.#onAirMs = isOnAir ? nowMs : null;
    this.#changedMs = nowMs;
  }

  /** Milliseconds until it counts as absent if it sends nothing. */
  pauseMs(nowMs: number): number {
    if (!this.#hasBegun || this.#isAbsent) return Number.POSITIVE_INFINITY;
    return Math.max(this.#lead.overMs, this.#changedMs) + this.#patienceMs - nowMs;
  }

  /** Once per tick. */
  tick(nowMs: number): void {
    if (!this.#hasBegun || this.#isAbsent) return;
    if (this.pauseMs(nowMs) <= 0) this.#stall(nowMs);
    else if (this.#isFlapping && nowMs - this.#steadyMs >= this.place.config.sourceSteady * 1000) {
      this.#isFlapping = false;
      this.place.log.info(`${this.name} has been steady for ${this.place.config.sourceSteady} s`);
    }
  }

  #stall(nowMs: number): void {
    this.drop(nowMs);
    this.#isAbsent = true;
    this.#absentMs = nowMs;
    this.place.log.warn(`${this.name} has stopped sending audio, but stays connected`);
  }

  /** Its connection has ended, or its audio: a drop, if it would have been heard. */
  drop(nowMs: number): void {
    const counts = !this.#isAbsent && (this.#onAirMs !== null || this.#isFlapping);
    if (counts) this.place.drops.add(this.#identity, nowMs);
  }

  get #graceMs(): number {
    return this.place.config.sourceGrace * 1000;
  }

  get #patienceMs(): number {
    if (this.#graceMs === 0) return Number.POSITIVE_INFINITY;
    return Math.max(SHORTEST_STALL_MS, this.place.hold.leftMs);
  }
}
