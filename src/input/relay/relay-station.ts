// What relays need of their station.
import type { Dial } from "../../dial/dial.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Turn } from "../../lib/turn.ts";
import type { Input } from "../../mount/roles.ts";
import type { Mount } from "../../mount/mount.ts";
import { Lead } from "../../mount/lead.ts";
import type { PaceLead } from "../live/pace.ts";

export interface RelayStation {
  readonly dial: Dial;
  readonly clock: Clock;
  /** The time budget that all relays share. */
  readonly turn: Turn;
  /** Header lines that prove a request of this target to a server of the cluster; none outside of one. */
  readonly proof: (target: string) => readonly string[];
  /** From 0 to 1, without 1. */
  readonly random: () => number;
  /** Reads a small file. Rejects with a sentence without its end. */
  readonly readText: (path: string) => Promise<string>;
}

/** The lead of a relay: that of its mount while it is on air, its own before. */
export class RelayLead implements PaceLead {
  readonly #own = new Lead();

  constructor(
    private readonly mount: Mount,
    private readonly input: Input,
  ) {}

  add(playMs: number, nowMs: number): void {
    this.#own.add(playMs, nowMs);
    if (this.#isOnAir) this.mount.lead.add(playMs, nowMs);
  }

  ms(nowMs: number): number {
    return this.#isOnAir ? this.mount.lead.ms(nowMs) : this.#own.ms(nowMs);
  }

  /** It was away until now: what is missing may come at once. */
  missed(nowMs: number): void {
    for (const lead of this.#isOnAir ? [this.#own, this.mount.lead] : [this.#own]) {
      const absentMs = nowMs - lead.overMs;
      if (absentMs > 0 && Number.isFinite(absentMs)) lead.missed(absentMs, nowMs);
    }
  }

  get #isOnAir(): boolean {
    return this.mount.onAir === this.input;
  }
}
