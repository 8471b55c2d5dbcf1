// Decodes a file with what is built in, else with ffmpeg, else explains what is missing.
import { foreignName } from "../format/foreign.ts";
import { audioExtent } from "../format/tags/extent.ts";
import type { AudioFile } from "./audio-file.ts";
import { bounded, decodeBuiltIn } from "./decode.ts";
import { decodeWithFfmpeg, findFfmpeg } from "./decode-ffmpeg.ts";
import { AudioError, type Pcm, UnknownAudioError } from "./pcm.ts";

const NAME_BYTES = 1024;

/** What ffmpeg cannot turn into music either. */
const NO_MUSIC: ReadonlySet<string> = new Set(["HTML", "text", "PDF", "MIDI", "a ZIP archive"]);

/** Rejects with an AudioError. `ffmpeg`: the program, null for none. */
export async function* decodeFile(
  file: AudioFile,
  ffmpeg: string | null = findFfmpeg(),
): AsyncGenerator<Pcm> {
  try {
    yield* decodeBuiltIn(file);
  } catch (error) {
    if (!(error instanceof UnknownAudioError)) throw error;
    const name = await nameOf(file);
    if (name !== null && NO_MUSIC.has(name)) throw new AudioError(`it is ${name}`);
    if (ffmpeg === null) throw new AudioError(missing(name));
    yield* bounded(decodeWithFfmpeg(ffmpeg, file));
  }
}

async function nameOf(file: AudioFile): Promise<string | null> {
  const { start } = await audioExtent(async (at, length) => file.read(at, length), file.size);
  return foreignName(file.read(start, NAME_BYTES));
}

function missing(name: string | null): string {
  if (name === null) return "its format is unknown; installing ffmpeg may help";
  return `it is ${name}, which needs the program ffmpeg: install it`;
}
