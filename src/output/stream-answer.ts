// What a request for a stream gets, on every port: the stream, its head alone, a sample, or a refusal.
import { isForwarded, type RequestHeaders } from "../access/local.ts";
import type { Session } from "../access/ruling.ts";
import { httpRefusal, type Verdict } from "../access/verdict.ts";
import { type ClientOrigin, namedBy } from "../lib/client-origin.ts";
import { interned } from "../lib/interned.ts";
import { beforeSemicolon, normaliseMount } from "../lib/mount-path.ts";
import { originsOf } from "../mount/mount-id.ts";
import { FROM_HEADER, PLACE_HEADER, placeValue, readPoint } from "../wire/origin-place.ts";
import { ORIGINS_HEADER, originsValue, RELAY_HEADER } from "../wire/origins.ts";
import { streamHeaders } from "../mount/icy.ts";
import { arrival } from "./audience/arrival.ts";
import type { Audience } from "./audience/audience.ts";
import { askedPlace } from "./audience/asked-place.ts";
import type { Fallbacks, Heard } from "./audience/fallbacks.ts";
import type { Door, ListenerClient } from "./audience/listener.ts";
import { type NoPlace, ticketHeaders } from "./audience/ticket.ts";

/** A request for no more bytes than this only tests whether the stream exists. */
const PROBE_BYTES = 100;

/** A probe that does not disconnect is closed. */
export const PROBE_MS = 2000;

export const FULL = "The station is full. Please try again in a minute.\n";

/** `Range: bytes=0-1` and the like; players request the stream with `bytes=0-`. */
export function isProbe(rangeHeader: string): boolean {
  const range = /^bytes=(\d+)-(\d+)$/i.exec(rangeHeader.trim());
  return range !== null && Number(range[2]) - Number(range[1]) < PROBE_BYTES;
}

/** In configuration order. */
export type AudiencesByPath = ReadonlyMap<string, { readonly audience: Audience }>;

/** The audience for a request target (path and query), in any spelling; "/;" is the first one. */
export function audienceNamed(target: string, mounts: AudiencesByPath): Audience | undefined {
  const path = normaliseMount(target.split("?", 1)[0] ?? "");
  if (path === null) return undefined;
  const short = mounts.has(path) ? path : (beforeSemicolon(path) ?? path);
  const named = short === "/" ? mounts.values().next().value : mounts.get(short);
  return named?.audience;
}

/** What a listener joins: the mount that it asked for, or the one that its admission says, or a fallback of that. */
export function heardBy(
  verdict: Verdict,
  asked: Audience,
  mounts: AudiencesByPath,
  fallbacks: Fallbacks,
): Heard {
  return fallbacks.heard(meantBy(verdict, asked, mounts));
}

/** The mount that a listener asked for, or that its admission says in place of that. */
export function meantBy(verdict: Verdict, asked: Audience, mounts: AudiencesByPath): Audience {
  const path = verdict.kind === "admitted" ? (verdict.session?.path ?? "") : "";
  return mounts.get(path)?.audience ?? asked;
}

/** A GET or HEAD of a stream. */
export interface StreamRequest {
  readonly method: string;
  /** As sent, query included. */
  readonly target: string;
  /** "-" if unknown. */
  readonly version: string;
  readonly headers: RequestHeaders;
  readonly origin: ClientOrigin;
  /** The port it came by. */
  readonly door: Door;
}

/** Gets a listener's stream to where it is to be heard. */
export interface Elsewhere {
  /** The request of a listener that goes on, with the place that is known for it now. */
  readdressed<R extends StreamRequest>(request: R, audience: Audience): R;
  /** The address of another server that it is sent to; null: it is served here. */
  addressFor(request: StreamRequest, audience: Audience, isSecure: boolean): string | null;
}

/** What happens to an admitted listener before its stream begins: it is sent on, or waits for its audio. */
export function beforeStream(
  { request, isSecure }: { readonly request: StreamRequest; readonly isSecure: boolean },
  verdict: Verdict,
  audience: Audience,
  elsewhere: Elsewhere,
): string | Promise<void> | null {
  if (verdict.kind !== "admitted" || verdict.session?.isMember === true) return null;
  const location = elsewhere.addressFor(request, audience, isSecure);
  if (location !== null) verdict.session?.left(0, 0);
  if (location !== null || request.method !== "GET") return location;
  return arrival(audience, askedPlace(request.target));
}

type StreamHeaders = Record<string, string>;

export type StreamAnswer =
  | { readonly kind: "refused"; readonly response: Response }
  /** To HEAD: the headers that GET would get. */
  | { readonly kind: "head"; readonly headers: StreamHeaders }
  /** The first bytes of the stream, for a client that is not counted as a listener. */
  | { readonly kind: "sample"; readonly headers: StreamHeaders }
  | { readonly kind: "stream"; readonly headers: StreamHeaders; readonly client: ListenerClient };

export function answerTo(request: StreamRequest, heard: Heard, verdict: Verdict): StreamAnswer {
  if (verdict.kind !== "admitted") return { kind: "refused", response: denied(verdict) };
  const answer = admittedTo(request, heard, verdict.session);
  if (answer.kind !== "stream") verdict.session?.left(0, 0);
  return answer;
}

function admittedTo(
  request: StreamRequest,
  { audience, away }: Heard,
  session: Session | undefined,
): StreamAnswer {
  const isMember = session?.isMember === true;
  if (audience.isFull && !isMember) return { kind: "refused", response: full() };
  const client = listenerClient(request, session, away);
  const isSample = isProbe(request.headers.get("range") ?? "");
  const metaint = isSample ? 0 : audience.metaintFor(client);
  const headers = { ...headersOf(audience, metaint), ...originsFor(request, audience) };
  if (request.method === "HEAD") return { kind: "head", headers };
  if (isSample) return { kind: "sample", headers };
  const burst = audience.burstSecondsFor(client);
  if (isMember) return toMember(request, audience, { client, headers, burst });
  const ticket = audience.tickets.issue(askedPlace(request.target), burst);
  if ("sentence" in ticket) return { kind: "refused", response: noPlace(ticket) };
  const aheadSeconds = audience.mount.positions.aheadSeconds(ticket.place.start);
  const all = { ...headers, ...ticketHeaders(ticket, aheadSeconds) };
  client.ticket = ticket;
  return { kind: "stream", headers: all, client };
}

interface Prepared {
  readonly client: ListenerClient;
  readonly headers: StreamHeaders;
  readonly burst: number;
}

/** A server of the cluster learns which bytes of the ring it gets. */
function toMember(
  request: StreamRequest,
  { mount, tickets }: Audience,
  { client, headers, burst }: Prepared,
): StreamAnswer {
  const ticket = tickets.relay(readPoint(request.headers.get(FROM_HEADER)), burst);
  const shared = mount.positions.shared(ticket.place.position);
  const place = placeValue({ ...shared, leadBytes: tickets.leadBytes(ticket) });
  const aheadSeconds = mount.positions.aheadSeconds(ticket.place.start);
  const all = { ...headers, ...ticketHeaders(ticket, aheadSeconds), [PLACE_HEADER]: place };
  client.ticket = ticket;
  return { kind: "stream", headers: all, client };
}

/** Before a request is judged: a listener that goes on must not be counted twice. */
export function giveWay(
  { method, target }: Pick<StreamRequest, "method" | "target">,
  audience: Audience,
): void {
  if (method === "GET") audience.tickets.giveWay(askedPlace(target));
}

export function listenerClient(
  request: StreamRequest,
  session?: Session,
  away?: readonly string[],
): ListenerClient {
  const { method, target, version, headers, origin, door } = request;
  return {
    address: origin.address,
    door,
    userAgent: interned(headers.get("user-agent") ?? ""),
    wantsIcy: wantsTitles(headers.get("icy-metadata") ?? ""),
    request: interned(`${method} ${target} ${version}`),
    referer: interned(headers.get("referer") ?? ""),
    isForwarded: isForwarded(headers) && namedBy(origin) === null,
    session,
    away,
    ticket: undefined,
  };
}

/** By the Icy-MetaData header, read like Icecast does. */
function wantsTitles(icyHeader: string): boolean {
  return Number.parseInt(icyHeader, 10) > 0;
}

/** Headers of the stream's response; metaint 0: no inline titles. */
function headersOf({ mount, contentType }: Audience, metaint: number): StreamHeaders {
  const bitrate = mount.onAir?.bitrate ?? 0;
  const { metadata, directory } = mount.config;
  return streamHeaders(metadata, { contentType, bitrate, metaint }, directory);
}

function noPlace({ status, sentence }: NoPlace): Response {
  return refusal(status, `${sentence}.\n`, { "access-control-allow-origin": "*" });
}

/** For relays of our kind, which pull no mount through itself. */
function originsFor({ headers }: StreamRequest, { mount }: Audience): StreamHeaders {
  if (!headers.has(RELAY_HEADER)) return {};
  return { [ORIGINS_HEADER]: originsValue(originsOf(mount)) };
}

function full(): Response {
  return refusal(503, FULL, { "retry-after": "60" });
}

function denied(verdict: Verdict): Response {
  const { status, sentence, headers } = httpRefusal(verdict);
  return refusal(status, `${sentence}\r\n`, headers);
}

const TEXT = { "content-type": "text/plain; charset=utf-8" };

/** Closes the connection: its descriptor may be the one too many. */
function refusal(status: number, body: string, headers: Readonly<StreamHeaders>): Response {
  return new Response(body, { status, headers: { ...TEXT, ...headers, connection: "close" } });
}

/** A page may follow it too. */
export function redirect(location: string): Response {
  const headers = { location, "cache-control": "no-store", "access-control-allow-origin": "*" };
  return refusal(302, `The stream is at ${location}\r\n`, headers);
}
