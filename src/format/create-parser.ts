// Creates the parser for a codec; the only place that decides which codecs can be played.
import { createAdtsParser } from "./sync/adts.ts";
import type { DetectedCodec } from "./detect.ts";
import type { FrameParser } from "./frame.ts";
import { createMpegParser } from "./sync/mpeg.ts";
import { createOggParser, type OggOptions } from "./ogg/ogg.ts";
import { createWebmParser } from "./webm/webm.ts";

/** A new parser for one input; null when this codec cannot be played. */
export function createParser(codec: DetectedCodec, options: OggOptions = {}): FrameParser | null {
  return CREATORS[codec]?.(options) ?? null;
}

const CREATORS: Readonly<Partial<Record<DetectedCodec, (options: OggOptions) => FrameParser>>> = {
  mp3: createMpegParser,
  aac: createAdtsParser,
  ogg: createOggParser,
  webm: createWebmParser,
};
