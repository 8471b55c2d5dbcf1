// A request for a media playlist, and whether what was settled for its session still holds.
import type { Session } from "../../access/ruling.ts";
import type { Verdict } from "../../access/verdict.ts";
import type { Visit } from "../../access/visit.ts";
import type { Audience } from "../audience/audience.ts";
import type { ListenerClient } from "../audience/listener.ts";
import type { HlsSession, SessionTerms } from "./hls-session.ts";

/** Of a session's time-out, without a request from its address, after which another address may take it over: a player asks
 * once in a target duration. */
const ALONE_SHARE = 4;

/** A request for a media playlist. */
export interface Poll {
  /** Its session's, or what stands in its place. */
  readonly id: string;
  readonly audience: Audience;
  /** What it asked for, if the back end has it hear another mount. */
  readonly asked?: Audience;
  readonly visit: Visit;
  readonly client: ListenerClient;
  /** It came through a trusted proxy, which may have the segments. */
  readonly isCached: boolean;
  /** Aborts when the client leaves. */
  readonly gone: () => AbortSignal;
}

export function termsOf(
  { audience, asked, client, isCached }: Poll,
  granted: SessionTerms["granted"],
): SessionTerms {
  const { listeners } = audience.mount.config;
  const session = granted === undefined ? {} : { session: granted };
  const own = { audience, listeners, granted, isCached, ...(asked !== undefined && { asked }) };
  return { ...own, client: { ...client, ...session } };
}

/** It was sent from this mount to another. */
export function isMovedFrom({ terms }: HlsSession, { audience, client }: Poll): boolean {
  return terms.asked === audience && terms.client.address === client.address;
}

/** It is to hear another mount. */
export function isSentElsewhere({ path }: Session, { audience }: Poll): boolean {
  return path !== "" && path !== audience.mount.path;
}

export function sentTo(path: string): Verdict {
  return { kind: "forbidden", sentence: `Listen to ${path} instead.` };
}

/** Its terms are those of the session: they need not be decided again. */
export function isSettled({ terms }: HlsSession, { audience, client }: Poll): boolean {
  const isSame = terms.audience === audience && terms.client.address === client.address;
  return isSame && isSameGate(terms.listeners, audience.mount.config.listeners);
}

type Gate = SessionTerms["listeners"];

function isSameGate(before: Gate, after: Gate): boolean {
  if (before === after) return true;
  const isSame = (name: "url" | "key" | "previousKey") => before[name].equals(after[name].reveal());
  return before.file === after.file && isSame("url") && isSame("key") && isSame("previousKey");
}

/** Two clients ask with it in turn: a player whose address changes leaves its old one. */
export function isAnothers(
  { terms, lastMs, timeoutMs }: HlsSession,
  { client }: Poll,
  nowMs: number,
) {
  const isElsewhere = terms.client.address !== client.address;
  return isElsewhere && nowMs - lastMs < timeoutMs / ALONE_SHARE;
}
