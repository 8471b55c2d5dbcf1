// /artwork/<id>: the picture embedded in a recently played track, named by its content; and the one drawn for a track
// that has none. Either as a PNG too, for previews of links.
import { Elysia } from "elysia";
import type { Station } from "../../station/station.ts";
import { sunriseSvg } from "../../stats/sunrise.ts";
import { namesTag } from "../content.ts";
import { type Form, queryOf } from "../form.ts";
import { bytes as content, operation, query, text } from "../operation.ts";
import { reply } from "../reply.ts";
import { coverPng, PicturePreviews, type Png, sunrisePng } from "./picture-previews.ts";

/** The id is a hash of the content, so an answer never changes. A script hidden in a file's picture runs nowhere. */
const HEADERS = {
  "cache-control": "public, max-age=31536000, immutable",
  "content-security-policy": "default-src 'none'; sandbox",
  "x-content-type-options": "nosniff",
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
};

const TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];

const UNKNOWN = "There is no such picture\n";
const BUSY = "Too many pictures are being made, try again\n";

const DOCUMENTED = operation({
  tag: "api",
  summary: "The picture of a track, by its artwork_url",
  description: "With .png behind the id, as a PNG of at most 400 pixels.",
  parameters: [
    {
      name: "id",
      in: "path",
      required: true,
      description: "From an artwork_url",
      schema: { type: "string" },
      example: "0123456789abcdef01234567",
    },
  ],
  answers: {
    200: content("It never changes", TYPES),
    304: { description: "Not modified" },
    404: text("No track that was played lately has it", "text/plain", UNKNOWN),
    503: text("Too many PNGs are being made", "text/plain", BUSY),
  },
});

const A_DAY = { "cache-control": "public, max-age=86400" };
const NOT_NOW = { "cache-control": "no-store", "access-control-allow-origin": "*" };

/** Longer texts are cut, in characters. */
const MAX_TEXT_LENGTH = 300;

const TEXTS = [
  query("artist", "Its artist", "Cycast"),
  query("title", "Its title", "Morning Carrier"),
];

const DRAWN = operation({
  tag: "api",
  summary: "A picture drawn for a track that has none",
  parameters: [...TEXTS, query("sun", "0 leaves the sun out")],
  answers: {
    200: text(
      "The same for the same texts",
      "image/svg+xml",
      sunriseSvg("Cycast", "Morning Carrier"),
    ),
  },
});

const PAINTED = operation({
  tag: "api",
  id: "getArtworkSunrisePng",
  summary: "The same as a PNG",
  parameters: TEXTS,
  answers: {
    200: content("The same for the same texts", ["image/png"]),
    503: text("Too many PNGs are being made", "text/plain", BUSY),
  },
});

export function artworkRoute(station: Station) {
  const previews = new PicturePreviews();
  return new Elysia({ name: "artwork" })
    .get("/artwork/sunrise.png", ({ request }) => painted(queryOf(request), previews), PAINTED)
    .get("/artwork/sunrise.svg", ({ request }) => drawn(queryOf(request)), DRAWN)
    .get(
      "/artwork/:id",
      async ({ params, request, status }) => {
        const id = params.id.replace(/\.png$/, "");
        const picture = await station.artworks.get(id);
        if (picture === null) return status(404, UNKNOWN);
        const etag = `"${params.id}"`;
        const headers = { ...HEADERS, etag };
        if (namesTag(request.headers.get("if-none-match"), etag)) {
          return new Response(null, { status: 304, headers });
        }
        if (id !== params.id) return pngAnswer(await preview(id, picture.bytes, previews), etag);
        const { bytes, contentType } = picture;
        const length = { "content-type": contentType, "content-length": String(bytes.length) };
        return new Response(bytes, { headers: { ...headers, ...length } });
      },
      DOCUMENTED,
    );
}

/** A picture that cannot be decoded is drawn. */
function preview(
  id: string,
  bytes: Uint8Array<ArrayBuffer>,
  previews: PicturePreviews,
): Promise<Png | null> {
  return previews.get(id, () => coverPng(bytes).catch(() => sunrisePng("", id)));
}

async function painted(form: Form, previews: PicturePreviews): Promise<Response> {
  const [artist, title] = [textField(form, "artist"), textField(form, "title")];
  const key = `${artist}\n${title}`;
  return pngAnswer(await previews.get(key, () => sunrisePng(artist, title)));
}

function pngAnswer(png: Png | null, etag?: string): Response {
  if (png === null)
    return reply(BUSY, "text/plain; charset=utf-8", 503, { ...NOT_NOW, "retry-after": "2" });
  const length = { "content-type": "image/png", "content-length": String(png.length) };
  const age = etag === undefined ? A_DAY : { etag };
  return new Response(png, { headers: { ...HEADERS, ...age, ...length } });
}

/** Equal texts give equal pictures, so these can be cached too, until a new version draws differently. */
function drawn(form: Form): Response {
  const [artist, title] = [textField(form, "artist"), textField(form, "title")];
  const svg = sunriseSvg(artist, title, textField(form, "sun") !== "0");
  const type = { "content-type": "image/svg+xml", ...A_DAY };
  return new Response(svg, { headers: { ...HEADERS, ...type } });
}

function textField(form: Form, name: string): string {
  return new TextDecoder().decode(form.get(name)).slice(0, MAX_TEXT_LENGTH);
}
