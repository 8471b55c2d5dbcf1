// Schedules the sends of one ring's listeners: a typed handle on the C broadcaster.
import { type Pointer, toArrayBuffer } from "bun:ffi";
import { descriptorTable } from "./descriptor-table.ts";
import { core, pointerOf } from "./core.ts";
import type { Ring } from "./ring.ts";

/** A handle's low bits index a table of max_listeners entries. */
export const HANDLE_INDEX_MASK = 0xfffff;

/** 32-bit words of an rc_event. */
export const EVENT_WORDS = 4;
/** 64-bit words of an rc_listener. */
export const STATE_WORDS = 6;

const SEND_ARENA = 2;
const LAGGED = 3;
const STALLED = 4;

const FULL = -2;

const NOTHING = new Uint8Array(0);

export interface Tuning {
  /** Target bytes per send when there are many listeners. */
  readonly chunkSize: number;
  /** The mount's send budget; above it sends grow towards chunkSize. */
  readonly sendsPerSecond: number;
  readonly stallSeconds: number;
  /** All listeners are due as soon as something is written: for audiences small enough for one tick. Otherwise
   * their turns are spread over time. */
  readonly isAtOnce?: boolean;
}

/** Callbacks for a tick's events. A span is a view of native memory and is valid until the next tick, take or
 * write, so none of these may call one. A listener may leave in any of them; the caller must skip its remaining
 * events. */
export interface BroadcastEvents {
  onSend(listener: number, span: Uint8Array<ArrayBuffer>): void;
  onLagged(listener: number, bytesLost: number): void;
  onStalled(listener: number): void;
}

export interface ListenerState {
  readonly cursor: number;
  /** Audio that it has not got though it is due. */
  readonly lagSeconds: number;
  /** How far behind the head it stays. */
  readonly delaySeconds: number;
  readonly sentBytes: number;
  readonly isBlocked: boolean;
  /** 0 also in the tick in which it was blocked. */
  readonly blockedMs: number;
}

export class Broadcaster {
  readonly capacity: number;
  readonly #ring: Ring;
  readonly #events: Uint32Array;
  readonly #arena: Uint8Array<ArrayBuffer>;
  readonly #state = new Float64Array(STATE_WORDS);
  #pointer: Pointer | null;

  /** `capacity`: the most listeners one tick serves. Throws RangeError if either is out of range or memory is
   * short. */
  constructor(ring: Ring, maxListeners: number, capacity: number) {
    this.#ring = ring;
    this.capacity = capacity;
    const made = core().rc_broadcaster_new(ring.pointer, descriptorTable(), maxListeners, capacity);
    this.#pointer = pointerOf(made, `${maxListeners} listeners`);
    const events = pointerOf(core().rc_broadcaster_events(this.#pointer), "events");
    const arena = pointerOf(core().rc_broadcaster_arena(this.#pointer), "inline metadata");
    this.#events = new Uint32Array(toArrayBuffer(events, 0, capacity * EVENT_WORDS * 4));
    const arenaBytes = core().rc_broadcaster_arena_size(this.#pointer);
    this.#arena = new Uint8Array(toArrayBuffer(arena, 0, arenaBytes));
  }

  /** The core keeps the ring's address, so closing the ring closes its broadcaster too. */
  get #core(): Pointer {
    if (this.#pointer === null || this.#ring.isClosed) throw new Error("The broadcaster is closed");
    return this.#pointer;
  }

  tune(tuning: Tuning): void {
    const { chunkSize, sendsPerSecond, stallSeconds, isAtOnce = false } = tuning;
    const result = core().rc_broadcaster_tune(this.#core, chunkSize, sendsPerSecond, stallSeconds);
    if (result < 0) throw new RangeError(`The broadcaster refuses ${JSON.stringify(tuning)}`);
    core().rc_broadcaster_at_once(this.#core, isAtOnce ? 1 : 0);
  }

  /** Returns a handle, or null if the table is full. metaint 0 disables inline metadata; required where there
   * may be a preamble, since its bytes are not counted. */
  join(burstSeconds: number, metaint: number, nowMs: number): number | null {
    const joined = core().rc_join(this.#core, burstSeconds, metaint, nowMs);
    return handleOf(joined, `a listener ${burstSeconds} s behind the head`);
  }

  /** The same from a frame's start on, behind `sentBytes` of audio that the caller sends first. metaint counts them;
   * the caller puts a zero byte after each metaint of them that is followed by more. The listener stays `delaySeconds`
   * behind the head. */
  joinAt(
    position: number,
    metaint: number,
    sentBytes: number,
    delaySeconds: number,
    nowMs: number,
  ): number | null {
    const { rc_join_at } = core();
    const joined = rc_join_at(this.#core, position, metaint, sentBytes, delaySeconds, nowMs);
    return handleOf(joined, `a listener at ${position}`);
  }

  /** The caller sends a listener so many bytes of audio in place of those from its cursor to the start of a frame. Returns
   * the bytes of audio since the listener's last block: the caller puts a zero byte after each metaint, counted from there,
   * that is followed by more of its bytes. null if something else has to be written first, or it has left. */
  replace(listener: number, position: number, sentBytes: number): number | null {
    const before = core().rc_replace(this.#core, listener, position, sentBytes);
    return before < 0 ? null : before;
  }

  /** Ignores stale handles, as does blocked(). */
  leave(listener: number): void {
    core().rc_leave(this.#core, listener);
  }

  /** Returns the listener's handle at the other broadcaster, or null if that one is full. The listener
   * continues at that ring's head, or, if a preamble is in force there, after it at the newest frame where a
   * decoder may start. */
  move(listener: number, to: Broadcaster, nowMs: number): number | null {
    const moved = core().rc_move(this.#core, listener, to.#core, nowMs);
    return handleOf(moved, "a listener that has left");
  }

  blocked(listener: number, blocked: boolean, nowMs: number): void {
    core().rc_blocked(this.#core, listener, blocked ? 1 : 0, nowMs);
  }

  /** From here on the core writes to this socket itself, as far as the kernel accepts. The rest goes to onSend,
   * with its HTTP chunks if any. Before the socket is closed, take it away with -1 or remove the listener. */
  socket(listener: number, descriptor: number, isChunked: boolean): void {
    core().rc_socket(this.#core, listener, descriptor, isChunked ? 1 : 0);
  }

  /** Serves listeners that are due; returns how many, 0 if none is due at nowMs. */
  tick(nowMs: number, on: BroadcastEvents): number {
    return this.#deliver(core().rc_tick(this.#core, nowMs), on);
  }

  /** Milliseconds after the last tick in which nothing becomes due, whatever is written. With isAtOnce: unless
   * something is written or a listener is unblocked. */
  get pauseMs(): number {
    return core().rc_pause(this.#core);
  }

  /** The same for one listener, due or not: its burst at join. */
  take(listener: number, nowMs: number, on: BroadcastEvents): number {
    return this.#deliver(core().rc_take(this.#core, listener, nowMs), on);
  }

  /** Bytes offered to all listeners so far, past ones included; with inline metadata. */
  get sentBytes(): number {
    return core().rc_broadcaster_sent(this.#core);
  }

  /** null if it has left. */
  inspect(listener: number): ListenerState | null {
    const state = this.#state;
    if (core().rc_inspect(this.#core, listener, state) < 0) return null;
    const [cursor = 0, lagSeconds = 0, delaySeconds = 0, sentBytes = 0] = state;
    const [isBlocked, blockedMs = 0] = [state[4] !== 0, state[5]];
    return { cursor, lagSeconds, delaySeconds, sentBytes, isBlocked, blockedMs };
  }

  /** Listeners at the same position follow each other with the same span and share one view of it. */
  #deliver(served: number, on: BroadcastEvents): number {
    if (served <= 0) return 0;
    const count = core().rc_broadcaster_event_count(this.#core);
    const events = this.#events;
    let span = NOTHING;
    let spanKind = 0;
    let spanOffset = 0;
    for (let i = 0, at = 0; i < count; i++, at += EVENT_WORDS) {
      const listener = events[at] ?? 0;
      const kind = events[at + 1] ?? 0;
      const offset = events[at + 2] ?? 0;
      const length = events[at + 3] ?? 0;
      if (kind === LAGGED) on.onLagged(listener, length);
      else if (kind === STALLED) on.onStalled(listener);
      else {
        if (kind !== spanKind || offset !== spanOffset || length !== span.length) {
          const memory = kind === SEND_ARENA ? this.#arena : this.#ring.memory;
          span = memory.subarray(offset, offset + length);
          spanKind = kind;
          spanOffset = offset;
        }
        on.onSend(listener, span);
      }
    }
    return served;
  }

  close(): void {
    if (this.#pointer === null) return;
    core().rc_broadcaster_free(this.#pointer);
    this.#pointer = null;
  }
}

/** null if the table is full; any other refusal is a caller's error. */
function handleOf(result: number, whom: string): number | null {
  if (result === FULL) return null;
  if (result < 0) throw new RangeError(`The broadcaster cannot place ${whom}`);
  return result;
}
