// What a listener gets as soon as it has its place: frames that come before the ring's, and the burst; and its socket goes to
// the core.
import type { Clock } from "../../lib/clock.ts";
import type { BroadcastEvents, Broadcaster } from "../../native/broadcaster.ts";
import { asChunk } from "./intro-sink.ts";
import type { Listener } from "./listener.ts";
import type { ListenerTable } from "./listener-table.ts";
import type { Entry } from "./stream-entry.ts";

export class Entrance {
  constructor(
    private readonly broadcaster: Broadcaster,
    private readonly entry: Entry,
    private readonly table: ListenerTable<Listener>,
    private readonly events: BroadcastEvents,
    private readonly clock: Clock,
  ) {}

  open(listener: Listener): void {
    const { descriptor } = listener.sink;
    if (descriptor >= 0) this.#sendFirst(listener);
    if (descriptor >= 0) this.connect(listener, descriptor);
    this.takeAll(listener);
    this.#sendFirst(listener);
  }

  /** The core writes to its connection itself. */
  connect(listener: Listener, descriptor = listener.sink.descriptor): void {
    if (!this.table.has(listener)) return;
    this.broadcaster.socket(listener.handle, descriptor, listener.sink.isChunked);
  }

  /** Everything up to the head. */
  takeAll(listener: Listener): void {
    let more = 1;
    while (more > 0 && this.table.has(listener))
      more = this.broadcaster.take(listener.handle, this.clock.nowMs(), this.events);
  }

  /** What comes before the ring's audio, unless that went out with it. The core writes past the sink. */
  #sendFirst({ handle, sink }: Listener): void {
    const first = this.entry.takeFirst(handle);
    if (first !== null) this.events.onSend(handle, sink.isChunked ? asChunk(first) : first);
  }
}
