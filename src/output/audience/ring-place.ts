// Places in a ring where a listener may begin.
import type { Ring } from "../../native/ring.ts";
import { Openings } from "./opening.ts";

export interface RingPlace {
  /** In the ring, where its audio begins. */
  readonly start: number;
  /** In the ring, of the first byte that comes from there: behind the frames that `first` replaces. */
  readonly position: number;
  /** Audio that it gets before that, see opening.ts; null for none. */
  readonly first: Uint8Array<ArrayBuffer> | null;
  /** How far behind the head it stays. */
  readonly delaySeconds: number;
}

/** A distance from the head that is not worth keeping. */
const LEAST_DELAY_SECONDS = 1;

export class Places {
  readonly #openings: Openings;

  constructor(private readonly ring: Ring) {
    this.#openings = new Openings(ring);
  }

  /** A burst behind the head, as far as that much is held. */
  live(burstSeconds: number): RingPlace {
    return { ...this.#opened(this.ring.seek(burstSeconds), burstSeconds), delaySeconds: 0 };
  }

  /** So many seconds behind the head, or at the oldest audio; it stays there, a burst nearer. */
  behind(seconds: number, burstSeconds: number): RingPlace {
    const position = this.ring.seek(seconds);
    const lag = this.ring.lag(position);
    return { ...this.#opened(position, lag), delaySeconds: delayOf(lag, burstSeconds) };
  }

  /** At the frame with this byte. `isStitched`: what was received before it is put in front of it, so it must be the frame
   * as it is. null if it is not held any more. */
  at(byte: number, burstSeconds: number, isStitched: boolean): RingPlace | null {
    const position = this.ring.frameAt(byte);
    if (position === null) return null;
    const lag = this.ring.lag(position);
    const opened = isStitched ? plain(position) : this.#opened(position, lag);
    return { ...opened, delaySeconds: delayOf(lag, burstSeconds) };
  }

  /** Something else may have been written, or a break made, since the place was chosen. */
  isHeld({ position }: RingPlace): boolean {
    return this.ring.frameAt(position) !== null;
  }

  /** Bytes that a client gets before those of the ring. */
  leadBytes({ position, first }: RingPlace): number {
    return first?.length ?? this.ring.preambleAt(position);
  }

  #opened(start: number, backSeconds: number): Opened {
    const opening = this.#openings.at(start, backSeconds);
    if (opening === null) return plain(start);
    return { start, position: opening.position, first: opening.bytes };
  }
}

type Opened = Omit<RingPlace, "delaySeconds">;

function plain(position: number): Opened {
  return { start: position, position, first: null };
}

function delayOf(lag: number, burstSeconds: number): number {
  const delay = lag - burstSeconds;
  return delay < LEAST_DELAY_SECONDS ? 0 : delay;
}
