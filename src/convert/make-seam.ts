// Makes the crossfade between two MP3 tracks, inside the child process: decodes the end of one and the start of the other,
// mixes and encodes them, and joins the result to the frames of both. All other frames stay those of the files.
import { AudioFile } from "../audio/audio-file.ts";
import { crossfade, type Part } from "../audio/crossfade.ts";
import { decodeFrames } from "../audio/decode-mpeg.ts";
import { createMp3 } from "../audio/encode-mp3.ts";
import { AudioError } from "../audio/pcm.ts";
import { sameFormat } from "../format/frame.ts";
import { addGain } from "../format/mpeg/global-gain.ts";
import { SEAM_FRAMES } from "../format/mpeg/seam.ts";
import { type Run, type Spliced, splice } from "../format/mpeg/splice.ts";
import { concatBytes, isText } from "../format/parts/bytes.ts";
import { splitFrames } from "../format/frame-slice.ts";
import { createMpegParser } from "../format/sync/mpeg.ts";
import { fileVersion, type SeamTrack, type SeamWish } from "../library/converter.ts";
import { areContinuous } from "./gapless-tags.ts";
import { type MadeSeam, NoSeamError } from "./made-seam.ts";
import { makeOggSeam } from "./make-ogg-seam.ts";
import { mp3Frames, type Mp3Survey, surveyMp3 } from "./mp3-stretch.ts";
import { placeSeam, type SeamPlace } from "./seam-place.ts";

const OGG_MARK = "OggS";

/** Samples from an encoder's input to what a decoder makes of it. */
const CODER_DELAY = 1105;

/** The encoder begins so many frames before its first frame that may be used, and ends as many after the last. */
const WARM_FRAMES = 4;

/** Frames among which a cut is chosen. */
const CUT_CHOICE = 8;

/** Frames after the last cut that a join may change. */
const JOIN_FRAMES = 128;

/** kbit/s: at the highest bit rate no frame could be enlarged, which joins need. By the samples of a frame. */
const MAX_BITRATE = { 1152: 256, 576: 128 } as const;

interface Side {
  readonly survey: Mp3Survey;
  readonly run: Run;
}

/** Numbers of frames on the time line. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Throws NoSeamError, AudioError, EncoderError, or the file system's error. */
export async function makeSeam(wish: SeamWish): Promise<MadeSeam> {
  const { from, to, seconds } = wish;
  using a = openTrack(from);
  using b = openTrack(to);
  if (await areContinuous(from.source, to.source))
    throw new NoSeamError("they are played without a gap");
  if (isText(a.read(0, OGG_MARK.length), 0, OGG_MARK)) return await makeOggSeam(wish, a, b);
  const [first, second] = [await surveyMp3(a), await surveyMp3(b)];
  if (!sameFormat(first.format, second.format)) throw new AudioError("they differ in format");
  const place = placeSeam({ ...from, survey: first }, { ...to, survey: second }, seconds);
  if (place === null) throw new NoSeamError("one of them is a jingle");
  const range = rangeOf(place, first.frameSamples);
  const before = { survey: first, run: await endOf(a, from, range) };
  const after = { survey: second, run: await startOf(b, to, range, place) };
  const spliced = await spliceSeam(before, after, place, range);
  if (spliced === null) throw new NoSeamError("their frames cannot be joined");
  return madeOf(spliced, place, first.frameSamples);
}

/** Throws AudioError if the file is no longer the one that is meant. */
function openTrack({ path, version }: SeamTrack): AudioFile {
  const file = AudioFile.open(path);
  if (fileVersion(file) === version) return file;
  file[Symbol.dispose]();
  throw new AudioError("it has changed");
}

/** The frames that are encoded. */
function rangeOf({ fade }: SeamPlace, frameSamples: number): Range {
  const from = Math.floor(fade.from / frameSamples) - 1 - CUT_CHOICE - WARM_FRAMES;
  const to = Math.ceil(fade.to / frameSamples) + 1 + CUT_CHOICE + WARM_FRAMES;
  return { from, to };
}

async function endOf(file: AudioFile, { steps }: SeamTrack, { from, to }: Range): Promise<Run> {
  const at = Math.max(0, from - SEAM_FRAMES);
  return { frames: amplified(await mp3Frames(file, at, to), steps), at };
}

async function startOf(
  file: AudioFile,
  { steps }: SeamTrack,
  { to }: Range,
  { shift }: SeamPlace,
): Promise<Run> {
  return {
    frames: amplified(await mp3Frames(file, 0, to - shift + JOIN_FRAMES), steps),
    at: shift,
  };
}

function amplified(frames: Uint8Array[], steps: number): Uint8Array[] {
  for (const frame of frames) addGain(frame, steps);
  return frames;
}

async function spliceSeam(
  a: Side,
  b: Side,
  place: SeamPlace,
  range: Range,
): Promise<Spliced | null> {
  const made = { frames: await encoded(a, b, place, range), at: range.from };
  const cuts = Array.from({ length: CUT_CHOICE + 1 }, (_, i) => i);
  const [first, last] = [
    range.from + WARM_FRAMES + CUT_CHOICE,
    range.to - WARM_FRAMES - CUT_CHOICE,
  ];
  return splice(
    a.run,
    made,
    b.run,
    cuts.map((i) => first - i),
    cuts.map((i) => last + i),
  );
}

/** The mix as frames, the first of which has the number `range.from`. */
async function encoded(a: Side, b: Side, { fade }: SeamPlace, range: Range): Promise<Uint8Array[]> {
  const { format, frameSamples } = a.survey;
  const [from, to] = [range.from * frameSamples, range.to * frameSamples].map(
    (n) => n + CODER_DELAY,
  );
  const mix = crossfade(await decoded(a), await decoded(b), fade, from ?? 0, to ?? 0);
  const channels = format.channels === 1 ? 1 : 2;
  const bitrate = Math.min(MAX_BITRATE[frameSamples === 576 ? 576 : 1152], bitrateOf(a, b));
  const encoder = await createMp3({ sampleRate: format.sampleRate, channels, bitrate });
  const bytes = (await encoder.encode({ sampleRate: format.sampleRate, channels: mix })).slice();
  return framesOf(concatBytes([bytes, await encoder.finish()]));
}

async function decoded({ survey, run }: Side): Promise<Part> {
  const channels = await decodeFrames(concatBytes(run.frames), survey.format.channels);
  const samples = run.frames.length * survey.frameSamples;
  if (channels[0]?.length !== samples) throw new AudioError("it cannot be decoded from its middle");
  return { channels, at: run.at * survey.frameSamples };
}

/** kbit/s: the larger average of both. */
function bitrateOf(...sides: readonly Side[]): number {
  const rates = sides.map(({ run: { frames }, survey: { format, frameSamples } }) => {
    const bytes = frames.reduce((sum, { length }) => sum + length, 0);
    const seconds = (frames.length * frameSamples) / format.sampleRate;
    return (bytes * 8) / 1000 / seconds;
  });
  return Math.max(...rates);
}

function framesOf(bytes: Uint8Array): Uint8Array[] {
  const parser = createMpegParser();
  const batches = [parser.push(bytes), parser.end()];
  return batches.flatMap(splitFrames).map((frame) => frame.bytes.slice());
}

function madeOf({ frames, from, to }: Spliced, { fade, shift }: SeamPlace, samples: number) {
  const middle = Math.round((fade.from + fade.to) / 2 / samples) - from;
  const audio = concatBytes(frames).toBase64();
  return { cut: from, resume: to - shift, middle, audio };
}
