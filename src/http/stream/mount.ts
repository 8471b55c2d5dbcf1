// GET and HEAD of one mount: the stream itself.
import { Elysia } from "elysia";
import type { Audience } from "../../listener/audience.ts";
import type { Visitor } from "../../listener/listener.ts";
import { full, headersOf, isProbe, PROBE_MS, visitorOf } from "../../listener/visit.ts";
import { Connection, type Peer } from "../../native/connection.ts";
import type { Station } from "../../station.ts";
import { listenUrl } from "../../stats/icestats.ts";
import { addressOf, baseUrl, targetOf } from "../remote.ts";
import { streamOperation } from "./docs.ts";
import { HandedSink } from "./handed-sink.ts";
import { streamResponse } from "./stream-sink.ts";
import { rawDoor } from "./tune-in.ts";

/** One explicit route: a request without Host has a relative URL, which breaks wildcard routing. HEAD
 * has its own too: without a port, Elysia would measure the endless answer of GET for it. */
export function mountRoute(audience: Audience, station: Station) {
  const { path } = audience.mount;
  return new Elysia({ name: `mount ${path}` })
    .head(path, ({ request }) => head(audience, request), { detail: { hide: true } })
    .get(
      path,
      ({ request, server }) => answerStream(audience, request, server, station),
      streamOperation(path),
    );
}

/** For the next request of a connection whose stream has ended. */
const KEPT_SECONDS = 30;

interface Server {
  readonly port?: number | undefined;
  requestIP(request: Request): Peer | null;
  timeout(request: Request, seconds: number): void;
}

/** It asks in HTTP/1.1, takes its chunks for audio, and follows to the source port, which sends none. */
const NO_CHUNKS = /^streamripper\//i;

/** null where there is none to be named: behind a proxy. */
function otherDoor(
  { mount }: Audience,
  request: Request,
  server: Server | null,
  station: Station,
): string | null {
  const { host, listenPort } = station.config.server;
  const port = server?.port ?? listenPort;
  const url = listenUrl(baseUrl(request, host, port), mount.path);
  const door = rawDoor(url, port, station);
  return door === url ? null : door;
}

/** GET or HEAD of a mount, by whatever path it was named. */
export function answerStream(
  audience: Audience,
  request: Request,
  server: Server | null,
  station: Station,
): Response {
  if (request.method === "HEAD") return head(audience, request);
  if (audience.isFull) return full();
  const door = NO_CHUNKS.test(request.headers.get("user-agent") ?? "")
    ? otherDoor(audience, request, server, station)
    : null;
  if (door !== null) return Response.redirect(door, 302);
  // The audience has its own, kinder rule for listeners that do not read.
  server?.timeout(request, 0);
  const visitor = visitorAt(request, addressOf(request, server));
  const range = request.headers.get("range") ?? "";
  return isProbe(range)
    ? probe(audience, request, server)
    : listen(audience, request, visitor, server);
}

/** What GET would answer. Its body is a stream that is over at once: with none, the answer would have
 * a length, of 0. */
function head(audience: Audience, request: Request): Response {
  if (audience.isFull) return full();
  const headers = headersOf(audience, audience.metaintFor(visitorAt(request, "")));
  return streamResponse(headers, request.signal, () => null);
}

/** The head of a stream and its first bytes. Without a length and not ended at once: to a player that
 * would be a file of that size. */
function probe(audience: Audience, request: Request, server: Server | null): Response {
  return streamResponse(headersOf(audience, 0), request.signal, (sink) => {
    audience.sample(sink);
    const end = setTimeout(() => {
      // What follows on the connection is an ordinary one again.
      server?.timeout(request, KEPT_SECONDS);
      sink.end();
    }, PROBE_MS);
    return () => clearTimeout(end);
  });
}

/** null where it is not this server's: the core cannot write there. */
function connectionOf(request: Request, server: Server | null): Connection | null {
  const peer = server?.requestIP(request) ?? null;
  const port = server?.port;
  return peer === null || port === undefined ? null : Connection.find(port, peer);
}

function listen(
  audience: Audience,
  request: Request,
  visitor: Visitor,
  server: Server | null,
): Response {
  const headers = headersOf(audience, audience.metaintFor(visitor));
  return streamResponse(headers, request.signal, (stream) => {
    const sink = new HandedSink(stream, connectionOf(request, server));
    // The core writes past the stream, so it alone knows how much.
    const onLeft = (sentBytes: number) => (stream.sentBytes = sentBytes);
    const listener = audience.join({ ...visitor, onLeft }, sink);
    if (listener === null) {
      sink.gone();
      return null;
    }
    return () => {
      listener.audience.leave(listener, "it closed the connection");
      sink.gone();
    };
  });
}

function visitorAt(request: Request, address: string): Visitor {
  return visitorOf(`${request.method} ${targetOf(request)} -`, request.headers, address);
}
