// Who may read the metrics: programs on this machine, and those elsewhere that the configuration names by a token, their
// address or both.
import { digestOf } from "./account.ts";
import type { Accounts } from "./accounts.ts";
import type { Admission, TokenTry } from "./admission.ts";
import { AddressRanges } from "../lib/address-ranges.ts";
import { isLoopback } from "../lib/address.ts";
import { namedBy } from "../lib/client-origin.ts";
import type { Secret } from "../lib/secret.ts";
import type { Caller } from "./client-identity.ts";
import { isLocal, mayBeBareProxy, type RequestHeaders } from "./local.ts";
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
const NO_TOKEN =
  "The metrics need the token of metrics.token, or one of the API: send it as Authorization: Bearer.";

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
  return /^bearer +(\S.*)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null;
}

/** Behind a trusted proxy the client that it names. Any other proxy on this machine may pass on a header that the client
 * has written itself. A client that nobody vouches for is in no range. */
function clientOf(caller: Caller): string {
  const { address, proxy = null } = caller;
  if (proxy !== null) return namedBy({ address, proxy }) === null ? UNKNOWN : address;
  return !isLoopback(address) || isHere(caller) ? address : UNKNOWN;
}

/** nginx without any proxy_set_header looks like a program on this machine. */
function isHere(caller: Caller): boolean {
  return isLocal(caller) && !mayBeBareProxy(caller.headers);
}

type Door = Pick<Admission, "tryToken"> & { readonly accounts: Pick<Accounts, "tokens"> };

/** null if no token was offered, or there is none that could be right. */
function tryToken(caller: Caller, { token }: MetricsConfig, admission: Door): TokenTry | null {
  const { tokens } = admission.accounts;
  const offered = tokenOf(caller.headers);
  const isOwn = (text: string) => !token.equals("") && token.equals(text);
  const isOfApi = (text: string) => tokens.some(({ password }) => password.equals(digestOf(text)));
  if (offered === null || (token.equals("") && tokens.length === 0)) return null;
  return admission.tryToken((text) => isOwn(text) || isOfApi(text), offered, caller);
}

function wrongToken({ waitSeconds }: TokenTry): MetricsRefusal {
  if (waitSeconds === 0) return { status: 401, sentence: NO_TOKEN };
  return { status: 429, sentence: tooMany(waitSeconds), waitSeconds };
}

/** Without a right token. */
function refuseBare({ token, allow }: MetricsConfig, hasApiTokens: boolean): MetricsRefusal | null {
  if (!token.equals("")) return { status: 401, sentence: NO_TOKEN };
  if (allow.length > 0) return null;
  return hasApiTokens ? { status: 401, sentence: NO_TOKEN } : { status: 403, sentence: ELSEWHERE };
}

/** null: the caller may read them. A wrong token is refused on this machine too. */
export function refuseReader(
  from: Caller,
  config: MetricsConfig,
  admission: Door,
): MetricsRefusal | null {
  const caller = { ...from, headers: withoutScrape(from.headers) };
  const tried = tryToken(caller, config, admission);
  if (tried !== null && !tried.isRight) return wrongToken(tried);
  if (isHere(caller)) return null;
  const { allow } = config;
  const isAllowed = allow.length === 0 || new AddressRanges(allow).has(clientOf(caller));
  if (!isAllowed) return { status: 403, sentence: NOT_ALLOWED };
  return tried === null ? refuseBare(config, admission.accounts.tokens.length > 0) : null;
}
