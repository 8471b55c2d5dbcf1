// Listeners that keep what they are sent, on a broadcaster that holds nobody back.
import { type BroadcastEvents, Broadcaster } from "../../src/native/broadcaster.ts";
import { Ring } from "../../src/native/ring.ts";

/** What one listener heard. */
export class Ear {
  readonly sends: Buffer[] = [];
  /** Bytes it lost, each time. */
  readonly lags: number[] = [];
  stalls = 0;

  get bytes(): Buffer {
    return Buffer.concat(this.sends);
  }
}

export class Ears implements BroadcastEvents {
  readonly #ears = new Map<number, Ear>();

  of(listener: number): Ear {
    const ear = this.#ears.get(listener) ?? new Ear();
    this.#ears.set(listener, ear);
    return ear;
  }

  onSend(listener: number, span: Uint8Array<ArrayBuffer>): void {
    this.of(listener).sends.push(Buffer.from(span));
  }

  onLagged(listener: number, bytesLost: number): void {
    this.of(listener).lags.push(bytesLost);
  }

  onStalled(listener: number): void {
    this.of(listener).stalls++;
  }
}

/** A ring, its broadcaster, and the ears of who joins. */
export class Stage implements Disposable {
  readonly ring: Ring;
  readonly broadcaster: Broadcaster;
  readonly ears = new Ears();

  /** As small as a ring can be unless told otherwise: one page. */
  constructor({ bytes = 1, maxListeners = 8, events = 64, stallSeconds = 10 } = {}) {
    this.ring = new Ring(bytes);
    this.broadcaster = new Broadcaster(this.ring, maxListeners, events);
    this.broadcaster.tune({
      chunkSize: 16_384,
      sendsPerSecond: Number.POSITIVE_INFINITY,
      stallSeconds,
    });
  }

  /** Throws when every place is taken. */
  join(burstSeconds = 0, metaint = 0): number {
    const listener = this.broadcaster.join(burstSeconds, metaint, 0);
    if (listener === null) throw new Error("every place is taken");
    return listener;
  }

  /** Ticks until nothing more is due; returns how many events there were. */
  tick(nowMs = 0): number {
    let events = 0;
    for (let more = -1; more !== 0; events += more) {
      more = this.broadcaster.tick(nowMs, this.ears);
    }
    return events;
  }

  /** The burst at join: everything this listener can have now. */
  takeAll(listener: number): void {
    while (this.broadcaster.take(listener, 0, this.ears) > 0);
  }

  [Symbol.dispose](): void {
    this.broadcaster.close();
    this.ring.close();
  }
}
