// Pure: the playlist of what is recorded (EXT-X-PLAYLIST-TYPE VOD or EVENT), and the names of its segments.
import type { StreamFormat } from "../format/frame.ts";
import { GAP_MS, isPast, momentOf } from "../mount/recorded-moments.ts";
import type { RecordedPiece, RecordedStretch } from "../mount/recorded-piece.ts";
import { containerOf } from "./containers.ts";
import { dateLine, lines, titleLine } from "./playlist-text.ts";

/** Longest segment that recordings have, but for what their disk or clock did to them: a list that grows cannot change it. */
const TARGET_SECONDS = 15;

/** The name of a segment: everything that is needed to read it. */
export interface PastName {
  readonly id: string;
  readonly byte: number;
  readonly bytes: number;
  readonly sample: number;
}

interface PastSegment extends RecordedStretch {
  readonly piece: RecordedPiece;
  readonly isDiscontinuous: boolean;
}

/** A segment as it is listed, with the time of day of its begin in milliseconds since 1970. */
export interface ListedPast {
  readonly sequence: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly atMs: number;
}

export interface PastList {
  readonly text: string;
  readonly targetSeconds: number;
  readonly listed: readonly ListedPast[];
}

/** `isOver`: nothing is added any more. */
export function pastList(pieces: readonly RecordedPiece[], isOver: boolean): PastList {
  const played = ofOneCodec(pieces);
  const segments = segmentsOf(played);
  const longest = Math.max(TARGET_SECONDS, ...segments.map((one) => Math.round(secondsOf(one))));
  const isCut = played.length < pieces.length;
  const listed = segments.map((one, sequence) => {
    return { sequence, seconds: secondsOf(one), bytes: one.bytes, atMs: one.atMs };
  });
  const text = lines([
    "#EXTM3U",
    "#EXT-X-VERSION:3",
    `#EXT-X-TARGETDURATION:${longest}`,
    `#EXT-X-PLAYLIST-TYPE:${isOver ? "VOD" : "EVENT"}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    ...titleLines(played),
    ...segments.flatMap(segmentLines),
    ...(isOver || isCut ? ["#EXT-X-ENDLIST"] : []),
  ]);
  return { text, targetSeconds: longest, listed };
}

/** Whether recordings of the format can be played by HLS: frames that stand for themselves. */
export function isPlayable(format: StreamFormat): boolean {
  return format.codec === "mp3" || format.codec === "aac";
}

export function pastName({ id, byte, bytes, sample }: PastName, format: StreamFormat): string {
  return `past-${id}-${byte}-${bytes}-${sample}.${containerOf(format)?.ending ?? format.codec}`;
}

const NAME = /^past-([0-9a-f]{16})-(\d{1,12})-(\d{1,7})-(\d{1,13})\.(\w+)$/;

/** null if it is no name of a segment. */
export function pastNameIn(text: string): PastName | null {
  const [, id = "", byte, bytes, sample] = NAME.exec(text) ?? [];
  if (id === "") return null;
  return { id, byte: Number(byte), bytes: Number(bytes), sample: Number(sample) };
}

/** Up to the first of another codec, which players cannot go on with. */
function ofOneCodec(pieces: readonly RecordedPiece[]): readonly RecordedPiece[] {
  const codec = pieces[0]?.format.codec;
  const other = pieces.findIndex(({ format }) => format.codec !== codec);
  return other < 0 ? pieces : pieces.slice(0, other);
}

function segmentsOf(pieces: readonly RecordedPiece[]): PastSegment[] {
  const all = pieces.flatMap((piece) => piece.stretches.map((stretch) => ({ ...stretch, piece })));
  return all.map((one, i) => {
    const before = all[i - 1];
    const dueMs = before === undefined ? one.atMs : before.atMs + secondsOf(before) * 1000;
    const isOther = before !== undefined && before.piece !== one.piece;
    return { ...one, isDiscontinuous: isOther || Math.abs(one.atMs - dueMs) > GAP_MS };
  });
}

function secondsOf({ samples, piece }: Pick<PastSegment, "samples" | "piece">): number {
  return samples / piece.format.sampleRate;
}

function segmentLines(segment: PastSegment): string[] {
  const { piece, isDiscontinuous, atMs } = segment;
  return [
    ...(isDiscontinuous ? ["#EXT-X-DISCONTINUITY"] : []),
    dateLine(atMs),
    `#EXTINF:${secondsOf(segment).toFixed(5)},`,
    pastName({ ...segment, id: piece.id }, piece.format),
  ];
}

function titleLines(pieces: readonly RecordedPiece[]): string[] {
  return pieces.flatMap((piece) =>
    piece.titles.flatMap(({ sample, artist, title }, i) => {
      const wallMs = momentOf(sample, piece);
      if (wallMs === null || isPast(piece, i)) return [];
      return [titleLine({ id: `${piece.id}-${i}`, wallMs, artist, title, artworkId: null })];
    }),
  );
}
