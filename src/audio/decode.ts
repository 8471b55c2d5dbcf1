// Decodes a file with what is built in: MPEG audio, FLAC, Ogg (Vorbis, Opus, FLAC), WAV and AIFF.
import { audioExtent } from "../format/tags/extent.ts";
import { type AudioFile, CHUNK_BYTES } from "./audio-file.ts";
import { type AudioKind, KIND_BYTES, kindOf } from "./audio-kind.ts";
import { decodeFlac } from "./decode-flac.ts";
import { decodeMpeg } from "./decode-mpeg.ts";
import { decodeOpus } from "./decode-opus.ts";
import { decodeAiff, decodeWav } from "./decode-pcm.ts";
import { decodeVorbis } from "./decode-vorbis.ts";
import { mixed } from "./channel-mix.ts";
import { AudioError, lengthOf, type Pcm, UnknownAudioError } from "./pcm.ts";

type Decode = (chunks: Iterable<Uint8Array>) => AsyncIterable<Pcm>;

const DECODERS: Readonly<Record<AudioKind, Decode>> = {
  mpeg: decodeMpeg,
  flac: decodeFlac,
  vorbis: decodeVorbis,
  opus: decodeOpus,
  wav: decodeWav,
  aiff: decodeAiff,
};

/** Longer files are not decoded: a few bytes may unfold to days of silence. */
export const MAX_SECONDS = 24 * 3600;

const MIN_RATE = 4000;
const MAX_RATE = 768_000;

/** One or two channels. Throws UnknownAudioError at once for what is not built in, AudioError for a file without
 * audio and for one that is too long. */
export async function* decodeBuiltIn(file: AudioFile): AsyncGenerator<Pcm> {
  const reader = async (at: number, length: number) => file.read(at, length);
  const { start, end } = await audioExtent(reader, file.size);
  const kind = kindOf(file.read(start, Math.min(KIND_BYTES, end - start)));
  if (kind === null) throw new UnknownAudioError("it has no audio that is known");
  yield* bounded(DECODERS[kind](file.chunks(start, end)));
}

/** Decodes a part of a stream: its headers, if the codec has them, and whole frames. As decodeBuiltIn(). */
export async function* decodeStretch(bytes: Uint8Array): AsyncGenerator<Pcm> {
  const kind = kindOf(bytes.subarray(0, KIND_BYTES));
  if (kind === null) throw new UnknownAudioError("it has no audio that is known");
  yield* bounded(DECODERS[kind](chunksOf(bytes)));
}

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

/** Mixes to two channels at most; throws AudioError for what is no audio or too much of it. */
export async function* bounded(pieces: AsyncIterable<Pcm>): AsyncGenerator<Pcm> {
  let seconds = 0;
  for await (const pcm of pieces) {
    const { sampleRate } = pcm;
    if (sampleRate < MIN_RATE || sampleRate > MAX_RATE)
      throw new AudioError(`its sample rate of ${sampleRate} Hz is out of range`);
    seconds += lengthOf(pcm) / sampleRate;
    if (seconds > MAX_SECONDS)
      throw new AudioError(`it is longer than ${MAX_SECONDS / 3600} hours`);
    yield mixed(pcm, Math.min(2, pcm.channels.length));
  }
  if (seconds === 0) throw new AudioError("it has no playable audio");
}
