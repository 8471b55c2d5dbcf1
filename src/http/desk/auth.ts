// Who may use the desk: the admin, by a session's cookie or by Basic credentials on each call.
import { adminAccount } from "../../access/account.ts";
import { mayBeBareProxy } from "../../access/local.ts";
import { isFromElsewhere, isUnproven } from "../../access/same-site.ts";
import { tooMany, UNAVAILABLE, type Verdict } from "../../access/verdict.ts";
import { readingsOf } from "../../access/visit.ts";
import { when } from "../../lib/when.ts";
import { basicCredentials, type Credentials } from "../../wire/basic.ts";
import type { Station } from "../../station.ts";
import { type ClientRequest, DEFAULT_PASSWORD, FROM_ELSEWHERE } from "../admin-auth.ts";
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
const SIGN_IN = "Sign in first, or send the admin's credentials (Basic).";

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
    if (this.station.config.server.admin === null) return denial(403, SWITCHED_OFF);
    if (mayBeForged(request)) return denial(403, FROM_ELSEWHERE);
    return request.method === "POST" && !isJson(request) ? denial(415, NO_JSON) : null;
  }

  /** null: the admin is admitted. */
  admit(client: ClientRequest): Denial | null | Promise<Denial | null> {
    const denied = this.precheck(client);
    if (denied !== null) return denied;
    if (this.isSignedIn(client)) return null;
    const { headers } = client.request;
    const basic = basicCredentials(headers.get("authorization") ?? undefined);
    return basic === null ? denial(401, SIGN_IN) : this.try(basic, client);
  }

  /** null: these are the admin's credentials. */
  try(offered: Credentials, client: ClientRequest): Denial | null | Promise<Denial | null> {
    const { admin } = this.station.config.server;
    const { request, address } = client;
    if (admin === null) return denial(403, SWITCHED_OFF);
    const { headers } = request;
    const visit = {
      action: "admin",
      caller: callerOf(request),
      path: "",
      readings: readingsOf([offered], [adminAccount(admin)]),
      mayBeProxied: mayBeBareProxy(headers),
      command: null,
    } as const;
    return when(
      this.station.admission.admit(visit, () => request.signal),
      (verdict) => {
        if (verdict.kind === "admitted") exchangeOf(request).accept(admin.user);
        return this.#deniedBy(verdict, address);
      },
    );
  }

  /** Being asked is a use of the session. */
  isSignedIn({ request }: ClientRequest): boolean {
    const { clock, config, admission } = this.station;
    const token = tokenOf(request, this.cookie);
    if (token === null || !this.sessions.use(token, clock.nowMs())) return false;
    admission.know("admin", callerOf(request));
    exchangeOf(request).accept(config.server.admin?.user ?? "");
    return true;
  }

  /** Cookies know no ports: two stations on one machine must not take each other's. */
  get cookie(): string {
    return `cycast_desk_${this.station.config.server.listenPort}`;
  }

  #deniedBy(verdict: Verdict, address: string): Denial | null {
    if (verdict.kind === "admitted") return null;
    if (verdict.kind === "default_password") return denial(403, DEFAULT_PASSWORD);
    if (verdict.kind !== "wrong") return denial(503, UNAVAILABLE);
    this.station.admission.failedRequests++;
    this.station.log.repeated(`failed admin sign-in from ${address} (wrong user name or password)`);
    const { waitSeconds } = verdict;
    return waitSeconds === 0 ? denial(401, WRONG) : wait(waitSeconds);
  }
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
