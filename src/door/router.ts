// Routes requests of the source port that are not a source's: listeners get their stream, all others the HTTP app.
import type { Admission } from "../access/admission.ts";
import { userOf, type Verdict } from "../access/verdict.ts";
import { listenerVisit } from "../access/visit.ts";
import type { AccessLog } from "../journal/access-log.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { when } from "../lib/when.ts";
import type { Audience } from "../output/audience/audience.ts";
import type { Fallbacks } from "../output/audience/fallbacks.ts";
import {
  answerTo,
  audienceNamed,
  type AudiencesByPath,
  beforeStream,
  type Elsewhere,
  giveWay,
  heardBy,
  meantBy,
  redirect,
  type StreamRequest,
} from "../output/stream-answer.ts";
import { ALLOWED } from "../wire/answers.ts";
import type { RequestHead } from "../wire/request-head.ts";
import { rawHead } from "../wire/response-head.ts";
import { AppHandler, type Responder } from "./app-handler.ts";
import { pathOf } from "./app-request.ts";
import type { ClientConnection, ConnectionHandler, Router } from "./handler.ts";
import { ListenerHandler, SampleHandler } from "./listener-handler.ts";

const TEXT = { "content-type": "text/plain; charset=utf-8" };

/** Written by us, or true of the HTTP app's own connections only. */
const NOT_PASSED_ON = /^(?:server|date|connection|keep-alive|transfer-encoding|content-length)$/;

/** Any other method would reach the HTTP app as GET: Request knows these only. */
const ROUTED: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "DELETE", "OPTIONS"]);

export interface RouterContext {
  /** "Cycast/1.2.3" */
  readonly server: string;
  readonly clock: Clock;
  readonly wall: Clock;
  readonly log: Log;
  readonly access: AccessLog;
  readonly admission: Admission;
  readonly fallbacks: Fallbacks;
  readonly edges: Elsewhere;
}

interface Listening {
  readonly connection: ClientConnection;
  readonly verdict: Verdict;
  readonly gone: () => AbortSignal;
}

export class RequestRouter implements Router, Responder {
  /** Set once the HTTP app is up. */
  app: (request: Request, client: ClientConnection) => Response | Promise<Response> = () =>
    this.refuse(503, "The station is starting");

  constructor(
    private readonly mounts: AudiencesByPath,
    private readonly context: RouterContext,
  ) {}

  route(
    head: RequestHead,
    connection: ClientConnection,
    gone: () => AbortSignal,
  ): ConnectionHandler | Promise<ConnectionHandler | null> | null {
    const { method, target } = head;
    if (method === "OPTIONS" && target === "*")
      return this.#answer(head, connection, capabilities());
    if (!ROUTED.has(method))
      return this.#answer(head, connection, this.refuse(400, "unknown request"));
    const isStream = method === "GET" || method === "HEAD";
    const audience = isStream ? audienceNamed(pathOf(target), this.mounts) : undefined;
    if (audience !== undefined) return this.#listen(audience, head, connection, gone);
    return new AppHandler(head, connection, this, (request) => this.app(request, connection));
  }

  nowMs(): number {
    return this.context.clock.nowMs();
  }

  failed(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.context.log.repeated(`a request on the source port failed: ${why}`);
  }

  refuse(status: number, sentence: string): Response {
    return new Response(`${sentence}\r\n`, { status, headers: TEXT });
  }

  /** `length`: of the body; null: as the response's own header says. */
  head(response: Response, length: number | null): Uint8Array {
    const { status, headers } = response;
    const said = length === null ? headers.get("content-length") : String(length);
    const lines = [...headers].filter(([name]) => !NOT_PASSED_ON.test(name));
    if (said !== null && status !== 204 && status !== 304) lines.push(["content-length", said]);
    return this.#head(status, lines);
  }

  #head(status: number, headers: Iterable<readonly [string, string]>): Buffer {
    const wallMs = this.context.wall.nowMs();
    return rawHead(status, headers, { server: this.context.server, wallMs });
  }

  #listen(
    audience: Audience,
    head: RequestHead,
    connection: ClientConnection,
    gone: () => AbortSignal,
  ): ConnectionHandler | Promise<ConnectionHandler | null> | null {
    const { origin } = connection;
    const door = connection.isSecure ? "tls" : "source";
    const { path } = audience.mount;
    const visit = listenerVisit(path, { ...origin, headers: head.headers }, head.target);
    giveWay(head, audience);
    return when(this.context.admission.admit(visit, gone), (verdict) => {
      if (verdict.kind === "gone") return null;
      connection.record.user = userOf(verdict);
      return this.#whenThere(audience, { ...head, origin, door }, { connection, verdict, gone });
    });
  }

  /** An admitted listener is sent on to an edge, or its audio may have to be fetched first. */
  #whenThere(
    asked: Audience,
    given: RequestHead & StreamRequest,
    { connection, verdict, gone }: Listening,
  ): ConnectionHandler | Promise<ConnectionHandler | null> | null {
    const meant = meantBy(verdict, asked, this.mounts);
    const { edges } = this.context;
    const request = edges.readdressed(given, meant);
    const isSecure = connection.isSecure;
    const before = beforeStream({ request, isSecure }, verdict, meant, edges);
    if (typeof before === "string") return this.#answer(request, connection, redirect(before));
    if (before === null) return this.#stream(asked, request, connection, verdict);
    const signal = gone();
    return before.then(() =>
      signal.aborted ? null : this.#stream(asked, request, connection, verdict),
    );
  }

  #stream(
    asked: Audience,
    request: RequestHead & StreamRequest,
    connection: ClientConnection,
    verdict: Verdict,
  ): ConnectionHandler {
    const heard = heardBy(verdict, asked, this.mounts, this.context.fallbacks);
    const answer = answerTo(request, heard, verdict);
    if (answer.kind === "refused") return this.#answer(request, connection, answer.response);
    const { headers } = answer;
    if (answer.kind === "head")
      return this.#answer(request, connection, new Response(null, { headers }));
    const opening = this.#head(200, Object.entries(headers));
    return answer.kind === "sample"
      ? new SampleHandler(connection, opening, heard.audience, this.nowMs())
      : new ListenerHandler(connection, opening, heard.audience, answer.client);
  }

  /** For an answer that is known already. */
  #answer(head: RequestHead, connection: ClientConnection, answer: Response): ConnectionHandler {
    return new AppHandler(head, connection, this, () => answer);
  }
}

function capabilities(): Response {
  return new Response("", { headers: { allow: ALLOWED } });
}
