// Pure: how many segments each address has fetched lately. Ids of sessions are free, audio is not: nobody is counted more
// often than audio was sent there.
import { networkOf } from "../../lib/address.ts";

/** Sessions at an address that need no proof: a cache of its own may have the segments. */
const UNPROVEN = 4;
const MAX_NETWORKS = 65_536;

interface Recent {
  /** Number of the period. */
  period: number;
  count: number;
  before: number;
}

export class Fetches {
  readonly #recent = new Map<string, Recent>();

  /** A fetch counts for at least `periodMs`, and at most twice that. */
  constructor(private readonly periodMs: number) {}

  note(address: string, nowMs: number): void {
    const network = networkOf(address);
    const recent = this.#recent.get(network) ?? this.#begin(network);
    this.#turn(recent, nowMs);
    recent.count++;
  }

  /** How many listeners there may be at an address. */
  most(address: string, nowMs: number): number {
    const recent = this.#recent.get(networkOf(address));
    if (recent === undefined) return UNPROVEN;
    this.#turn(recent, nowMs);
    return UNPROVEN + recent.count + recent.before;
  }

  /** Forgets the addresses that fetch nothing any more. */
  trim(nowMs: number): void {
    const period = Math.floor(nowMs / this.periodMs);
    for (const [network, recent] of this.#recent)
      if (recent.period < period - 1) this.#recent.delete(network);
  }

  #begin(network: string): Recent {
    const recent = { period: 0, count: 0, before: 0 };
    const [oldest] = this.#recent.size >= MAX_NETWORKS ? this.#recent.keys() : [];
    if (oldest !== undefined) this.#recent.delete(oldest);
    this.#recent.set(network, recent);
    return recent;
  }

  #turn(recent: Recent, nowMs: number): void {
    const period = Math.floor(nowMs / this.periodMs);
    if (period === recent.period) return;
    recent.before = period === recent.period + 1 ? recent.count : 0;
    [recent.period, recent.count] = [period, 0];
  }
}
