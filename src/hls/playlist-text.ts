// Pure: playlists as text (RFC 8216 and its second edition).
import { type MediaSegment, secondsOf } from "./media-segment.ts";
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
  /** The first part of its files' names, which no other run has. */
  readonly run: string;
  /** EXT-X-TARGETDURATION, in whole seconds. */
  readonly targetSeconds: number;
  /** The sequence number of its first segment's discontinuity. */
  readonly discontinuity: number;
}

/** What the text of a media playlist is made of. */
export interface PlaylistContent {
  readonly facts: Pick<PlaylistFacts, "run" | "targetSeconds">;
  /** Oldest first. */
  readonly listed: readonly MediaSegment[];
  readonly titles: readonly TitleRange[];
  readonly discontinuitySequence: number;
  readonly isEnded: boolean;
}

export function mediaText(playlist: PlaylistContent): string {
  const { facts, listed, titles, isEnded } = playlist;
  const hasMap = listed.some(({ init }) => init !== null);
  return lines([
    "#EXTM3U",
    `#EXT-X-VERSION:${hasMap ? MAP_VERSION : PLAIN_VERSION}`,
    `#EXT-X-TARGETDURATION:${facts.targetSeconds}`,
    `#EXT-X-MEDIA-SEQUENCE:${listed[0]?.number ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`,
    "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES",
    ...titles.map((title) => rangeLine(title, facts.run)),
    ...listed.flatMap((segment, i) => segmentLines(segment, listed[i - 1], facts.run)),
    ...(isEnded ? ["#EXT-X-ENDLIST"] : []),
  ]);
}

export function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}

function segmentLines(segment: MediaSegment, before: MediaSegment | undefined, run: string) {
  const { init, isDiscontinuous, wallMs } = segment;
  const isMapped = init !== null && (init !== before?.init || isDiscontinuous);
  return [
    ...(isDiscontinuous ? ["#EXT-X-DISCONTINUITY"] : []),
    ...(isMapped ? [`#EXT-X-MAP:URI="${initName(run, init.index)}"`] : []),
    dateLine(wallMs),
    `#EXTINF:${secondsOf(segment).toFixed(5)},`,
    segmentName(run, segment),
  ];
}

export function segmentName(run: string, { number, container }: MediaSegment): string {
  return `${run}-${number}.${container.ending}`;
}

export function initName(run: string, index: number): string {
  return `${run}-init${index}.mp4`;
}

function rangeLine({ index, wallMs, airing, artworkId }: TitleRange, run: string): string {
  const { artist, title } = airing.metadata;
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
