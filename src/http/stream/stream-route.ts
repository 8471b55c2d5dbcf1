// GET and HEAD of one mount: the stream itself.
import type { Audience } from "../../output/audience/audience.ts";
import type { ListenerClient } from "../../output/audience/listener.ts";
import {
  audienceNamed,
  full,
  headersOf,
  isProbe,
  PROBE_MS,
  listenerClient,
} from "../../output/listen-request.ts";
import { ServerConnection, type Peer } from "../../native/server-connection.ts";
import type { Station } from "../../station.ts";
import { listenUrl } from "../../stats/icestats.ts";
import { exchangeOf } from "../exchange.ts";
import { baseUrl, targetOf } from "../remote.ts";
import { HandedSink } from "../../output/sinks/handed-sink.ts";
import { streamResponse } from "../stream-response.ts";
import { rawDoor, tuneInNamed } from "./tune-in-routes.ts";

/**
 * What a path that no route has means to the table of mounts, which come and go while the station runs: a stream in any
 * spelling of its path, or its tune-in file. null: neither.
 */
export function mountAnswer(
  request: Request,
  server: Server | null,
  station: Station,
): Response | null {
  if (!/^(?:GET|HEAD)$/.test(request.method)) return null;
  const [path = ""] = targetOf(request).split("?", 1);
  return streamNamed(request, server, station) ?? tuneInNamed(path, { request, server }, station);
}

function streamNamed(request: Request, server: Server | null, station: Station): Response | null {
  const audience = audienceNamed(targetOf(request), station.mounts.byPath);
  return audience === undefined ? null : answerStream(audience, request, server, station);
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
  const port = server?.port ?? station.config.server.listenPort;
  const url = listenUrl(baseUrl(request, server, station.config.server), mount.path);
  const door = rawDoor(url, port, station);
  return door === url ? null : door;
}

function answerStream(
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
  const client = clientAt(request, exchangeOf(request).address);
  const range = request.headers.get("range") ?? "";
  return isProbe(range)
    ? probe(audience, request, server)
    : listen(audience, request, client, server);
}

/** What GET would answer. Its body is a stream that is over at once: with none, the answer would have
 * a length, of 0. */
function head(audience: Audience, request: Request): Response {
  if (audience.isFull) return full();
  const headers = headersOf(audience, audience.metaintFor(clientAt(request, "")));
  return streamResponse(headers, request, () => null);
}

/** The head of a stream and its first bytes. Without a length and not ended at once: to a player that
 * would be a file of that size. */
function probe(audience: Audience, request: Request, server: Server | null): Response {
  return streamResponse(headersOf(audience, 0), request, (sink) => {
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
function connectionOf(request: Request, server: Server | null): ServerConnection | null {
  const peer = server?.requestIP(request) ?? null;
  const port = server?.port;
  return peer === null || port === undefined ? null : ServerConnection.find(port, peer);
}

function listen(
  audience: Audience,
  request: Request,
  client: ListenerClient,
  server: Server | null,
): Response {
  const headers = headersOf(audience, audience.metaintFor(client));
  return streamResponse(headers, request, (stream) => {
    const sink = new HandedSink(stream, connectionOf(request, server));
    // The core writes past the stream, so it alone knows how much.
    const onLeft = (sentBytes: number) => (stream.sentBytes = sentBytes);
    const listener = audience.join({ ...client, onLeft }, sink);
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

function clientAt(request: Request, address: string): ListenerClient {
  return listenerClient(`${request.method} ${targetOf(request)} -`, request.headers, address);
}
