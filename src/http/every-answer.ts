// What every request of the listen port passes, whatever answers it: the answer names its server, is compressed where
// that helps, and its line is written to the access log.
import { SERVER, type Station } from "../station.ts";
import type { Asked, Visit } from "../stats/access-log.ts";
import { compressed } from "./compression.ts";
import { guardFrames } from "./framing.ts";
import { addressOf, isTold, targetOf } from "./remote.ts";
import { mountAnswer } from "./stream/mount.ts";
import { flowOf } from "./stream/stream-sink.ts";

type Handle = (request: Request) => Response | Promise<Response>;

type Server = Parameters<typeof addressOf>[1] & Parameters<typeof mountAnswer>[1];

/** Elysia hands in its handler, routed by Bun or by itself, and calls what comes back. */
export function everyAnswer(station: Station, server: () => Server) {
  return (route: (request: unknown) => unknown): Handle =>
    (request) => {
      const visit = visitOf(request, station, server());
      const finish = (response: Response): Response => {
        response.headers.set("server", SERVER);
        guardFrames(request, response);
        if (visit !== null) follow(visit, request, response, station);
        return response;
      };
      const complete = (answer: Response): Response | Promise<Response> => {
        const isStream = flowOf(request.signal) !== undefined;
        const response = isStream ? answer : compressed(request, answer);
        return response instanceof Promise ? response.then(finish) : finish(response);
      };
      // Without a host, Elysia may take the end of a path for all of it.
      const isBare = request.url.startsWith("/");
      const named = isBare ? mountAnswer(request, server(), station) : null;
      const answer = named ?? (route as Handle)(request);
      return answer instanceof Promise ? answer.then(complete) : complete(answer);
    };
}

/** null: nobody wants to know, or the source port tells it. */
function visitOf(request: Request, { access }: Station, server: Server): Visit | null {
  if (!access.isOn || isTold(request)) return null;
  const visit = access.open(addressOf(request, server));
  visit.asked = askedBy(request);
  return visit;
}

/** Bun does not tell the version, except that it lets in a request without Host only in HTTP/1.0. */
function askedBy(request: Request): Asked {
  const { method, headers } = request;
  return {
    request: `${method} ${targetOf(request)} ${headers.has("host") ? "-" : "HTTP/1.0"}`,
    referer: headers.get("referer") ?? "",
    userAgent: headers.get("user-agent") ?? "",
  };
}

/** To the end of the visit: that of a stream, else at once. */
function follow(visit: Visit, request: Request, response: Response, { access }: Station): void {
  visit.status = response.status;
  visit.user = access.userOf(request);
  const flow = request.method === "HEAD" ? undefined : flowOf(request.signal);
  const length = flow?.ended ?? lengthOf(request, response);
  void Promise.resolve(length).then((sentBytes) => {
    visit.sentBytes = sentBytes;
    visit.end();
  });
}

/** Bytes of a body that is no stream; a clone of it is not a copy. Of a file it is all, be it that Bun sends the range
 * that was asked for. */
function lengthOf({ method }: Request, response: Response): number | Promise<number> {
  if (method === "HEAD") return 0;
  const said = response.headers.get("content-length");
  if (said !== null) return Number(said);
  return response
    .clone()
    .blob()
    .then(({ size }) => size);
}
