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

  get #isOnAir(): boolean {
    return this.mount.onAir === this.input;
  }
}
