// Where a listener enters the stream: the broadcaster's place for it, and the bytes that it gets before the ring's.
import type { BroadcastEvents, Broadcaster } from "../../native/broadcaster.ts";
import type { Sink } from "../../mount/roles.ts";
import { withBlocks } from "./opening.ts";
import type { RingPlace } from "./ring-place.ts";

export class Entry {
  /** What the listener who entered last has not got yet. */
  #first: { readonly handle: number; readonly bytes: Uint8Array<ArrayBuffer> } | null = null;

  constructor(private readonly broadcaster: Broadcaster) {}

  /** Returns the handle, or null if the table is full. Send takeFirst(), or withFirst() for its first span. `before`: bytes
   * of audio that the listener got already; 0 if it needs the ring's preamble. */
  join(place: RingPlace, metaint: number, nowMs: number, before = 0): number | null {
    const { position, first, delaySeconds } = place;
    this.#first = null;
    const sentBytes = before + (first?.length ?? 0);
    const handle = this.broadcaster.joinAt(position, metaint, sentBytes, delaySeconds, nowMs);
    if (handle === null || first === null) return handle;
    this.#first = { handle, bytes: withBlocks(first, metaint, before) };
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
  sample(place: RingPlace, nowMs: number, sink: Pick<Sink, "write">): void {
    const handle = this.join(place, 0, nowMs);
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
