// Mounts that are to be offered by HLS in a way that they cannot have.
import type { Config, MountConfig } from "./config.ts";
import type { PlaylistFormat } from "./playlist-keys.ts";

const WITHOUT_HLS: ReadonlySet<PlaylistFormat> = new Set<PlaylistFormat>(["vorbis", "speex"]);

/** One sentence per mount. */
export function hlsWarnings({ mounts }: Pick<Config, "mounts">): string[] {
  return mounts.filter(({ hls }) => hls.enabled).flatMap((mount) => warningOf(mount) ?? []);
}

function warningOf({ path, hls, group, playlist: { format } }: MountConfig): string | null {
  if (WITHOUT_HLS.has(format))
    return `hls.enabled of ${path} has no effect while it plays ${format}: HLS has MP3, AAC, Opus and FLAC`;
  if (hls.part === 0) return null;
  if (group !== "") return `hls.part of ${path} has no effect: mounts of a group have no parts`;
  if (format !== "mp3") return null;
  return `hls.part of ${path} has no effect while it plays mp3: AAC, Opus and FLAC have parts`;
}
