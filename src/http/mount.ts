// GET and HEAD of one mount: the stream itself.
import { Elysia } from "elysia";
import type { Audience } from "../listener/audience.ts";
import type { Visitor } from "../listener/listener.ts";
import { FULL, isProbe, PROBE_MS, wantsTitles } from "../listener/visit.ts";
import { streamHeaders } from "../mount/icy.ts";
import { addressOf } from "./remote.ts";
import { streamResponse } from "./stream-sink.ts";

/** One explicit route: a request without Host has a relative URL, which breaks wildcard routing. HEAD
 * has its own too: without a port, Elysia would measure the endless answer of GET for it. */
export function mountRoute(audience: Audience) {
  const { path } = audience.mount;
  return new Elysia({ name: `mount ${path}` })
    .head(path, ({ request }) => head(audience, request), { detail: { hide: true } })
    .get(
      path,
      ({ request, server }) => {
        if (audience.isFull) return full();
        // The audience has its own, kinder rule for listeners that do not read.
        server?.timeout(request, 0);
        const visitor = visitorOf(request, addressOf(request, server));
        const range = request.headers.get("range") ?? "";
        return isProbe(range) ? probe(audience, request) : listen(audience, request, visitor);
      },
      {
        detail: {
          summary: `Listen to ${path}`,
          tags: ["stream"],
          description: DESCRIPTION,
          responses: ANSWERS,
        },
      },
    );
}

const DESCRIPTION =
  "The live stream, endless. With the request header `Icy-MetaData: 1` the titles are " +
  "interleaved every `icy-metaint` bytes. 503 when max_listeners is reached.";

const ANSWERS = {
  200: { description: "The stream, as the content type of what plays" },
  503: { description: "Every listener's place is taken" },
};

function headersFor({ mount, contentType }: Audience, metaint: number): Record<string, string> {
  const bitrate = mount.onAir?.bitrate ?? 0;
  return streamHeaders(mount.config.metadata, { contentType, bitrate, metaint });
}

/** What GET would answer. Its body is a stream that is over at once: with none, the answer would have
 * a length, of 0. */
function head(audience: Audience, request: Request): Response {
  if (audience.isFull) return full();
  const headers = headersFor(audience, audience.metaintFor(visitorOf(request, "")));
  return streamResponse(headers, request.signal, () => null);
}

/** The head of a stream and its first bytes. Without a length and not ended at once: to a player that
 * would be a file of that size. */
function probe(audience: Audience, request: Request): Response {
  return streamResponse(headersFor(audience, 0), request.signal, (sink) => {
    audience.sample(sink);
    const end = setTimeout(() => sink.end(), PROBE_MS);
    return () => clearTimeout(end);
  });
}

function listen(audience: Audience, request: Request, visitor: Visitor): Response {
  const headers = headersFor(audience, audience.metaintFor(visitor));
  return streamResponse(headers, request.signal, (sink) => {
    const listener = audience.join(visitor, sink);
    return listener && (() => audience.leave(listener, "it closed the connection"));
  });
}

function visitorOf(request: Request, address: string): Visitor {
  const { headers, url } = request;
  const target = url.replace(/^https?:\/\/[^/]*/, "");
  return {
    address,
    userAgent: headers.get("user-agent") ?? "",
    wantsIcy: wantsTitles(headers.get("icy-metadata") ?? ""),
    request: `${request.method} ${target} HTTP/1.1`,
    referer: headers.get("referer") ?? "",
  };
}

function full(): Response {
  const headers = { "content-type": "text/plain; charset=utf-8", "retry-after": "60" };
  return new Response(FULL, { status: 503, headers });
}
