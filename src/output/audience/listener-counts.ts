// Pure: totals over a mount's listeners, updated as they come and go so that reading them is cheap.
import { isLoopback, networkOf } from "../../lib/address.ts";
import type { Door } from "./listener.ts";

interface Addressed {
  readonly address: string;
  readonly isForwarded?: boolean;
}

/** A listener as far as the totals need it. */
export interface CountedListener {
  readonly client: {
    readonly address: string;
    readonly door?: Door;
    readonly session?: { readonly isRelay?: boolean } | undefined;
  };
  readonly joinedMs: number;
}

export class ListenerCounts {
  readonly #perAddress = new Map<string, number>();
  /** IPv6 networks only: an IPv4 address is its own. */
  readonly #perNetwork = new Map<string, number>();
  #count = 0;
  #peak = 0;
  #joinedMsSum = 0;
  /** Milliseconds that all listeners were here, up to the last change. */
  #presentMs = 0;
  #changedMs = 0;
  /** Present listeners by the port they came by, without relays. */
  readonly doors: Record<Door, number> = { source: 0, listen: 0, tls: 0, hls: 0 };

  /** Listeners that the station ended since the start, by reason: they stopped reading, the admin kicked them, the
   * mount's format changed. */
  readonly dropped = { stalled: 0, kicked: 0, format: 0 };
  /** Listeners skipped ahead because they did not read. */
  skipped = 0;
  /** Present listeners who hear recordings. */
  inPast = 0;
  /** Present listeners that are servers: theirs are counted there. */
  relays = 0;

  /** Present listeners with a connection of their own; the others fetch segments. */
  get connected(): number {
    return this.#count - this.doors.hls;
  }

  /** Listeners so far. */
  joined = 0;

  get count(): number {
    return this.#count;
  }

  /** The most listeners at a time. */
  get peak(): number {
    return this.#peak;
  }

  /** Dropped or skipped ahead because they were too slow. */
  get slow(): number {
    return this.skipped + this.dropped.stalled;
  }

  /** Goes on with what was counted before a restart. */
  restore(peak: number, joined: number): void {
    this.#peak = Math.max(this.#peak, peak);
    this.joined += joined;
  }

  /** Number of distinct addresses. */
  get addresses(): number {
    return this.#perAddress.size;
  }

  /** Listeners at an address: for IPv6, in its network. */
  at(address: string): number {
    if (!isWide(address)) return this.#perAddress.get(address) ?? 0;
    return this.#perNetwork.get(networkOf(address)) ?? 0;
  }

  /** The limit for the client's address is reached; 0 is none. Admission checks it too, but several requests may have been
   * admitted at once. A proxy on this machine that is not trusted brings many clients with its own address. */
  isFullFor({ address, isForwarded = false }: Addressed, limit: number): boolean {
    if (limit === 0 || (isForwarded && isLoopback(address))) return false;
    return this.at(address) >= limit;
  }

  /** Average time connected, in seconds; 0 without listeners. */
  averageSeconds(nowMs: number): number {
    return this.#count === 0 ? 0 : (nowMs - this.#joinedMsSum / this.#count) / 1000;
  }

  /** Seconds that listeners were here since the start, summed over all of them: it never decreases. */
  listenerSeconds(nowMs: number): number {
    return (this.#presentMs + this.#count * (nowMs - this.#changedMs)) / 1000;
  }

  /** Before the count changes. */
  #elapse(nowMs: number): void {
    this.#presentMs += this.#count * (nowMs - this.#changedMs);
    this.#changedMs = nowMs;
  }

  add({ client, joinedMs }: CountedListener, nowMs: number): void {
    const { address, door = "source" } = client;
    this.#elapse(nowMs);
    if (client.session?.isRelay === true) this.relays++;
    else this.doors[door]++;
    change(this.#perAddress, address, 1);
    if (isWide(address)) change(this.#perNetwork, networkOf(address), 1);
    this.#joinedMsSum += joinedMs;
    this.#peak = Math.max(this.#peak, ++this.#count);
  }

  remove({ client, joinedMs }: CountedListener, nowMs: number): void {
    const { address, door = "source" } = client;
    this.#elapse(nowMs);
    if (client.session?.isRelay === true) this.relays--;
    else this.doors[door]--;
    change(this.#perAddress, address, -1);
    if (isWide(address)) change(this.#perNetwork, networkOf(address), -1);
    this.#joinedMsSum -= joinedMs;
    // Discards the rounding error of a long sum.
    if (--this.#count === 0) this.#joinedMsSum = 0;
  }
}

function isWide(address: string): boolean {
  return address.includes(":");
}

function change(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
