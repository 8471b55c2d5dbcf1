// Encodes Opus and FLAC in Ogg with the program ffmpeg. Its comments give way to the level, in a page of fixed length.
import type { StreamFormat } from "../format/frame.ts";
import { identifyOggCodec } from "../format/ogg/identify-ogg-codec.ts";
import {
  oggPageLength,
  oggPagesOf,
  oggFieldsOf,
  parseOggPage,
  piecesOf,
} from "../format/ogg/ogg-page.ts";
import { concatBytes } from "../format/parts/bytes.ts";
import { type Encoder, EncoderError, type Encoding } from "./encoder.ts";
import { FfmpegRun } from "./ffmpeg-run.ts";
import type { Measured } from "./measure-pcm.ts";
import { type Level, levelComments } from "./ogg-level.ts";
import type { Pcm } from "./pcm.ts";

/** A joiner begins with a page, which therefore lasts a fifth of a second. */
const PAGES = ["-page_duration", "200000", "-f", "ogg"];

/** Length of each codec's first page. */
const FIRST_PAGE_BYTES = { opus: 47, flac: 79 } as const;

/** kbit/s for each channel. */
const MAX_OPUS_BITRATE = 256;

const UNKNOWN: Level = { loudness: null, truePeak: null };

/** Opus has one sample rate. */
export const OPUS_RATE = 48_000;

/** Rejects with an EncoderError for another sample rate than Opus has. */
export async function createOpus(encoding: Encoding, program: string): Promise<Encoder> {
  const { sampleRate, channels, bitrate } = encoding;
  if (sampleRate !== OPUS_RATE) throw new EncoderError(`Opus has no ${sampleRate} Hz`);
  const kbits = Math.min(bitrate, MAX_OPUS_BITRATE * channels);
  const output = ["-c:a", "libopus", "-b:a", `${kbits}k`, ...PAGES];
  const run = new FfmpegRun(program, encoding, output);
  return new OggEncoder(run, { codec: "opus", sampleRate, channels });
}

export async function createFlac(encoding: Encoding, program: string): Promise<Encoder> {
  const { sampleRate, channels, bitsPerSample = 16 } = encoding;
  const depth = bitsPerSample === 24 ? ["s32", "-bits_per_raw_sample", "24"] : ["s16"];
  const output = ["-c:a", "flac", "-sample_fmt", ...depth, ...PAGES];
  const run = new FfmpegRun(program, encoding, output);
  return new OggEncoder(run, { codec: "flac", sampleRate, channels, bitsPerSample });
}

class OggEncoder implements Encoder {
  readonly startBytes: number;
  /** The first page of what the program makes. */
  #first: Uint8Array | null = null;
  /** Its beginning; null once that is complete. */
  #headers: Uint8Array | null = new Uint8Array(0);

  constructor(
    private readonly run: FfmpegRun,
    readonly format: StreamFormat & { readonly codec: "opus" | "flac" },
  ) {
    this.startBytes = FIRST_PAGE_BYTES[format.codec] + commentsPage(format, UNKNOWN, 0).length;
  }

  async encode(pcm: Pcm): Promise<Uint8Array> {
    return this.#audioOf(await this.run.push(pcm));
  }

  /** Rejects with an EncoderError if what was made is not what was asked for. */
  async finish(): Promise<Uint8Array> {
    const rest = this.#audioOf(await this.run.finish());
    const page = this.#first === null ? null : parseOggPage(this.#first);
    const [packet] = page === null ? [] : piecesOf(page);
    const made = packet === undefined ? undefined : identifyOggCodec(packet.bytes)?.format;
    const isRight = this.#first?.length === FIRST_PAGE_BYTES[this.format.codec];
    if (!isRight || made?.channels !== this.format.channels)
      throw new EncoderError("ffmpeg made something else of it");
    return rest;
  }

  start({ loudness, truePeak }: Measured): Uint8Array {
    const first = this.#first ?? new Uint8Array(0);
    const { serial } = oggFieldsOf(first);
    return concatBytes([first, commentsPage(this.format, { loudness, truePeak }, serial)]);
  }

  [Symbol.dispose](): void {
    this.run[Symbol.dispose]();
  }

  /** What is behind the pages of the headers, each of which has one. */
  #audioOf(bytes: Uint8Array): Uint8Array {
    if (this.#headers === null) return bytes;
    const all = concatBytes([this.#headers, bytes]);
    const first = oggPageLength(all, 0);
    const second = first === null ? null : oggPageLength(all, first);
    const end = first === null || second === null ? Infinity : first + second;
    this.#headers = end > all.length ? all : null;
    if (first === null || end > all.length) return new Uint8Array(0);
    this.#first = all.slice(0, first);
    return all.subarray(end);
  }
}

function commentsPage({ codec }: StreamFormat, level: Level, serial: number): Uint8Array {
  const comments = levelComments(level);
  const { length } = comments;
  const mark =
    codec === "opus" ? Buffer.from("OpusTags") : Uint8Array.of(0x84, 0, length >> 8, length);
  const packet = concatBytes([mark, comments]);
  return concatBytes(oggPagesOf(packet, { flags: 0, granule: 0, serial, sequence: 1 }));
}
