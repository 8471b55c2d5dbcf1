// Decodes Ogg Vorbis with libvorbis.
import * as vorbis from "@wasm-audio-decoders/ogg-vorbis";
import { inFrontOrder } from "./channel-order.ts";
import type { Pcm } from "./pcm.ts";
import { withAllOf } from "./whole-package.ts";

export async function* decodeVorbis(chunks: Iterable<Uint8Array>): AsyncGenerator<Pcm> {
  const decoder = new (withAllOf(vorbis).OggVorbisDecoder)();
  await decoder.ready;
  try {
    for (const chunk of chunks) yield* pieces(await decoder.decode(chunk));
    yield* pieces(await decoder.flush());
  } finally {
    decoder.free();
  }
}

function* pieces(audio: vorbis.OggVorbisDecodedAudio): Generator<Pcm> {
  const { samplesDecoded, sampleRate, channelData } = audio;
  if (samplesDecoded > 0) yield { sampleRate, channels: inFrontOrder(channelData) };
}
