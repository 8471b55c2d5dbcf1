// Pure: playlists as text (RFC 8216 and its second edition).
import {
  type GrowingSegment,
  type Init,
  type MediaFile,
  type MediaSegment,
  secondsOf,
} from "./media-segment.ts";
import { partHoldBack, partTarget } from "./part-lengths.ts";
import type { TitleRange } from "./title-ranges.ts";

export const PLAYLIST_TYPE = "application/vnd.apple.mpegurl";

/** Versions that decimal durations and EXT-X-MAP need. */
const PLAIN_VERSION = 3;
const MAP_VERSION = 6;

const TITLE_CLASS = "cycast.title";

/** A stream of a multivariant playlist. */
export interface Variant {
  /** Relative to the multivariant playlist, without a query. */
  readonly uri: string;
  /** Bits a second. */
  readonly bandwidth: number;
  readonly averageBandwidth: number;
  readonly codecs: string;
}

/** `query`: what media playlists are asked with; "" for nothing. */
export function multivariantText(variants: readonly Variant[], query: string): string {
  const asked = query === "" ? "" : `?${query}`;
  const streams = variants.flatMap(({ uri, bandwidth, averageBandwidth, codecs }) => [
    `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth},AVERAGE-BANDWIDTH=${averageBandwidth},CODECS="${codecs}"`,
    `${uri}${asked}`,
  ]);
  return lines(["#EXTM3U", `#EXT-X-VERSION:${PLAIN_VERSION}`, ...streams]);
}

export interface PlaylistFacts {
  /** "mp3": it is at <mount>/hls/mp3.m3u8. */
  readonly name: string;
  /** The first part of the names of files to come, which no other run has. */
  readonly run: string;
  /** EXT-X-TARGETDURATION, in whole seconds. */
  readonly targetSeconds: number;
  /** Length of a part, as configured; 0: there are none. */
  readonly partSeconds: number;
  /** The sequence number of its first segment's discontinuity. */
  readonly discontinuity: number;
}

/** The place of a part. */
export interface PartPlace {
  /** Media sequence number of its segment. */
  readonly number: number;
  /** Counts from 0 within the segment. */
  readonly index: number;
}

/** What the text of a media playlist is made of. */
export interface PlaylistContent {
  readonly facts: Pick<PlaylistFacts, "run" | "targetSeconds" | "partSeconds">;
  /** Oldest first. */
  readonly listed: readonly MediaSegment[];
  readonly growing: GrowingSegment | null;
  readonly nextPart: PartPlace | null;
  readonly titles: readonly TitleRange[];
  readonly discontinuitySequence: number;
  readonly isEnded: boolean;
}

export function mediaText(playlist: PlaylistContent): string {
  const { facts, listed, growing, titles, isEnded } = playlist;
  const withParts = listed.length - recent(listed, PARTS_LISTED * facts.targetSeconds);
  const hasMap = listed.some(({ init }) => init !== null);
  return lines([
    "#EXTM3U",
    `#EXT-X-VERSION:${hasMap ? MAP_VERSION : PLAIN_VERSION}`,
    `#EXT-X-TARGETDURATION:${facts.targetSeconds}`,
    `#EXT-X-MEDIA-SEQUENCE:${listed[0]?.number ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`,
    ...controlLines(facts.partSeconds),
    ...titles.map(rangeLine),
    ...listed.flatMap((segment, i) => [
      ...headLines(segment, listed[i - 1]),
      ...(i < withParts ? [] : partLines(segment)),
      ...segmentLines(segment),
    ]),
    ...(growing === null ? [] : growingLines(growing, listed.at(-1))),
    ...hintLines(playlist),
    ...(isEnded ? ["#EXT-X-ENDLIST"] : []),
  ]);
}

/** Target durations from the end of a playlist within which parts are listed. */
const PARTS_LISTED = 3;

/** How many of the newest segments begin within so many seconds. */
function recent(listed: readonly MediaSegment[], seconds: number): number {
  let length = 0;
  const before = listed.findLastIndex((segment) => {
    const isFar = length > seconds;
    length += secondsOf(segment);
    return isFar;
  });
  return listed.length - 1 - before;
}

function controlLines(partSeconds: number): string[] {
  const control = "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES";
  if (partSeconds === 0) return [control];
  return [
    `${control},PART-HOLD-BACK=${partHoldBack(partSeconds)}`,
    `#EXT-X-PART-INF:PART-TARGET=${partTarget(partSeconds)}`,
  ];
}

function growingLines(growing: GrowingSegment, before: MediaSegment | undefined): string[] {
  return [...headLines(growing, before), ...partLines(growing)];
}

function partLines({ run, parts }: GrowingSegment): string[] {
  return parts.map((part, index) => {
    const uri = partName(run, { number: part.number, index }, part);
    return `#EXT-X-PART:DURATION=${secondsOf(part).toFixed(5)},URI="${uri}",INDEPENDENT=YES`;
  });
}

function hintLines({ facts, nextPart, listed }: PlaylistContent): string[] {
  const newest = listed.at(-1);
  if (nextPart === null || newest === undefined) return [];
  return [`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${partName(facts.run, nextPart, newest)}"`];
}

export function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}

/** The lines of a segment before its parts. */
function headLines(segment: GrowingSegment, before: MediaSegment | undefined): string[] {
  const { init, isDiscontinuous, wallMs } = segment;
  const isMapped = init !== null && (init !== before?.init || isDiscontinuous);
  return [
    ...(isDiscontinuous ? ["#EXT-X-DISCONTINUITY"] : []),
    ...(isMapped ? [`#EXT-X-MAP:URI="${initName(init)}"`] : []),
    dateLine(wallMs),
  ];
}

function segmentLines(segment: MediaSegment): string[] {
  return [`#EXTINF:${secondsOf(segment).toFixed(5)},`, segmentName(segment)];
}

export function partName(
  run: string,
  { number, index }: PartPlace,
  { container }: Pick<MediaFile, "container">,
): string {
  return `${run}-${number}-${index}.${container.ending}`;
}

export function segmentName({ run, number, container }: MediaSegment): string {
  return `${run}-${number}.${container.ending}`;
}

function initName({ run, index }: Init): string {
  return `${run}-init${index}.mp4`;
}

function rangeLine({ run, index, wallMs, titled, artworkId }: TitleRange): string {
  const { artist, title } = titled;
  return titleLine({ id: `${run}-${index}`, wallMs, artist, title, artworkId });
}

/** A title and when it begins, in milliseconds since 1970. */
export interface DatedTitle {
  readonly id: string;
  readonly wallMs: number;
  readonly artist: string;
  readonly title: string;
  readonly artworkId: string | null;
}

export function titleLine({ id, wallMs, artist, title, artworkId }: DatedTitle): string {
  const attributes = [
    `ID="${id}"`,
    `CLASS="${TITLE_CLASS}"`,
    `START-DATE="${isoDate(wallMs)}"`,
    "END-ON-NEXT=YES",
    `X-TITLE="${quoted(title)}"`,
    `X-ARTIST="${quoted(artist)}"`,
    ...(artworkId === null ? [] : [`X-ART="/artwork/${artworkId}"`]),
  ];
  return `#EXT-X-DATERANGE:${attributes.join(",")}`;
}

/** A quoted string has neither quotes nor line breaks, and no escapes. */
function quoted(text: string): string {
  return text.replaceAll('"', "”").replaceAll(/[\r\n]/g, " ");
}

export function dateLine(wallMs: number): string {
  return `#EXT-X-PROGRAM-DATE-TIME:${isoDate(wallMs)}`;
}

function isoDate(wallMs: number): string {
  return new Date(Math.round(wallMs)).toISOString();
}
