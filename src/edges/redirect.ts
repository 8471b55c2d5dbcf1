// Pure: who may be sent on to an edge, and to which address.
import { matchesGlob } from "../lib/glob.ts";
import { askedPlace } from "../output/audience/asked-place.ts";
import { isProbe, type StreamRequest } from "../output/stream-answer.ts";
import { RELAY_HEADER } from "../wire/origins.ts";

/** In an address: the listener is served where it asks. Edges are asked like this, so that nobody is sent in circles. */
const OPT_OUT = "redirect";
const NO = "no";

/** Servers that pull a stream; they come back to the address that they were given. */
const RELAYS = /^(?:icecast|cycast|liquidsoap|shoutcast|rsas|azuracast)\b/i;

/** Longer user agents are compared up to here. */
const MAX_TEXT = 512;

/** `served`: patterns of user agents that follow no redirects, in lower case. */
export function mayBeRedirected(request: StreamRequest, served: readonly string[]): boolean {
  const { method, target, headers } = request;
  if (method !== "GET" || headers.has(RELAY_HEADER)) return false;
  if (isProbe(headers.get("range") ?? "")) return false;
  if (askedPlace(target).kind === "unreadable") return false;
  return mayFollow(target, headers, served);
}

/** The same for the multivariant playlist of a mount. */
export function mayBeRedirectedByHls(
  { method, target, headers }: Pick<StreamRequest, "method" | "target" | "headers">,
  served: readonly string[],
): boolean {
  return method === "GET" && mayFollow(target, headers, served);
}

function mayFollow(
  target: string,
  headers: StreamRequest["headers"],
  served: readonly string[],
): boolean {
  if (queryOf(target).get(OPT_OUT) === NO) return false;
  const agent = (headers.get("user-agent") ?? "").slice(0, MAX_TEXT).toLowerCase();
  return !RELAYS.test(agent) && !served.some((pattern) => matchesGlob(pattern, agent));
}

/** The same request at another server, to be answered there. */
export function addressAt(url: string, path: string, target: string): string {
  const query = queryOf(target);
  query.set(OPT_OUT, NO);
  return `${url}${encodeURI(path).replaceAll("#", "%23").replaceAll("?", "%3F")}?${query.toString()}`;
}

/** The same request with another token. */
export function withToken(target: string, token: string): string {
  const query = queryOf(target);
  query.set("resume", token);
  return `${target.split("?", 1)[0] ?? ""}?${query.toString()}`;
}

function queryOf(target: string): URLSearchParams {
  const mark = target.indexOf("?");
  return new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1));
}
