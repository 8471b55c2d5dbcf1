// Who may read the metrics: programs on this machine, and those elsewhere that the configuration names by their token,
// their address or both.
import type { Admission } from "./admission.ts";
import { AddressRanges } from "../lib/address-ranges.ts";
import { isLoopback } from "../lib/address.ts";
import { namedBy } from "../lib/client-origin.ts";
import type { Secret } from "../lib/secret.ts";
import type { Caller } from "./client-identity.ts";
import { isLocal, type RequestHeaders } from "./local.ts";
import { tooMany } from "./verdict.ts";

export interface MetricsConfig {
  /** Empty for none. */
  readonly token: Secret;
  readonly allow: readonly string[];
}

export interface MetricsRefusal {
  readonly status: 401 | 403 | 429;
  readonly sentence: string;
  readonly waitSeconds?: number;
}

const ELSEWHERE =
  "The metrics are for programs on this machine: set metrics.token or metrics.allow to read them from elsewhere.";
const NOT_ALLOWED = "This address is not in metrics.allow.";
const NO_TOKEN = "The metrics need the token of metrics.token: send it as Authorization: Bearer.";

/** Prometheus sends it to every target; any other header of this kind means a proxy. */
const SCRAPE = "x-prometheus-scrape-timeout-seconds";

function withoutScrape(headers: RequestHeaders): RequestHeaders {
  return {
    get: (name) => headers.get(name),
    has: (name) => headers.has(name),
    keys: () => Iterator.from(headers.keys()).filter((name) => name !== SCRAPE),
  };
}

const UNKNOWN = "unknown";

/** null without one. */
function tokenOf(headers: RequestHeaders): string | null {
  return /^bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null;
}

/** Behind a trusted proxy the client that it names; behind any other on this machine the last one that is named, the only
 * one that it has added itself. A client that is not named is in no range. */
function clientOf(caller: Caller): string {
  const { address, proxy = null, headers } = caller;
  if (proxy !== null) return namedBy({ address, proxy }) === null ? UNKNOWN : address;
  if (!isLoopback(address) || isLocal(caller)) return address;
  const named = headers.get("x-forwarded-for")?.split(",").at(-1) ?? headers.get("x-real-ip");
  return named?.trim() ?? UNKNOWN;
}

/** null if the token is right, or none is wanted; undefined if one is wanted and none is offered. */
function refuseToken(
  caller: Caller,
  token: Secret,
  admission: Pick<Admission, "tryToken">,
): MetricsRefusal | null | undefined {
  if (token.equals("")) return null;
  const offered = tokenOf(caller.headers);
  if (offered === null) return undefined;
  const { isRight, waitSeconds } = admission.tryToken(token, offered, caller);
  if (isRight) return null;
  if (waitSeconds === 0) return { status: 401, sentence: NO_TOKEN };
  return { status: 429, sentence: tooMany(waitSeconds), waitSeconds };
}

function refuseAddress(caller: Caller, { token, allow }: MetricsConfig): MetricsRefusal | null {
  if (allow.length === 0) return token.equals("") ? { status: 403, sentence: ELSEWHERE } : null;
  const isAllowed = new AddressRanges(allow).has(clientOf(caller));
  return isAllowed ? null : { status: 403, sentence: NOT_ALLOWED };
}

/** null: the caller may read them. A wrong token is refused on this machine too. */
export function refuseReader(
  from: Caller,
  config: MetricsConfig,
  admission: Pick<Admission, "tryToken">,
): MetricsRefusal | null {
  const caller = { ...from, headers: withoutScrape(from.headers) };
  const refusal = refuseToken(caller, config.token, admission);
  if (refusal) return refusal;
  if (isLocal(caller)) return null;
  const noToken: MetricsRefusal = { status: 401, sentence: NO_TOKEN };
  return refuseAddress(caller, config) ?? (refusal === undefined ? noToken : null);
}
