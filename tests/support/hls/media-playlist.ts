// Reads a media playlist, and checks what must hold for it alone.
import {
  type Attributes,
  attributesOf,
  dateOf,
  linesOf,
  type MediaPlaylist,
  type Segment,
  unquoted,
  valueOf,
} from "./playlist-text.ts";
import { CHECKS_OF_PARTS, partsOf, partTargetOf } from "./parts.ts";
import type { Report } from "./problem.ts";

const MULTIVARIANT_ONLY = ["EXT-X-STREAM-INF", "EXT-X-MEDIA", "EXT-X-I-FRAME-STREAM-INF"];

const ONCE = [
  "EXT-X-TARGETDURATION",
  "EXT-X-MEDIA-SEQUENCE",
  "EXT-X-DISCONTINUITY-SEQUENCE",
  "EXT-X-PLAYLIST-TYPE",
  "EXT-X-ENDLIST",
  "EXT-X-I-FRAMES-ONLY",
  "EXT-X-SERVER-CONTROL",
  "EXT-X-PART-INF",
  "EXT-X-INDEPENDENT-SEGMENTS",
  "EXT-X-START",
];

/** The lowest version for what a line has; 1 without any demand. */
const DEMANDS: readonly [line: RegExp, version: number][] = [
  [/^#EXTINF:\d+\.\d/, 3],
  [/^#EXT-X-(?:BYTERANGE|I-FRAMES-ONLY)\b/, 4],
  [/^#EXT-X-MAP:/, 6],
  [/^#EXT-X-DEFINE:/, 8],
  [/^#EXT-X-SKIP:/, 9],
];

/** Dates are rounded to milliseconds, EXTINF may be, and a server's clock may be set: dates approach it. */
const ROUNDED_MS = 25;
const APPROACH = 0.011;

export function readMediaPlaylist(url: string, bytes: Uint8Array, report: Report): MediaPlaylist {
  const lines = linesOf(bytes, report);
  const target = Number(headerOf(lines, "EXT-X-TARGETDURATION") ?? Number.NaN);
  const playlist = {
    url,
    lines,
    version: Number(headerOf(lines, "EXT-X-VERSION") ?? 1),
    target,
    mediaSequence: Number(headerOf(lines, "EXT-X-MEDIA-SEQUENCE") ?? 0),
    discontinuitySequence: Number(headerOf(lines, "EXT-X-DISCONTINUITY-SEQUENCE") ?? 0),
    ranges: listsOf(lines, "EXT-X-DATERANGE", report),
    control: listsOf(lines, "EXT-X-SERVER-CONTROL", report)[0] ?? null,
    hints: listsOf(lines, "EXT-X-PRELOAD-HINT", report),
    isEnded: lines.includes("#EXT-X-ENDLIST"),
    type: headerOf(lines, "EXT-X-PLAYLIST-TYPE"),
    partTarget: partTargetOf(lines, report),
  };
  const segments = segmentsOf(playlist, report);
  const all = { ...playlist, segments, parts: partsOf(playlist, report) };
  for (const check of CHECKS_OF_ONE) check(all, report);
  return all;
}

function headerOf(lines: readonly string[], tag: string): string | null {
  return lines.map((line) => valueOf(line, tag)).find((value) => value !== null) ?? null;
}

function listsOf(lines: readonly string[], tag: string, report: Report): Attributes[] {
  return lines
    .filter((line) => line.startsWith(`#${tag}:`))
    .map((line) => attributesOf(line, report));
}

/** Tags of one segment; others hold for the playlist. */
const OF_A_SEGMENT = /^#EXT(?:INF|-X-(?:DISCONTINUITY|PROGRAM-DATE-TIME|BYTERANGE|GAP|BITRATE))\b/;

function segmentsOf(
  playlist: Omit<MediaPlaylist, "segments" | "parts">,
  report: Report,
): Segment[] {
  const segments: Segment[] = [];
  let tags: string[] = [];
  let map: string | null = null;
  let discontinuity = playlist.discontinuitySequence;
  for (const line of playlist.lines) {
    if (OF_A_SEGMENT.test(line) && !line.startsWith("#EXT-X-DISCONTINUITY-S")) tags.push(line);
    if (line === "#EXT-X-DISCONTINUITY") discontinuity++;
    if (line.startsWith("#EXT-X-MAP:")) map = mapOf(playlist.url, line, report);
    if (line.startsWith("#")) continue;
    const number = playlist.mediaSequence + segments.length;
    const url = new URL(line, playlist.url).href;
    const common = { number, url, discontinuity, map, tags };
    segments.push({ ...common, duration: durationOf(tags, report), dateMs: dateIn(tags, report) });
    tags = [];
  }
  return segments;
}

function mapOf(url: string, line: string, report: Report): string {
  return new URL(unquoted(attributesOf(line, report).get("URI")), url).href;
}

function durationOf(tags: readonly string[], report: Report): number {
  const found = tags.flatMap((tag) => valueOf(tag, "EXTINF") ?? []);
  const [text = ""] = found;
  if (found.length !== 1 || !/^\d+(?:\.\d+)?,/.test(text)) report("extinf", found.join(" "));
  return Number.parseFloat(text);
}

function dateIn(tags: readonly string[], report: Report): number | null {
  const [text] = tags.flatMap((tag) => valueOf(tag, "EXT-X-PROGRAM-DATE-TIME") ?? []);
  if (text === undefined) return null;
  const ms = dateOf(text);
  if (ms === null) report("dates", text);
  return ms;
}

const CHECKS_OF_ONE: readonly ((playlist: MediaPlaylist, report: Report) => void)[] = [
  checkKind,
  checkOnce,
  checkOrder,
  checkVersion,
  checkDurations,
  checkMaps,
  checkDates,
  checkRanges,
  checkControl,
  checkHints,
  ...CHECKS_OF_PARTS,
];

function checkKind({ lines }: MediaPlaylist, report: Report): void {
  for (const tag of MULTIVARIANT_ONLY)
    if (lines.some((line) => line.startsWith(`#${tag}:`))) report("kind", tag);
}

function checkOnce({ lines }: MediaPlaylist, report: Report): void {
  for (const tag of ONCE)
    if (lines.filter((line) => valueOf(line, tag) !== null).length > 1) report("once", tag);
}

function checkOrder({ lines }: MediaPlaylist, report: Report): void {
  const first = lines.findIndex((line) => !line.startsWith("#"));
  const discontinuity = lines.indexOf("#EXT-X-DISCONTINUITY");
  for (const tag of ["EXT-X-MEDIA-SEQUENCE", "EXT-X-DISCONTINUITY-SEQUENCE"]) {
    const at = lines.findIndex((line) => line.startsWith(`#${tag}:`));
    if (first >= 0 && at > first) report("order", `${tag} behind a segment`);
    if (tag.includes("DISC") && discontinuity >= 0 && at > discontinuity) report("order", tag);
  }
}

function checkVersion({ lines, version }: MediaPlaylist, report: Report): void {
  if (lines.filter((line) => line.startsWith("#EXT-X-VERSION:")).length > 1)
    report("version", "twice");
  for (const [pattern, demanded] of DEMANDS) {
    const line = lines.find((text) => pattern.test(text));
    if (line !== undefined && version < demanded) report("version", `${version}: ${line}`);
  }
}

function checkDurations({ target, segments }: MediaPlaylist, report: Report): void {
  if (!Number.isInteger(target) || target <= 0) report("target", String(target));
  for (const { number, duration } of segments)
    if (Math.round(duration) > target) report("duration", `${number}: ${duration} > ${target}`);
}

const FRAGMENTED = /\.(?:m4s|mp4|m4a|cmfa)$/;

function checkMaps({ segments }: MediaPlaylist, report: Report): void {
  for (const { url, map } of segments)
    if (FRAGMENTED.test(new URL(url).pathname) !== (map !== null)) report("map", url);
}

function checkDates({ segments }: MediaPlaylist, report: Report): void {
  for (const [i, segment] of segments.entries()) {
    const before = segments[i - 1];
    if (before?.dateMs == null || segment.dateMs === null) continue;
    const stepMs = segment.dateMs - before.dateMs;
    const names = `${before.number} to ${segment.number}: ${stepMs} ms`;
    if (stepMs < 0) report("date-steps", names);
    if (before.discontinuity !== segment.discontinuity) continue;
    const wantedMs = before.duration * 1000;
    if (Math.abs(stepMs - wantedMs) > ROUNDED_MS + wantedMs * APPROACH)
      report("date-steps", `${names}, EXTINF ${before.duration}`);
  }
}

function checkRanges({ ranges, segments }: MediaPlaylist, report: Report): void {
  if (ranges.length > 0 && segments.every(({ dateMs }) => dateMs === null))
    report("range-dates", "no date");
  const seen = new Map<string, Attributes>();
  for (const range of ranges) {
    const id = unquoted(range.get("ID"));
    const other = seen.get(id);
    if (other !== undefined && conflict(other, range)) report("range-changed", id);
    seen.set(id, range);
    checkRange(range, report);
  }
}

/** Whether both lists have one attribute with different values. */
export function conflict(one: Attributes, other: Attributes): boolean {
  return [...one].some(([name, value]) => (other.get(name) ?? value) !== value);
}

function checkRange(range: Attributes, report: Report): void {
  const id = unquoted(range.get("ID"));
  const start = Date.parse(unquoted(range.get("START-DATE")));
  if (id === "" || Number.isNaN(start)) report("range-fields", [...range].join(" "));
  const end = range.has("END-DATE") ? Date.parse(unquoted(range.get("END-DATE"))) : null;
  if (end !== null && !(end >= start)) report("range-fields", `${id} ends before it begins`);
  const duration = range.get("DURATION");
  const isSame = end === null || duration === undefined || end - start === Number(duration) * 1000;
  if (!isSame) report("range-fields", `${id} has two ends`);
  if (!range.has("END-ON-NEXT")) return;
  if (!range.has("CLASS")) report("range-next", `${id} has no CLASS`);
  if (end !== null || duration !== undefined) report("range-next", `${id} has an end of its own`);
}

function checkControl({ control, target }: MediaPlaylist, report: Report): void {
  if (control === null) return;
  const holdBack = control.get("HOLD-BACK");
  if (holdBack !== undefined && Number(holdBack) < 3 * target) report("control", holdBack);
  const skip = control.get("CAN-SKIP-UNTIL");
  if (skip !== undefined && Number(skip) < 6 * target) report("control", `skips until ${skip}`);
}

function checkHints({ hints }: MediaPlaylist, report: Report): void {
  const types = hints.map((hint) => hint.get("TYPE"));
  if (new Set(types).size < types.length) report("hint", `twice: ${types.join(" ")}`);
  for (const hint of hints)
    if (!/^(?:PART|MAP)$/.test(hint.get("TYPE") ?? "") || !hint.has("URI"))
      report("hint", [...hint].join(" "));
}
