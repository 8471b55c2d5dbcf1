// The OpenAPI document and Swagger UI, every asset of it served by ourselves.
import { swagger } from "@elysiajs/swagger";
import { Elysia } from "elysia";
import style from "swagger-ui-dist/swagger-ui.css" with { type: "file" };
import bundle from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import { VERSION } from "../station.ts";
import { SECURITY_SCHEMES } from "./operation.ts";
import { plainDocument } from "./plain-document.ts";

const DOCUMENT = "/swagger/json";

const IMMUTABLE = { "cache-control": "public, max-age=86400" };

function asset(path: string, type: string) {
  return () => new Response(Bun.file(path), { headers: { ...IMMUTABLE, "content-type": type } });
}

/**
 * The plugin's own Swagger UI page loads its script from a CDN and has no option against it. The page
 * of its other provider does: it loads whatever `scalarCDN` names, here public/swagger.js, which puts
 * Swagger UI in its place.
 */
export function docs() {
  return new Elysia({ name: "docs" })
    .onAfterHandle(({ path, responseValue }) => {
      return path === DOCUMENT ? plainDocument(responseValue) : undefined;
    })
    .use(
      swagger({
        path: "/swagger",
        specPath: DOCUMENT,
        excludeStaticFile: false,
        provider: "scalar",
        scalarCDN: "/swagger.js",
        scalarConfig: { customCss: "" },
        documentation: {
          openapi: "3.1.0",
          info: {
            title: "Cycast",
            version: VERSION,
            description: "An Icecast-compatible internet-radio server",
          },
          tags: [
            { name: "stream", description: "What listeners hear" },
            { name: "api", description: "What pages and tools ask" },
            { name: "icecast", description: "What encoders and tools made for Icecast ask" },
            { name: "shoutcast", description: "What those made for SHOUTcast ask" },
            { name: "admin", description: "Icecast's commands, for the keeper of the station" },
            { name: "desk", description: "What the operator's desk at /admin asks and does" },
          ],
          components: { securitySchemes: SECURITY_SCHEMES },
        },
      }),
    )
    .get("/swagger/ui.js", asset(bundle, "text/javascript"), { detail: { hide: true } })
    .get("/swagger/ui.css", asset(style, "text/css"), { detail: { hide: true } });
}
