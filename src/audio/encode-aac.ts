// Encodes AAC in ADTS with the program ffmpeg. ADTS cannot say what an encoder put before and behind the sound, so that
// is left out in whole frames: a copy has the length of its track to half a frame.
import type { StreamFormat } from "../format/frame.ts";
import { splitFrames } from "../format/frame-slice.ts";
import { concatBytes } from "../format/parts/bytes.ts";
import { createAdtsParser } from "../format/sync/adts.ts";
import { type AacFacts, aacTag } from "./aac-tag.ts";
import type { Encoder, Encoding } from "./encoder.ts";
import { FfmpegRun } from "./ffmpeg-run.ts";
import type { Measured } from "./measure-pcm.ts";
import { lengthOf, type Pcm } from "./pcm.ts";

export const AAC_FRAME_SAMPLES = 1024;

/** Frames before the first sample. What a decoder makes of the next one alone fades in over a frame's time. */
const PRIMING_FRAMES = 1;

const NOTHING: AacFacts = { frames: 0, bytes: 0, loudness: null, truePeak: null };

/** kbit/s for each channel. */
const MAX_BITRATE = 256;

export async function createAac(encoding: Encoding, program: string): Promise<Encoder> {
  const { sampleRate, channels, bitrate } = encoding;
  const kbits = Math.min(bitrate, MAX_BITRATE * channels);
  const output = ["-c:a", "aac", "-b:a", `${kbits}k`, "-f", "adts"];
  const run = new FfmpegRun(program, encoding, output);
  return new AacEncoder(run, { codec: "aac", sampleRate, channels });
}

class AacEncoder implements Encoder {
  readonly startBytes = aacTag(NOTHING).length;
  readonly #parser = createAdtsParser();
  #samples = 0;
  /** Frames that were made, and bytes and number of those that are kept. */
  #made = 0;
  #bytes = 0;
  #frames = 0;

  constructor(
    private readonly run: FfmpegRun,
    readonly format: StreamFormat,
  ) {}

  get samples(): number {
    return this.#frames * AAC_FRAME_SAMPLES;
  }

  async encode(pcm: Pcm): Promise<Uint8Array> {
    this.#samples += lengthOf(pcm);
    const made = this.#parser.push(await this.run.push(pcm));
    return this.#kept(splitFrames(made), Math.floor(this.#samples / AAC_FRAME_SAMPLES));
  }

  async finish(): Promise<Uint8Array> {
    const most = Math.max(1, Math.round(this.#samples / AAC_FRAME_SAMPLES));
    const made = splitFrames(this.#parser.push(await this.run.finish()));
    const first = this.#kept(made, most).slice();
    return concatBytes([first, this.#kept(splitFrames(this.#parser.end()), most)]);
  }

  start({ loudness, truePeak }: Measured): Uint8Array {
    return aacTag({ frames: this.#frames, bytes: this.#bytes, loudness, truePeak });
  }

  [Symbol.dispose](): void {
    this.run[Symbol.dispose]();
  }

  #kept(frames: readonly { readonly bytes: Uint8Array }[], most: number): Uint8Array {
    const kept: Uint8Array[] = [];
    for (const { bytes } of frames) {
      if (this.#made++ < PRIMING_FRAMES || this.#frames >= most) continue;
      this.#frames++;
      this.#bytes += bytes.length;
      kept.push(bytes);
    }
    return concatBytes(kept);
  }
}
