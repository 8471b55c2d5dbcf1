// /oembed: programs that embed links ask here what a link to the page becomes.
import { Elysia, t } from "elysia";
import type { Station } from "../../station/station.ts";
import { failed, failure } from "../failure.ts";
import { field, type Form, queryOf } from "../form.ts";
import { json, operation, query, text } from "../operation.ts";
import { baseUrl } from "../remote.ts";
import { FOR_EVERYBODY, JSON_TYPE, reply } from "../reply.ts";
import { linkedMount } from "./linked-mount.ts";
import { type MaxSize, oembedOf, oembedXml } from "./oembed.ts";
import { type PageRequest, publicUrl, viewOf } from "./page-request.ts";

const XML = "text/xml; charset=utf-8";

const HEADERS = { ...FOR_EVERYBODY, "cache-control": "public, max-age=60" };

const answer = t.Object(
  {
    version: t.String(),
    type: t.String(),
    title: t.String(),
    author_name: t.String(),
    author_url: t.String(),
    provider_name: t.String(),
    provider_url: t.String(),
    cache_age: t.Number({ description: "Seconds" }),
    thumbnail_url: t.Optional(t.String({ description: "A PNG" })),
    thumbnail_width: t.Optional(t.Number()),
    thumbnail_height: t.Optional(t.Number()),
    html: t.String({ description: "A frame with the player" }),
    width: t.Number(),
    height: t.Number(),
  },
  { title: "Oembed" },
);

const OEMBED = operation({
  tag: "api",
  id: "getOembed",
  summary: "What a link to the page becomes on pages that embed it",
  description: "After oembed.com, for WordPress, Discourse, Mastodon and others.",
  parameters: [
    query(
      "url",
      "The link: to the page, with or without a channel, to its player or to a stream; or its path alone",
      "/",
      { required: true },
    ),
    query("format", "json or xml; json without"),
    query("maxwidth", "Pixels"),
    query("maxheight", "Pixels"),
  ],
  answers: {
    200: json("The player, and what plays", answer),
    404: json("The link leads elsewhere", failure),
    422: json("There is no url", failure),
    501: text("Another format", "text/plain", "json or xml\n"),
  },
});

function sizeOf(form: Form, name: string): number {
  const value = field(form, name);
  return /^\d{1,6}$/.test(value) ? Number(value) : Number.POSITIVE_INFINITY;
}

function maxSizeOf(form: Form): MaxSize {
  return { width: sizeOf(form, "maxwidth"), height: sizeOf(form, "maxheight") };
}

function mountOf(asked: PageRequest, link: string, station: Station): string | null {
  const own = baseUrl(asked.request, asked.server, station.config.server);
  const path = linkedMount(link, [publicUrl(asked, station), own]);
  if (path === null) return null;
  const parts = path === "" ? station.first : station.parts(path);
  return parts?.mount.path ?? null;
}

export function oembedRoutes(station: Station) {
  return new Elysia({ name: "oembed" }).get(
    "/oembed",
    ({ request, server }) => {
      const [form, asked] = [queryOf(request), { request, server }];
      const format = field(form, "format") || "json";
      if (format !== "json" && format !== "xml")
        return reply("json or xml\n", "text/plain; charset=utf-8", 501, HEADERS);
      const link = field(form, "url");
      if (link === "") return failed(422, "url is missing.");
      const path = mountOf(asked, link, station);
      if (path === null) return failed(404, "The link leads to no page of this station.");
      const target = { base: publicUrl(asked, station), path, signed: "" };
      const found = oembedOf(viewOf(target, station), maxSizeOf(form));
      return format === "xml"
        ? reply(oembedXml(found), XML, 200, HEADERS)
        : reply(JSON.stringify(found), JSON_TYPE, 200, HEADERS);
    },
    OEMBED,
  );
}
