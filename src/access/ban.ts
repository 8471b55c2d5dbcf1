// Addresses that may use nothing of the station until a given time.
import { AddressRanges, bytesOfAddress, isAddressRange } from "../lib/address-ranges.ts";
import { addressOfBytes, plainAddress } from "../lib/address.ts";
import type { Clock } from "../lib/clock.ts";

export const MAX_BANS = 1000;

export interface Ban {
  /** An IPv4 address, or a range in CIDR notation. */
  readonly address: string;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Who banned it. */
  readonly by: string;
  /** For the operators; may be empty. */
  readonly reason: string;
}

/** Bytes of an IPv6 address that one client owns. */
const NETWORK_BYTES = 8;

/** The range that a ban of this address or range covers: of an IPv6 address its /64. null if it is neither. */
export function banRange(text: string): string | null {
  const plain = plainAddress(text.trim()).toLowerCase();
  if (!isAddressRange(plain)) return null;
  const bytes = bytesOfAddress(plain);
  return bytes === null ? plain : networkAround(bytes);
}

/** The first /64 is nobody's own: ::1 is in it, and the mapped form of every IPv4 address. */
function networkAround(bytes: Uint8Array): string {
  const isShared = bytes.subarray(0, NETWORK_BYTES).every((byte) => byte === 0);
  if (isShared) return addressOfBytes(bytes);
  return `${addressOfBytes(bytes.fill(0, NETWORK_BYTES))}/${NETWORK_BYTES * 8}`;
}

interface Entry {
  readonly ban: Ban;
  readonly ranges: AddressRanges;
}

export class Bans {
  /** Called when a ban was added or removed by somebody. */
  onChange: () => void = () => undefined;
  /** Called when an operator of this server banned an address, or ended its ban. */
  onOrder: (order: "ban" | "end", ban: Ban) => void = () => undefined;
  /** By address. */
  readonly #entries = new Map<string, Entry>();
  /** Those of more than one address. */
  readonly #wide = new Set<Entry>();

  constructor(private readonly wall: Clock) {}

  /** Those that have not ended, the newest first. */
  list(): Ban[] {
    this.#forget();
    return [...this.#entries.values().map(({ ban }) => ban)].toReversed();
  }

  /** The ban that an address is under; null if there is none. */
  of(address: string): Ban | null {
    if (this.#entries.size === 0) return null;
    const entry = this.#entries.get(address) ?? this.#wideOf(address);
    return entry !== undefined && entry.ban.untilMs > this.wall.nowMs() ? entry.ban : null;
  }

  /** `ban.address`: of banRange(). Takes the place of an earlier ban of the same range; false if there are too many. */
  add(ban: Ban): boolean {
    const isDone = this.take(ban);
    if (isDone) this.onOrder("ban", ban);
    return isDone;
  }

  /** The same, ordered at another server. */
  take(ban: Ban): boolean {
    this.#forget();
    if (!this.#entries.has(ban.address) && this.#entries.size >= MAX_BANS) return false;
    this.#put(ban);
    this.onChange();
    return true;
  }

  /** False if that range is not banned. */
  remove(address: string): boolean {
    const ban = this.#entries.get(address)?.ban;
    if (ban === undefined) return false;
    this.drop(address);
    this.onOrder("end", ban);
    return true;
  }

  /** The same, ordered at another server. */
  drop(address: string): void {
    if (this.#delete(address)) this.onChange();
  }

  /** Adds bans of an earlier run, as far as there is room and no newer ones. */
  restore(bans: readonly Ban[]): void {
    for (const ban of bans) {
      const hasRoom = this.#entries.size < MAX_BANS;
      if (hasRoom && !this.#entries.has(ban.address)) this.#put(ban);
    }
  }

  #put(ban: Ban): void {
    this.#delete(ban.address);
    const entry = { ban, ranges: new AddressRanges([ban.address]) };
    this.#entries.set(ban.address, entry);
    if (ban.address.includes("/")) this.#wide.add(entry);
  }

  #wideOf(address: string): Entry | undefined {
    const bytes = this.#wide.size === 0 ? null : bytesOfAddress(address);
    if (bytes === null) return undefined;
    const nowMs = this.wall.nowMs();
    return this.#wide
      .values()
      .find(({ ban, ranges }) => ban.untilMs > nowMs && ranges.hasBytes(bytes));
  }

  #delete(address: string): boolean {
    const entry = this.#entries.get(address);
    if (entry !== undefined) this.#wide.delete(entry);
    return this.#entries.delete(address);
  }

  #forget(): void {
    const nowMs = this.wall.nowMs();
    for (const { ban } of this.#entries.values()) {
      if (ban.untilMs <= nowMs) this.#delete(ban.address);
    }
  }
}
