// The journal of this node on its way to the others: collected for a second, kept while the broker cannot be reached.
import type { JournalEvent } from "../journal/journal.ts";
import type { Clock } from "../lib/clock.ts";
import type { Broker } from "./broker.ts";
import type { Seal } from "./seal.ts";

export const JOURNAL_PURPOSE = "journal";

/** About 15 MB; further ones are lost. */
export const MAX_QUEUED = 50_000;

/** In one message, of about 100 kB. */
export const MAX_BATCH = 250;

/** What other nodes make use of. What plays is the same on all of them. */
const SHARED: ReadonlySet<JournalEvent["type"]> = new Set([
  "joined",
  "left",
  "login",
  "kick",
  "reload",
  "trouble",
  "end",
]);

interface Parts {
  readonly broker: Broker;
  readonly seal: Seal;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  readonly node: string;
  readonly run: string;
}

interface Batch {
  readonly id: string;
  readonly events: readonly JournalEvent[];
}

export class JournalOutbox {
  #waiting: JournalEvent[] = [];
  /** Sent, and not confirmed yet. */
  #batch: Batch | null = null;
  #sending: Promise<void> | null = null;
  #number = 0;
  /** Events that found no place. */
  lost = 0;

  constructor(private readonly parts: Parts) {}

  get queued(): number {
    return this.#waiting.length + (this.#batch?.events.length ?? 0);
  }

  add(event: JournalEvent): void {
    if (!SHARED.has(event.type)) return;
    if (this.queued >= MAX_QUEUED) this.lost++;
    else this.#waiting.push(event);
  }

  /** Sends what waits, one batch after the other; to be called about once a second. */
  flush(): Promise<void> {
    return (this.#sending ??= this.#sendAll().finally(() => (this.#sending = null)));
  }

  async #sendAll(): Promise<void> {
    let isSent = true;
    // What fails is sent again with the next call, under the same name.
    while (isSent && this.parts.broker.isConnected && this.queued > 0)
      isSent = await this.#send(this.#next()).then(
        () => true,
        () => false,
      );
  }

  #next(): Batch {
    if (this.#batch !== null) return this.#batch;
    const events = this.#waiting.splice(0, MAX_BATCH);
    return (this.#batch = { id: `${this.parts.run}-${++this.#number}`, events });
  }

  async #send({ id, events }: Batch): Promise<void> {
    const { broker, seal, wall, node, run } = this.parts;
    const body = { node, run, events };
    await broker.append(node, id, seal.close(JOURNAL_PURPOSE, body, wall.nowMs()));
    this.#batch = null;
  }
}
