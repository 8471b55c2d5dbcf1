// What a request for a stream asks for and is answered, whichever door it came through.
import { isForwarded, type RequestHeaders } from "../access/local.ts";
import { beforeSemicolon, normaliseMount } from "../lib/mount-path.ts";
import { streamHeaders } from "../mount/icy.ts";
import type { Audience } from "./audience.ts";
import type { Visitor } from "./listener.ts";

/** Who asks for no more bytes than that looks whether there is a stream, and goes: nobody listens. */
const PROBE_BYTES = 100;

/** A probe that does not go by itself is closed. */
export const PROBE_MS = 2000;

export const FULL =
  "The station is full: every listener's place is taken. Please try again in a minute.\n";

/** `Range: bytes=0-1` and the like; `bytes=0-` is how players ask for the stream. */
export function isProbe(rangeHeader: string): boolean {
  const range = /^bytes=(\d+)-(\d+)$/i.exec(rangeHeader.trim());
  return range !== null && Number(range[2]) - Number(range[1]) < PROBE_BYTES;
}

/** In the order of the configuration. */
export type AudiencesByPath = ReadonlyMap<string, { readonly audience: Audience }>;

/** The audience that a request target (path and query) names, in any spelling; "/;" is the first one. */
export function audienceNamed(target: string, mounts: AudiencesByPath): Audience | undefined {
  const path = normaliseMount(target.split("?", 1)[0] ?? "");
  if (path === null) return undefined;
  const short = mounts.has(path) ? path : (beforeSemicolon(path) ?? path);
  const named = short === "/" ? mounts.values().next().value : mounts.get(short);
  return named?.audience;
}

/** By the header Icy-MetaData, as Icecast reads it. */
function wantsTitles(icyHeader: string): boolean {
  return Number.parseInt(icyHeader, 10) > 0;
}

/** `request`: method, target and protocol. */
export function visitorOf(request: string, headers: RequestHeaders, address: string): Visitor {
  return {
    address,
    userAgent: headers.get("user-agent") ?? "",
    wantsIcy: wantsTitles(headers.get("icy-metadata") ?? ""),
    request,
    referer: headers.get("referer") ?? "",
    isForwarded: isForwarded(headers),
  };
}

/** Of the answer that is the stream; metaint 0: without titles in it. */
export function headersOf({ mount, contentType }: Audience, metaint: number) {
  const bitrate = mount.onAir?.bitrate ?? 0;
  return streamHeaders(mount.config.metadata, { contentType, bitrate, metaint });
}

/** The connection goes with it: it may be the descriptor that was one too many. */
export function full(): Response {
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    "retry-after": "60",
    connection: "close",
  };
  return new Response(FULL, { status: 503, headers });
}
