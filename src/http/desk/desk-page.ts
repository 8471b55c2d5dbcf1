// /admin: the desk's page, and the charting library that it loads.
import { Elysia } from "elysia";
import { join } from "node:path";
import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "file" };
import uplot from "uplot/dist/uPlot.esm.js" with { type: "file" };
import { shipped } from "../../lib/shipped.ts";
import { Content } from "../content.ts";

/** Loads, runs and sends to this origin only, and cannot be framed. */
const HEADERS = {
  "content-security-policy":
    "default-src 'self'; img-src 'self' data:; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  // A browser keeps neither the page nor what is typed into it: somebody else may go back to it.
  "cache-control": "no-store",
};

const LIBRARY = { "cache-control": "public, max-age=86400", "x-content-type-options": "nosniff" };

const HIDDEN = { detail: { hide: true } };

/** The page's links are relative to /admin, not to /admin/. */
function isBelow({ url }: Request): boolean {
  return /\/admin\/(?:\?|$)/.test(url);
}

function toPage(): Response {
  return new Response(null, { status: 308, headers: { location: "../admin" } });
}

export function deskPage() {
  const page = Content.ofFile(join(shipped("public"), "desk", "desk.html"), HEADERS);
  const [script, style] = [Content.ofFile(uplot, LIBRARY), Content.ofFile(uplotStyle, LIBRARY)];
  return new Elysia({ name: "desk-page" })
    .get("/admin", ({ request }) => (isBelow(request) ? toPage() : page.answer(request)), HIDDEN)
    .get("/desk/desk.html", toPage, HIDDEN)
    .get("/desk/uplot.js", ({ request }) => script.answer(request), HIDDEN)
    .get("/desk/uplot.css", ({ request }) => style.answer(request), HIDDEN);
}
