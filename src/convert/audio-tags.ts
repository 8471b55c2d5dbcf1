// Title, artist and album of files whose tags nothing else here reads: FLAC, MP4, WMA, WAV, AIFF.
import { type AudioKind, KIND_BYTES, kindOf } from "../audio/audio-kind.ts";
import type { AudioFile } from "../audio/audio-file.ts";
import { systemPath } from "../lib/path-text.ts";
import { plainText } from "../lib/text.ts";
import { titledOf } from "../lib/titled.ts";
import type { AudioTags } from "../library/converter.ts";

/** The library reads the tags of these itself. */
const READ_ELSEWHERE: ReadonlySet<AudioKind | null> = new Set(["mpeg", "vorbis", "opus"]);

/** Null without a title; never rejects. */
export async function audioTags(path: string, file: AudioFile): Promise<AudioTags | null> {
  const plain = systemPath(path);
  if (typeof plain !== "string" || READ_ELSEWHERE.has(kindOf(file.read(0, KIND_BYTES))))
    return null;
  try {
    const { parseFile } = await import("music-metadata");
    const { common } = await parseFile(plain, { skipCovers: true, duration: false });
    const titled = titledOf(common.artists ?? [common.artist ?? ""], common.title ?? "");
    const album = plainText(common.album ?? "");
    return titled === null || titled.title === "" ? null : { ...titled, album };
  } catch {
    // Broken tags are no reason not to play.
    return null;
  }
}
