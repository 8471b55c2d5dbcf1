// A source client's audio as an input: its bytes to frames, written as they arrive.
import { createMpegParser } from "../format/mpeg.ts";
import { createParser } from "../format/create-parser.ts";
import { codecName, DETECT_BYTES, detectCodec } from "../format/detect.ts";
import {
  describeFormat,
  type FrameParser,
  type Frames,
  type StreamFormat,
} from "../format/frame.ts";
import { type Metadata, sameMetadata, splitTitle } from "../mount/metadata.ts";
import type { Mount } from "../mount/mount.ts";
import type { Input } from "../mount/roles.ts";
import { textOf } from "./fields.ts";
import { InlineTitles } from "./inline-titles.ts";

export interface SourceClient {
  readonly address: string;
  readonly userAgent: string;
  /** What it calls its show (ice-name), or "". */
  readonly showName: string;
  /** Audio bytes between the titles in its body; null: it has none. */
  readonly metaint: number | null;
}

export class LiveSource implements Input {
  /** Set by whoever has its connection. */
  close: (why: string) => void = () => undefined;
  readonly kind = "live";
  readonly name: string;
  #metadata: Metadata;
  /** Once the first bytes, held until then, have told the codec. */
  #parser: FrameParser | null = null;
  #opening: Uint8Array = new Uint8Array(0);
  readonly #titles: InlineTitles | null;
  #hasFrames = false;
  #bytes = 0;

  constructor(
    private readonly mount: Mount,
    readonly client: SourceClient,
  ) {
    const program = clip(client.userAgent, 80) || "unnamed program";
    this.name = `the live source ${client.address} (${program})`;
    this.#titles = client.metaint === null ? null : new InlineTitles(client.metaint);
    this.#metadata = { artist: "", title: clip(client.showName, 200) || "Live" };
  }

  /** What its stream says, else what it calls its show. */
  get metadata(): Metadata {
    return this.#metadata;
  }

  /** From its first whole frame: until then the listeners hear what was on air before. */
  get ready(): boolean {
    return this.#hasFrames;
  }

  get format(): StreamFormat | null {
    return this.#parser?.format ?? null;
  }

  get bitrate(): number {
    return this.#parser?.bitrate ?? 0;
  }

  get receivedBytes(): number {
    return this.#bytes;
  }

  /** Bytes that were in no frame. */
  get garbageBytes(): number {
    return this.#parser?.garbageBytes ?? this.#bytes;
  }

  onAir(): void {
    // It writes when its bytes arrive; the encoder's clock is the schedule.
  }

  offAir(): void {
    // Only the end of the connection takes it off the air.
  }

  advance(): void {
    // See onAir.
  }

  /** Bytes of the body. Returns why it cannot go on, or null. */
  push(bytes: Uint8Array, nowMs: number): string | null {
    this.#bytes += bytes.length;
    if (this.#titles === null) return this.#take(bytes, nowMs);
    for (const { audio, title } of this.#titles.push(bytes)) {
      if (title !== null) this.#hear(splitTitle(clip(textOf(title), 300)));
      const why = this.#take(audio, nowMs);
      if (why !== null) return why;
    }
    return null;
  }

  #take(audio: Uint8Array, nowMs: number): string | null {
    const parser = this.#parser;
    return parser === null ? this.#open(audio, nowMs) : this.#parse(parser, audio, nowMs);
  }

  /** The connection is over: a last whole frame, then the mount goes on without it. */
  end(nowMs: number): void {
    try {
      // Refused before it was heard.
      if (this.#parser === null && this.#opening.length === 0) return;
      // An opening too short to tell its codec can still be a frame of MPEG audio.
      this.#parser ??= createMpegParser();
      this.#write(this.#parser, this.#parser.push(this.#opening), nowMs);
      this.#write(this.#parser, this.#parser.end(), nowMs);
    } finally {
      this.mount.detach(this, nowMs);
    }
  }

  /** The content type is what an encoder says, the first bytes are what it sends. */
  #open(bytes: Uint8Array, nowMs: number): string | null {
    const first = Buffer.concat([this.#opening, bytes]);
    const codec = detectCodec(first);
    if (codec === null && first.length < DETECT_BYTES) {
      this.#opening = first;
      return null;
    }
    this.#opening = new Uint8Array(0);
    this.#parser = createParser(codec ?? "unknown");
    if (this.#parser !== null) return this.#parse(this.#parser, first, nowMs);
    return `it sends ${codecName(codec ?? "unknown")}, which cannot be played`;
  }

  #parse(parser: FrameParser, bytes: Uint8Array, nowMs: number): string | null {
    const why = this.#write(parser, parser.push(bytes), nowMs);
    if (why !== null) return why;
    return parser.foreignFormat === null ? null : "it changed its sample rate or channels";
  }

  /** Returns why the mount does not take them, or null. */
  #write(parser: FrameParser, first: Frames, nowMs: number): string | null {
    for (let frames = first; frames.count > 0; frames = parser.next()) {
      const { format } = parser;
      if (format !== null && !this.mount.accepts(format)) {
        return `it sends ${describeFormat(format)}, which this mount refuses (on_format_change)`;
      }
      this.#hasFrames = true;
      this.#hear(frames.metadata ?? null);
      this.mount.write(this, frames, nowMs);
    }
    return null;
  }

  /** What the stream says of itself holds from these frames on. */
  #hear(metadata: Metadata | null): void {
    if (metadata === null || sameMetadata(metadata, this.#metadata)) return;
    this.#metadata = metadata;
    this.mount.announce(this);
  }
}

/** What a client calls itself, for log and page: one short line. */
function clip(text: string, length: number): string {
  return text
    .replace(/\p{Cc}+/gu, " ")
    .slice(0, length)
    .toWellFormed();
}
