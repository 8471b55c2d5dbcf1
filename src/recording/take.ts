// One recorded file: what is known of it, and the growing file itself.
import type { Frames, StreamFormat } from "../format/frame.ts";
import type { OggOrigin } from "../format/ogg/ogg-rebase.ts";
import { concatBytes } from "../format/parts/bytes.ts";
import { parseMpegHeader } from "../format/sync/mpeg.ts";
import { type Metadata, NO_METADATA, titleLine } from "../mount/metadata.ts";
import type { Input } from "../mount/roles.ts";
import { type Container, createContainer, endingOf, type Length, NO_LENGTH } from "./container.ts";
import { cueSheet } from "./cue-sheet.ts";
import { type Belonging, documentOf, type RecordingDocument } from "./document.ts";
import type { FrameMemory, Start } from "./frame-memory.ts";
import type { Tags } from "./id3-tag.ts";
import { type AskDisk, PartFile, type PartNews, type Texts } from "./part-file.ts";
import { type GapReason, Segment } from "./segment.ts";
import type { Show } from "./show.ts";
import { localIso, type Offset } from "./wall-hours.ts";

/** Frames as they were heard. */
export interface Heard {
  readonly input: Input;
  readonly format: StreamFormat;
  readonly frames: Frames;
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface TakeFacts {
  /** Absolute, without its ending. */
  readonly path: string;
  readonly format: StreamFormat;
  readonly belongs: Belonging;
  readonly show: Show;
  /** The file has one title, which names it. */
  readonly isNamedByTitle: boolean;
  readonly startMs: number;
  readonly offset: Offset;
}

/** The document is written again after this long, for the case of a crash. */
const NOTE_MS = 60_000;

export class Take {
  readonly segment: Segment;
  readonly file: PartFile;
  /** The show of the source, "" for the station's own programme. */
  readonly show: Show;
  readonly #container: Container;
  readonly #headBytes: number;
  #title: Metadata = NO_METADATA;
  #isBroken = false;
  #isEnding = false;
  /** That of the latest frames. */
  #preamble: Uint8Array | null;
  #notedMs: number;

  /** `start`: its first frames, which are not written yet. */
  constructor(
    private readonly facts: TakeFacts,
    start: Start,
    ask: AskDisk,
    news: PartNews,
  ) {
    const { format, path, startMs } = facts;
    this.show = facts.show;
    this.#notedMs = startMs;
    this.#preamble = start.frames.preamble ?? null;
    this.#container = createContainer(format, start, this.tags);
    const head = this.#container.head(this.tags, NO_LENGTH);
    this.#headBytes = head.length;
    this.segment = new Segment(format, startMs, samplesOf(start.lead));
    this.file = new PartFile(ask, path, endingOf(format), news);
    this.file.take(head);
    if (start.lead !== null) this.#insert(start.lead);
    this.file.note(() => this.texts(this.file.path));
  }

  get belongs(): Belonging {
    return this.facts.belongs;
  }

  get headBytes(): number {
    return this.#headBytes;
  }

  /** What its first chain of Ogg was before it was rebased; null if it was not. */
  get origin(): OggOrigin | null {
    return this.#container.origin ?? null;
  }

  /** Nothing more is written to it, but its end. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  get tags(): Tags {
    const { belongs, startMs, offset, isNamedByTitle } = this.facts;
    const date = localIso(startMs, offset);
    const album = belongs.station;
    const when = date.slice(0, 16).replace("T", " ");
    const own = `${belongs.show || belongs.station} ${when}`;
    const { artist, title } = this.#title;
    return isNamedByTitle && titleLine(this.#title) !== ""
      ? { title: title || artist, artist, album, date: date.slice(0, 19) }
      : { title: own, artist: belongs.show || belongs.station, album, date: date.slice(0, 19) };
  }

  /** Of its first title; the latest one where titles have files of their own. */
  get title(): Metadata {
    return this.#title;
  }

  /** Titles from here on. */
  entitle(metadata: Metadata, source: string): void {
    if (this.segment.samples === 0 || this.facts.isNamedByTitle) this.#title = metadata;
    this.segment.title({
      artist: metadata.artist,
      title: metadata.title,
      ...albumOf(metadata),
      source,
    });
  }

  /** The first file of a title that was corrected at once. */
  get isBarelyBegun(): boolean {
    return this.segment.seconds < 3;
  }

  /** The name that it gets at its end. */
  rename(path: string): void {
    this.file.rename(path);
  }

  /** Writes frames. False if they are lost, since the disk is behind. */
  add({ frames, fromMs, toMs }: Heard, listeners: number, memory: FrameMemory): boolean {
    const whole = { frames, lead: null, isMidway: true };
    const start = this.#isBroken ? this.#resumed(frames, memory) : whole;
    const bytes = start && this.#container.bytes(start.frames);
    this.#isBroken = start === null || bytes === null || !this.#take(start.lead, bytes);
    if (start === null || bytes === null || this.#isBroken) return false;
    if (start.lead !== null) this.segment.insert(start.lead.length, samplesOf(start.lead));
    this.segment.add(start.frames, fromMs, toMs, listeners);
    this.#container.pass({ ...start.frames, bytes });
    this.#preamble = frames.preamble ?? null;
    if (toMs - this.#notedMs >= NOTE_MS) this.#note(toMs);
    return true;
  }

  #take(lead: Uint8Array | null, bytes: Uint8Array): boolean {
    return this.file.take(lead === null ? bytes : concatBytes([lead, bytes]));
  }

  /** Behind a gap: the headers of a chain that began within it are missing too. */
  #resumed(frames: Frames, memory: FrameMemory): Start | null {
    const start = memory.start(frames, this.segment.format);
    const preamble = frames.preamble ?? null;
    if (start === null || preamble === null || preamble === this.#preamble) return start;
    return { ...start, lead: preamble };
  }

  gap(reason: GapReason, fromMs: number, toMs: number, lostSeconds: number): void {
    this.segment.gap(reason, fromMs, toMs, lostSeconds);
  }

  finish(): void {
    this.#isEnding = true;
    const head = this.#container.head(this.tags, this.#length());
    const texts = (path: string) => this.texts(path);
    this.file.finish({ head, tail: this.#container.tail(), texts });
  }

  document(path: string): RecordingDocument {
    const { belongs, offset } = this.facts;
    const file = nameOf(path) + endingOf(this.segment.format);
    const { segment, origin, headBytes } = this;
    return documentOf({ segment, belongs, file, headBytes, offset, origin });
  }

  texts(path: string): Texts {
    const { format, titles } = this.segment;
    const { title, artist: performer } = this.tags;
    const file = nameOf(path) + endingOf(format);
    const sheet = cueSheet({ file, title, performer, sampleRate: format.sampleRate, titles });
    return { ".cue": sheet, ".json": `${JSON.stringify(this.document(path))}\n` };
  }

  #insert(lead: Uint8Array): void {
    this.file.take(lead);
    this.segment.insert(lead.length, samplesOf(lead));
  }

  #note(nowMs: number): void {
    this.#notedMs = nowMs;
    this.file.note(() => this.texts(this.file.path));
  }

  #length(): Length {
    const { frames, bytes, delay, isVariable } = this.segment;
    const byteAt = isVariable ? (share: number) => this.segment.byteAt(share) : null;
    return { frames, bytes, delay, byteAt };
  }
}

function samplesOf(lead: Uint8Array | null): number {
  return lead === null ? 0 : (parseMpegHeader(lead)?.samples ?? 0);
}

function albumOf({ album }: Metadata) {
  return album === undefined ? {} : { album };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
