// The SHOUTcast protocol towards listeners: inline titles and icy- headers. The core counts and interleaves.
import type { MountConfig } from "../config/config.ts";
import { MAX_TITLE_BYTES } from "../native/ring.ts";
import { type Metadata, titleLine } from "./metadata.ts";

/** ICY has no escaping: parsers end a title at `';`, so that pair must not occur inside. */
function neutral(text: string): string {
  return text.replace(/[\x00-\x1f\x7f]+/g, " ").replaceAll("';", "’;");
}

/** The longest prefix of whole characters that fits. */
function encodeWithin(text: string, limit: number): Uint8Array {
  const bytes = new Uint8Array(limit);
  const { written } = new TextEncoder().encodeInto(text, bytes);
  return bytes.subarray(0, written);
}

/** The text of an inline block, in UTF-8: StreamTitle='Artist - Title'; */
export function inlineTitle(metadata: Metadata): Uint8Array {
  const [open, close] = ["StreamTitle='", "';"];
  const room = MAX_TITLE_BYTES - open.length - close.length;
  const title = encodeWithin(neutral(titleLine(metadata)), room);
  return Buffer.concat([Buffer.from(open), title, Buffer.from(close)]);
}

/** UTF-8 carried as Latin-1: Bun throws on header values beyond U+00FF, and players read these as UTF-8. */
export function headerValue(text: string): string {
  return Buffer.from(text.replace(/[\x00-\x1f\x7f]+/g, " ").trim(), "utf8").toString("latin1");
}

export interface StreamHeaderFacts {
  readonly contentType: string;
  /** kbit/s; 0 if unknown. */
  readonly bitrate: number;
  /** 0: no inline titles for this listener. */
  readonly metaint: number;
}

/** What radio-browser.info reads, of what is configured. */
function directoryHeaders(directory: Partial<MountConfig["directory"]>): Record<string, string> {
  const { logo, mainStreamUrl, country, subdivision, languages, position } = directory;
  const all = {
    "icy-logo": logo,
    "icy-main-stream-url": mainStreamUrl,
    "icy-country-code": country,
    "icy-country-subdivision-code": subdivision,
    "icy-language-codes": languages,
    "icy-geo-lat-long": position,
    "icy-index-metadata": directory.indexMetadata === true ? "1" : "",
    "icy-do-not-index": directory.doNotIndex === true ? "1" : "",
  };
  const set = Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1]));
  if (set.length === 0) return {};
  const named = set.map(([name, value]) => [name, headerValue(value)] as const);
  return { "icy-version": "2", ...Object.fromEntries(named) };
}

const SHARED: Readonly<Record<string, string>> = {
  "cache-control": "no-cache, no-store",
  expires: "Mon, 26 Jul 1997 05:00:00 GMT",
  pragma: "no-cache",
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "cycast-position, cycast-resume, cycast-resumed, icy-br, icy-description, icy-genre, icy-metaint, icy-name, icy-pub, icy-url",
};

type Named = MountConfig["metadata"];
type Listed = Partial<MountConfig["directory"]>;

function configuredHeaders(config: Named, directory: Listed): Readonly<Record<string, string>> {
  return {
    ...SHARED,
    "icy-name": headerValue(config.stationName),
    ...(config.stationDescription && { "icy-description": headerValue(config.stationDescription) }),
    ...(config.stationGenre && { "icy-genre": headerValue(config.stationGenre) }),
    ...(config.stationUrl && { "icy-url": headerValue(config.stationUrl) }),
    "icy-pub": directory.public === true ? "1" : "0",
    ...directoryHeaders(directory),
  };
}

const NOT_LISTED: Listed = {};

interface Known {
  readonly directory: Listed;
  readonly headers: Readonly<Record<string, string>>;
}

/** A configuration in force does not change, and thousands of listeners may join in a second. */
const known = new WeakMap<Named, Known>();

function headersFor(config: Named, directory: Listed): Readonly<Record<string, string>> {
  const before = known.get(config);
  if (before?.directory === directory) return before.headers;
  const headers = configuredHeaders(config, directory);
  known.set(config, { directory, headers });
  return headers;
}

/** The response headers for a listener of a mount, as Icecast sends them. */
export function streamHeaders(
  config: Named,
  { contentType, bitrate, metaint }: StreamHeaderFacts,
  directory = NOT_LISTED,
): Record<string, string> {
  const headers: Record<string, string> = {
    "content-type": contentType,
    ...headersFor(config, directory),
  };
  if (bitrate > 0) headers["icy-br"] = String(bitrate);
  if (metaint > 0) headers["icy-metaint"] = String(metaint);
  return headers;
}
