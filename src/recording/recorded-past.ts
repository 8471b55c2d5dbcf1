// Finds moments of a recording by the wall clock: in the file that grows, and in the complete ones.
import type { Clock } from "../lib/clock.ts";
import { SHARED_BYTES } from "../disk/call.ts";
import type { StreamFormat } from "../format/frame.ts";
import type { OpenFile } from "../lib/open-file.ts";
import { formatIn, originIn, type Summary } from "./document.ts";
import { PART } from "./part-file.ts";
import type { Past, RecordedPlace } from "../mount/past.ts";
import type { RecordedPiece, RecordedTitle } from "../mount/recorded-piece.ts";
import type { Recorder } from "./recorder.ts";
import type { Entry } from "./retention.ts";
import type { Anchor } from "./segment.ts";
import type { Shelf } from "./shelf.ts";
import { stretchesIn, titlesIn } from "./stretches.ts";
import { idOf } from "./recorded-files.ts";
import type { Take } from "./take.ts";

/** Further files of a span are left out. */
const MAX_FILES = 500;

/** Documents that are read in one call. */
const AT_ONCE = 50;

/** From and to, in milliseconds since 1970. */
type Span = readonly [fromMs: number, toMs: number];

export interface RecordedFile {
  readonly path: string;
  /** Its path once it is complete. */
  readonly name: string;
  readonly format: StreamFormat;
}

/** One file, and the time that it covers. */
interface Piece {
  readonly startMs: number;
  readonly endMs: number;
  place(atMs: number): Promise<RecordedPlace | null>;
}

export class RecordedPast implements Past {
  constructor(
    private readonly recorder: Recorder,
    private readonly wall: Clock,
  ) {}

  get fromMs(): number | null {
    const complete = this.#entries.map(({ summary }) => summary.start_ms);
    const growing = this.#takes.map(({ segment }) => segment.startMs);
    const first = [...complete, ...growing].reduce(
      (least, one) => Math.min(least, one),
      Number.POSITIVE_INFINITY,
    );
    return Number.isFinite(first) ? first : null;
  }

  async at(atMs: number): Promise<RecordedPlace | null> {
    const pieces = this.#pieces.toSorted((a, b) => a.startMs - b.startMs);
    const within = pieces.findLast(({ startMs, endMs }) => startMs <= atMs && endMs > atMs);
    const piece = within ?? pieces.find(({ startMs }) => startMs > atMs);
    return (await piece?.place(atMs)) ?? null;
  }

  async after({ name, endMs }: RecordedPlace): Promise<RecordedPlace | null> {
    const next = endMs >= this.wall.nowMs() ? null : await this.at(endMs);
    // The file itself, which has grown since.
    return next?.name === name ? null : next;
  }

  async before(place: RecordedPlace, byte: number): Promise<RecordedPlace> {
    const { headBytes, anchors } = await this.#anchorsOf(place);
    const [atMs, at, frame, sample] = anchors.findLast(([, one]) => headBytes + one <= byte) ?? [
      place.atMs,
      0,
      0,
      0,
    ];
    return { ...place, atMs, byte: headBytes + at, frame, sample };
  }

  async marks(place: RecordedPlace): Promise<readonly number[]> {
    const { headBytes, anchors } = await this.#anchorsOf(place);
    return anchors.map(([, byte]) => headBytes + byte);
  }

  async #anchorsOf({ name }: RecordedPlace) {
    const take = this.#takes.find(({ file }) => nameOf(file.audioPath) === name);
    if (take !== undefined) return { headBytes: take.headBytes, anchors: take.segment.anchors };
    const entry = this.#entries.find(({ path }) => path === name);
    if (entry === undefined) throw new Error(`${name} has gone`);
    const [whole] = await this.#shelf.files.documents([`${entry.base}.json`], ["anchors"]);
    return { headBytes: entry.summary.head_bytes, anchors: anchorsIn(whole ?? null) };
  }

  async titles({ name }: Pick<RecordedPlace, "name">): Promise<readonly RecordedTitle[]> {
    const take = this.#takes.find(({ file }) => nameOf(file.audioPath) === name);
    if (take !== undefined) return take.segment.titles;
    const entry = this.#entries.find(({ path }) => path === name);
    if (entry === undefined) return [];
    const [document] = await this.#shelf.files.documents([`${entry.base}.json`], ["titles"]);
    return titlesIn(document ?? null);
  }

  open({ path }: RecordedPlace): Promise<OpenFile> {
    return this.#shelf.disk.open(path);
  }

  /** What was heard between two moments, in order. Rejects when the disk fails. */
  async pieces(span: Span): Promise<RecordedPiece[]> {
    const [fromMs, toMs] = span;
    const entries = this.#entries
      .filter(({ summary }) => summary.start_ms < toMs && summary.end_ms > fromMs)
      .toSorted((a, b) => a.summary.start_ms - b.summary.start_ms)
      .slice(0, MAX_FILES);
    const complete: RecordedPiece[] = [];
    for (let at = 0; at < entries.length; at += AT_ONCE)
      complete.push(...(await this.#completePieces(entries.slice(at, at + AT_ONCE), span)));
    const growing = this.#takes.map((take) => growingPiece(take, span));
    return [...complete, ...growing].filter(({ stretches }) => stretches.length > 0);
  }

  /** The file of a piece by its id; null if there is none any more. */
  fileOf(id: string): RecordedFile | null {
    const entry = this.#entries.find((one) => one.id === id);
    if (entry !== undefined)
      return { path: entry.path, name: entry.path, format: formatIn(entry.summary) };
    const take = this.#takes.find(({ file }) => idOf(nameOf(file.audioPath)) === id);
    if (take === undefined) return null;
    const { audioPath: path } = take.file;
    return { path, name: nameOf(path), format: take.segment.format };
  }

  /** Bytes of a recorded file; fewer if it ends before. Rejects when the disk fails, and when the file was deleted. */
  async bytes(
    { path }: RecordedFile,
    at: number,
    length: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const opened = await this.#shelf.disk.open(path);
    try {
      const bytes = new Uint8Array(length);
      let got = 0;
      while (got < length) {
        const part = Math.min(SHARED_BYTES, length - got);
        const { bytesRead } = await opened.read(bytes, got, part, at + got);
        if (bytesRead === 0) break;
        got += bytesRead;
      }
      return bytes.subarray(0, got);
    } finally {
      await opened.close();
    }
  }

  async #completePieces(entries: readonly Entry[], span: Span): Promise<RecordedPiece[]> {
    const paths = entries.map(({ base }) => `${base}.json`);
    const documents = await this.#shelf.files.documents(paths, ["anchors", "titles"]);
    return entries.map(({ id, summary }, at) => {
      const document = documents[at] ?? null;
      const { head_bytes: headBytes, audio_bytes: byte, samples: sample, end_ms: atMs } = summary;
      const end = { byte, sample, atMs };
      const stretches = stretchesIn(anchorsIn(document), headBytes, end, span);
      return { id, format: formatIn(summary), stretches, titles: titlesIn(document) };
    });
  }

  get #shelf(): Shelf {
    return this.recorder.facts.shelf;
  }

  /** Files of the same mount and recording. */
  get #entries(): Entry[] {
    const { config, mount } = this.recorder;
    return this.#shelf.files.entries.filter(
      ({ summary }) => summary.mount === mount.path && summary.recording === config.label,
    );
  }

  /** The file that grows, and those that wait for their end, with anything on disk. */
  get #takes(): Take[] {
    const { config, mount } = this.recorder;
    return this.#shelf.takes.filter(
      ({ belongs, file, headBytes }) =>
        belongs.mount === mount.path &&
        belongs.recording === config.label &&
        file.writtenBytes > headBytes,
    );
  }

  get #pieces(): Piece[] {
    const complete = this.#entries.map((entry) => {
      const { start_ms: startMs, end_ms: endMs } = entry.summary;
      return { startMs, endMs, place: (atMs: number) => this.#placeOf(entry, atMs) };
    });
    return [...complete, ...this.#takes.map(pieceOf)];
  }

  async #placeOf({ base, path, summary }: Entry, atMs: number): Promise<RecordedPlace | null> {
    const [whole] = await this.#shelf.files.documents([`${base}.json`], ["anchors"]);
    const anchors = anchorsIn(whole ?? null);
    const { head_bytes: headBytes, audio_bytes: audioBytes, end_ms: endMs } = summary;
    const anchor = anchorAt(anchors, atMs) ?? firstOf(summary);
    const end = { endByte: headBytes + audioBytes, endMs };
    const file = { path, format: formatIn(summary), headBytes, origin: originIn(summary) };
    return placeAt(anchor, { ...file, ...end });
  }
}

/** What is on disk up to the last anchor. */
function growingPiece({ segment, file, headBytes }: Take, span: Span): RecordedPiece {
  const { anchors, format, titles } = segment;
  const written = anchors.filter(([, byte]) => headBytes + byte <= file.writtenBytes);
  const stretches = stretchesIn(written, headBytes, null, span);
  return { id: idOf(nameOf(file.audioPath)), format, stretches, titles };
}

function pieceOf(take: Take): Piece {
  const { segment, isEnding } = take;
  const endMs = isEnding ? segment.endMs : Number.POSITIVE_INFINITY;
  return { startMs: segment.startMs, endMs, place: async (atMs) => placeIn(take, atMs) };
}

function nameOf(path: string): string {
  return path.endsWith(PART) ? path.slice(0, -PART.length) : path;
}

function placeIn({ segment, file, headBytes, origin }: Take, atMs: number): RecordedPlace {
  const { anchors, format, startMs, bytes } = segment;
  const written = anchors.filter(([, byte]) => headBytes + byte < file.writtenBytes);
  const anchor = anchorAt(written, atMs) ?? [startMs, 0, 0, 0, 0];
  // What was heard last may not be on disk yet.
  const isWhole = file.writtenBytes >= headBytes + bytes;
  const endMs = isWhole ? segment.endMs : (written.at(-1)?.[0] ?? startMs);
  const { audioPath: path, writtenBytes: endByte } = file;
  return placeAt(anchor, { path, format, headBytes, origin, endByte, endMs });
}

function placeAt(
  [atMs, byte, frame, sample]: Anchor,
  file: Omit<RecordedPlace, "name" | "byte" | "frame" | "sample" | "atMs">,
): RecordedPlace {
  return { ...file, name: nameOf(file.path), byte: file.headBytes + byte, frame, sample, atMs };
}

/** The last one at or before a moment, else the first. */
function anchorAt(anchors: readonly Anchor[], atMs: number): Anchor | undefined {
  return anchors.findLast(([anchorMs]) => anchorMs <= atMs) ?? anchors[0];
}

function firstOf({ start_ms: startMs }: Summary): Anchor {
  return [startMs, 0, 0, 0, 0];
}

function anchorsIn(document: object | null): readonly Anchor[] {
  const anchors: unknown = document === null ? [] : Reflect.get(document, "anchors");
  if (!Array.isArray(anchors)) return [];
  return anchors.filter(
    (anchor): anchor is Anchor =>
      Array.isArray(anchor) && anchor.length >= 4 && anchor.every(Number.isFinite),
  );
}
