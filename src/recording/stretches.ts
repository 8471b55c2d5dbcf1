// Pure: the parts of a recorded file between its anchors, which begin with whole frames.
import type { RecordedTitle, RecordedStretch } from "../mount/recorded-piece.ts";
import type { Anchor } from "./segment.ts";

/** Anchors are ten seconds apart; more bytes are no ten seconds of MP3 or AAC. */
const MAX_BYTES = 4 << 20;

/** The end of the audio that is on disk. */
export interface End {
  /** Behind the head. */
  readonly byte: number;
  readonly sample: number;
  readonly atMs: number;
}

/** The stretches heard between two moments. `end` null: the file grows, and ends with its last anchor for now. */
export function stretchesIn(
  anchors: readonly Anchor[],
  headBytes: number,
  end: End | null,
  [fromMs, toMs]: readonly [number, number],
): RecordedStretch[] {
  const points = anchors.map(([atMs, byte, , sample]) => ({ atMs, byte, sample }));
  const last = end === null ? [] : [end];
  const all = [...points, ...last];
  return points.flatMap(({ atMs, byte, sample }, i) => {
    const next = all[i + 1];
    if (next === undefined || atMs >= toMs || next.atMs <= fromMs) return [];
    const [bytes, samples] = [next.byte - byte, next.sample - sample];
    const isSound = bytes > 0 && bytes <= MAX_BYTES && samples > 0;
    return isSound ? [{ byte: headBytes + byte, bytes, sample, samples, atMs }] : [];
  });
}

/** Of a document that anybody may have put there. */
export function titlesIn(document: object | null): RecordedTitle[] {
  const titles: unknown = document === null ? [] : Reflect.get(document, "titles");
  if (!Array.isArray(titles)) return [];
  return titles.filter(isTitle);
}

function isTitle(value: unknown): value is RecordedTitle {
  if (typeof value !== "object" || value === null) return false;
  const texts: unknown[] = ["artist", "title"].map((key) => Reflect.get(value, key));
  return (
    texts.every((text) => typeof text === "string") &&
    Number.isSafeInteger(Reflect.get(value, "sample"))
  );
}
