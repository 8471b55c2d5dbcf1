// Answers requests that no route can: unknown paths, wrong methods, invalid bodies and fields.
import type { ErrorHandler } from "elysia";
import { normaliseMount } from "../lib/mount-path.ts";
import type { Station } from "../station/station.ts";
import { codeOf } from "./failure.ts";
import { invalidSentence } from "./invalid.ts";
import { reply } from "./reply.ts";
import { targetOf } from "./remote.ts";

type ErrorContext = Parameters<ErrorHandler>[0];

interface Route {
  readonly method: string;
  readonly path: string;
}

const SORRY = "Something went wrong on our side; it is in the log.";
const STOPPING = "The station is stopping; try again in a moment.";
const BROKEN_JSON = "The body is not valid JSON.";
const NO_ROUTE = "There is nothing at this address of the API: /swagger lists what there is.";
const NO_PAGE = "There is nothing here. The station's page is /";

const TEXT = "text/plain;charset=utf-8";
const JSON_TYPE = "application/json;charset=utf-8";

type Headers = Readonly<Record<string, string>>;

function pathOf(request: Request): string {
  return targetOf(request).split("?", 1)[0] ?? "";
}

/** The API answers in JSON, which pages of any site may read. */
function isOfApi(path: string): boolean {
  return path === "/api" || path.startsWith("/api/");
}

function isOfDesk(path: string): boolean {
  return path.startsWith("/api/admin/");
}

/** JSON below /api, elsewhere a line of text. */
function say(request: Request, status: number, sentence: string, more: Headers = {}): Response {
  const path = pathOf(request);
  if (!isOfApi(path)) return reply(`${sentence}\n`, TEXT, status, more);
  const shared: Headers = isOfDesk(path)
    ? { "cache-control": "no-store" }
    : { "access-control-allow-origin": "*" };
  const body = JSON.stringify({ error: sentence, code: codeOf(status) });
  return reply(body, JSON_TYPE, status, { ...shared, ...more });
}

/** The methods of each path. */
export class Methods {
  readonly #byPath = new Map<string, Set<string>>();
  readonly #patterns: readonly (readonly [RegExp, string])[];

  constructor(routes: readonly Route[]) {
    const plain = routes.filter(({ path }) => !/[:*]/.test(path));
    for (const { method, path } of plain) this.#add(path, method);
    this.#patterns = routes
      .filter(({ method, path }) => path.includes(":") && !path.includes("*") && method !== "ALL")
      .map(({ method, path }) => [new RegExp(`^${path.replace(/:\w+/g, "[^/]+")}$`), method]);
  }

  /** For the Allow header; null for an unknown path. HEAD goes with GET, OPTIONS with every path. */
  allowed(path: string): string | null {
    const methods = new Set(this.#byPath.get(path));
    for (const [pattern, method] of this.#patterns) if (pattern.test(path)) methods.add(method);
    if (methods.size === 0) return null;
    if (methods.has("GET")) methods.add("HEAD");
    return [...methods.add("OPTIONS")].join(", ");
  }

  #add(path: string, method: string): void {
    this.#byPath.set(path, (this.#byPath.get(path) ?? new Set<string>()).add(method));
  }
}

const STREAM_METHODS = "HEAD, GET, OPTIONS";

function notFound(request: Request, methods: Methods, station: Station): Response {
  const path = pathOf(request);
  const isMount = station.parts(normaliseMount(path) ?? "") !== undefined;
  const allow = isMount ? STREAM_METHODS : methods.allowed(path);
  if (allow === null) return say(request, 404, isOfApi(path) ? NO_ROUTE : NO_PAGE);
  return say(request, 405, `${request.method} is not possible here: ${allow} are.`, { allow });
}

function failed(failure: ErrorContext, station: Station): Response {
  const { code, error, request } = failure;
  // Kept connections may still bring requests while the station stops, after its rings were closed.
  if (station.first.mount.ring.isClosed) return say(request, 503, STOPPING, { "retry-after": "1" });
  station.log.repeated(`a request failed: ${error instanceof Error ? error.message : code}`);
  const stack =
    station.config.advanced.debug && error instanceof Error ? `\n${error.stack ?? ""}` : "";
  return say(request, 500, SORRY + stack);
}

/** Answers paths that have no route but belong to a mount; null: no mount has this path. */
type LookUp = (
  request: Request,
  server: ErrorContext["server"],
) => Response | Promise<Response> | null;

/** `methods` is a function, since routes are added after this is installed. */
export function answerErrors(station: Station, methods: () => Methods, lookUp: LookUp) {
  return (failure: ErrorContext): Response | Promise<Response> => {
    const { code, error, request } = failure;
    if (code === "NOT_FOUND")
      return lookUp(request, failure.server) ?? notFound(request, methods(), station);
    if (code === "PARSE") return say(request, 400, BROKEN_JSON);
    // An answer that violates its schema is our own fault.
    if (code !== "VALIDATION" || error.type === "response") return failed(failure, station);
    const [found] = error.all as Parameters<typeof invalidSentence>[0][];
    const query = failure.query as Readonly<Record<string, unknown>>;
    const sentence =
      found === undefined ? "The request is not valid." : invalidSentence(found, query);
    return say(request, 422, sentence);
  };
}
