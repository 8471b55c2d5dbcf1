// The status page and its files. alwaysStatic: a route a file, so no path of a request ever names one.
import { staticPlugin } from "@elysiajs/static";
import { Elysia } from "elysia";
import { join } from "node:path";
import { shipped } from "../lib/shipped.ts";

const PUBLIC = shipped("public");

/** Nothing from elsewhere may run or load on the page. */
const HEADERS = {
  "content-security-policy":
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
};

const HIDDEN = { detail: { hide: true } };

export async function page() {
  const files = await staticPlugin({
    assets: PUBLIC,
    prefix: "/",
    alwaysStatic: true,
    indexHTML: false,
    headers: HEADERS,
    maxAge: 60,
    ...HIDDEN,
  });
  // Asked for by browsers whatever a page says, such as that of Swagger UI.
  const icon = () => new Response(Bun.file(join(PUBLIC, "favicon.svg")));
  // A handler of its own: Elysia misses the static one when the host's name is shorter than four characters, and Bun
  // gives a file's answer a Content-Range.
  const index = await Bun.file(join(PUBLIC, "index.html")).bytes();
  const headers = {
    ...HEADERS,
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
  };
  return new Elysia({ name: "page" })
    .use(files)
    .get("/", () => new Response(index, { headers }), HIDDEN)
    .get("/favicon.ico", icon, HIDDEN);
}
