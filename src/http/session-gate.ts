// The gate of HLS: gives players the ids of their sessions, and lets requests for playlists and segments in or refuses them.
import { isForwarded } from "../access/local.ts";
import { signaturePart } from "../access/signed-address.ts";
import { httpRefusal, type Verdict } from "../access/verdict.ts";
import { listenerVisit } from "../access/visit.ts";
import { namedBy } from "../lib/client-origin.ts";
import { when } from "../lib/when.ts";
import type { Audience } from "../output/audience/audience.ts";
import type { ListenerClient } from "../output/audience/listener.ts";
import type { ListedSegment } from "../output/sessions/heard-segments.ts";
import type { SessionEntry, Poll } from "../output/sessions/hls-sessions.ts";
import { FULL } from "../output/stream-answer.ts";
import type { Station } from "../station.ts";
import { callerOf, exchangeOf } from "./exchange.ts";
import { queryText } from "./form.ts";
import { targetOf } from "./remote.ts";

/** The name of a session's id in the query of a media playlist. */
const SESSION = "s";

/** For answers that are one client's. */
export const OWN_ANSWER = { "cache-control": "no-store", "access-control-allow-origin": "*" };

const ENDED = "This session was ended by the station.";

/** A request for a media playlist that was let in. */
export interface EnteredSession {
  /** It gets these segments, the oldest first, in a playlist with this target duration. */
  saw(listed: readonly ListedSegment[], targetSeconds: number): void;
}

const UNCOUNTED: EnteredSession = { saw: () => undefined };

/** The query for the media playlists of a multivariant playlist: a new session, and what signed the request. */
export function sessionQuery(request: Request, { hlsSessions }: Station): string {
  return queryWith(hlsSessions.ids.mint(), queryText(request));
}

function queryWith(id: string, query: string): string {
  const signature = signaturePart(new URLSearchParams(query));
  return `${SESSION}=${id}${signature === "" ? "" : `&${signature}`}`;
}

/** Lets a request for a media playlist in. A Response is the answer in place of the playlist. */
export function enterSession(
  request: Request,
  audience: Audience,
  station: Station,
): EnteredSession | Response | Promise<EnteredSession | Response> {
  if (request.method === "HEAD") return probe(request, audience, station);
  const poll = pollOf(request, audience);
  const { hlsSessions } = station;
  if (poll.id === "") return redirect(request, hlsSessions.idFor(poll));
  return when(hlsSessions.enter(poll), (entry) => {
    if (entry.kind === "elsewhere") return redirect(request, entry.id);
    if (entry.kind !== "admitted") return refused(entry);
    exchangeOf(request).record.isSession = true;
    const { session } = entry;
    return {
      saw: (listed, targetSeconds) => hlsSessions.saw(session, poll, listed, targetSeconds),
    };
  });
}

/** Counts nobody. */
function probe(request: Request, { mount }: Audience, { admission }: Station) {
  const visit = listenerVisit(mount.path, callerOf(request), targetOf(request));
  return when(
    admission.admit(visit, () => request.signal),
    (verdict) => {
      if (verdict.kind !== "admitted") return refused({ kind: "refused", verdict });
      verdict.session?.left(0, 0);
      return UNCOUNTED;
    },
  );
}

/** A segment of a mount that not everybody may hear goes to the addresses of its listeners. null: it may be sent. */
export function segmentRefusal(
  request: Request,
  audience: Audience,
  { admission, hlsSessions }: Station,
): Response | null {
  if (admission.isOpen(audience.mount.path)) return null;
  const { address } = exchangeOf(request);
  return hlsSessions.hasSessionAt(audience, address) ? null : denied({ kind: "challenge" });
}

/** A segment goes to the client of this request. */
export function segmentSent(
  request: Request,
  audience: Audience,
  { hlsSessions }: Station,
  bytes: number,
): void {
  const { record, address } = exchangeOf(request);
  hlsSessions.sent(audience, address, bytes);
  record.isSession = hlsSessions.hasSessionAt(audience, address);
}

function pollOf(request: Request, audience: Audience): Poll {
  const target = targetOf(request);
  const visit = listenerVisit(audience.mount.path, callerOf(request), target);
  const id = new URLSearchParams(queryText(request)).get(SESSION) ?? "";
  const isCached = namedBy(exchangeOf(request).origin) !== null;
  const client = clientOf(request, target);
  return { id, audience, visit, client, isCached, gone: () => request.signal };
}

/** Without its id, which is the player's secret. */
function clientOf(request: Request, target: string): ListenerClient {
  const { method, headers } = request;
  const { origin, address } = exchangeOf(request);
  const [path = "", query = ""] = target.split("?", 2);
  const signature = signaturePart(new URLSearchParams(query));
  return {
    address,
    door: "hls",
    userAgent: headers.get("user-agent") ?? "",
    wantsIcy: false,
    request: `${method} ${path}${signature === "" ? "" : `?${signature}`} -`,
    referer: headers.get("referer") ?? "",
    isForwarded: isForwarded(headers) && namedBy(origin) === null,
  };
}

function redirect(request: Request, id: string): Response {
  const [path = "", query = ""] = targetOf(request).split("?", 2);
  const asked = new URLSearchParams(query);
  asked.set(SESSION, id);
  const location = `${path.slice(path.lastIndexOf("/") + 1)}?${asked}`;
  return new Response(null, { status: 302, headers: { ...OWN_ANSWER, location } });
}

function refused(entry: Exclude<SessionEntry, { kind: "admitted" | "elsewhere" }>): Response {
  if (entry.kind === "refused") return denied(entry.verdict);
  if (entry.kind === "ended") return sentence(403, ENDED);
  return sentence(503, FULL.trimEnd(), { "retry-after": "60" });
}

function denied(verdict: Verdict): Response {
  const { status, sentence: text, headers } = httpRefusal(verdict);
  return sentence(status, text, headers);
}

function sentence(status: number, text: string, headers: Readonly<Record<string, string>> = {}) {
  const all = { ...OWN_ANSWER, ...headers, "content-type": "text/plain; charset=utf-8" };
  return new Response(`${text}\r\n`, { status, headers: all });
}
