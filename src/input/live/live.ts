// A live source as an input: parses its bytes into frames and writes them as they arrive.
import { createMpegParser } from "../../format/sync/mpeg.ts";
import { createParser } from "../../format/create-parser.ts";
import { codecName, Detector } from "../../format/detect.ts";
import {
  describeFormat,
  type FrameParser,
  type Frames,
  type StreamFormat,
} from "../../format/frame.ts";
import { Rejoin } from "../../format/rejoin.ts";
import { copyFrames } from "../../format/frame-slice.ts";
import { decodeText, plainText } from "../../lib/text.ts";
import { titledOf } from "../../lib/titled.ts";
import { type Metadata, NO_METADATA, sameMetadata, UNTITLED } from "../../mount/metadata.ts";
import type { Mount } from "../../mount/mount.ts";
import { LIVE, SUNK } from "../../mount/priority.ts";
import type { Feed, Input } from "../../mount/roles.ts";
import { LiveStart } from "./live-start.ts";
import { type Fault, isAudio, type LiveClient, liveName } from "./live-client.ts";
import { InlineTitles } from "./inline-titles.ts";
import type { Presence } from "./presence.ts";
import { Quiet } from "./quiet.ts";

/** Where its frames and titles go: the mount, or what stands between. */
export type LiveOutlet = Pick<Mount, "totals" | "garbageBytes" | "format" | "accepts"> & {
  write(source: LiveSource, frames: Frames, nowMs: number): void;
  announce(source: LiveSource): void;
  detach(source: LiveSource, nowMs: number, isExpected: boolean): void;
};

export class LiveSource implements Input {
  /** Closes its connection. */
  close: (why: string) => void = () => undefined;
  /** The pace of its audio holds it up. */
  isHeldUp = (): boolean => false;
  /** Called when it is ready, before its first audio is written. */
  onAudio: (nowMs: number) => void = () => undefined;
  /** Of its parser, so far. */
  frameBytes = 0;
  /** It has ended as it should, or was ended: nobody expects it back. */
  isDone = false;
  readonly kind = "live";
  readonly isLive = true;
  readonly rejoin = new Rejoin();
  readonly isFed = true;
  isSilent = false;
  readonly name: string;
  #metadata: Metadata;
  /** null until the detector, which holds the first bytes, has found the codec. */
  #parser: FrameParser | null = null;
  readonly #detector = new Detector();
  readonly #titles: InlineTitles | null;
  readonly #quiet = new Quiet();
  readonly #first = new LiveStart();
  #hasFrames = false;
  /** A preamble before the first audio. */
  #preamble: Frames | null = null;
  #seconds = 0;
  #bytes = 0;
  #droppedBytes = 0;
  #countedGarbage = 0;
  #sinceMs = 0;
  #lastMs = 0;

  constructor(
    private readonly mount: LiveOutlet,
    readonly client: LiveClient,
    /** null: it may be heard whenever it has audio. */
    private readonly presence: Presence | null = null,
  ) {
    this.name = liveName(client);
    this.#titles = client.metaint === null ? null : new InlineTitles(client.metaint);
    this.#metadata = { artist: "", title: plainText(client.showName, 200) || UNTITLED };
  }

  get feed(): Feed {
    return this;
  }

  /** The stream's own metadata, else the name of the show. */
  get metadata(): Metadata {
    return this.#metadata;
  }

  get showName(): string {
    return plainText(this.client.showName, 200);
  }

  /** True from its first whole frame on, while frames come; until then the previous input stays on air. */
  get ready(): boolean {
    return this.#hasFrames && this.presence?.isAbsent !== true;
  }

  get priority(): number {
    const isSunk = this.isSilent || this.presence?.isFlapping === true;
    return isSunk ? SUNK : LIVE + (this.client.priority ?? 0);
  }

  get held(): string | null {
    return this.presence?.held ?? (this.isSilent ? "silence" : null);
  }

  get isReturning(): boolean {
    return this.presence?.isReturning === true;
  }

  isHanging(nowMs: number): boolean {
    return !this.isHeldUp() && this.#quiet.isLong(nowMs);
  }

  tick(nowMs: number): void {
    this.presence?.tick(nowMs);
  }

  pauseMs(nowMs: number): number {
    return this.presence?.pauseMs(nowMs) ?? Number.POSITIVE_INFINITY;
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

  /** Time of its first bytes. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** Time of its latest frames. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** Playing time of all its frames so far. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Bytes outside of frames. */
  get garbageBytes(): number {
    return this.#droppedBytes + (this.#parser?.garbageBytes ?? this.#bytes);
  }

  retitle(metadata: Metadata): void {
    this.#parser?.retitle?.(metadata);
  }

  /** Bytes of tags with a known length, which are not garbage. */
  get tagBytes(): number {
    return this.#detector.tagBytes + (this.#parser?.tagBytes ?? 0);
  }

  /** Frames are written as they arrive: the encoder paces them. */
  onAir(nowMs: number): void {
    this.presence?.change(true, nowMs);
  }

  offAir(nowMs: number): void {
    this.presence?.change(false, nowMs);
  }

  advance(): void {
    // The encoder paces the frames.
  }

  /** Counts bytes that do not belong to its body, such as broken chunk headers. */
  drop(count: number): void {
    this.#droppedBytes += count;
  }

  /** Takes bytes of the body. Returns a fault that ends the source, or null. */
  push(bytes: Uint8Array, nowMs: number): Fault | null {
    if (this.#bytes === 0) this.#sinceMs = nowMs;
    this.#quiet.hear(nowMs);
    this.#bytes += bytes.length;
    this.mount.totals.receivedBytes += bytes.length;
    if (this.#hasFrames) this.#countGarbage();
    if (this.#titles === null) return this.#take(bytes, nowMs);
    for (const { audio, title } of this.#titles.push(bytes)) {
      if (title !== null) this.#hear(titledOf([], decodeText(title)) ?? NO_METADATA);
      const fault = this.#take(audio, nowMs);
      if (fault !== null) return fault;
    }
    return null;
  }

  /** Before its codec is detected all of its bytes are garbage, and later they may not be: too early to count them. */
  #countGarbage(): void {
    const { garbageBytes } = this;
    this.mount.totals.garbageBytes += garbageBytes - this.#countedGarbage;
    this.#countedGarbage = garbageBytes;
  }

  #take(audio: Uint8Array, nowMs: number): Fault | null {
    const parser = this.#parser;
    return parser === null ? this.#open(audio, nowMs) : this.#parse(parser, audio, nowMs);
  }

  /** The connection has ended: writes a last whole frame and leaves the mount. */
  end(nowMs: number): void {
    try {
      // It was refused before it sent audio.
      if (this.#parser === null && this.#detector.held.length === 0) return;
      // Too short to detect the codec, but it may be a frame of MPEG audio.
      const parser = this.#parser ?? this.#beginMpeg(nowMs);
      this.#write(parser, parser.end(), nowMs);
    } finally {
      this.mount.garbageBytes += this.garbageBytes;
      this.#countGarbage();
      this.#leave(nowMs);
    }
  }

  #leave(nowMs: number): void {
    if (!this.isDone) this.presence?.drop(nowMs);
    this.mount.detach(this, nowMs, this.presence !== null && !this.isDone);
  }

  /** Detects the codec from the first bytes, since the Content-Type may be wrong. */
  #open(bytes: Uint8Array, nowMs: number): Fault | null {
    const codec = this.#detector.push(bytes);
    if (codec === null) return null;
    const parser = createParser(codec);
    if (parser !== null) return this.#parse(this.#begin(parser), this.#detector.held, nowMs);
    return { refusal: "unplayable", why: `it sends ${codecName(codec)}, which cannot be played` };
  }

  #beginMpeg(nowMs: number): FrameParser {
    const parser = this.#begin(createMpegParser());
    this.#write(parser, parser.push(this.#detector.held), nowMs);
    return parser;
  }

  #begin(parser: FrameParser): FrameParser {
    this.#parser = parser;
    this.#droppedBytes += this.#detector.tagBytes;
    return parser;
  }

  #parse(parser: FrameParser, bytes: Uint8Array, nowMs: number): Fault | null {
    const fault = this.#write(parser, parser.push(bytes), nowMs);
    const { format, foreignFormat } = parser;
    if (fault !== null || format === null || foreignFormat === null) return fault;
    const [from, to] = [describeFormat(format), describeFormat(foreignFormat)];
    return { refusal: "unplayable", why: `it changed from ${from} to ${to}` };
  }

  /** Returns a fault if the mount refuses the frames, else null. */
  #write(parser: FrameParser, first: Frames, nowMs: number): Fault | null {
    for (let frames = first; frames.count > 0; frames = parser.next()) {
      const fault = this.#refusedFormat(parser.format);
      if (fault !== null) return fault;
      this.#seconds += frames.seconds;
      this.frameBytes += frames.bytes.length;
      this.#lastMs = nowMs;
      this.#hear(frames.metadata ?? null);
      const playable = this.#hasFrames ? frames : this.#first.push(frames, parser.format);
      if (playable.count === 0) continue;
      if (this.#hasFrames || isAudio(playable)) this.#air(playable, nowMs);
      else this.#preamble = copyFrames(playable);
    }
    return null;
  }

  #air(frames: Frames, nowMs: number): void {
    const isFirst = !this.#hasFrames;
    this.#hasFrames = true;
    this.presence?.arrive(nowMs);
    if (isFirst) this.onAudio(nowMs);
    const preamble = this.#preamble;
    this.#preamble = null;
    if (preamble !== null) this.mount.write(this, preamble, nowMs);
    this.mount.write(this, frames, nowMs);
  }

  /** Checks the format of its frames; the Content-Type may be wrong. */
  #refusedFormat(its: StreamFormat | null): Fault | null {
    const { format } = this.mount;
    if (its === null || format === null || this.mount.accepts(its)) return null;
    const [sent, wanted] = [describeFormat(its), describeFormat(format)];
    const why = `it sends ${sent}, this mount plays ${wanted} and refuses other formats`;
    return { refusal: "format", why: `${why} (on_format_change)` };
  }

  /** Metadata of the stream, effective from the next frames on. */
  #hear(metadata: Metadata | null): void {
    if (metadata === null || sameMetadata(metadata, this.#metadata)) return;
    this.#metadata = metadata;
    this.mount.announce(this);
  }
}
