// Which connections of the listen port are hung up on, so that those who hold them take no descriptor from others.
// Bun has no hook for a new connection and no limit, so the connections are looked at once a second or more often.
import type { Log } from "../lib/log.ts";
import type { Rounds } from "../lib/rounds.ts";
import { type Client, clientsOf, hangUp } from "../native/clients.ts";
import type { Descriptors } from "../native/descriptors.ts";

/** Nothing was sent there for so long: idle, a head or a body that comes too slowly, an answer that is not read. Event
 * streams are sent something every ten seconds. */
const QUIET_MS = 30_000;

/** A browser has six, and many may share an address. */
const MAX_PER_NETWORK = 256;

/** All of them, however many descriptors there are. */
const MAX_CLIENTS = 4096;

/** Between two looks; the second from MANY connections on, or with hardly a descriptor left. */
const LOOK_MS = 1000;
const BUSY_LOOK_MS = 250;
const MANY = 64;

/** A mapped IPv4 address, and that of loopback (::1, or 127 in the mapped form). */
const MAPPED = /^0{20}ffff/;
const LOOPBACK = /^(?:0{31}1|0{20}ffff7f)/;

export interface Limits {
  /** Of all of them. */
  readonly total: number;
  /** Of one IPv4 address or /64 of IPv6; a proxy on this machine asks for many. */
  readonly perNetwork: number;
}

/** What one client has to itself. */
function networkOf(peer: string): string {
  return MAPPED.test(peer) ? peer : peer.slice(0, 16);
}

/** The quietest first: those that are too many in their network, then of the rest those that are too many. */
export function tooMany(clients: readonly Client[], { total, perNetwork }: Limits): Client[] {
  const quietest = clients.toSorted((a, b) => b.quietMs - a.quietMs);
  const counts = new Map<string, number>();
  for (const { peer } of quietest) {
    counts.set(networkOf(peer), (counts.get(networkOf(peer)) ?? 0) + 1);
  }
  const chosen = quietest.filter((client) => {
    const network = networkOf(client.peer);
    const left = counts.get(network) ?? 0;
    const isOver = client.quietMs >= QUIET_MS;
    const isExtra = left > perNetwork && !LOOPBACK.test(client.peer);
    if (isOver || isExtra) counts.set(network, left - 1);
    return isOver || isExtra;
  });
  const gone = new Set(chosen);
  const rest = quietest.filter((client) => !gone.has(client));
  return [...chosen, ...busiest(rest, counts).slice(0, Math.max(0, rest.length - total))];
}

/** Those of the network that has most come first, so that one client cannot push out all others. */
function busiest(clients: readonly Client[], counts: ReadonlyMap<string, number>): Client[] {
  const countOf = ({ peer }: Client) => counts.get(networkOf(peer)) ?? 0;
  return clients.toSorted((a, b) => countOf(b) - countOf(a) || b.quietMs - a.quietMs);
}

/** Half of what listeners may have, and half of that when there is hardly a descriptor left. */
export function limitsOf(descriptors: Pick<Descriptors, "places" | "areShort">): Limits {
  const total = Math.min(MAX_CLIENTS, Math.floor(descriptors.places / 2));
  const isShort = descriptors.areShort;
  return { total: isShort ? Math.floor(total / 2) : total, perNetwork: MAX_PER_NETWORK };
}

export class IdleClients {
  readonly close: () => void;

  /** Watches a port until it is closed. */
  constructor(
    private readonly port: number,
    private readonly descriptors: Descriptors,
    private readonly log: Log,
    rounds: Rounds,
  ) {
    this.close = rounds.add(() => this.look());
  }

  /** Returns the milliseconds until the next look. */
  look(): number {
    const all = clientsOf(this.port);
    if (all.length === 0) return LOOK_MS;
    const clients = tooMany(all, limitsOf(this.descriptors));
    for (const client of clients) hangUp(client);
    const crowded = clients.filter(({ quietMs }) => quietMs < QUIET_MS).length;
    if (crowded > 0)
      this.log.repeated("too many connections at the listen port: idle ones are closed");
    return all.length >= MANY || this.descriptors.areShort ? BUSY_LOOK_MS : LOOK_MS;
  }
}
