// Server-sent events: the clients of one stream, each event written once for all of them.
import { type Bounds, FairPlaces, LOCAL } from "./fair-places.ts";
import type { StreamSink } from "../output/sinks/stream-sink.ts";

/** A client's end of the stream. */
export type EventSink = Pick<StreamSink, "write" | "end" | "abort">;

export type Event = Uint8Array<ArrayBuffer>;

/** Clients written to before the event loop continues. */
const CLIENTS_PER_TURN = 100;

/** `json`: on one line. */
export function eventOf(name: string, json: string): Event {
  return new TextEncoder().encode(`event: ${name}\ndata: ${json}\n\n`);
}

interface Sending<Tag> {
  readonly clients: readonly (readonly [EventSink, Tag])[];
  readonly event: (tag: Tag) => Event | null;
}

/** `Tag`: what the stream's owner knows about each client. */
export class EventStream<Tag> {
  readonly #places: FairPlaces<EventSink>;
  readonly #clients = new Map<EventSink, Tag>();
  readonly #pending: Sending<Tag>[] = [];
  #sending = Promise.resolve();
  #isSending = false;
  #running: Disposable | null = null;

  /** `begin` runs when the first client comes; what it returns is disposed of when the last one has gone. */
  constructor(
    bounds: Bounds,
    private readonly begin: () => Disposable,
  ) {
    this.#places = new FairPlaces(bounds);
  }

  /** `owner`: the network that the client's place is counted for. */
  hasRoom(owner: string): boolean {
    return this.#places.hasRoom(owner);
  }

  /** Returns what to do when the client has gone. An owner with too many clients loses its oldest. */
  join(client: EventSink, tag: Tag, owner = LOCAL): () => void {
    const evicted = this.#places.take(client, owner);
    if (evicted !== undefined) this.#cut(evicted);
    this.#clients.set(client, tag);
    this.#running ??= this.begin();
    return () => this.#leave(client);
  }

  /** Sends an event to the clients that are here now, after the events before it. `event` may depend on the client, is
   * encoded once for each distinct result, and is null for clients that do not get it. */
  send(event: (tag: Tag) => Event | null): Promise<void> {
    this.#pending.push({ clients: [...this.#clients], event });
    if (!this.#isSending) this.#sending = this.#sendAll();
    return this.#sending;
  }

  /** What is known about the clients that are here. */
  get tags(): Iterable<Tag> {
    return this.#clients.values();
  }

  /** Ends the streams of the clients that `isOver`. */
  end(isOver: (tag: Tag) => boolean): void {
    for (const [client, tag] of this.#clients) {
      if (!isOver(tag)) continue;
      this.#leave(client);
      client.end();
    }
  }

  /** Ends all streams. */
  close(): void {
    this.end(() => true);
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    let written = 0;
    try {
      for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
        for (const [client, tag] of next.clients) {
          const event = next.event(tag);
          if (event !== null) this.#write(client, event);
          if (++written % CLIENTS_PER_TURN === 0) await Bun.sleep(0);
        }
      }
    } finally {
      this.#isSending = false;
    }
  }

  /** A client that does not read loses its connection; its EventSource reconnects by itself. */
  #write(client: EventSink, event: Event): void {
    if (!this.#clients.has(client) || client.write(event) === "open") return;
    this.#cut(client);
  }

  #cut(client: EventSink): void {
    this.#leave(client);
    client.abort();
  }

  #leave(client: EventSink): void {
    this.#clients.delete(client);
    this.#places.leave(client);
    if (this.#clients.size > 0) return;
    this.#running?.[Symbol.dispose]();
    this.#running = null;
  }
}
