// hls.js, which the page loads where a browser does not play HLS by itself.
import { Elysia } from "elysia";
import library from "hls.js/dist/hls.light.min.mjs" with { type: "file" };
import { Content } from "../content.ts";

const HEADERS = { "cache-control": "public, max-age=86400", "x-content-type-options": "nosniff" };

const HIDDEN = { detail: { hide: true } };

export function hlsLibrary() {
  const script = new Content(Bun.file(library), HEADERS, "text/javascript; charset=utf-8");
  return new Elysia({ name: "hls-library" }).get(
    "/assets/hls.js",
    ({ request }) => script.answer(request),
    HIDDEN,
  );
}
