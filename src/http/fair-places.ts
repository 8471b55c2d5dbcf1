// A bounded number of places that one client cannot fill: if it has too many, it loses its own oldest one.

/** All clients on this machine: a proxy that names no client may ask on behalf of many. */
export const LOCAL = "local";

export interface Bounds {
  readonly total: number;
  /** Not applied to LOCAL. */
  readonly perClient: number;
}

export class FairPlaces<Holder> {
  /** By client, the oldest first. */
  readonly #byClient = new Map<string, Set<Holder>>();
  readonly #clients = new Map<Holder, string>();

  constructor(private readonly bounds: Bounds) {}

  get count(): number {
    return this.#clients.size;
  }

  /** False if all places are taken and no client has more of them than this one would. */
  hasRoom(client: string): boolean {
    return this.count < this.bounds.total || this.#rival(client) !== undefined;
  }

  /** Takes a place. Returns the holder that lost its place for it, which the caller must end. */
  take(holder: Holder, client: string): Holder | undefined {
    const evicted = this.#rival(client);
    if (evicted !== undefined) this.leave(evicted);
    const own = this.#byClient.get(client) ?? new Set();
    this.#byClient.set(client, own.add(holder));
    this.#clients.set(holder, client);
    return evicted;
  }

  leave(holder: Holder): void {
    const client = this.#clients.get(holder);
    if (client === undefined) return;
    this.#clients.delete(holder);
    const own = this.#byClient.get(client);
    own?.delete(holder);
    if (own?.size === 0) this.#byClient.delete(client);
  }

  /** The holder that must leave; none while places are free. */
  #rival(client: string): Holder | undefined {
    const own = this.#byClient.get(client) ?? new Set<Holder>();
    if (client !== LOCAL && own.size >= this.bounds.perClient) return oldest(own);
    if (this.count < this.bounds.total) return undefined;
    const most = [...this.#byClient.values()].reduce((a, b) => (b.size > a.size ? b : a), own);
    return most.size > own.size + 1 || most === own ? oldest(most) : undefined;
  }
}

function oldest<Holder>(holders: ReadonlySet<Holder>): Holder | undefined {
  return holders.values().next().value;
}
