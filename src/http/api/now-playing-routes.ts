// What plays on each mount, in the shape and at the paths of AzuraCast, for the programs that read it there.
import { Elysia, t } from "elysia";
import type { MountFacts } from "../../facts/facts.ts";
import type { Station } from "../../station/station.ts";
import { namesTag } from "../content.ts";
import { callerOf } from "../exchange.ts";
import { field, queryOf } from "../form.ts";
import { json, MOUNT_IN_PATH, operation, query, text } from "../operation.ts";
import { baseUrl, placeOwner } from "../remote.ts";
import { reply } from "../reply.ts";
import { streamResponse } from "../stream-response.ts";
import { failed, failure, noSuchMount } from "../failure.ts";
import type { NowPlayingFeed, Subscriber } from "./now-playing-feed.ts";
import type { Text } from "./now-playing-pages.ts";
import { nowPlaying } from "./now-playing-schema.ts";

const JSON_TYPE = "application/json;charset=utf-8";

const HEADERS = {
  "cache-control": "no-cache",
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "ETag",
};

const EVENT_HEADERS = { ...HEADERS, "content-type": "text/event-stream" };

const TOO_MANY = "Too many pages are open; ask /api/nowplaying instead\n";

/** A subscription is the name of a channel; no client needs more than this for all mounts. */
const MAX_QUERY_LENGTH = 16_384;

export const WHICH = {
  ...MOUNT_IN_PATH,
  description: "Its path without the first slash, its shortcode, or its place from 1",
};

const SHAPE = "In the shape of AzuraCast's now-playing JSON, where each mount is a station.";

const ALL = operation({
  tag: "api",
  id: "getAllNowPlaying",
  summary: "What plays on all mounts, for widgets and bots",
  description: SHAPE,
  answers: {
    200: json("One entry a mount", t.Array(nowPlaying)),
    304: { description: "Not modified" },
  },
});

const answers = {
  200: json("What plays", nowPlaying),
  304: { description: "Not modified" },
  404: json("There is no such mount", failure),
};

const ONE = operation({
  tag: "api",
  id: "getStationNowPlaying",
  summary: "What plays on one mount, for widgets and bots",
  description: `${SHAPE} It is written at most once a second, however many ask.`,
  parameters: [WHICH],
  answers,
});

const STATIC = operation({
  tag: "api",
  id: "getStaticNowPlaying",
  summary: "The same, written only when it changes",
  description: "`elapsed` and `remaining` are those of the last change. The name ends in `.json`.",
  parameters: [{ ...WHICH, name: "file", example: "stream.json" }],
  answers,
});

const ART = operation({
  tag: "api",
  id: "getStationNowPlayingArt",
  summary: "A redirect to the picture of what plays",
  parameters: [WHICH],
  answers: {
    302: { description: "To the picture" },
    404: json("There is no such mount", failure),
  },
});

const EVENTS = operation({
  tag: "api",
  id: "getNowPlayingEvents",
  summary: "What plays as server-sent events, for AzuraCast's clients",
  description:
    "In the form of Centrifugo, AzuraCast's event server: `connect` with what plays at once, `pub` whenever it changes, `{}` every 25 seconds. The stream does not end.",
  parameters: [
    query(
      "cf_connect",
      "The channels, as JSON; all mounts without",
      '{"subs":{"station:stream":{}}}',
    ),
  ],
  answers: {
    200: text(
      "Unnamed events with JSON as data",
      "text/event-stream",
      'data: {"connect": {"subs": {}}}\n\n',
    ),
    404: json("There is no such mount", failure),
    422: json("cf_connect is not JSON with `subs`", failure),
    503: text("Too many pages are open", "text/plain", TOO_MANY),
  },
});

function answer(request: Request, { json: body, etag }: Text): Response {
  const headers = { ...HEADERS, etag };
  if (namesTag(request.headers.get("if-none-match"), etag))
    return new Response(null, { status: 304, headers });
  return reply(body, JSON_TYPE, 200, headers);
}

function together(texts: readonly Text[]): Text {
  const body = `[${texts.map(({ json: one }) => one).join(",")}]`;
  return { json: body, etag: `"${Bun.hash(body).toString(36)}"` };
}

/** The names of the channels; null if there is no valid list. */
function channelsOf(connect: string): readonly string[] | null {
  if (connect.length > MAX_QUERY_LENGTH) return null;
  try {
    const { subs } = JSON.parse(connect) as { readonly subs?: unknown };
    return typeof subs === "object" && subs !== null ? Object.keys(subs) : null;
  } catch {
    return null;
  }
}

type Context = { request: Request; server: Elysia["server"] };

export function nowPlayingRoutes(station: Station, feed: NowPlayingFeed) {
  const { pages } = feed;
  const base = ({ request, server }: Context) => baseUrl(request, server, station.config.server);
  const one = (context: Context, name: string, write: (mount: MountFacts) => Text) => {
    const mount = pages.find(name);
    return mount === undefined ? noSuchMount() : answer(context.request, write(mount));
  };
  return new Elysia({ name: "now-playing" })
    .get(
      "/api/nowplaying",
      (context) => {
        const texts = pages.all.map((mount) => pages.current(mount, base(context)));
        return answer(context.request, together(texts));
      },
      ALL,
    )
    .get(
      "/api/nowplaying/:mount",
      (context) =>
        one(context, context.params.mount, (mount) => pages.current(mount, base(context))),
      ONE,
    )
    .get(
      "/api/nowplaying/:mount/art",
      (context) => {
        const mount = pages.find(context.params.mount);
        if (mount === undefined) return noSuchMount();
        const location = pages.artOf(mount, base(context));
        return new Response(null, { status: 302, headers: { ...HEADERS, location } });
      },
      ART,
    )
    .get(
      "/api/nowplaying_static/:file",
      (context) => {
        const name = context.params.file.replace(/\.json$/, "");
        return one(context, name, (mount) => pages.settled(mount, base(context)));
      },
      STATIC,
    )
    .use(eventRoutes(feed, base));
}

function eventRoutes(feed: NowPlayingFeed, base: (context: Context) => string) {
  const path = "/api/live/nowplaying/sse";
  return new Elysia({ name: "now-playing-events" })
    .head(path, () => new Response(null, { headers: EVENT_HEADERS }), { detail: { hide: true } })
    .get(
      path,
      (context) => {
        const { request } = context;
        const paths = pathsOf(request, feed);
        if (paths instanceof Response) return paths;
        const { address } = callerOf(request);
        return follow(context, feed, { paths, base: base(context), address });
      },
      EVENTS,
    );
}

function pathsOf(request: Request, { pages }: NowPlayingFeed): ReadonlySet<string> | Response {
  const connect = field(queryOf(request), "cf_connect");
  if (connect === "") return new Set(pages.all.map(({ path }) => path));
  const channels = channelsOf(connect);
  if (channels === null) return failed(422, "cf_connect is not JSON with subs.");
  const names = [...new Set(channels)].slice(0, pages.all.length + 1);
  const mounts = names.map((channel) => pages.find(channel.replace(/^station:/, "")));
  if (mounts.length === 0 || mounts.includes(undefined)) return noSuchMount();
  return new Set(mounts.flatMap((mount) => mount?.path ?? []));
}

function follow({ request, server }: Context, feed: NowPlayingFeed, subscriber: Subscriber) {
  const owner = placeOwner(request);
  if (!feed.hasRoom(owner)) return reply(TOO_MANY, "text/plain; charset=utf-8", 503);
  server?.timeout(request, 0);
  return streamResponse(EVENT_HEADERS, request, (client) => feed.join(client, subscriber, owner));
}
