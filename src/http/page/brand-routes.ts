// The station's own files for the page, its icons, and the manifest for home screens.
import { Elysia } from "elysia";
import { type BrandFile, type BrandKind } from "../../branding/brand-file.ts";
import { ICON_SIDES, type IconSide } from "../../branding/brand.ts";
import { shipped } from "../../lib/shipped.ts";
import type { Station } from "../../station/station.ts";
import { Content, namesTag } from "../content.ts";
import { queryOf } from "../form.ts";
import { PAGE_HEADERS } from "../page-headers.ts";
import { reply } from "../reply.ts";
import { type PageRequest, targetOf, viewOf } from "./page-request.ts";
import { lookOf, manifestOf } from "./look.ts";

const HIDDEN = { detail: { hide: true } };

const KINDS = ["logo", "background", "css"] as const satisfies readonly BrandKind[];

const MANIFEST_TYPE = "application/manifest+json; charset=utf-8";

/** A script in a logo runs nowhere. Pages of other origins show the embedded player. */
const FILE_HEADERS = {
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  "x-content-type-options": "nosniff",
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
};

const SOON = "public, max-age=60";
const FOR_EVER = "public, max-age=31536000, immutable";

function fileAnswer(request: Request, { bytes, contentType, stamp }: BrandFile): Response {
  const etag = `"${stamp}"`;
  const isNamed = queryOf(request).has("v");
  const headers = { ...FILE_HEADERS, etag, "cache-control": isNamed ? FOR_EVER : SOON };
  if (namesTag(request.headers.get("if-none-match"), etag))
    return new Response(null, { status: 304, headers });
  const about = { "content-type": contentType, "content-length": String(bytes.length) };
  return new Response(bytes, { headers: { ...headers, ...about } });
}

function none(): Response {
  return reply("The station has no such file\n", "text/plain; charset=utf-8", 404);
}

export function brandRoutes(station: Station, folder = shipped("public")) {
  const { brand } = station;
  const headers = { ...PAGE_HEADERS, "cache-control": SOON };
  const own = (name: string) => Content.ofFile(`${folder}/${name}`, headers);
  const plain = { favicon: own("favicon.svg"), icons: iconsOf(own) };
  const icon = async (request: Request, side: IconSide): Promise<Response> => {
    const png = await brand.icon(side);
    if (png === null) return plain.icons[side].answer(request);
    const stamp = `${brand.logo?.stamp}-${side}`;
    return fileAnswer(request, { bytes: png, contentType: "image/png", stamp });
  };
  const routes = new Elysia({ name: "brand" })
    // Browsers request these two whatever the page says.
    .get(
      "/favicon.ico",
      ({ request }) =>
        brand.logo === null ? plain.favicon.answer(request) : fileAnswer(request, brand.logo),
      HIDDEN,
    )
    .get("/apple-touch-icon.png", ({ request }) => icon(request, 180), HIDDEN)
    .get("/manifest.webmanifest", (asked) => manifest(asked, station), HIDDEN);
  for (const side of ICON_SIDES)
    routes.get(`/branding/icon-${side}.png`, ({ request }) => icon(request, side), HIDDEN);
  for (const kind of KINDS)
    routes.get(
      `/branding/${kind}`,
      ({ request }) => {
        const file = brand[kind];
        return file === null ? none() : fileAnswer(request, file);
      },
      HIDDEN,
    );
  return routes;
}

function iconsOf(own: (name: string) => Content): Readonly<Record<IconSide, Content>> {
  const of = (side: IconSide) => own(`icon-${side}.png`);
  return { 180: of(180), 192: of(192), 512: of(512) };
}

function manifest({ request, server }: PageRequest, station: Station): Response {
  const view = viewOf(targetOf({ request, server }, station), station);
  const body = JSON.stringify(manifestOf(view, lookOf(station.brand, "")));
  return reply(body, MANIFEST_TYPE, 200, { "cache-control": SOON });
}
