// Rules: why a visit is refused, whatever its credentials.
import type { Visit } from "./visit.ts";

export const RULE_NAMES = [
  "banned",
  "address",
  "agent",
  "referer",
  "per_address",
  "bandwidth",
] as const;
export type RuleName = (typeof RULE_NAMES)[number];

export interface RuleRefusal {
  readonly rule: RuleName;
  readonly status: 403 | 503;
  /** For the client. */
  readonly sentence: string;
  /** For the log. */
  readonly logged: string;
}

/** null: nothing against it. */
export type Rule = (visit: Visit) => RuleRefusal | null;

/** Seconds after which a client may ask again that was refused for want of something. */
export const RULE_RETRY_SECONDS = 60;
