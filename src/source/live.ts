// A source client's audio as an input: its bytes to frames, written as they arrive.
import { codecName, DETECT_BYTES, detectCodec } from "../format/detect.ts";
import type { FrameParser, StreamFormat } from "../format/frame.ts";
import { createMpegParser } from "../format/mpeg.ts";
import type { Metadata } from "../mount/metadata.ts";
import type { Mount } from "../mount/mount.ts";
import type { Input } from "../mount/roles.ts";

export interface SourceClient {
  readonly address: string;
  readonly userAgent: string;
  /** What it calls its show (ice-name), or "". */
  readonly showName: string;
}

export class LiveSource implements Input {
  readonly kind = "live";
  readonly name: string;
  readonly metadata: Metadata;
  readonly #parser: FrameParser = createMpegParser();
  /** First bytes, held until they tell the codec; null afterwards. */
  #opening: Uint8Array | null = new Uint8Array(0);
  #hasFrames = false;
  #bytes = 0;

  constructor(
    private readonly mount: Mount,
    readonly client: SourceClient,
  ) {
    const program = clip(client.userAgent, 80) || "unnamed program";
    this.name = `the live source ${client.address} (${program})`;
    this.metadata = { artist: "", title: clip(client.showName, 200) || "Live" };
  }

  /** From its first whole frame: until then the listeners hear what was on air before. */
  get ready(): boolean {
    return this.#hasFrames;
  }

  get format(): StreamFormat | null {
    return this.#parser.format;
  }

  get bitrate(): number {
    return this.#parser.bitrate;
  }

  get receivedBytes(): number {
    return this.#bytes;
  }

  /** Bytes that were in no frame. */
  get garbageBytes(): number {
    return this.#parser.garbageBytes;
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
    const audio = this.#opening === null ? bytes : this.#open(this.#opening, bytes);
    if (typeof audio === "string") return audio;
    this.#write(this.#parser.push(audio), nowMs);
    const foreign = this.#parser.foreignFormat;
    return foreign === null ? null : "it changed its sample rate or channels";
  }

  /** The connection is over: a last whole frame, then the mount goes on without it. */
  end(nowMs: number): void {
    try {
      if (this.#opening !== null) this.#write(this.#parser.push(this.#opening), nowMs);
      this.#write(this.#parser.end(), nowMs);
    } finally {
      this.mount.detach(this, nowMs);
    }
  }

  /** The content type is what an encoder says, the first bytes are what it sends. */
  #open(opening: Uint8Array, bytes: Uint8Array): Uint8Array | string {
    const first = Buffer.concat([opening, bytes]);
    const codec = detectCodec(first);
    if (codec === null && first.length < DETECT_BYTES) {
      this.#opening = first;
      return new Uint8Array(0);
    }
    this.#opening = null;
    if (codec === "mp3") return first;
    return `it sends ${codecName(codec ?? "unknown")}; only MP3 can be played for now`;
  }

  #write(frames: ReturnType<FrameParser["push"]>, nowMs: number): void {
    if (frames.count === 0) return;
    this.#hasFrames = true;
    this.mount.write(this, frames, nowMs);
  }
}

/** What a client calls itself, for log and page: one short line. */
function clip(text: string, length: number): string {
  return text
    .replace(/\p{Cc}+/gu, " ")
    .slice(0, length)
    .toWellFormed();
}
