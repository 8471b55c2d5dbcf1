// Who may use the desk: operators and admins, by a session's cookie, or by Basic credentials or a token on each call.
import { type Account, NO_ADMIN, type Need, reaches } from "../../access/account.ts";
import type { Accounts } from "../../access/accounts.ts";
import { mayBeBareProxy } from "../../access/local.ts";
import { isFromElsewhere, isUnproven } from "../../access/same-site.ts";
import { tooMany, UNAVAILABLE, type Verdict } from "../../access/verdict.ts";
import { type Reading, readingsOf, tokenReadings } from "../../access/visit.ts";
import { when } from "../../lib/when.ts";
import { basicCredentials, type Credentials } from "../../wire/basic.ts";
import type { Station } from "../../station/station.ts";
import { type ClientRequest, DEFAULT_PASSWORD, FROM_ELSEWHERE, notAllowed } from "../admin-auth.ts";
import { callerOf, exchangeOf } from "../exchange.ts";
import { hostOf } from "../remote.ts";
import type { Sessions } from "./sessions.ts";

/** Why a call is refused. */
export interface Denial {
  readonly status: 401 | 403 | 415 | 429 | 503;
  readonly error: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Not Basic: a browser would ask for a password in a window of its own. */
const CHALLENGE = { "www-authenticate": "Cookie" };

export const SWITCHED_OFF = "The desk is switched off: set server.admin_password to switch it on.";
const NO_JSON = "Commands take a body of type application/json.";
const WRONG = "The user name or the password is wrong.";
const SIGN_IN = "Sign in first, or send credentials (Basic) or a token (Bearer).";

function denial(
  status: Denial["status"],
  error: string,
  headers: Denial["headers"] = status === 401 ? CHALLENGE : {},
): Denial {
  return { status, error, headers };
}

/** No form of another site can send JSON. */
function isJson({ headers, body }: Request): boolean {
  const type = headers.get("content-type") ?? "";
  return type === "" ? body === null : /^application\/json\s*(;|$)/i.test(type);
}

/** A browser's command must be shown to come from a page of ours; a program's comes from none. */
function mayBeForged(request: Request): boolean {
  const { method, headers } = request;
  const host = hostOf(request);
  const isChange = method !== "GET" && method !== "HEAD";
  return isFromElsewhere(headers, host) || (isChange && isUnproven(headers, host));
}

export class Gate {
  constructor(
    private readonly station: Station,
    private readonly sessions: Sessions,
  ) {}

  /** null: this call may be made by somebody. */
  precheck({ request }: ClientRequest): Denial | null {
    if (!this.#accounts.hasOperators) return denial(403, SWITCHED_OFF);
    if (mayBeForged(request)) return denial(403, FROM_ELSEWHERE);
    return request.method === "POST" && !isJson(request) ? denial(415, NO_JSON) : null;
  }

  /** null: admitted to what needs this. */
  admit(client: ClientRequest, need: Need): Denial | null | Promise<Denial | null> {
    const denied = this.precheck(client);
    if (denied !== null) return denied;
    const account = this.signedIn(client);
    if (account !== null) return reaches(account, need) ? null : denial(403, cannot(account));
    const authorization = client.request.headers.get("authorization") ?? undefined;
    const basic = basicCredentials(authorization);
    const readings = [
      ...(basic === null ? [] : this.#readings(basic)),
      ...tokenReadings(authorization, this.#accounts.tokens),
    ];
    return readings.length === 0 ? denial(401, SIGN_IN) : this.#ask(readings, need, client);
  }

  /** null: these are the credentials of somebody who may use the desk, now in the exchange. */
  try(offered: Credentials, client: ClientRequest): Denial | null | Promise<Denial | null> {
    if (!this.#accounts.hasOperators) return denial(403, SWITCHED_OFF);
    return this.#ask(this.#readings(offered), "read", client);
  }

  #readings(offered: Credentials): Reading[] {
    const { admin, operators } = this.#accounts;
    return readingsOf([offered], [admin ?? NO_ADMIN], operators);
  }

  #ask(
    readings: readonly Reading[],
    need: Need,
    client: ClientRequest,
  ): Denial | null | Promise<Denial | null> {
    const { request, address } = client;
    const { headers } = request;
    const visit = {
      action: "admin",
      need,
      caller: callerOf(request),
      path: "",
      readings,
      mayBeProxied: mayBeBareProxy(headers),
      command: null,
    } as const;
    return when(
      this.station.admission.admit(visit, () => request.signal),
      (verdict) => {
        if (verdict.kind === "admitted") accept(request, verdict.reading?.account ?? null);
        return this.#deniedBy(verdict, address);
      },
    );
  }

  /** The account of the session; null without one, or if the account may not use the desk any more. Being asked is a use
   * of the session. */
  signedIn({ request }: ClientRequest): Account | null {
    const { wall, admission } = this.station;
    const token = tokenOf(request, this.cookie);
    const account = token === null ? null : this.sessions.use(token, wall.nowMs());
    if (account === null || !reaches(account, "read")) return null;
    admission.know("admin", callerOf(request));
    accept(request, account);
    return account;
  }

  /** The account is still configured and may see the desk, and its session, if it came by one, is open. */
  isCurrent(account: Account, session: string | null): boolean {
    const now = this.#accounts.current(account);
    if (now === null || !reaches(now, "read")) return false;
    return session === null || this.sessions.isOpen(session, this.station.wall.nowMs());
  }

  /** The request's session has ended because its account was changed. */
  isRevoked({ request }: ClientRequest): boolean {
    const token = tokenOf(request, this.cookie);
    return token !== null && this.sessions.isRevoked(token, this.station.wall.nowMs());
  }

  get #accounts(): Accounts {
    return this.station.admission.accounts;
  }

  /** Cookies know no ports: two stations on one machine must not take each other's. */
  get cookie(): string {
    return `cycast_desk_${this.station.config.server.listenPort}`;
  }

  #deniedBy(verdict: Verdict, address: string): Denial | null {
    if (verdict.kind === "admitted") return null;
    if (verdict.kind === "default_password") return denial(403, DEFAULT_PASSWORD);
    if (verdict.kind === "not_allowed") return denial(403, notAllowed(verdict.reading, "read"));
    if (verdict.kind === "refused") {
      const { status, sentence } = verdict.refusal;
      return denial(status, sentence);
    }
    if (verdict.kind !== "wrong") return denial(503, UNAVAILABLE);
    this.station.admission.failedRequests++;
    this.station.log.repeated(`failed admin sign-in from ${address} (wrong user name or password)`);
    const { waitSeconds } = verdict;
    return waitSeconds === 0 ? denial(401, WRONG) : wait(waitSeconds);
  }
}

function accept(request: Request, account: Account | null): void {
  const exchange = exchangeOf(request);
  exchange.account = account;
  exchange.record.user = account?.user ?? "";
}

function cannot({ user }: Account): string {
  return `${user} may not do this.`;
}

function wait(seconds: number): Denial {
  return denial(429, tooMany(seconds), { "retry-after": String(seconds) });
}

/** The session's token that a request carries, or null. */
export function tokenOf(request: Request, cookie: string): string | null {
  const cookies = (request.headers.get("cookie") ?? "").split(/;\s*/);
  const found = cookies.find((text) => text.startsWith(`${cookie}=`));
  return found?.slice(cookie.length + 1) ?? null;
}
