// Lets only those through to the routes that follow who may use them, and keeps their answers out of caches.
import { Elysia } from "elysia";
import { exchangeOf } from "../exchange.ts";
import type { Need } from "../../access/account.ts";
import type { Gate } from "./auth.ts";

/** `need`: of all routes; by default reading needs less than commands do. */
export function guard(gate: Gate, need?: Need) {
  return new Elysia().onBeforeHandle({ as: "scoped" }, async ({ request, set, status }) => {
    set.headers["cache-control"] = "no-store";
    const client = { request, address: exchangeOf(request).address };
    const denied = await gate.admit(client, need ?? needOf(request));
    if (denied === null) return;
    Object.assign(set.headers, denied.headers);
    return status(denied.status, { error: denied.error });
  });
}

function needOf({ method }: Request): Need {
  return method === "GET" || method === "HEAD" ? "read" : "operate";
}
