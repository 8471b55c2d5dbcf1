// /admin: the desk's page, and the charting library that it loads from here.
import { Elysia } from "elysia";
import { join } from "node:path";
import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "file" };
import uplot from "uplot/dist/uPlot.esm.js" with { type: "file" };
import { shipped } from "../../lib/shipped.ts";

/** Nothing from elsewhere may run, load or be sent to, and no page may show the desk inside of it. */
const HEADERS = {
  "content-security-policy":
    "default-src 'self'; img-src 'self' data:; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cache-control": "no-cache",
  "content-type": "text/html; charset=utf-8",
};

const DAY = "public, max-age=86400";

const HIDDEN = { detail: { hide: true } };

function asset(path: string, type: string) {
  return () =>
    new Response(Bun.file(path), { headers: { "cache-control": DAY, "content-type": type } });
}

/** The links of the page are meant from beside it. */
function isBelow({ url }: Request): boolean {
  return /\/admin\/(?:\?|$)/.test(url);
}

function toPage(): Response {
  return new Response(null, { status: 308, headers: { location: "../admin" } });
}

function deskOf(page: Uint8Array<ArrayBuffer>): Response {
  return new Response(page, { headers: HEADERS });
}

export async function deskPage() {
  const page = await Bun.file(join(shipped("public"), "desk", "desk.html")).bytes();
  return new Elysia({ name: "desk-page" })
    .get("/admin", ({ request }) => (isBelow(request) ? toPage() : deskOf(page)), HIDDEN)
    .get("/desk/uplot.js", asset(uplot, "text/javascript"), HIDDEN)
    .get("/desk/uplot.css", asset(uplotStyle, "text/css"), HIDDEN);
}
