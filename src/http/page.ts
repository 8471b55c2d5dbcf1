// The listener's page and its files: a route a file, so that no path of a request ever names one.
import { Elysia } from "elysia";
import { join } from "node:path";
import { shipped } from "../lib/shipped.ts";
import { Content } from "./content.ts";
import { PAGE_HEADERS } from "./page-headers.ts";

const PUBLIC = shipped("public");

const FILE_HEADERS = { ...PAGE_HEADERS, "cache-control": "public, max-age=60" };

/** The page itself is asked for anew each time. */
const INDEX_HEADERS = { ...PAGE_HEADERS, "cache-control": "no-cache" };

const HIDDEN = { detail: { hide: true } };

type Context = { readonly request: Request };

/** Paths below public/, without those of pages: each has its own route. */
function files(): string[] {
  return [...new Bun.Glob("**").scanSync(PUBLIC)].filter((path) => !path.endsWith(".html"));
}

export function page() {
  const app = new Elysia({ name: "page" });
  const index = Content.ofFile(join(PUBLIC, "index.html"), INDEX_HEADERS);
  const icon = Content.ofFile(join(PUBLIC, "favicon.svg"), FILE_HEADERS);
  for (const path of files()) {
    const content = Content.ofFile(join(PUBLIC, path), FILE_HEADERS);
    app.get(`/${path}`, ({ request }: Context) => content.answer(request), HIDDEN);
  }
  // Browsers ask for the icon whatever a page says.
  return app
    .get("/", ({ request }) => index.answer(request), HIDDEN)
    .get("/index.html", ({ request }) => index.answer(request), HIDDEN)
    .get("/favicon.ico", ({ request }) => icon.answer(request), HIDDEN);
}
