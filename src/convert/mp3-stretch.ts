// The frames of an MP3 file by their numbers, which are those that the playlist counts.
import type { AudioFile } from "../audio/audio-file.ts";
import { AudioError } from "../audio/pcm.ts";
import type { StreamFormat } from "../format/frame.ts";
import { splitFrames } from "../format/frame-slice.ts";
import { type InfoFrame, readInfoFrame } from "../format/mpeg/info-frame.ts";
import { createMpegParser, isInfoFrame, parseMpegHeader } from "../format/sync/mpeg.ts";
import { audioExtent } from "../format/tags/extent.ts";

/** What is known of a file after one pass through it. */
export interface Mp3Survey {
  readonly format: StreamFormat;
  /** Without the info frame. */
  readonly frames: number;
  readonly frameSamples: number;
  readonly info: InfoFrame | null;
}

/** Throws AudioError for what is not MP3. */
export async function surveyMp3(file: AudioFile): Promise<Mp3Survey> {
  let first: Uint8Array | null = null;
  let frames = 0;
  for await (const frame of allFrames(file)) {
    first ??= frame.slice();
    frames++;
  }
  const header = first === null ? null : parseMpegHeader(first);
  if (first === null || header?.format.codec !== "mp3") throw new AudioError("it is not MP3");
  const own = isInfoFrame(first) ? frames - 1 : frames;
  const { format, samples } = header;
  return { format, frames: own, frameSamples: samples, info: readInfoFrame(first) };
}

/** Copies of the frames with numbers from <= i < to, as far as there are any. */
export async function mp3Frames(file: AudioFile, from: number, to: number): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = [];
  let at: number | null = null;
  for await (const frame of allFrames(file)) {
    at ??= isInfoFrame(frame) ? -1 : 0;
    if (at >= to) break;
    if (at >= from) frames.push(frame.slice());
    at++;
  }
  return frames;
}

/** Views of all frames, the info frame included; each holds until the next. */
async function* allFrames(file: AudioFile): AsyncGenerator<Uint8Array> {
  const reader = async (at: number, length: number) => file.read(at, length);
  const { start, end } = await audioExtent(reader, file.size);
  const parser = createMpegParser();
  for (const chunk of file.chunks(start, end)) {
    for (const { bytes } of splitFrames(parser.push(chunk))) yield bytes;
  }
  for (const { bytes } of splitFrames(parser.end())) yield bytes;
}
