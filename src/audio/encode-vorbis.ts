// Encodes Ogg Vorbis with libvorbis.
import { createOggEncoder } from "wasm-media-encoders";
import type { StreamFormat } from "../format/frame.ts";
import { type Encoder, EncoderError, type Encoding } from "./encoder.ts";
import type { Measured } from "./measure-pcm.ts";
import type { Pcm } from "./pcm.ts";
import { setVorbisLevel } from "./ogg-level.ts";

/** What qualities from -1 to 10 take at 44.1 kHz, kbit/s. */
const STEREO_BITRATES = [45, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 500];
const MONO_BITRATES = [32, 48, 60, 70, 80, 86, 96, 110, 120, 140, 160, 240];
const LOWEST_QUALITY = -1;

/** The station gives each chain a serial number of its own. */
const SERIAL = 1;

const NOTHING = new Float32Array(0);

type Vorbis = Awaited<ReturnType<typeof createOggEncoder>>;

/** Rejects with an EncoderError for a format that libvorbis does not take. */
export async function createVorbis(encoding: Encoding): Promise<Encoder> {
  const { sampleRate, channels } = encoding;
  const vorbis = await createOggEncoder();
  try {
    const vbrQuality = vorbisQuality(encoding.bitrate, channels);
    vorbis.configure({ sampleRate, channels, vbrQuality, oggSerialNo: SERIAL });
  } catch {
    throw new EncoderError(`Vorbis has no ${sampleRate} Hz with ${channels} channels`);
  }
  return new VorbisEncoder(vorbis, { codec: "vorbis", sampleRate, channels });
}

/** The quality whose usual bit rate is nearest, at any sample rate. */
export function vorbisQuality(bitrate: number, channels: 1 | 2): number {
  const rates = channels === 1 ? MONO_BITRATES : STEREO_BITRATES;
  const distances = rates.map((rate) => Math.abs(rate - bitrate));
  return LOWEST_QUALITY + distances.indexOf(Math.min(...distances));
}

class VorbisEncoder implements Encoder {
  readonly #headers: Uint8Array;

  constructor(
    private readonly vorbis: Vorbis,
    readonly format: StreamFormat,
  ) {
    // The first call returns the headers, even without a sample.
    const channels = Array.from({ length: format.channels }, () => NOTHING);
    this.#headers = vorbis.encode(channels).slice();
  }

  get startBytes(): number {
    return this.#headers.length;
  }

  encode(pcm: Pcm): Uint8Array {
    return this.vorbis.encode(pcm.channels);
  }

  finish(): Uint8Array {
    return this.vorbis.finalize();
  }

  start({ loudness, truePeak }: Measured): Uint8Array {
    setVorbisLevel(this.#headers, { loudness, truePeak });
    return this.#headers;
  }
}
