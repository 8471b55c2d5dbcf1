// Walks over the frames of recordings, from file to file, as a listener of the past gets them.
import { isOgg } from "../../format/content-type.ts";
import { emptyLastPage, OGG_BOS, OGG_EOS } from "../../format/ogg/ogg-page.ts";
import { isNext } from "../../format/ogg/page-join.ts";
import type { Past, RecordedPlace } from "../../mount/past.ts";
import { headersAt } from "./recorded-headers.ts";
import { openReader, type RecordedFrame } from "./recorded-reader.ts";

const READ_BYTES = 32 << 10;

/** Files that a listener may have heard since it began. */
const MOST_FILES = 1000;

/** A frame of a file. */
export interface Step {
  readonly byte: number;
  readonly sample: number;
  /** Since the place from which the file is read. */
  readonly micros: number;
  readonly frame: RecordedFrame;
  /** The first of the pages that it is heard with: those of its chain's headers in Ogg. */
  readonly from: Omit<Step, "from" | "frame">;
}

/** A frame, and the bytes of it that were heard. */
export interface Walked {
  readonly place: RecordedPlace;
  readonly heardBytes: number;
}

/** So many bytes on from the start of a frame. null: it is not recorded as far as that. Rejects when the disk fails. */
export async function walk(past: Past, from: RecordedPlace, bytes: number): Promise<Walked | null> {
  let [place, rest] = [from, bytes];
  for (let count = 0; count < MOST_FILES; count++) {
    if (place.byte + rest < place.endByte) return frameAt(past, place, place.byte + rest);
    const next = await past.after(place);
    if (next === null) return null;
    rest -= place.endByte - place.byte;
    const seam = await seamBytes(past, place, next);
    if (rest < seam) return { place: next, heardBytes: rest };
    [place, rest] = [next, rest - seam];
  }
  return null;
}

/** Bytes of the headers that a stream begins with at a place. Rejects when the disk fails. */
export async function leadAt(past: Past, place: RecordedPlace): Promise<number> {
  if (!isOgg(place.format)) return 0;
  const file = await past.open(place);
  try {
    return (await headersAt(past, place, file)).length;
  } finally {
    await file.close();
  }
}

/** The first frame from a place on that is meant; null if there is none. Rejects when the disk fails. */
export async function firstStep(
  past: Past,
  place: RecordedPlace,
  isMeant: (step: Step) => boolean,
): Promise<Step | null> {
  const file = await past.open(place);
  try {
    const reader = await openReader(past, place, file);
    let next = { byte: place.byte, sample: place.sample, micros: 0 };
    let from = next;
    for (let at = place.byte; at < place.endByte; at += READ_BYTES) {
      const into = new Uint8Array(Math.min(READ_BYTES, place.endByte - at));
      const { bytesRead } = await file.read(into, 0, into.length, at);
      for (const frame of reader.push(into.subarray(0, bytesRead))) {
        if (!isWithin(frame)) from = next;
        const step = { ...next, frame, from };
        if (isMeant(step)) return step;
        next = behind(step);
      }
    }
    return null;
  } finally {
    await file.close();
  }
}

/** A header that is not the first of its chain. */
function isWithin({ page }: RecordedFrame): boolean {
  return page?.isHeader === true && (page.flags & OGG_BOS) === 0;
}

function behind({ byte, sample, micros, frame }: Step) {
  const { bytes, samples } = frame;
  return {
    byte: byte + bytes.length,
    sample: sample + samples,
    micros: micros + frame.micros,
  };
}

/** The frame in which a byte lies. */
async function frameAt(past: Past, place: RecordedPlace, byte: number): Promise<Walked | null> {
  const known = await past.before(place, byte);
  const isThere = (step: Step) => step.byte + step.frame.bytes.length > byte;
  const found = (await firstStep(past, known, isThere))?.from;
  if (found === undefined) return null;
  const { sample, micros } = found;
  const at = { byte: found.byte, sample, atMs: known.atMs + micros / 1000 };
  return { place: { ...known, ...at }, heardBytes: byte - found.byte };
}

/** What is heard between two files. */
async function seamBytes(past: Past, place: RecordedPlace, next: RecordedPlace): Promise<number> {
  if (!isOgg(place.format)) return 0;
  const [last, first] = [await lastPage(past, place), await pageFrom(past, next)];
  if (last === null || first === null || isNext(last, first)) return 0;
  const isOver = (last.flags & OGG_EOS) !== 0;
  return (isOver ? 0 : END_BYTES) + (await leadAt(past, next));
}

const END_BYTES = emptyLastPage(0, 0, 0).length;

async function lastPage(past: Past, place: RecordedPlace) {
  let last: RecordedFrame["page"] = null;
  await firstStep(past, await past.before(place, place.endByte - 1), ({ frame }) => {
    last = frame.page;
    return false;
  });
  return last as RecordedFrame["page"];
}

async function pageFrom(past: Past, place: RecordedPlace) {
  return (await firstStep(past, place, () => true))?.frame.page ?? null;
}
