// Pure: the playlist of a mount with its files, as one run of the station leaves it to the next.
import { MediaPlaylist } from "./media-playlist.ts";
import {
  isDiscontinuity,
  type MediaFile,
  type MediaSegment,
  secondsOf,
  sizeOf,
} from "./media-segment.ts";
import type { PlaylistFacts } from "./playlist-text.ts";
import type { EarlierEnd } from "./segmenter.ts";
import type { TitleRange } from "./title-ranges.ts";

/** A file that does not lie in a ring. */
export type HeldSegment = MediaSegment & { readonly file: Uint8Array<ArrayBuffer> };

export interface KeptWindow {
  /** The mount's. */
  readonly path: string;
  /** "mp3": that of the playlist. */
  readonly name: string;
  readonly targetSeconds: number;
  readonly partSeconds: number;
  /** When the station stopped, in milliseconds since 1970. */
  readonly stoppedMs: number;
  /** EXT-X-DISCONTINUITY-SEQUENCE, and EXT-X-MEDIA-SEQUENCE: removed segments have lower numbers. */
  readonly discontinuity: number;
  readonly sequence: number;
  /** Oldest first, without a gap; the last of them is the newest. */
  readonly segments: readonly HeldSegment[];
  readonly newest: HeldSegment;
  readonly titles: readonly TitleRange[];
}

/** A mount whose playlist is to be kept; it has at least one segment. */
export interface Keepable {
  readonly name: string;
  readonly targetSeconds: number;
  readonly partSeconds: number;
  readonly discontinuity: number;
  readonly sequence: number;
  readonly titles: readonly TitleRange[];
  /** Those that were removed from the playlist come first. */
  readonly segments: readonly MediaSegment[];
}

/** RFC 8216, 6.2.2: a playlist has at least three target durations. */
const FEWEST_TARGETS = 3;

/** How many of the newest segments are worth keeping: for a playlist that is valid, for all of it, and for players that ask
 * for what was removed from it. */
export function shares({ segments, sequence, targetSeconds }: Keepable): [number, number, number] {
  const listed = segments.filter(({ number }) => number >= sequence).length;
  let [fewest, seconds] = [0, 0];
  for (const segment of segments.toReversed()) {
    if (seconds >= FEWEST_TARGETS * targetSeconds) break;
    seconds += secondsOf(segment);
    fewest++;
  }
  return [Math.min(fewest, listed), listed, segments.length];
}

/**
 * How many segments of each playlist fit into so many bytes: of all of them those without which they are not valid, then what
 * is listed, then what was. The first ones go first.
 */
export function planShares(all: readonly Keepable[], maxBytes: number): number[] {
  const counts = all.map(() => 0);
  let left = maxBytes;
  for (let share = 0; share < 3; share++)
    for (const [i, one] of all.entries()) {
      const [before, wanted] = [counts[i] ?? 0, shares(one)[share] ?? 0];
      // Without its first share a playlist is of no use.
      if (share > 0 && before === 0) continue;
      const added = one.segments.slice(one.segments.length - wanted, one.segments.length - before);
      const bytes = added.reduce((sum, segment) => sum + storedBytes(segment), 0);
      if (bytes > left) continue;
      left -= bytes;
      counts[i] = wanted;
    }
  return counts;
}

/** With its parts, which may be files of their own. */
function storedBytes(segment: MediaSegment): number {
  const isView = segment.file !== null || segment.parts.length === 0;
  return sizeOf(segment) * (isView ? 1 : 2);
}

type BytesOf = (file: MediaFile) => Uint8Array<ArrayBuffer> | null;

/** The newest segments of a playlist that are still to be had; null if there are none. */
export function windowOf(
  given: Pick<KeptWindow, "path" | "stoppedMs">,
  one: Keepable,
  count: number,
  bytesOf: BytesOf,
): KeptWindow | null {
  const segments: HeldSegment[] = [];
  for (const segment of one.segments.slice(-count).toReversed()) {
    const held = count > 0 ? heldSegment(segment, bytesOf) : null;
    if (held === null) break;
    segments.unshift(held);
  }
  const [first, newest] = [segments[0], segments.at(-1)];
  if (first === undefined || newest === undefined) return null;
  const sequence = Math.max(one.sequence, first.number);
  const dropped = one.segments.filter(({ number }) => number >= one.sequence && number < sequence);
  const discontinuity = one.discontinuity + dropped.filter(isDiscontinuity).length;
  const { name, targetSeconds, partSeconds, titles } = one;
  const facts = { ...given, name, targetSeconds, partSeconds };
  return { ...facts, discontinuity, sequence, segments, newest, titles };
}

function heldSegment(segment: MediaSegment, bytesOf: BytesOf): HeldSegment | null {
  const file = bytesOf(segment);
  if (file === null) return null;
  const parts = segment.parts.map((part) => ({ ...part, file: bytesOf(part) }));
  if (parts.some((part) => part.file === null)) return null;
  return { ...segment, file, parts };
}

/** The playlist promised its players what this one does. */
export function isPromised(window: KeptWindow, facts: PlaylistFacts): boolean {
  const names = ["name", "targetSeconds", "partSeconds"] as const;
  return names.every((name) => window[name] === facts[name]);
}

/** The same on a mount whose timeline is 0 at that time of day. */
export function placedOn(window: KeptWindow, zeroMs: number): KeptWindow {
  const place = (one: HeldSegment) => ({ ...one, fromSeconds: (one.wallMs - zeroMs) / 1000 });
  return { ...window, segments: window.segments.map(place), newest: place(window.newest) };
}

/** As the earlier run has published it; `size`: the segments that a playlist may have. */
export function restoredPlaylist(
  { segments, sequence, titles }: KeptWindow,
  facts: PlaylistFacts,
  size: number,
): MediaPlaylist {
  const playlist = new MediaPlaylist(facts);
  for (const segment of segments) if (segment.number >= sequence) playlist.append(segment, size);
  playlist.publish(titles);
  return playlist;
}

export function endOf({ start, samples, format, wallMs }: MediaSegment): EarlierEnd {
  const lengthMs = secondsOf({ samples, format }) * 1000;
  return { ms: start.ms + lengthMs, wallMs: wallMs + lengthMs };
}
