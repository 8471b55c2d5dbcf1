// What a judge may decide beside yes, no and whose credentials are right.
import type { Reading } from "./visit.ts";

/** What is decided with an admission, and holds as long as the listener is there. */
export interface Session {
  /** "" if nobody said who it is. */
  readonly user: string;
  /** Seconds after which it ends; 0 for never. */
  readonly limitSeconds: number;
  /** Path of the mount that is heard in place of the one asked for; "" for that one. */
  readonly path: string;
  /** The client is a server that relays the stream. */
  readonly isRelay?: boolean;
  /** It is one of the cluster. */
  readonly isMember?: boolean;
  /** Called once, when it has ended or never begun. */
  left(seconds: number, sentBytes: number): void;
}

export type Ruling =
  | { readonly kind: "admit"; readonly reading: Reading | null; readonly session: Session }
  /** Credentials are needed. */
  | { readonly kind: "challenge" }
  /** `sentence`: for the client. */
  | { readonly kind: "forbid"; readonly sentence: string }
  /** `location`: an absolute http address. */
  | { readonly kind: "redirect"; readonly location: string }
  /** Nobody can decide at present. */
  | { readonly kind: "unavailable" };

/** Of a server of the cluster: no rule and no limit holds for it. */
export function memberSession(): Session {
  return { ...sessionOf(""), isRelay: true, isMember: true };
}

/** A session without conditions. */
export function sessionOf(user: string): Session {
  return { user, limitSeconds: 0, path: "", left: () => undefined };
}
