// The HLS sessions of a station, by id, by listener and by address. Those that may be probes are bounded by number.
import { networkOf } from "../../lib/address.ts";
import type { Audience } from "../audience/audience.ts";
import type { Listener } from "../audience/listener.ts";
import type { HlsSession } from "./hls-session.ts";

/** All listeners of a large station begin within one target duration after a restart. */
const MAX_NEW = 16_384;

export class SessionTable {
  /** Not counted yet, the earliest first. */
  readonly #new = new Map<string, HlsSession>();
  readonly #counted = new Map<string, HlsSession>();
  readonly #byListener = new Map<Listener, HlsSession>();
  readonly #byNetwork = new Map<string, Set<HlsSession>>();
  /** The network under which each is listed. */
  readonly #networks = new Map<HlsSession, string>();

  /** `maxNew`: sessions that are not counted. */
  constructor(private readonly maxNew = MAX_NEW) {}

  get size(): number {
    return this.#new.size + this.#counted.size;
  }

  get(id: string): HlsSession | undefined {
    return this.#counted.get(id) ?? this.#new.get(id);
  }

  has(session: HlsSession): boolean {
    return this.get(session.id) === session;
  }

  of(listener: Listener): HlsSession | undefined {
    return this.#byListener.get(listener);
  }

  /** Returns the session that had to give way, still in the table; null for none. */
  add(session: HlsSession): HlsSession | null {
    this.#new.set(session.id, session);
    this.#place(session);
    const [oldest] = this.#new.size > this.maxNew ? this.#new.values() : [];
    return oldest ?? null;
  }

  /** Its address may be another now. */
  moved(session: HlsSession): void {
    if (this.#networks.get(session) === networkOf(session.terms.client.address)) return;
    this.#displace(session);
    this.#place(session);
  }

  count(session: HlsSession, listener: Listener): void {
    session.listener = listener;
    this.#byListener.set(listener, session);
    this.#new.delete(session.id);
    this.#counted.set(session.id, session);
  }

  uncount(session: HlsSession): void {
    const { listener, id } = session;
    if (listener === null) return;
    session.listener = null;
    this.#byListener.delete(listener);
    this.#counted.delete(id);
    this.#new.set(id, session);
  }

  remove(session: HlsSession): void {
    this.uncount(session);
    this.#new.delete(session.id);
    this.#displace(session);
  }

  /** Listeners at an address: for IPv6, in its network. */
  countedAt(address: string): number {
    let counted = 0;
    for (const { listener } of this.#at(address)) if (listener !== null) counted++;
    return counted;
  }

  /** A session on the mount is at this address. */
  isAt(audience: Audience, address: string): boolean {
    for (const { terms } of this.#at(address)) if (terms.audience === audience) return true;
    return false;
  }

  /** Unordered; sessions may end meanwhile. */
  *[Symbol.iterator](): Iterator<HlsSession> {
    yield* this.#new.values();
    yield* this.#counted.values();
  }

  #at(address: string): Iterable<HlsSession> {
    return this.#byNetwork.get(networkOf(address)) ?? [];
  }

  #place(session: HlsSession): void {
    const network = networkOf(session.terms.client.address);
    const there = this.#byNetwork.get(network) ?? new Set<HlsSession>();
    this.#byNetwork.set(network, there.add(session));
    this.#networks.set(session, network);
  }

  #displace(session: HlsSession): void {
    const network = this.#networks.get(session) ?? "";
    const there = this.#byNetwork.get(network);
    there?.delete(session);
    if (there?.size === 0) this.#byNetwork.delete(network);
    this.#networks.delete(session);
  }
}
