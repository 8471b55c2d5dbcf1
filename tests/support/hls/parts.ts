// Reads the parts of a media playlist, and checks what must hold for them in one version of it.
import {
  type Attributes,
  attributesOf,
  type MediaPlaylist,
  type Part,
  unquoted,
} from "./playlist-text.ts";
import type { Report } from "./problem.ts";

/** Each duration is rounded by itself. */
const ROUNDED_SECONDS = 0.001;

const SHORTEST = 0.85;
const LEAST_HOLD_BACK = 2;

export function partTargetOf(lines: readonly string[], report: Report): number | null {
  const line = lines.find((text) => text.startsWith("#EXT-X-PART-INF:"));
  return line === undefined ? null : Number(attributesOf(line, report).get("PART-TARGET"));
}

export function partsOf(
  { lines, mediaSequence, url }: Pick<MediaPlaylist, "lines" | "mediaSequence" | "url">,
  report: Report,
): Part[] {
  const parts: Part[] = [];
  let [number, index] = [mediaSequence, 0];
  let map: string | null = null;
  for (const line of lines) {
    if (!line.startsWith("#")) [number, index] = [number + 1, 0];
    if (line.startsWith("#EXT-X-MAP:"))
      map = new URL(unquoted(attributesOf(line, report).get("URI")), url).href;
    if (line.startsWith("#EXT-X-PART:"))
      parts.push({ number, index: index++, map, ...fieldsOf(attributesOf(line, report), url) });
  }
  return parts;
}

function fieldsOf(attributes: Attributes, base: string) {
  return {
    url: new URL(unquoted(attributes.get("URI")), base).href,
    duration: Number(attributes.get("DURATION")),
    isGap: attributes.has("GAP"),
  };
}

export const CHECKS_OF_PARTS = [checkInfo, checkDurations, checkSums];

function checkInfo({ parts, partTarget, control }: MediaPlaylist, report: Report): void {
  if (partTarget === null) return parts.length > 0 ? report("part-inf", "none") : undefined;
  const holdBack = Number(control?.get("PART-HOLD-BACK"));
  if (!(holdBack >= LEAST_HOLD_BACK * partTarget))
    report("part-inf", `holds back ${holdBack}, part target ${partTarget}`);
}

function checkDurations({ parts, partTarget }: MediaPlaylist, report: Report): void {
  if (partTarget === null) return;
  for (const [i, { duration, url, number, isGap }] of parts.entries()) {
    const next = parts[i + 1];
    const mayBeShort = isGap || next === undefined || next.number !== number || next.isGap;
    const isShort = duration < SHORTEST * partTarget && !mayBeShort;
    if (duration > partTarget || isShort) report("part-duration", `${url}: ${duration}`);
  }
}

function checkSums({ parts, segments }: MediaPlaylist, report: Report): void {
  for (const { number, duration } of segments) {
    const own = parts.filter((part) => part.number === number);
    const sum = own.reduce((seconds, part) => seconds + part.duration, 0);
    if (own.length > 0 && Math.abs(sum - duration) > ROUNDED_SECONDS * (own.length + 1))
      report("part-sum", `${number}: ${sum}, not ${duration}`);
  }
}
