// Decodes FLAC with libFLAC, native and in Ogg.
import * as flac from "@wasm-audio-decoders/flac";
import type { Pcm } from "./pcm.ts";
import { withAllOf } from "./whole-package.ts";

export async function* decodeFlac(chunks: Iterable<Uint8Array>): AsyncGenerator<Pcm> {
  const decoder = new (withAllOf(flac).FLACDecoder)();
  await decoder.ready;
  try {
    for (const chunk of chunks) yield* pieces(await decoder.decode(chunk));
    yield* pieces(await decoder.flush());
  } finally {
    decoder.free();
  }
}

function* pieces({
  samplesDecoded,
  sampleRate,
  channelData,
}: flac.FLACDecodedAudio): Generator<Pcm> {
  if (samplesDecoded > 0) yield { sampleRate, channels: channelData };
}
