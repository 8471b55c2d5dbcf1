// What every encoder is given and gives: samples in, bytes of a file out.
import type { StreamFormat } from "../format/frame.ts";
import type { Measured } from "./measure-pcm.ts";
import type { Pcm } from "./pcm.ts";

export interface Encoding {
  /** Hz */
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** kbit/s; the nearest that the codec has is used. */
  readonly bitrate: number;
  /** FLAC only: 16, which is the default, or 24. */
  readonly bitsPerSample?: number | undefined;
}

/** A format that the encoder does not have; the message is a sentence. */
export class EncoderError extends Error {
  override readonly name = "EncoderError";
}

export interface Encoder {
  readonly format: StreamFormat;
  /** Length of the output, if it differs from that of the input. */
  readonly samples?: number;
  /** Bytes kept free at the start of the file for start(). */
  readonly startBytes: number;
  /** `pcm`: of the encoding's rate and channels. The bytes are valid until the next call. A program rejects with an
   * EncoderError. */
  encode(pcm: Pcm): Uint8Array | Promise<Uint8Array>;
  /** The last bytes. */
  finish(): Uint8Array | Promise<Uint8Array>;
  /** The bytes at the start of the file, once all is encoded. */
  start(measured: Measured): Uint8Array;
  /** Ends the program, if there is one. */
  [Symbol.dispose]?(): void;
}
