// Reads a multivariant playlist, and compares its variants.
import {
  attributesOf,
  linesOf,
  type MediaPlaylist,
  type Multivariant,
  unquoted,
  type Variant,
  valueOf,
} from "./playlist-text.ts";
import type { Report } from "./problem.ts";

const MEDIA_ONLY =
  /^#EXT(?:INF|-X-(?:TARGETDURATION|MEDIA-SEQUENCE|DISCONTINUITY|ENDLIST|PLAYLIST-TYPE|MAP|DATERANGE|PROGRAM-DATE-TIME))\b/;

/** Content of variants may be apart by so much, in milliseconds. */
const APART_MS = 25;

export function readMultivariant(url: string, bytes: Uint8Array, report: Report): Multivariant {
  const lines = linesOf(bytes, report);
  if (lines.filter((line) => line.startsWith("#EXT-X-VERSION:")).length > 1)
    report("version", "twice");
  for (const line of lines) if (MEDIA_ONLY.test(line)) report("kind", line);
  const variants: Variant[] = [];
  for (const [i, line] of lines.entries()) {
    if (valueOf(line, "EXT-X-STREAM-INF") === null) continue;
    const next = lines[i + 1] ?? "#";
    if (next.startsWith("#")) report("stream-inf", `no URI: ${line}`);
    else variants.push({ url: new URL(next, url).href, attributes: attributesOf(line, report) });
  }
  if (variants.length === 0) report("stream-inf", "no variant");
  for (const variant of variants) checkVariant(variant, report);
  return { lines, variants };
}

function checkVariant({ url, attributes }: Variant, report: Report): void {
  const bandwidth = Number(attributes.get("BANDWIDTH"));
  if (!(bandwidth > 0)) report("stream-inf", `no BANDWIDTH for ${url}`);
  if (!attributes.has("CODECS")) report("stream-inf", `no CODECS for ${url}`);
  const average = Number(attributes.get("AVERAGE-BANDWIDTH") ?? bandwidth);
  if (average > bandwidth) report("average", `${average} > ${bandwidth}`);
}

export function codecsOf({ attributes }: Variant): string[] {
  return unquoted(attributes.get("CODECS")).split(",");
}

/** Playlists of variants, fetched at one time. */
export function compareVariants(playlists: readonly MediaPlaylist[], report: Report): void {
  const [first, ...others] = playlists;
  for (const other of first === undefined ? [] : others) compareTwo(first!, other, report);
}

function compareTwo(one: MediaPlaylist, other: MediaPlaylist, report: Report): void {
  if (one.target !== other.target) report("variant-target", `${one.target}, ${other.target}`);
  for (const segment of one.segments) {
    const same = other.segments.find(({ number }) => number === segment.number);
    if (same === undefined) continue;
    const apartMs = Math.abs((segment.dateMs ?? 0) - (same.dateMs ?? 0));
    const isOther = Math.abs(segment.duration - same.duration) * 1000 > APART_MS;
    if (apartMs > APART_MS || isOther)
      report("variant-times", `${segment.number}: ${apartMs} ms apart`);
    if (segment.discontinuity !== same.discontinuity)
      report("variant-discontinuity", String(segment.number));
  }
}
