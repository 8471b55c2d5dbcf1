// /api/admin/session: signing in at the desk, and out.
import { Elysia, t } from "elysia";
import { type Account, reaches } from "../../access/account.ts";
import { exchangeOf } from "../exchange.ts";
import { isSecure } from "../remote.ts";
import type { Desk } from "./desk.ts";
import { type Denial, tokenOf } from "./auth.ts";
import { sessionOperation } from "./desk-docs.ts";
import { REFUSALS, session } from "./desk-schema.ts";

const credentials = t.Object({
  user: t.String({ maxLength: 256, description: "server.admin_user, or an account's name" }),
  password: t.String({ maxLength: 1024, description: "Its password" }),
});

type Headers = Record<string, string | number>;

/** Out of reach of scripts and other sites; Secure on a page that is encrypted. It has no age: the session itself ends,
 * a while after its last call. */
function cookieLine(name: string, token: string, request: Request): string {
  const secure = isSecure(request) ? "; Secure" : "";
  return `${name}=${token}; Path=/; HttpOnly; SameSite=Strict${secure}`;
}

function headersOf(denied: Denial, headers: Headers): Denial {
  Object.assign(headers, denied.headers);
  return denied;
}

function roleOf(account: Account): "operator" | "admin" {
  return reaches(account, "admin") ? "admin" : "operator";
}

export function sessionRoutes({ station, sessions, gate }: Desk) {
  const { accounts } = station.admission;
  const stateOf = (account: Account | null, isRevoked = false) => ({
    enabled: accounts.hasOperators,
    signed_in: account !== null,
    user: account?.user ?? null,
    role: account && roleOf(account),
    revoked: isRevoked,
  });
  return new Elysia({ name: "desk-session" })
    .onBeforeHandle(({ set }) => void (set.headers["cache-control"] = "no-store"))
    .get(
      "/api/admin/session",
      ({ request }) => {
        const client = { request, address: exchangeOf(request).address };
        const account = accounts.hasOperators ? gate.signedIn(client) : null;
        return stateOf(account, account === null && gate.isRevoked(client));
      },
      {
        response: { 200: session },
        ...sessionOperation(
          { summary: "Whether this browser is signed in at the desk", answer: session },
          [],
        ),
      },
    )
    .post(
      "/api/admin/session",
      async ({ body, request, set, status }) => {
        const client = { request, address: exchangeOf(request).address };
        const denied = gate.precheck(client) ?? (await gate.try(body, client));
        if (denied !== null) {
          return status(headersOf(denied, set.headers).status, { error: denied.error });
        }
        const { account } = exchangeOf(request);
        if (account === null) throw new TypeError("admitted without an account");
        const token = sessions.open(account, station.wall.nowMs());
        station.log.info(`${account.user} signed in at the desk from ${client.address}`);
        set.headers["set-cookie"] = cookieLine(gate.cookie, token, request);
        return stateOf(account);
      },
      {
        body: credentials,
        response: { 200: session, ...REFUSALS },
        ...sessionOperation(
          {
            summary: "Sign in",
            description:
              "Sets a cookie. The session outlasts a restart of the station, and ends after 12 hours without a call, with the " +
              "browser, or when the account's password changes. More than " +
              "five wrong passwords from one address are answered 429, and after twenty none is looked at for a while.",
            answer: session,
          },
          [400, 401, 403, 415, 422, 429, 503],
        ),
      },
    )
    .delete(
      "/api/admin/session",
      ({ request, set, status }) => {
        const denied = gate.precheck({ request, address: exchangeOf(request).address });
        if (denied !== null) {
          return status(headersOf(denied, set.headers).status, { error: denied.error });
        }
        sessions.close(tokenOf(request, gate.cookie) ?? "");
        set.headers["set-cookie"] = `${cookieLine(gate.cookie, "", request)}; Max-Age=0`;
        return stateOf(null);
      },
      {
        response: { 200: session, ...REFUSALS },
        ...sessionOperation({ summary: "Sign out", answer: session }, [403]),
      },
    );
}
