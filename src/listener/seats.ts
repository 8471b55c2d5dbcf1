// Where the listeners of one mount sit: each found by the handle the core knows it by, all of them counted.
import { HANDLE_INDEX_MASK } from "../native/broadcaster.ts";
import { Crowd, type Member } from "./crowd.ts";

interface Seated extends Member {
  readonly number: number;
  readonly handle: number;
}

export class Seats<Listener extends Seated> {
  readonly crowd = new Crowd();
  /** Indexed by the low bits of the handle. */
  readonly #listeners: (Listener | undefined)[] = [];

  take(listener: Listener): void {
    this.#listeners[listener.handle & HANDLE_INDEX_MASK] = listener;
    this.crowd.add(listener);
  }

  leave(listener: Listener): void {
    this.#listeners[listener.handle & HANDLE_INDEX_MASK] = undefined;
    this.crowd.remove(listener);
  }

  has(listener: Listener): boolean {
    return this.#listeners[listener.handle & HANDLE_INDEX_MASK] === listener;
  }

  /** A listener may have left while the events of its tick were still being worked off. */
  at(handle: number): Listener | undefined {
    const listener = this.#listeners[handle & HANDLE_INDEX_MASK];
    return listener?.handle === handle ? listener : undefined;
  }

  numbered(number: number): Listener | undefined {
    return this.#listeners.find((listener) => listener?.number === number);
  }

  /** In no particular order; they may leave meanwhile. */
  *[Symbol.iterator](): Iterator<Listener> {
    for (const listener of this.#listeners) if (listener !== undefined) yield listener;
  }
}
