// Pure: an answer that is a playlist file instead of a stream, as stations publish them (M3U, PLS, XSPF).
import { listedLocations } from "../../library/playlist-file.ts";
import type { AnswerHead } from "../../wire/master-answer.ts";
import { type MasterUrl, masterUrl, redirected } from "./master-url.ts";

/** Stations list a handful of addresses. */
export const MAX_FILE_BYTES = 64 << 10;
const MAX_ENTRIES = 16;

const BY_TYPE: readonly [RegExp, ending: string][] = [
  [/^(?:audio|application)\/(?:x-)?(?:vnd\.apple\.)?mpegurl/i, ".m3u"],
  [/^(?:audio|application)\/(?:x-scpls|scpls|pls\+xml)/i, ".pls"],
  [/^(?:audio|application)\/xspf\+xml/i, ".xspf"],
];

/** Types that do not say what the body is. */
const VAGUE = /^(?:text\/plain|text\/xml|application\/xml|application\/octet-stream|$)/i;

const BY_NAME = /\.(?:m3u8?|pls|xspf)$/i;

/** ".m3u", ".pls" or ".xspf"; null if the answer is no playlist file. */
export function playlistEnding({ headers }: AnswerHead, from: MasterUrl): string | null {
  const type = headers.get("content-type") ?? "";
  const said = BY_TYPE.find(([pattern]) => pattern.test(type))?.[1];
  if (said !== undefined) return said;
  const path = from.target.split("?", 1)[0] ?? "";
  const named = VAGUE.test(type) ? BY_NAME.exec(path)?.[0].toLowerCase() : undefined;
  return named === ".m3u8" ? ".m3u" : (named ?? null);
}

export type Entries =
  | { readonly kind: "entries"; readonly urls: readonly [MasterUrl, ...MasterUrl[]] }
  | { readonly kind: "unusable"; readonly why: string };

/** The streams that the file names. */
export function entriesOf(ending: string, body: Uint8Array, from: MasterUrl): Entries {
  if (Buffer.from(body).includes("#EXT-X-"))
    return { kind: "unusable", why: "it is an HLS playlist, which a relay cannot read" };
  const listed = listedLocations(`list${ending}`, body).slice(0, MAX_ENTRIES);
  const [first, ...others] = listed.flatMap((location) => entryOf(location, from) ?? []);
  if (first === undefined) return { kind: "unusable", why: "its playlist file names no stream" };
  return { kind: "entries", urls: [first, ...others] };
}

/** Credentials of the file's address count for its own host, as in a redirect. */
function entryOf(location: string, from: MasterUrl): MasterUrl | null {
  const url = redirected(from, location);
  return url === null || url.href === from.href
    ? null
    : (masterUrl(url.href, url.credentials) ?? null);
}
