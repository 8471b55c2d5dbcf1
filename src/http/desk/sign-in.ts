// /api/admin/session: signing in at the desk, and out.
import { Elysia, t } from "elysia";
import { exchangeOf } from "../exchange.ts";
import { isSecure } from "../remote.ts";
import type { Desk } from "./desk.ts";
import { type Denial, tokenOf } from "./auth.ts";
import { sessionOperation } from "./desk-docs.ts";
import { REFUSALS, session } from "./desk-schema.ts";

const credentials = t.Object({
  user: t.String({ maxLength: 256, description: "server.admin_user" }),
  password: t.String({ maxLength: 1024, description: "server.admin_password" }),
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

export function sessionRoutes({ station, sessions, gate }: Desk) {
  const isEnabled = () => station.config.server.admin !== null;
  return new Elysia({ name: "desk-session" })
    .onBeforeHandle(({ set }) => void (set.headers["cache-control"] = "no-store"))
    .get(
      "/api/admin/session",
      ({ request }) => {
        const client = { request, address: exchangeOf(request).address };
        return { enabled: isEnabled(), signed_in: isEnabled() && gate.isSignedIn(client) };
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
        const token = sessions.open(station.clock.nowMs());
        station.log.info(`${client.address} signed in at the desk`);
        set.headers["set-cookie"] = cookieLine(gate.cookie, token, request);
        return { enabled: true, signed_in: true };
      },
      {
        body: credentials,
        response: { 200: session, ...REFUSALS },
        ...sessionOperation(
          {
            summary: "Sign in",
            description:
              "Sets a cookie. The session ends after 12 hours without a call, or with the browser. More than " +
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
        return { enabled: true, signed_in: false };
      },
      {
        response: { 200: session, ...REFUSALS },
        ...sessionOperation({ summary: "Sign out", answer: session }, [403]),
      },
    );
}
