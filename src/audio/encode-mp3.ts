// Encodes MP3 at a constant bit rate with LAME.
import { createMp3Encoder } from "wasm-media-encoders";
import { describeFormat, sameFormat, type StreamFormat } from "../format/frame.ts";
import { createMpegParser } from "../format/sync/mpeg.ts";
import { type Encoder, EncoderError, type Encoding } from "./encoder.ts";
import { infoFrame, type Mp3Facts } from "./length-frame.ts";
import type { Measured } from "./measure-pcm.ts";
import { amplified, lengthOf, type Pcm } from "./pcm.ts";

/** kbit/s: of version 1 (32 kHz and more), and of the lower rates. */
const HIGH_RATES = [32, 40, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const;
const LOW_RATES = [8, 16, 24, 32, 40, 48, 64, 80, 96, 112, 128, 160] as const;
const SAMPLE_RATES = [
  8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000,
] as const;

/** From here on a frame has two granules. */
const FIRST_VERSION_RATE = 32_000;

/** Samples that LAME puts in front; decoders add 529 of their own. */
const DELAY = 576;

/** LAME lowers the level by its own choice, up to a bit rate in kbit/s. */
const LAME_LEVELS: readonly (readonly [bitrate: number, level: number])[] = [
  [160, 0.95],
  [192, 0.97],
  [224, 0.98],
];

type Lame = Awaited<ReturnType<typeof createMp3Encoder>>;
type Bitrate = (typeof HIGH_RATES)[number] | (typeof LOW_RATES)[number];

function isMp3Rate(sampleRate: number): sampleRate is (typeof SAMPLE_RATES)[number] {
  return SAMPLE_RATES.some((rate) => rate === sampleRate);
}

/** The nearest bit rate that MP3 has at this sample rate, kbit/s. */
export function mp3Bitrate(bitrate: number, sampleRate: number): Bitrate {
  const rates: readonly Bitrate[] = sampleRate >= FIRST_VERSION_RATE ? HIGH_RATES : LOW_RATES;
  return rates.reduce((a, b) => (Math.abs(b - bitrate) < Math.abs(a - bitrate) ? b : a));
}

/** Rejects with an EncoderError for a format that MP3 does not have. */
export async function createMp3(encoding: Encoding): Promise<Encoder> {
  const { sampleRate, channels } = encoding;
  if (!isMp3Rate(sampleRate)) throw new EncoderError(`MP3 has no sample rate of ${sampleRate} Hz`);
  const lame = await createMp3Encoder();
  const bitrate = mp3Bitrate(encoding.bitrate, sampleRate);
  // Left alone, LAME lowers the sample rate at low bit rates.
  lame.configure({ sampleRate, channels, bitrate, outputSampleRate: sampleRate });
  return new Mp3Encoder(lame, { codec: "mp3", sampleRate, channels }, 1 / lameLevel(bitrate));
}

function lameLevel(bitrate: number): number {
  return LAME_LEVELS.find(([highest]) => bitrate <= highest)?.[1] ?? 1;
}

const NOTHING: Mp3Facts = {
  frames: 0,
  bytes: 0,
  delay: 0,
  padding: 0,
  loudness: null,
  truePeak: null,
};

class Mp3Encoder implements Encoder {
  readonly startBytes: number;
  readonly #counter = createMpegParser();
  #samples = 0;
  #frames = 0;
  #bytes = 0;

  constructor(
    private readonly lame: Lame,
    readonly format: StreamFormat,
    private readonly gain: number,
  ) {
    this.startBytes = infoFrame(format, NOTHING).length;
  }

  encode(pcm: Pcm): Uint8Array {
    this.#samples += lengthOf(pcm);
    return this.#counted(this.lame.encode(amplified(pcm, this.gain).channels));
  }

  finish(): Uint8Array {
    const bytes = this.#counted(this.lame.finalize());
    this.#frames += this.#counter.end().count;
    return bytes;
  }

  start({ loudness, truePeak }: Measured): Uint8Array {
    const perFrame = this.format.sampleRate >= FIRST_VERSION_RATE ? 1152 : 576;
    const padding = this.#frames * perFrame - DELAY - this.#samples;
    const facts = { frames: this.#frames, bytes: this.#bytes, delay: DELAY, padding };
    return infoFrame(this.format, { ...facts, loudness, truePeak });
  }

  /** Throws EncoderError if LAME chose another format. */
  #counted(bytes: Uint8Array): Uint8Array {
    this.#bytes += bytes.length;
    this.#frames += this.#counter.push(bytes).count;
    const { format } = this.#counter;
    if (format !== null && !sameFormat(format, this.format))
      throw new EncoderError(`LAME made ${describeFormat(format)} of it`);
    return bytes;
  }
}
