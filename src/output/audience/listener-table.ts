// The listener table of one mount: maps the core's handles to listeners, and counts them.
import { HANDLE_INDEX_MASK } from "../../native/broadcaster.ts";
import { ListenerCounts, type CountedListener } from "./listener-counts.ts";

/** Size of the core's table if max_listeners is 0; unused entries cost no memory. */
export const UNLIMITED = 262_144;

interface Entry extends CountedListener {
  readonly number: number;
  readonly handle: number;
}

export class ListenerTable<Listener extends Entry> {
  readonly counts = new ListenerCounts();
  /** Indexed by the low bits of the handle. */
  readonly #listeners: (Listener | undefined)[] = [];
  readonly #byNumber = new Map<number, Listener>();
  /** Listeners that the core does not know. */
  readonly #apart = new Set<Listener>();

  take(listener: Listener, nowMs: number): void {
    this.#listeners[listener.handle & HANDLE_INDEX_MASK] = listener;
    this.#byNumber.set(listener.number, listener);
    this.counts.add(listener, nowMs);
  }

  leave(listener: Listener, nowMs: number): void {
    this.#listeners[listener.handle & HANDLE_INDEX_MASK] = undefined;
    this.#byNumber.delete(listener.number);
    this.counts.remove(listener, nowMs);
  }

  takeApart(listener: Listener, nowMs: number): void {
    this.#apart.add(listener);
    this.#byNumber.set(listener.number, listener);
    this.counts.add(listener, nowMs);
  }

  leaveApart(listener: Listener, nowMs: number): void {
    if (!this.#apart.delete(listener)) return;
    this.#byNumber.delete(listener.number);
    this.counts.remove(listener, nowMs);
  }

  /** The core serves it. */
  has(listener: Listener): boolean {
    return this.#listeners[listener.handle & HANDLE_INDEX_MASK] === listener;
  }

  /** A listener may have left while its tick's events were still being processed. */
  at(handle: number): Listener | undefined {
    const listener = this.#listeners[handle & HANDLE_INDEX_MASK];
    return listener?.handle === handle ? listener : undefined;
  }

  numbered(number: number): Listener | undefined {
    return this.#byNumber.get(number);
  }

  /** Those that the core serves. */
  *served(): Generator<Listener> {
    for (const listener of this.#listeners) if (listener !== undefined) yield listener;
  }

  /** Unordered; listeners may leave during iteration. */
  *[Symbol.iterator](): Iterator<Listener> {
    yield* this.served();
    yield* this.#apart;
  }
}
