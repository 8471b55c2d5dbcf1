// Mounts whose configuration asks for a crossfade that their format cannot have.
import type { Config, MountConfig } from "./config.ts";
import type { PlaylistFormat } from "./playlist-keys.ts";

const FADED: ReadonlySet<PlaylistFormat> = new Set<PlaylistFormat>([
  "auto",
  "mp3",
  "vorbis",
  "flac",
]);

/** One sentence per mount. */
export function checkCrossfade({ mounts }: Pick<Config, "mounts">): string[] {
  return mounts.filter(isVain).map(({ path, playlist: { format } }) => {
    return `playlist.crossfade of ${path} has no effect: only MP3, Vorbis and FLAC are faded, and its playlist.format is "${format}"`;
  });
}

function isVain({ playlist: { crossfade, format } }: MountConfig): boolean {
  return crossfade > 0 && !FADED.has(format);
}
