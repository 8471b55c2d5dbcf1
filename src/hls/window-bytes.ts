// Pure: a kept playlist as the bytes of a file: a mark, a checksum, what is known of its segments as JSON, and their bytes.
import type { StreamFormat } from "../format/frame.ts";
import { concatBytes } from "../format/parts/bytes.ts";
import { type Metadata, NO_METADATA } from "../mount/metadata.ts";
import { containerOf } from "./containers.ts";
import type { HeldSegment, KeptWindow } from "./kept-window.ts";
import type { Init, MediaFile } from "./media-segment.ts";
import { SampleTime } from "./sample-time.ts";

/** Another form gets another number: files of another version are not read. */
const MARK = Buffer.from("cycast hls 1\n");
const SUM_BYTES = 8;
const LENGTH_BYTES = 4;
const HEAD_BYTES = MARK.length + SUM_BYTES + LENGTH_BYTES;

/** Where the bytes of something are, among those behind the JSON. */
interface Span {
  readonly at: number;
  readonly length: number;
}

type Start = readonly [anchorMs: number, samples: number, rate: number];

interface StoredPart {
  readonly start: Start;
  readonly samples: number;
  readonly bytes: Span;
}

interface StoredSegment extends StoredPart {
  readonly run: string;
  readonly number: number;
  readonly format: StreamFormat;
  readonly wallMs: number;
  readonly isDiscontinuous: boolean;
  readonly title: Metadata;
  readonly extraBytes: number;
  /** Index of its initialization segment; -1 for none. */
  readonly init: number;
  readonly parts: readonly StoredPart[];
}

interface Stored extends Omit<KeptWindow, "segments" | "newest"> {
  readonly inits: readonly { readonly run: string; readonly index: number; readonly bytes: Span }[];
  readonly segments: readonly StoredSegment[];
}

/** Bytes in a row, each once: parts may be views of their segment. */
class Pieces {
  readonly all: Uint8Array[] = [];
  #length = 0;
  readonly #whole: { readonly bytes: Uint8Array; readonly at: number }[] = [];

  put(bytes: Uint8Array): Span {
    const { length } = bytes;
    const around = this.#whole.find(({ bytes: whole }) => isView(bytes, whole));
    if (around !== undefined)
      return { at: around.at + bytes.byteOffset - around.bytes.byteOffset, length };
    const at = this.#length;
    this.#whole.push({ bytes, at });
    this.all.push(bytes);
    this.#length += length;
    return { at, length };
  }
}

function isView(bytes: Uint8Array, whole: Uint8Array): boolean {
  const from = bytes.byteOffset - whole.byteOffset;
  return bytes.buffer === whole.buffer && from >= 0 && from + bytes.length <= whole.length;
}

export function windowBytes(window: KeptWindow): Uint8Array {
  const blob = new Pieces();
  const inits = [...new Set(window.segments.flatMap(({ init }) => init ?? []))];
  const { segments, newest: _, ...facts } = window;
  const stored: Stored = {
    ...facts,
    inits: inits.map(({ run, index, bytes }) => ({ run, index, bytes: blob.put(bytes) })),
    segments: segments.map((segment) => storedSegment(segment, inits, blob)),
  };
  const text = Buffer.from(JSON.stringify(stored));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(text.length);
  const content = concatBytes([length, text, ...blob.all]);
  return concatBytes([MARK, sumOf(content), content]);
}

function storedSegment(segment: HeldSegment, inits: readonly Init[], blob: Pieces): StoredSegment {
  const { run, number, format, wallMs, isDiscontinuous, title, extraBytes, init } = segment;
  return {
    ...{ run, number, format, wallMs, isDiscontinuous, title, extraBytes },
    ...storedPart(segment, blob),
    init: init === null ? -1 : inits.indexOf(init),
    parts: segment.parts.map((part) => storedPart(part, blob)),
  };
}

function storedPart({ start, samples, file }: MediaFile, blob: Pieces): StoredPart {
  const { anchorMs, samples: before, rate } = start;
  const bytes = blob.put(file ?? new Uint8Array(0));
  return { start: [anchorMs, before, rate], samples, bytes };
}

function sumOf(content: Uint8Array): Uint8Array {
  const sum = Buffer.alloc(SUM_BYTES);
  sum.writeBigUInt64LE(BigInt(Bun.hash.xxHash64(content)));
  return sum;
}

/** Throws SyntaxError if it is none, or damaged. */
export function windowIn(bytes: Uint8Array): KeptWindow {
  const content = bytes.subarray(MARK.length + SUM_BYTES);
  const sum = bytes.subarray(MARK.length, MARK.length + SUM_BYTES);
  const isMarked = bytes.length >= HEAD_BYTES && MARK.equals(bytes.subarray(0, MARK.length));
  if (!isMarked || Buffer.compare(sum, sumOf(content)) !== 0)
    throw new SyntaxError("it is damaged, or of another version");
  const view = Buffer.from(content.buffer, content.byteOffset, content.length);
  const end = LENGTH_BYTES + view.readUInt32LE(0);
  const stored = JSON.parse(view.toString("utf8", LENGTH_BYTES, end)) as Stored;
  return restored(stored, new Uint8Array(content.subarray(end)));
}

function restored({ inits: stored, ...window }: Stored, blob: Uint8Array<ArrayBuffer>): KeptWindow {
  const at = ({ at, length }: Span) => blob.subarray(at, at + length);
  const inits = stored.map((init) => ({ ...init, bytes: at(init.bytes) }));
  const segments = window.segments.map((one) => restoredSegment(one, inits, at));
  const newest = segments.at(-1);
  if (newest === undefined) throw new SyntaxError("it has no segments");
  return { ...window, segments, newest };
}

function restoredSegment(
  { parts, init, bytes, start, ...stored }: StoredSegment,
  inits: readonly Init[],
  at: (span: Span) => Uint8Array<ArrayBuffer>,
): HeldSegment {
  const { number, format } = stored;
  const container = containerOf(format);
  if (container === null) throw new SyntaxError(`there is no HLS for ${format.codec}`);
  const own = { number, format, container, from: 0, to: 0 };
  return {
    ...{ ...stored, ...own, fromSeconds: 0 },
    ...{ init: inits[init] ?? null, file: at(bytes), start: new SampleTime(...start) },
    parts: parts.map((part) => ({
      ...{ ...own, samples: part.samples, title: NO_METADATA },
      ...{ file: at(part.bytes), start: new SampleTime(...part.start) },
    })),
  };
}
