// OPTIONS of any path: browsers send it before Icy-MetaData, libshout to learn which methods are allowed.
import { Elysia } from "elysia";

const DAY_SECONDS = "86400";

const HEADERS = {
  allow: "GET, HEAD, OPTIONS",
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, HEAD, OPTIONS",
  "access-control-allow-headers":
    "Origin, Accept, Icy-MetaData, Range, If-Range, If-None-Match, Cache-Control, Pragma, Expires",
  "access-control-max-age": DAY_SECONDS,
};

/** libshout sends titles as forms if POST is allowed. */
const FORM_HEADERS = { allow: "GET, POST, HEAD, OPTIONS" };

const HIDDEN = { detail: { hide: true } };

export function preflight() {
  const answer = (headers: Record<string, string>) => () =>
    new Response(null, { status: 204, headers });
  return new Elysia({ name: "preflight" })
    .options("/admin/*", answer(FORM_HEADERS), HIDDEN)
    .options("/*", answer(HEADERS), HIDDEN);
}
