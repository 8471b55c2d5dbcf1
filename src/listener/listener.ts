// One connected person: who it is and where its bytes go. Where it stands is the core's knowledge.
import type { ListenerState } from "../native/broadcaster.ts";
import type { Sink } from "../mount/roles.ts";

export interface Visitor {
  readonly address: string;
  readonly userAgent: string;
  /** It asked for inline titles. */
  readonly wantsIcy: boolean;
  /** Method, target and protocol of its request, for the access log. */
  readonly request?: string;
  readonly referer?: string;
  /** Called when it has left, before its connection ends; the bytes are those offered to it. */
  readonly onLeft?: (sentBytes: number) => void;
  /** A proxy says that it asks for somebody else. */
  readonly isForwarded?: boolean;
}

/** The audience a listener belongs to. */
export interface Owner {
  /** Idempotent: a connection may be seen to end in more than one way. */
  leave(listener: Listener, why: string): void;
  /** The core's view of it; null when it has left. */
  stateOf(listener: Listener): ListenerState | null;
}

export interface Listener {
  /** Counts from 1 within its station, never used twice. */
  readonly number: number;
  readonly visitor: Visitor;
  readonly sink: Sink;
  readonly joinedMs: number;
  /** The core's handle is one of this audience's; both change when the listener is moved. */
  audience: Owner;
  handle: number;
}

/** What the audiences of one station share. */
export interface Reception {
  /** The system has room for one more connection; asked of each that comes. */
  hasRoom(): boolean;
  /** The next listener's number. */
  nextNumber(): number;
}

/** A reception that counts and tells nobody. */
export function quietReception(): Reception {
  let count = 0;
  return { hasRoom: () => true, nextNumber: () => ++count };
}
