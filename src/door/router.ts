// Who comes to the source port and is no source: listeners hear their mount, everybody else asks the HTTP app.
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Audience } from "../output/audience/audience.ts";
import {
  audienceNamed,
  type AudiencesByPath,
  full,
  headersOf,
  isProbe,
  listenerClient,
} from "../output/listen-request.ts";
import type { AccessLog, AccessRecord } from "../journal/access-log.ts";
import type { ConnectionHandler, Router, ClientConnection } from "./handler.ts";
import type { RequestHead } from "../wire/request-head.ts";
import { pathOf } from "./app-request.ts";
import { type Responder, AppHandler } from "./app-handler.ts";
import { ListenerHandler, ProbeHandler } from "./listener-handler.ts";
import { rawHead } from "../wire/response-head.ts";

const TEXT = { "content-type": "text/plain; charset=utf-8" };

/** Written by ourselves, or true of the HTTP app's own connections only. */
const NOT_PASSED_ON = /^(?:server|date|connection|keep-alive|transfer-encoding|content-length)$/;

/** Any other would reach the HTTP app as a GET: a Request does not hold what Bun does not know. */
const ANSWERED: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "DELETE", "OPTIONS"]);

export interface RouterContext {
  /** "Cycast/1.2.3" */
  readonly server: string;
  readonly clock: Clock;
  readonly wall: Clock;
  readonly log: Log;
  readonly access: AccessLog;
}

export class RequestRouter implements Router, Responder {
  /** Set once the HTTP app is up. */
  app: (request: Request, record: AccessRecord) => Response | Promise<Response> = () =>
    this.refuse(503, "The station is starting");

  constructor(
    private readonly mounts: AudiencesByPath,
    private readonly own: RouterContext,
  ) {}

  route(head: RequestHead, connection: ClientConnection): ConnectionHandler {
    const { method, target } = head;
    if (method === "OPTIONS" && target === "*")
      return this.#answer(head, connection, capabilities());
    if (!ANSWERED.has(method))
      return this.#answer(head, connection, this.refuse(400, "unknown request"));
    const isStream = method === "GET" || method === "HEAD";
    const audience = isStream ? audienceNamed(pathOf(target), this.mounts) : undefined;
    if (audience !== undefined) return this.#listen(audience, head, connection);
    return new AppHandler(head, connection, this, (request) =>
      this.app(request, connection.record),
    );
  }

  nowMs(): number {
    return this.own.clock.nowMs();
  }

  failed(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.own.log.repeated(`a request on the source port failed: ${why}`);
  }

  refuse(status: number, sentence: string): Response {
    return new Response(`${sentence}\r\n`, { status, headers: TEXT });
  }

  /** `length`: of the body; null: as the answer says itself, if it does. */
  head(response: Response, length: number | null): Uint8Array {
    const { status, headers } = response;
    const said = length === null ? headers.get("content-length") : String(length);
    const lines = [...headers].filter(([name]) => !NOT_PASSED_ON.test(name));
    if (said !== null && status !== 204 && status !== 304) lines.push(["content-length", said]);
    return this.#head(status, lines);
  }

  #head(status: number, headers: Iterable<readonly [string, string]>): Buffer {
    const wallMs = this.own.wall.nowMs();
    return rawHead(status, headers, { server: this.own.server, wallMs });
  }

  #listen(audience: Audience, head: RequestHead, connection: ClientConnection): ConnectionHandler {
    if (audience.isFull) return this.#answer(head, connection, full());
    const { method, target, version, headers: asked } = head;
    const client = listenerClient(`${method} ${target} ${version}`, asked, connection.address);
    const isSample = isProbe(asked.get("range") ?? "");
    const headers = headersOf(audience, isSample ? 0 : audience.metaintFor(client));
    if (method === "HEAD") return this.#answer(head, connection, new Response(null, { headers }));
    const opening = this.#head(200, Object.entries(headers));
    return isSample
      ? new ProbeHandler(connection, opening, audience, this.nowMs())
      : new ListenerHandler(connection, opening, audience, client);
  }

  /** An answer that is known already. */
  #answer(head: RequestHead, connection: ClientConnection, answer: Response): ConnectionHandler {
    return new AppHandler(head, connection, this, () => answer);
  }
}

/** libshout asks before it logs in: it then sends PUT, and its titles as forms. */
function capabilities(): Response {
  return new Response("", { headers: { allow: "SOURCE, PUT, GET, HEAD, OPTIONS, POST" } });
}
