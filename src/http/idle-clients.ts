// Which connections of the listen port are hung up on, so that those who hold them take no descriptor from others.
// Bun has no hook for a new connection and no limit, so the connections are looked at once a second or more often.
import type { TrustedProxies } from "../access/trusted-proxies.ts";
import { addressOfBytes } from "../lib/address.ts";
import type { Log } from "../lib/log.ts";
import type { Rounds } from "../lib/rounds.ts";
import { type Client, clientsOf, hangUp } from "../native/clients.ts";
import type { Descriptors } from "../lib/descriptors.ts";

/** Nothing was sent for this long: an idle connection, a slow request, or an answer that is not read. Event streams send
 * something every ten seconds. */
const QUIET_MS = 30_000;

/** A browser opens six, and many may share an address. */
const MAX_PER_NETWORK = 256;

/** Maximum for all clients, whatever the number of descriptors. */
const MAX_CLIENTS = 4096;

/** Between two looks; the second from MANY connections on, or with hardly a descriptor left. */
const LOOK_MS = 1000;
const BUSY_LOOK_MS = 250;
const MANY = 64;

/** A mapped IPv4 address, and that of loopback (::1, or 127 in the mapped form). */
const MAPPED = /^0{20}ffff/;
const LOOPBACK = /^(?:0{31}1|0{20}ffff7f)/;

export interface Limits {
  /** For all clients. */
  readonly total: number;
  /** For one IPv4 address or IPv6 /64; not for this machine, nor for trusted proxies, which may serve many. */
  readonly perNetwork: number;
}

/** Whether a peer, in hexadecimal, is a trusted proxy. */
type IsTrusted = (peer: string) => boolean;

/** The part of an address that one client controls. */
function networkOf(peer: string): string {
  return MAPPED.test(peer) ? peer : peer.slice(0, 16);
}

/** The clients to close, the quietest first: those beyond their network's limit, then those beyond the total. */
export function tooMany(
  clients: readonly Client[],
  { total, perNetwork }: Limits,
  isTrusted: IsTrusted = () => false,
): Client[] {
  const quietest = clients.toSorted((a, b) => b.quietMs - a.quietMs);
  const counts = new Map<string, number>();
  for (const { peer } of quietest) {
    counts.set(networkOf(peer), (counts.get(networkOf(peer)) ?? 0) + 1);
  }
  const chosen = quietest.filter((client) => {
    const network = networkOf(client.peer);
    const left = counts.get(network) ?? 0;
    const isOver = client.quietMs >= QUIET_MS;
    const isExtra = left > perNetwork && !LOOPBACK.test(client.peer) && !isTrusted(client.peer);
    if (isOver || isExtra) counts.set(network, left - 1);
    return isOver || isExtra;
  });
  const gone = new Set(chosen);
  const rest = quietest.filter((client) => !gone.has(client));
  return [...chosen, ...busiest(rest, counts).slice(0, Math.max(0, rest.length - total))];
}

/** Clients of the largest network first, so that one client cannot push out the others. */
function busiest(clients: readonly Client[], counts: ReadonlyMap<string, number>): Client[] {
  const countOf = ({ peer }: Client) => counts.get(networkOf(peer)) ?? 0;
  return clients.toSorted((a, b) => countOf(b) - countOf(a) || b.quietMs - a.quietMs);
}

/** Half of the listeners' descriptors, and a quarter when descriptors run short. */
export function limitsOf(
  descriptors: Pick<Descriptors, "places" | "areShort">,
  perNetwork = MAX_PER_NETWORK,
): Limits {
  const total = Math.min(MAX_CLIENTS, Math.floor(descriptors.places / 2));
  const isShort = descriptors.areShort;
  return { total: isShort ? Math.floor(total / 2) : total, perNetwork };
}

export class IdleClients {
  readonly close: () => void;

  /** Watches a port until it is closed. */
  constructor(
    private readonly port: number,
    private readonly descriptors: Descriptors,
    private readonly log: Log,
    private readonly proxies: TrustedProxies,
    rounds: Rounds,
    /** Connections of one address; 0: MAX_PER_NETWORK. */
    private readonly perAddress: () => number = () => 0,
  ) {
    this.close = rounds.add(() => this.look());
  }

  /** Hangs up on the peers whose addresses are meant. */
  hangUpOn(isMeant: (address: string) => boolean): void {
    for (const client of clientsOf(this.port)) {
      if (isMeant(addressOfBytes(Buffer.from(client.peer, "hex")))) hangUp(client);
    }
  }

  /** Returns the milliseconds until the next look. */
  look(): number {
    const all = clientsOf(this.port);
    if (all.length === 0) return LOOK_MS;
    const isTrusted = (peer: string) => this.proxies.hasBytes(Buffer.from(peer, "hex"));
    const clients = tooMany(
      all,
      limitsOf(this.descriptors, this.perAddress() || MAX_PER_NETWORK),
      isTrusted,
    );
    for (const client of clients) hangUp(client);
    const busy = clients.filter(({ quietMs }) => quietMs < QUIET_MS).length;
    if (busy > 0)
      this.log.repeated("too many connections at the listen port: idle ones are closed");
    return all.length >= MANY || this.descriptors.areShort ? BUSY_LOOK_MS : LOOK_MS;
  }
}
