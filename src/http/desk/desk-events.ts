// The route of /api/admin/events: a desk's stream, which ends with its session.
import { Elysia } from "elysia";
import { exchangeOf } from "../exchange.ts";
import { json, operation, text } from "../operation.ts";
import { placeOwner } from "../remote.ts";
import { streamResponse } from "../stream-response.ts";
import type { Desk } from "./desk.ts";
import { tokenOf } from "./auth.ts";
import { guard } from "./guard.ts";
import { failure } from "./desk-schema.ts";

const HEADERS = { "content-type": "text/event-stream", "cache-control": "no-store" };

const DESCRIPTION = `Every event has a name and a line of JSON:

- \`overview\`, every second: the answer of /api/admin/overview
- \`log\`, when there are new lines: \`{"lines": […]}\`, as /api/admin/log has them
- \`doctor\`, at the beginning and when it has changed: the answer of /api/admin/doctor
- \`configuration\`, at the beginning and when it has changed: what a reload would change, as /api/admin/reload has it,
  with \`error\` and \`problems\` if it would be refused
- \`heartbeat\`, every 10 s: \`{"time": …, "mounts": [{"mount": …, "listeners": …}]}\`, the newest point of
  /api/admin/history; a client that gets none for half a minute has lost the connection

The stream ends with the session it was opened in.`;

const TOO_MANY = { error: "Too many desks are open." };

const EVENTS = operation({
  tag: "desk",
  summary: "Changes as server-sent events",
  description: DESCRIPTION,
  allows: ["admin", "token"],
  answers: {
    200: text(
      "A stream of events",
      "text/event-stream",
      'event: heartbeat\ndata: {"time": 1785578400, "mounts": []}\n\n',
    ),
    401: json("Nobody is signed in, or the credentials are wrong", failure),
    403: json("Switched off, or asked from a page of another site", failure),
    429: json(
      "Too many wrong passwords from this address; Retry-After says when to go on",
      failure,
    ),
    503: json("Too many desks are open", failure),
  },
});

export function deskEvents({ station: { wall }, sessions, gate, feed }: Desk) {
  return new Elysia({ name: "desk-events" })
    .use(guard(gate))
    .head("/api/admin/events", () => new Response(null, { headers: HEADERS }), {
      detail: { hide: true },
    })
    .get(
      "/api/admin/events",
      ({ request, server, status }) => {
        const client = placeOwner(request);
        if (!feed.hasRoom(client)) return status(503, TOO_MANY);
        server?.timeout(request, 0);
        const { account } = exchangeOf(request);
        const token = tokenOf(request, gate.cookie);
        // Without an open session, its credentials admitted it.
        const session = token !== null && sessions.isOpen(token, wall.nowMs()) ? token : null;
        const isSignedIn = () => account !== null && gate.isCurrent(account, session);
        return streamResponse(HEADERS, request, (desk) => feed.join(desk, isSignedIn, client));
      },
      EVENTS,
    );
}
