// One HLS session: a player that asks for a media playlist again and again. Once that is sure, it is a listener.
import type { Session } from "../../access/ruling.ts";
import type { MountConfig } from "../../config/config.ts";
import type { Sink } from "../../mount/roles.ts";
import type { AccessRecord } from "../../journal/access-log.ts";
import type { Audience } from "../audience/audience.ts";
import type { Listener, ListenerClient } from "../audience/listener.ts";
import { HeardSegments } from "./heard-segments.ts";

/** A session ends after so many target durations without a request for its playlist. */
const TIMEOUT_TARGETS = 3;

/** Before its first playlist. */
const UNKNOWN_MS = 30_000;

/** Fewer requests are a probe. */
const FEWEST_POLLS = 2;

/** Nothing is ever written to it: the player fetches its audio. */
export const NO_SINK: Sink = {
  write: () => "open",
  end: () => undefined,
  abort: () => undefined,
  descriptor: -1,
  isChunked: false,
  owner: null,
};

/** What was decided for a session, and by what. */
export interface SessionTerms {
  readonly audience: Audience;
  /** What it asked for, if that is another. */
  readonly asked?: Audience;
  readonly client: ListenerClient;
  /** The block that named who may listen. */
  readonly listeners: MountConfig["listeners"];
  readonly granted: Session | undefined;
  /** Its segments may come from a cache of the operator's. */
  readonly isCached: boolean;
}

export class HlsSession {
  /** null while it may be a probe. */
  listener: Listener | null = null;
  /** Since its terms were settled. */
  heard = new HeardSegments();
  lastMs: number;
  /** The configuration whose rules it was last checked against. */
  checkedBy: object | null = null;
  timeoutMs = UNKNOWN_MS;
  /** It has been a listener before its terms changed. */
  isProven = false;
  /** Of its first listening, which moves keep. */
  number = 0;
  #secondsBefore = 0;
  #bytesBefore = 0;

  constructor(
    readonly id: string,
    public terms: SessionTerms,
    /** Its line in the access log. */
    readonly record: AccessRecord,
    readonly beganMs: number,
  ) {
    this.lastMs = beganMs;
  }

  /** Seconds of audio, on all mounts. */
  get seconds(): number {
    return this.#secondsBefore + this.heard.seconds;
  }

  get bytes(): number {
    return this.#bytesBefore + this.heard.bytes;
  }

  /** Where on its mount's timeline it began, and up to where it has heard it. */
  get fromSeconds(): number {
    return this.heard.fromSeconds || 0;
  }

  get positionSeconds(): number {
    return this.fromSeconds + this.heard.seconds;
  }

  /** It asks often enough for a listener. */
  get isListening(): boolean {
    return this.isProven || this.heard.polls >= FEWEST_POLLS;
  }

  polled(nowMs: number, targetSeconds: number): void {
    this.lastMs = nowMs;
    this.timeoutMs = TIMEOUT_TARGETS * targetSeconds * 1000;
  }

  isOver(nowMs: number): boolean {
    return nowMs - this.lastMs > this.timeoutMs;
  }

  /** It goes on under other terms: on another mount, or from another address. */
  goOn(terms: SessionTerms): void {
    [this.#secondsBefore, this.#bytesBefore] = [this.seconds, this.bytes];
    this.heard = new HeardSegments();
    this.terms = terms;
  }
}
