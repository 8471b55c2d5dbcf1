// One connected person: who it is and where its bytes go. Where it stands is the core's knowledge.
import type { Sink } from "../mount/roles.ts";

export interface Visitor {
  readonly address: string;
  readonly userAgent: string;
  /** It asked for inline titles. */
  readonly wantsIcy: boolean;
}

export interface Listener {
  /** Counts from 1 within its mount, never used twice. */
  readonly number: number;
  readonly visitor: Visitor;
  readonly sink: Sink;
  readonly joinedMs: number;
  /** The core's handle. */
  readonly handle: number;
}
