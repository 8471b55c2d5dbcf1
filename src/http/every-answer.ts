// Wraps every route of the listen port: each answer names its server, is compressed where that helps, and gets its line
// in the access log.
import { banned } from "../access/ban-rule.ts";
import type { LoggedRequest } from "../journal/access-log.ts";
import { SERVER } from "../lib/version.ts";
import { when } from "../lib/when.ts";
import type { Station } from "../station/station.ts";
import { compressed } from "./compression.ts";
import { carrying, Exchange, exchangeAt } from "./exchange.ts";
import { guardFrames } from "./framing.ts";
import type { HlsRoutes } from "./hls/hls-route.ts";
import { httpsRedirect } from "./https-redirect.ts";
import { isPrepared } from "./prepared.ts";
import { peerAddress, targetOf } from "./remote.ts";
import { mountAnswer } from "./stream/stream-route.ts";

type Handle = (request: Request) => Response | Promise<Response>;

type Server = Parameters<typeof mountAnswer>[1];

/** Elysia passes in its handler, whether Bun routes to it or Elysia itself, and calls the returned one. */
export function everyAnswer(station: Station, hls: HlsRoutes, server: () => Server) {
  const early = (request: Request, exchange: Exchange) =>
    banAnswer(exchange, station) ??
    bareAnswer(request, server(), station) ??
    httpsRedirect(request, station) ??
    hls.answer(request) ??
    plainAnswer(request, server(), station);
  return (route: (request: unknown) => unknown): Handle =>
    (request) => {
      const exchange = exchangeAt(request) ?? begin(request, station, server());
      const answer = early(request, exchange) ?? (route as Handle)(request);
      return answer instanceof Promise
        ? answer.then((one) => complete(one, request, exchange, station))
        : complete(answer, request, exchange, station);
    };
}

/** Without a host, Elysia may mistake the end of a path for the whole. */
function bareAnswer(request: Request, server: Server, station: Station) {
  return request.url.startsWith("/") ? mountAnswer(request, server, station) : null;
}

/** The stream at its own address, where no route can be: the router would first look for one, and throw an error. */
function plainAnswer(request: Request, server: Server, station: Station) {
  const path = targetOf(request).split("?", 1)[0] ?? "";
  return station.mounts.byPath.has(path) ? mountAnswer(request, server, station) : null;
}

function complete(
  answer: Response,
  request: Request,
  exchange: Exchange,
  station: Station,
): Response | Promise<Response> {
  if (isPrepared(answer)) return logged(answer, request, exchange, station);
  const response = exchange.streamed === null ? compressed(request, answer) : answer;
  return when(response, (whole) => {
    whole.headers.set("server", SERVER);
    guardFrames(request, whole);
    return logged(whole, request, exchange, station);
  });
}

function logged(response: Response, request: Request, exchange: Exchange, { access }: Station) {
  if (access.isOn && exchange.port === "listen") follow(exchange, request, response);
  return response;
}

/** null unless the client's address is banned, for which even pages are closed. */
function banAnswer({ address }: Exchange, { bans, admission }: Station): Response | null {
  const ban = bans.of(address);
  if (ban === null) return null;
  const refusal = banned(ban);
  admission.note(refusal, address);
  const headers = { "content-type": "text/plain; charset=utf-8", connection: "close" };
  return new Response(`${refusal.sentence}\r\n`, { status: refusal.status, headers });
}

function begin(request: Request, { access, proxies }: Station, server: Server): Exchange {
  const record = access.open(peerAddress(request, server));
  record.origin = proxies.beyond(record.origin, request.headers);
  const exchange = new Exchange(record, "listen");
  carrying(request, exchange);
  return exchange;
}

/** Bun does not give the version, but accepts a request without Host only in HTTP/1.0. */
function loggedRequestOf(request: Request): LoggedRequest {
  const { method, headers } = request;
  return {
    request: `${method} ${targetOf(request)} ${headers.has("host") ? "-" : "HTTP/1.0"}`,
    referer: headers.get("referer") ?? "",
    userAgent: headers.get("user-agent") ?? "",
  };
}

/** Ends the record when the stream that answers it ends, any other record at once. */
function follow({ record, streamed }: Exchange, request: Request, response: Response): void {
  if (record.isSession) return;
  record.asked = loggedRequestOf(request);
  record.status = response.status;
  const end = (sentBytes: number) => {
    record.sentBytes = sentBytes;
    record.end();
  };
  // Bun pulls it later.
  if (streamed !== null && request.method !== "HEAD") return void (streamed.onEnd = end);
  const length = lengthOf(request, response);
  // How much was sent of a body that failed is not known.
  Promise.resolve(length).then(end, () => end(0));
}

/** Bytes of a body that is not a stream; its clone is no copy. For a file it is the whole length, even if Bun sends only
 * the requested range. */
function lengthOf({ method }: Request, response: Response): number | Promise<number> {
  if (method === "HEAD") return 0;
  const length = response.headers.get("content-length");
  if (length !== null) return Number(length);
  return response
    .clone()
    .blob()
    .then(({ size }) => size);
}
