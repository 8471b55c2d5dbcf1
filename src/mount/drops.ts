// Pure: remembers which sources have dropped lately, to know those that return and those that flap.

import { Replacements } from "./replacements.ts";

/** Drops before are forgotten. */
const WINDOW_MS = 120_000;

/** As many within the window are no accident. */
const FLAPPING_DROPS = 3;

/** Sources with drops that are remembered; the oldest is forgotten for a new one. */
const MAX_SOURCES = 64;

/** Who a source is: its account, or without one its address. */
export function sourceIdentity({ address, user = "" }: SourceNames): string {
  return user === "" ? `@${address}` : user;
}

export interface SourceNames {
  readonly address: string;
  /** Its account, or "" for the mount's password. */
  readonly user?: string;
}

export class Drops {
  /** And which have replaced others. */
  readonly replacements = new Replacements();
  readonly #times = new Map<string, readonly number[]>();

  add(who: string, nowMs: number): void {
    const times = this.#lately(who, nowMs);
    this.#times.delete(who);
    this.#times.set(who, [...times, nowMs].slice(-FLAPPING_DROPS));
    const [oldest] = this.#times.keys();
    if (oldest !== undefined && this.#times.size > MAX_SOURCES) this.#times.delete(oldest);
  }

  /** It dropped so often that it may do so again at once. */
  isFlapping(who: string, nowMs: number): boolean {
    return this.#lately(who, nowMs).length >= FLAPPING_DROPS;
  }

  /** Those that flap, each by its account or its address. */
  flapping(nowMs: number): readonly string[] {
    const all = [...this.#times.keys()].filter((who) => this.isFlapping(who, nowMs));
    return all.map((who) => who.replace(/^@/, ""));
  }

  /** It dropped within the last `ms`. */
  isRecent(who: string, ms: number, nowMs: number): boolean {
    const last = this.#lately(who, nowMs).at(-1);
    return last !== undefined && nowMs - last <= ms;
  }

  #lately(who: string, nowMs: number): readonly number[] {
    return (this.#times.get(who) ?? []).filter((atMs) => nowMs - atMs <= WINDOW_MS);
  }
}
