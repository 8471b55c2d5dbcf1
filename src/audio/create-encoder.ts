// The encoder of each codec: two are built in, the others are the program ffmpeg's.
import { findFfmpeg } from "./decode-ffmpeg.ts";
import { createAac } from "./encode-aac.ts";
import { type Encoder, EncoderError, type Encoding } from "./encoder.ts";
import { createMp3 } from "./encode-mp3.ts";
import { createFlac, createOpus } from "./encode-ogg.ts";
import { createVorbis } from "./encode-vorbis.ts";

export type EncodedCodec = "mp3" | "vorbis" | "opus" | "aac" | "flac";

const BUILT_IN = { mp3: createMp3, vorbis: createVorbis } as const;

const BY_FFMPEG = { opus: createOpus, aac: createAac, flac: createFlac } as const;

const NAMES = { opus: "Opus", aac: "AAC", flac: "FLAC" } as const;

/** Rejects with an EncoderError. `ffmpeg`: the program, null for none. */
export async function createEncoder(
  codec: EncodedCodec,
  encoding: Encoding,
  ffmpeg: string | null = findFfmpeg(),
): Promise<Encoder> {
  if (codec === "mp3" || codec === "vorbis") return BUILT_IN[codec](encoding);
  if (ffmpeg !== null) return BY_FFMPEG[codec](encoding, ffmpeg);
  const name = NAMES[codec];
  throw new EncoderError(`it has to become ${name}, which needs the program ffmpeg: install it`);
}
