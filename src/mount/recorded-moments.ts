// Pure: when recorded audio was on air: the stretches without a gap, and the moments at which titles began.
import type { RecordedPiece } from "./recorded-piece.ts";

/** Dates that differ by more from what the samples say have a gap before them. */
export const GAP_MS = 1000;

/** In milliseconds since 1970. */
export interface RecordedSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface DatedTitle {
  readonly atMs: number;
  readonly artist: string;
  readonly title: string;
}

/** What the pieces hold, in order, put together where nothing is missing. */
export function spansIn(pieces: readonly RecordedPiece[]): RecordedSpan[] {
  const spans: { fromMs: number; toMs: number }[] = [];
  for (const { stretches, format } of pieces)
    for (const { atMs, samples } of stretches) {
      const toMs = atMs + (samples / format.sampleRate) * 1000;
      const last = spans.at(-1);
      const isNext = last !== undefined && atMs - last.toMs <= GAP_MS;
      if (isNext) last.toMs = Math.max(last.toMs, toMs);
      else spans.push({ fromMs: atMs, toMs });
    }
  return spans;
}

/** The titles of the pieces, in order; one that a piece begins with has begun there. */
export function datedTitles(pieces: readonly RecordedPiece[]): DatedTitle[] {
  return pieces.flatMap((piece) =>
    piece.titles.flatMap(({ sample, artist, title }, i) => {
      const from = Math.max(sample, piece.stretches[0]?.sample ?? 0);
      const atMs = momentOf(from, piece);
      return atMs === null || isPast(piece, i) ? [] : [{ atMs, artist, title }];
    }),
  );
}

/** Another title is in force when the piece begins. */
export function isPast({ titles, stretches }: RecordedPiece, i: number): boolean {
  return (titles[i + 1]?.sample ?? Number.POSITIVE_INFINITY) <= (stretches[0]?.sample ?? 0);
}

/** When a sample was on air; null if it lies behind what is listed. */
export function momentOf(sample: number, { stretches, format }: RecordedPiece): number | null {
  const at = stretches.findLast((one) => one.sample <= sample) ?? stretches[0];
  if (at === undefined || sample >= at.sample + at.samples) return null;
  return at.atMs + ((sample - at.sample) / format.sampleRate) * 1000;
}
