// GET and HEAD of a mount over the HTTP server: finds the mount, asks admission, and gives Bun the response.
import { userOf, type Verdict } from "../../access/verdict.ts";
import { listenerVisit } from "../../access/visit.ts";
import { when } from "../../lib/when.ts";
import { type Peer, ServerConnection } from "../../native/server-connection.ts";
import type { Audience } from "../../output/audience/audience.ts";
import type { ListenerClient } from "../../output/audience/listener.ts";
import { joinOverHttp } from "../../output/http-listener.ts";
import {
  answerTo,
  audienceNamed,
  beforeStream,
  giveWay,
  heardBy,
  meantBy,
  PROBE_MS,
  redirect,
  type StreamAnswer,
  type StreamRequest,
} from "../../output/stream-answer.ts";
import type { Station } from "../../station/station.ts";
import { listenUrl } from "../../stats/icestats.ts";
import { callerOf, exchangeOf } from "../exchange.ts";
import { baseUrl, isSecure, targetOf } from "../remote.ts";
import { streamResponse } from "../stream-response.ts";
import { rawDoor, tuneInNamed } from "./tune-in-routes.ts";

type Answer = Response | Promise<Response>;

/**
 * The answer to a path that has no route but may belong to a mount, which come and go while the station runs: a stream in
 * any spelling of its path, or its tune-in file. null: neither.
 */
export function mountAnswer(
  request: Request,
  server: StreamServer | null,
  station: Station,
): Answer | null {
  if (!/^(?:GET|HEAD)$/.test(request.method)) return null;
  const target = targetOf(request);
  const audience = audienceNamed(target, station.mounts.byPath);
  if (audience !== undefined) return listen(audience, request, server, station);
  return tuneInNamed(target.split("?", 1)[0] ?? "", { request, server }, station);
}

interface StreamServer {
  readonly port?: number | undefined;
  requestIP(request: Request): Peer | null;
  timeout(request: Request, seconds: number): void;
}

function listen(
  audience: Audience,
  request: Request,
  server: StreamServer | null,
  station: Station,
): Answer {
  const { method, headers } = request;
  const { origin } = exchangeOf(request);
  const target = targetOf(request);
  const visit = listenerVisit(audience.mount.path, callerOf(request), target);
  giveWay({ method, target }, audience);
  return when(
    station.admission.admit(visit, () => request.signal),
    (verdict) => {
      exchangeOf(request).record.user = userOf(verdict);
      const asked = { method, target, version: "-", headers, origin, door: "listen" } as const;
      return whenThere(audience, asked, { request, server, station }, verdict);
    },
  );
}

interface Arrived {
  readonly request: Request;
  readonly server: StreamServer | null;
  readonly station: Station;
}

/** An admitted listener is sent on to an edge, or its audio may have to be fetched first. */
function whenThere(
  audience: Audience,
  given: StreamRequest,
  asking: Arrived,
  verdict: Verdict,
): Answer {
  const { request, station } = asking;
  const meant = meantBy(verdict, audience, station.mounts.byPath);
  const asked = station.edges.readdressed(given, meant);
  const about = { request: asked, isSecure: isSecure(request) };
  const before = beforeStream(about, verdict, meant, station.edges);
  if (typeof before === "string") return redirect(before);
  if (before === null) return streamOf(audience, asked, asking, verdict);
  const { signal } = request;
  return before.then(() =>
    streamOf(audience, asked, asking, signal.aborted ? { kind: "gone" } : verdict),
  );
}

function streamOf(
  audience: Audience,
  asked: StreamRequest,
  { request, server, station }: Arrived,
  verdict: Verdict,
): Response {
  const heard = heardBy(verdict, audience, station.mounts.byPath, station.fallbacks);
  const answer = answerTo(asked, heard, verdict);
  const elsewhere = redirection(answer, audience, request, server, station);
  return elsewhere ?? respond(answer, heard.audience, request, server);
}

function respond(
  answer: StreamAnswer,
  audience: Audience,
  request: Request,
  server: StreamServer | null,
): Response {
  if (answer.kind === "refused") return answer.response;
  // The body is a stream that ends at once: without a body the response would have a length of 0.
  if (answer.kind === "head") return streamResponse(answer.headers, request, () => null);
  // The audience has its own, kinder rule for listeners that do not read.
  server?.timeout(request, 0);
  const { headers } = answer;
  if (answer.kind === "sample") return sample(audience, headers, request, server);
  return stream(audience, answer.client, headers, request, server);
}

function stream(
  audience: Audience,
  client: ListenerClient,
  headers: Record<string, string>,
  request: Request,
  server: StreamServer | null,
): Response {
  return streamResponse(headers, request, (sink) =>
    joinOverHttp(audience, client, sink, connectionOf(request, server)),
  );
}

/** null if the request did not come over this server: the core cannot write to it then. */
function connectionOf(request: Request, server: StreamServer | null): ServerConnection | null {
  const peer = server?.requestIP(request) ?? null;
  const port = server?.port;
  return peer === null || port === undefined ? null : ServerConnection.find(port, peer);
}

/** Idle timeout of a connection after its stream has ended, in seconds. */
const KEPT_SECONDS = 30;

/** The first bytes, without a length and kept open for a while: players would take anything else for a short file. */
function sample(
  audience: Audience,
  headers: Record<string, string>,
  request: Request,
  server: StreamServer | null,
): Response {
  return streamResponse(headers, request, (sink) => {
    audience.sample(sink);
    const end = setTimeout(() => {
      server?.timeout(request, KEPT_SECONDS);
      sink.end();
    }, PROBE_MS);
    return () => clearTimeout(end);
  });
}

/** Sends HTTP/1.1 requests but takes chunk headers for audio. It follows a redirect to the source port, which sends no
 * chunks. */
const NO_CHUNKS = /^streamripper\//i;

/** null: the client gets its stream here. */
function redirection(
  { kind }: StreamAnswer,
  audience: Audience,
  request: Request,
  server: StreamServer | null,
  station: Station,
): Response | null {
  const hasBody = kind === "stream" || kind === "sample";
  if (!hasBody || !NO_CHUNKS.test(request.headers.get("user-agent") ?? "")) return null;
  const url = sourcePortUrl(audience, request, server, station);
  return url === null ? null : Response.redirect(url, 302);
}

/** null behind a proxy, where the source port has no known address. */
function sourcePortUrl(
  { mount }: Audience,
  request: Request,
  server: StreamServer | null,
  station: Station,
): string | null {
  const port = server?.port ?? station.config.server.listenPort;
  const url = listenUrl(baseUrl(request, server, station.config.server), mount.path);
  const other = rawDoor(url, port, station);
  return other === url ? null : other;
}
