// One listener: its client and its sink. Its position is known to the core.
import type { ListenerState } from "../../native/broadcaster.ts";
import type { ListenerRecord } from "../../mount/events.ts";
import type { Sink, SinkOwner } from "../../mount/roles.ts";
import type { RingPlace } from "./ring-place.ts";
import type { Ticket } from "./ticket.ts";

/** The port that a listener came by, or that it uses TLS at any port: such a listener costs more. "hls": it fetches segments,
 * by whatever port. */
export type Door = "source" | "listen" | "tls" | "hls";

export interface ListenerClient {
  readonly address: string;
  /** Absent in tests only. */
  readonly door?: Door;
  readonly userAgent: string;
  /** The client asked for inline titles. */
  readonly wantsIcy: boolean;
  /** Method, target and protocol of the request, for the access log. */
  readonly request?: string;
  readonly referer?: string;
  /** What was decided with its admission. */
  readonly session?: ListenerSession | undefined;
  /** The request came through a proxy. */
  readonly isForwarded?: boolean;
  /** As in Listener. */
  readonly away?: readonly string[] | undefined;
  /** Where it begins, if that was decided before it joins; else at the live audio. Taken from it when it joins. */
  ticket?: Ticket | undefined;
}

/** Of a listener that somebody admitted. */
export interface ListenerSession {
  /** "" if nobody said who it is. */
  readonly user: string;
  /** Seconds after which it ends; 0 for never. */
  readonly limitSeconds: number;
  /** It is a server that relays the stream. */
  readonly isRelay?: boolean;
  /** It is one of the cluster. */
  readonly isMember?: boolean;
  left(seconds: number, sentBytes: number): void;
}

/** The audience a listener belongs to. */
export interface Owner {
  /** Ends its stream cleanly. */
  dismiss(listener: Listener, why: string): void;
  /** Idempotent: the end of a connection may be reported more than once. */
  leave(listener: Listener, why: string): void;
  /** The core's state of it; null if it has left. */
  stateOf(listener: Listener): ListenerState | null;
  /** Its sink has a descriptor. */
  connected?(listener: Listener): void;
  /** Its sink is not blocked any more. */
  drained?(listener: Listener): void;
  /** Takes it to a place, or to the burst position, behind audio that it got by other means. */
  restart(listener: Listener, metaint: number, sentBytes: number, place?: RingPlace): void;
}

/** Adds new listeners, once they have heard something. */
export interface Introducer {
  /** null if there is no room. */
  join(client: ListenerClient, sink: Sink): Listener | null;
}

/** One record without closures: there may be many thousands. */
export class Listener implements ListenerRecord, SinkOwner {
  /** The mounts that it left for a fallback, the one that it asked for first: it goes back to each that plays again. */
  away: readonly string[];
  fromSeconds = Number.NaN;
  fromMs = Number.NaN;
  /** It was skipped ahead: what it got is not in one piece. */
  isSkipped = false;
  /** Audio bytes between its inline titles; 0 for none. */
  metaint = 0;
  /** Ends it when its time is over. */
  timer: ReturnType<typeof setTimeout> | undefined = undefined;

  constructor(
    /** Counts from 1 within the station, never reused. */
    readonly number: number,
    readonly client: ListenerClient,
    readonly sink: Sink,
    readonly joinedMs: number,
    /** The current audience and the core's handle there; both change on a move. */
    public audience: Owner,
    public handle: number,
  ) {
    this.away = client.away ?? NOWHERE;
  }

  onDescriptor(): void {
    this.audience.connected?.(this);
  }

  onDrain(): void {
    this.audience.drained?.(this);
  }
}

const NOWHERE: readonly string[] = [];

/** What all audiences of a station share. */
export interface AudienceContext {
  /** The system has room for one more connection; checked for each new listener. */
  hasPlace(): boolean;
  /** The next listener's number. */
  nextNumber(): number;
  /** By which servers of a cluster sign tokens; null outside of one. */
  clusterKey?(): Buffer | null;
}

/** For tests: counts and reports nothing. */
export function quietContext(): AudienceContext {
  let count = 0;
  return { hasPlace: () => true, nextNumber: () => ++count };
}
