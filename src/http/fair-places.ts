// A bounded number of places that one client cannot fill: when it has too many, its own oldest one makes room.

/** Whoever asks from this machine: a proxy that names nobody may ask for very many. */
export const LOCAL = "local";

export interface Bounds {
  readonly total: number;
  /** But for LOCAL. */
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

  /** False: all are taken, and nobody has more of them than this client would. */
  hasRoom(client: string): boolean {
    return this.count < this.bounds.total || this.#rival(client) !== undefined;
  }

  /** Takes a place. Returns the holder that has to end for it, which has lost its place. */
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

  /** The one that makes room: none while there is room. */
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
