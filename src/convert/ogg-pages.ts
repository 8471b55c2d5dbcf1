// The pages of an Ogg file by their numbers, which are those that the playlist counts: headers are pages too.
import type { AudioFile } from "../audio/audio-file.ts";
import { AudioError } from "../audio/pcm.ts";
import { FRAME_SYNC, type Frames, type StreamFormat } from "../format/frame.ts";
import { splitFrames } from "../format/frame-slice.ts";
import { createOggParser } from "../format/ogg/ogg.ts";
import { audioExtent } from "../format/tags/extent.ts";

/** What is known of a file after one pass through it. */
export interface OggSurvey {
  readonly format: StreamFormat;
  /** Samples before each page, and of all of them. */
  readonly starts: readonly number[];
  readonly samples: number;
  /** Numbers of the pages at which a decoder can start. */
  readonly syncs: readonly number[];
  /** kbit/s */
  readonly bitrate: number;
}

/** Throws AudioError for what is not one chain of Ogg. */
export async function surveyOgg(file: AudioFile): Promise<OggSurvey> {
  const [starts, syncs]: [number[], number[]] = [[], []];
  const preambles = new Set<unknown>();
  let samples = 0;
  const parser = createOggParser();
  const take = (frames: Frames) => {
    if (frames.count > 0) preambles.add(frames.preamble);
    for (const page of splitFrames(frames)) {
      if ((page.flags & FRAME_SYNC) !== 0) syncs.push(starts.length);
      starts.push(samples);
      samples += page.samples;
    }
  };
  const reader = async (at: number, length: number) => file.read(at, length);
  const { start, end } = await audioExtent(reader, file.size);
  for (const chunk of file.chunks(start, end)) {
    for (let some = parser.push(chunk); some.count > 0; some = parser.next()) take(some);
  }
  take(parser.end());
  const { format, bitrate } = parser;
  if (format === null || preambles.size !== 1) throw new AudioError("it is no single Ogg stream");
  return { format, starts, samples, syncs, bitrate };
}

/** Pages of a stream that a parser gives, until so many samples have passed. */
export function pagesUntil(stream: Uint8Array, samples: number): number {
  const parser = createOggParser();
  let [pages, passed] = [0, 0];
  for (let some = parser.push(stream); some.count > 0; some = parser.next()) {
    for (const page of splitFrames(some)) {
      if (passed >= samples && page.samples > 0) return pages;
      passed += page.samples;
      pages++;
    }
  }
  return pages;
}
