// Lets only the keeper through to the routes that come after it, and keeps their answers out of caches.
import { Elysia } from "elysia";
import { addressOf } from "../remote.ts";
import type { Gate } from "./auth.ts";

export function guard(gate: Gate) {
  return new Elysia().onBeforeHandle({ as: "scoped" }, ({ request, server, set, status }) => {
    set.headers["cache-control"] = "no-store";
    const denied = gate.admit({ request, address: addressOf(request, server) });
    if (denied === null) return;
    Object.assign(set.headers, denied.headers);
    return status(denied.status, { error: denied.error });
  });
}
