// Makes the crossfade between two tracks of Vorbis or FLAC in Ogg, inside the child process: a short stream of its own, from a
// page's end in the first track to a page's start in the second one. Both are decoded from their start, which is exact.
import type { AudioFile } from "../audio/audio-file.ts";
import { createEncoder, type EncodedCodec } from "../audio/create-encoder.ts";
import { crossfade, type Part } from "../audio/crossfade.ts";
import { PcmMeter } from "../audio/measure-pcm.ts";
import { decodeFile } from "../audio/open-audio.ts";
import { AudioError, lengthOf } from "../audio/pcm.ts";
import { type Codec, sameFormat, type StreamFormat } from "../format/frame.ts";
import { concatBytes } from "../format/parts/bytes.ts";
import type { SeamWish } from "../library/converter.ts";
import { type MadeSeam, NoSeamError } from "./made-seam.ts";
import { type OggSurvey, pagesUntil, surveyOgg } from "./ogg-pages.ts";
import { placeSeam } from "./seam-place.ts";

/** Opus is not: a decoder that starts in mid-stream takes a moment to find its sound. */
const FADED: ReadonlySet<Codec> = new Set<Codec>(["vorbis", "flac"]);

/** kbit/s for each channel: two tracks at once need more than a plain one. */
const LEAST_BITRATE = 96;

/** Rejects with NoSeamError, AudioError, EncoderError, or the file system's error. */
export async function makeOggSeam(wish: SeamWish, a: AudioFile, b: AudioFile): Promise<MadeSeam> {
  const [first, second] = [await surveyOgg(a), await surveyOgg(b)];
  const { format } = first;
  if (!sameFormat(format, second.format)) throw new AudioError("they differ in format");
  if (!FADED.has(format.codec) || format.channels > 2) throw new NoSeamError("it is not faded");
  const [from, to] = [
    { ...wish.from, survey: lengthsOf(first) },
    { ...wish.to, survey: lengthsOf(second) },
  ];
  const place = placeSeam(from, to, wish.seconds);
  if (place === null) throw new NoSeamError("one of them is a jingle");
  const { fade, shift } = place;
  const cut = first.starts.findLastIndex((start) => start <= fade.from);
  const resume = second.syncs.find((page) => (second.starts[page] ?? 0) + shift >= fade.to);
  if (resume === undefined) throw new NoSeamError("the second one is too short");
  const range = { from: first.starts[cut] ?? 0, to: (second.starts[resume] ?? 0) + shift };
  const before = await partOf(a, range.from, first.samples, 0);
  if (before.end !== first.samples) throw new AudioError("its pages and its samples differ");
  const after = await partOf(b, 0, range.to - shift, shift);
  const mix = crossfade(before, after, fade, range.from, range.to);
  const bitrate = Math.max(first.bitrate, second.bitrate, LEAST_BITRATE * format.channels);
  const audio = await encoded(mix, format, bitrate);
  const middle = pagesUntil(audio, (fade.from + fade.to) / 2 - range.from);
  return { cut, resume, middle, audio: audio.toBase64() };
}

function lengthsOf({ format, samples }: OggSurvey) {
  return { format, frames: samples, frameSamples: 1, info: null };
}

/** The samples from <= i < to of a file, on a time line on which it begins at `shift`. `end`: of what was decoded. */
async function partOf(
  file: AudioFile,
  from: number,
  to: number,
  shift: number,
): Promise<Part & { readonly end: number }> {
  const kept: Float32Array[][] = [];
  let end = 0;
  for await (const pcm of decodeFile(file)) {
    const length = lengthOf(pcm);
    const [first, last] = [Math.max(0, from - end), Math.min(length, to - end)];
    if (first < last) kept.push(pcm.channels.map((samples) => samples.slice(first, last)));
    end += length;
    // The rest is not read, but where the end itself is looked for.
    if (end > to) break;
  }
  const count = kept[0]?.length ?? 0;
  const channels = Array.from({ length: count }, (_, c) => joined(kept, c));
  return { channels, at: from + shift, end };
}

function joined(pieces: readonly Float32Array[][], channel: number): Float32Array {
  const all = pieces.map((piece) => piece[channel] ?? new Float32Array(0));
  const samples = new Float32Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of all) {
    samples.set(piece, at);
    at += piece.length;
  }
  return samples;
}

async function encoded(
  channels: readonly Float32Array[],
  { codec, sampleRate, channels: count, bitsPerSample }: StreamFormat,
  bitrate: number,
): Promise<Uint8Array> {
  const encoding = { sampleRate, channels: count === 1 ? 1 : 2, bitrate, bitsPerSample } as const;
  const encoder = await createEncoder(codec as EncodedCodec, encoding);
  try {
    const audio = (await encoder.encode({ sampleRate, channels })).slice();
    const rest = await encoder.finish();
    return concatBytes([encoder.start(new PcmMeter().measured), audio, rest]);
  } finally {
    encoder[Symbol.dispose]?.();
  }
}
