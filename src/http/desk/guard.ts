// Lets only the admin through to the routes that follow, and keeps their answers out of caches.
import { Elysia } from "elysia";
import { exchangeOf } from "../exchange.ts";
import type { Gate } from "./auth.ts";

export function guard(gate: Gate) {
  return new Elysia().onBeforeHandle({ as: "scoped" }, async ({ request, set, status }) => {
    set.headers["cache-control"] = "no-store";
    const denied = await gate.admit({ request, address: exchangeOf(request).address });
    if (denied === null) return;
    Object.assign(set.headers, denied.headers);
    return status(denied.status, { error: denied.error });
  });
}
