// Decodes MPEG audio (layers I to III) with mpg123, which gets whole frames only: garbage would confuse it.
import * as mpg123 from "mpg123-decoder";
import { createMpegParser } from "../format/sync/mpeg.ts";
import type { Pcm } from "./pcm.ts";
import { withAllOf } from "./whole-package.ts";

export async function* decodeMpeg(chunks: Iterable<Uint8Array>): AsyncGenerator<Pcm> {
  const decoder = new (withAllOf(mpg123).MPEGDecoder)();
  await decoder.ready;
  try {
    const parser = createMpegParser();
    for (const chunk of chunks) {
      const { bytes } = parser.push(chunk);
      yield* decoded(decoder, bytes, parser.format?.channels ?? 0);
    }
    yield* decoded(decoder, parser.end().bytes, parser.format?.channels ?? 0);
  } finally {
    decoder.free();
  }
}

/** All samples of whole frames from anywhere in a stream; the first ones lack what the frames before them hold. */
export async function decodeFrames(frames: Uint8Array, channels: number): Promise<Float32Array[]> {
  const decoder = new (withAllOf(mpg123).MPEGDecoder)({ enableGapless: false });
  await decoder.ready;
  try {
    const [pcm] = decoded(decoder, frames, channels);
    return pcm === undefined ? [] : [...pcm.channels];
  } finally {
    decoder.free();
  }
}

/** mpg123 makes two channels of mono. */
function* decoded(
  decoder: InstanceType<typeof mpg123.MPEGDecoder>,
  bytes: Uint8Array,
  count: number,
): Generator<Pcm> {
  if (bytes.length === 0) return;
  const { channelData, samplesDecoded, sampleRate } = decoder.decode(bytes);
  if (samplesDecoded > 0) yield { sampleRate, channels: channelData.slice(0, count) };
}
