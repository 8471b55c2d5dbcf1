// Mounts that are to be offered by HLS and play a codec that has none.
import type { Config } from "./config.ts";
import type { PlaylistFormat } from "./playlist-keys.ts";

const WITHOUT_HLS: ReadonlySet<PlaylistFormat> = new Set<PlaylistFormat>(["vorbis", "speex"]);

/** One sentence per mount. */
export function hlsWarnings({ mounts }: Pick<Config, "mounts">): string[] {
  return mounts
    .filter(({ hls, playlist }) => hls.enabled && WITHOUT_HLS.has(playlist.format))
    .map(
      ({ path, playlist }) =>
        `hls.enabled of ${path} has no effect while it plays ${playlist.format}: HLS has MP3, AAC, Opus and FLAC`,
    );
}
