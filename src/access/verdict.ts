// The answer of admission, and how it is worded where a refusal is an HTTP response.
import { RULE_RETRY_SECONDS, type RuleRefusal } from "./rule.ts";
import type { Ruling, Session } from "./ruling.ts";
import type { Reading, Visit } from "./visit.ts";

export type Verdict =
  /** `reading`: the credentials that were right; null if none were needed. */
  | { readonly kind: "admitted"; readonly reading: Reading | null; readonly session?: Session }
  /** No credentials were offered. Some programs begin like this, so it is no failed login. */
  | { readonly kind: "challenge" }
  /** `waitSeconds`: how long a client with too many failures must wait, or 0. */
  | { readonly kind: "wrong"; readonly waitSeconds: number }
  /** The credentials are right, but the default password counts on this machine only. */
  | { readonly kind: "default_password"; readonly reading: Reading }
  /** The credentials are right, but the account may not do this. */
  | { readonly kind: "not_allowed"; readonly reading: Reading }
  /** A rule is against it, whatever the credentials. */
  | { readonly kind: "refused"; readonly refusal: RuleRefusal }
  /** A page of another site sent the command. */
  | { readonly kind: "elsewhere" }
  /** The credentials are right, but nothing shows that a page of ours sent the command. */
  | { readonly kind: "unproven"; readonly reading: Reading }
  /** For another reason than credentials. */
  | { readonly kind: "forbidden"; readonly sentence: string }
  | { readonly kind: "redirected"; readonly location: string }
  /** No decision came in time. */
  | { readonly kind: "unavailable" }
  /** The client left before the decision: nobody reads an answer. */
  | { readonly kind: "gone" };

/** Decides a visit, at once or later: the reading that is right, yes or no, or more than that. `signal` aborts when nobody waits for the
 * decision any more. */
export type Judge = (visit: Visit, signal: AbortSignal) => Decision | Promise<Decision>;

export type Decision = Reading | boolean | Ruling;

/** Who a client is, for the log; "" if nobody said so. */
export function userOf(verdict: Verdict): string {
  if (verdict.kind !== "admitted") return "";
  return verdict.session?.user ?? verdict.reading?.credentials.user ?? "";
}

/** Seconds after which a client may ask again when no decision came. */
const RETRY_SECONDS = 10;

/** The message for a client that has to wait. */
export function tooMany(waitSeconds: number): string {
  return `Too many wrong passwords from this address: try again in ${waitSeconds} s.`;
}

export const UNAVAILABLE = "Logins cannot be checked right now: try again in a moment.";

export interface HttpRefusal {
  readonly status: 302 | 401 | 403 | 429 | 503;
  readonly sentence: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The refusal for verdicts that need no page of their own. */
export function httpRefusal(verdict: Verdict): HttpRefusal {
  if (verdict.kind === "unavailable" || verdict.kind === "gone") {
    return wait(503, UNAVAILABLE, RETRY_SECONDS);
  }
  if (verdict.kind === "refused") return byRule(verdict.refusal);
  if (verdict.kind === "forbidden") return { status: 403, sentence: verdict.sentence, headers: {} };
  if (verdict.kind === "redirected") {
    const { location } = verdict;
    return { status: 302, sentence: `The stream is at ${location}`, headers: { location } };
  }
  const waitSeconds = verdict.kind === "wrong" ? verdict.waitSeconds : 0;
  if (waitSeconds > 0) return wait(429, tooMany(waitSeconds), waitSeconds);
  const headers = { "www-authenticate": 'Basic realm="Icecast2 Server"' };
  return { status: 401, sentence: "You need to authenticate", headers };
}

function byRule({ status, sentence }: RuleRefusal): HttpRefusal {
  if (status === 503) return wait(status, sentence, RULE_RETRY_SECONDS);
  return { status, sentence, headers: {} };
}

function wait(status: 429 | 503, sentence: string, seconds: number): HttpRefusal {
  return { status, sentence, headers: { "retry-after": String(seconds) } };
}
