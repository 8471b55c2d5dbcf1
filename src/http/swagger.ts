// The OpenAPI document and Swagger UI, with all assets served from here.
import { swagger } from "@elysiajs/swagger";
import { Elysia } from "elysia";
import style from "swagger-ui-dist/swagger-ui.css" with { type: "file" };
import bundle from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import { VERSION } from "../lib/version.ts";
import type { Station } from "../station/station.ts";
import { Content } from "./content.ts";
import { SECURITY_SCHEMES } from "./operation.ts";
import { hlsPaths } from "./hls/hls-docs.ts";
import { named } from "./named-document.ts";
import { PAGE_HEADERS } from "./page-headers.ts";
import { plainDocument } from "./plain-document.ts";
import { HTML_TYPE } from "./reply.ts";
import { mountPaths } from "./stream/stream-docs.ts";

const [PAGE, DOCUMENT] = ["/swagger", "/swagger/json"];

const DAY = { "cache-control": "public, max-age=86400", "x-content-type-options": "nosniff" };
const NOT_KEPT = { "cache-control": "no-cache" };

/** In place of the plugin's own page, which loads its script from a CDN. Below a folder of a proxy it works too. */
const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Cycast API</title>
<link rel="icon" href="favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="swagger/ui.css">
<link rel="stylesheet" href="colours.css">
<link rel="stylesheet" href="swagger.css">
</head>
<body>
<header class="page-head">
<img src="favicon.svg" alt="" width="36" height="36">
<h1>Cycast API</h1>
<nav aria-label="Pages"><a href=".">Station page</a> <a href="swagger/json">OpenAPI document</a></nav>
</header>
<noscript><main><p>This page needs JavaScript. The OpenAPI document can be read without it.</p></main></noscript>
<div id="api"></div>
<script src="swagger/ui.js"></script>
<script src="swagger.js"></script>
</body>
</html>
`;

const HIDDEN = { detail: { hide: true } };

/** The document in JSON, regenerated only when mounts were added or removed. */
function documentOf(station: Station) {
  let content: Content | null = null;
  let known = "";
  return (document: unknown, request: Request): Promise<Response> => {
    const mounts = station.mounts.all
      .map(({ mount, hls }) => `${mount.path} ${hls.isOn}`)
      .join("\n");
    if (content === null || mounts !== known) {
      const text = JSON.stringify(withMounts(plainDocument(document), station));
      content = Content.ofText(text, "application/json;charset=utf-8", NOT_KEPT);
    }
    known = mounts;
    return content.answer(request);
  };
}

/** Mounts have no routes that the plugin could see. */
function withMounts(document: unknown, { all }: Station): object {
  const { paths, ...rest } = document as { readonly paths: object };
  return named({ ...rest, paths: { ...mountPaths(all), ...hlsPaths(all), ...paths } });
}

export function docs(station: Station) {
  const page = Content.ofText(HTML, HTML_TYPE, { ...PAGE_HEADERS, ...NOT_KEPT });
  const [script, styles] = [Content.ofFile(bundle, DAY), Content.ofFile(style, DAY)];
  const answerDocument = documentOf(station);
  return new Elysia({ name: "docs" })
    .onAfterHandle(({ path, request, responseValue }) => {
      if (path === PAGE) return page.answer(request);
      return path === DOCUMENT ? answerDocument(responseValue, request) : undefined;
    })
    .use(
      swagger({
        path: PAGE,
        specPath: DOCUMENT,
        excludeStaticFile: false,
        documentation: {
          openapi: "3.1.0",
          info: {
            title: "Cycast",
            version: VERSION,
            description: "An Icecast-compatible internet-radio server",
            license: { name: "MIT", url: "https://spdx.org/licenses/MIT.html" },
          },
          // Relative to the document, which may be below a folder of a proxy.
          servers: [{ url: ".." }],
          tags: [
            { name: "stream", description: "Streams and playlist files" },
            { name: "api", description: "Status for pages and tools" },
            { name: "icecast", description: "For encoders and tools made for Icecast" },
            { name: "shoutcast", description: "For encoders and tools made for SHOUTcast" },
            { name: "admin", description: "Icecast's admin commands" },
            { name: "desk", description: "The API of the operator's desk at /admin" },
          ],
          components: { securitySchemes: SECURITY_SCHEMES },
        },
      }),
    )
    .get("/swagger/ui.js", ({ request }) => script.answer(request), HIDDEN)
    .get("/swagger/ui.css", ({ request }) => styles.answer(request), HIDDEN);
}
