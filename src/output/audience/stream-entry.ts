// Where a listener enters the stream: the broadcaster's place for it, and the bytes that it gets before the ring's.
import type { BroadcastEvents, Broadcaster } from "../../native/broadcaster.ts";
import type { Ring } from "../../native/ring.ts";
import type { Sink } from "../../mount/roles.ts";
import { Openings, withBlocks } from "./opening.ts";

export class Entry {
  readonly #openings: Openings;
  /** What the listener who entered last has not got yet. */
  #first: { readonly handle: number; readonly bytes: Uint8Array<ArrayBuffer> } | null = null;

  constructor(
    ring: Ring,
    private readonly broadcaster: Broadcaster,
  ) {
    this.#openings = new Openings(ring);
  }

  /** Returns the handle, or null if the table is full. Send takeFirst(), or withFirst() for its first span. */
  join(burstSeconds: number, metaint: number, nowMs: number): number | null {
    this.#first = null;
    const opening = this.#openings.at(burstSeconds);
    if (opening === null) return this.broadcaster.join(burstSeconds, metaint, nowMs);
    const { position, bytes } = opening;
    const handle = this.broadcaster.joinAt(position, metaint, bytes.length, nowMs);
    if (handle !== null) this.#first = { handle, bytes: withBlocks(bytes, metaint) };
    return handle;
  }

  /** Once: the bytes that come before the ring's; null if there are none. */
  takeFirst(handle: number): Uint8Array<ArrayBuffer> | null {
    const first = this.#first;
    if (first?.handle !== handle) return null;
    this.#first = null;
    return first.bytes;
  }

  /** Both in one write: only then does the kernel's count show the sink what Bun has written. */
  withFirst(handle: number, span: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const first = this.takeFirst(handle);
    return first === null ? span : Buffer.concat([first, span]);
  }

  /** Writes what a listener would get first, without one. */
  sample(burstSeconds: number, nowMs: number, sink: Pick<Sink, "write">): void {
    const handle = this.join(burstSeconds, 0, nowMs);
    if (handle === null) return;
    const toSink: BroadcastEvents = {
      onSend: (_, span) => void sink.write(this.withFirst(handle, span)),
      onLagged: () => undefined,
      onStalled: () => undefined,
    };
    // A preamble comes as a separate span, before the audio.
    for (let offer = 0; offer < 2; offer++) this.broadcaster.take(handle, nowMs, toSink);
    this.broadcaster.leave(handle);
  }
}
