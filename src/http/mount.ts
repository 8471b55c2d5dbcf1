// GET and HEAD of one mount: the stream itself.
import { Elysia } from "elysia";
import type { Audience } from "../listener/audience.ts";
import type { Visitor } from "../listener/listener.ts";
import { streamHeaders } from "../mount/icy.ts";
import { streamResponse } from "./stream-sink.ts";

const CONTENT_TYPE = "audio/mpeg";

const FULL =
  "The station is full: every listener's place is taken. Please try again in a minute.\n";

/** One explicit route: a request without Host has a relative URL, which breaks wildcard routing. */
export function mountRoute(audience: Audience) {
  const { path } = audience.mount;
  return new Elysia({ name: `mount ${path}` }).get(
    path,
    ({ request, server }) => {
      if (audience.isFull) return full();
      // The audience has its own, kinder rule for listeners that do not read.
      server?.timeout(request, 0);
      const address = server?.requestIP(request)?.address ?? "unknown";
      return listen(audience, request, visitorOf(request, address));
    },
    { detail: { summary: `Listen to ${path}`, tags: ["stream"], description: DESCRIPTION } },
  );
}

const DESCRIPTION =
  "The live stream: endless audio/mpeg. With the request header `Icy-MetaData: 1` the titles are " +
  "interleaved every `icy-metaint` bytes. 503 when max_listeners is reached.";

function listen(audience: Audience, request: Request, visitor: Visitor): Response {
  const { mount } = audience;
  const headers = streamHeaders(mount.config.metadata, {
    contentType: CONTENT_TYPE,
    bitrate: mount.onAir?.bitrate ?? 0,
    metaint: audience.metaintFor(visitor),
  });
  return streamResponse(headers, request.signal, (sink) => {
    const listener = audience.join(visitor, sink);
    return listener && (() => audience.leave(listener, "it closed the connection"));
  });
}

function visitorOf(request: Request, address: string): Visitor {
  const wantsIcy = Number.parseInt(request.headers.get("icy-metadata") ?? "", 10) > 0;
  return { address, userAgent: request.headers.get("user-agent") ?? "", wantsIcy };
}

function full(): Response {
  const headers = { "content-type": "text/plain; charset=utf-8", "retry-after": "60" };
  return new Response(FULL, { status: 503, headers });
}
