// A listener's request and its answer, common to all ports.
import { isForwarded, type RequestHeaders } from "../access/local.ts";
import { beforeSemicolon, normaliseMount } from "../lib/mount-path.ts";
import { streamHeaders } from "../mount/icy.ts";
import type { Audience } from "./audience/audience.ts";
import type { ListenerClient } from "./audience/listener.ts";

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

/** By the Icy-MetaData header, read like Icecast does. */
function wantsTitles(icyHeader: string): boolean {
  return Number.parseInt(icyHeader, 10) > 0;
}

/** `request`: method, target and protocol. */
export function listenerClient(
  request: string,
  headers: RequestHeaders,
  address: string,
): ListenerClient {
  return {
    address,
    userAgent: headers.get("user-agent") ?? "",
    wantsIcy: wantsTitles(headers.get("icy-metadata") ?? ""),
    request,
    referer: headers.get("referer") ?? "",
    isForwarded: isForwarded(headers),
  };
}

/** Headers of the stream's response; metaint 0: no inline titles. */
export function headersOf({ mount, contentType }: Audience, metaint: number) {
  const bitrate = mount.onAir?.bitrate ?? 0;
  return streamHeaders(mount.config.metadata, { contentType, bitrate, metaint });
}

/** Closes the connection: its descriptor may be the one too many. */
export function full(): Response {
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    "retry-after": "60",
    connection: "close",
  };
  return new Response(FULL, { status: 503, headers });
}
