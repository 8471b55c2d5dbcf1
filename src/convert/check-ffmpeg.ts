// What needs the program ffmpeg where that is missing, for `--check`: music that only it can read, and formats that only it
// can make of other music.
import { extname } from "node:path";
import type { PlaylistFormat } from "../config/playlist-keys.ts";
import type { Config, MountConfig } from "../config/config.ts";
import { findFfmpeg } from "../audio/decode-ffmpeg.ts";
import { systemClock } from "../lib/clock.ts";
import { Walk } from "../library/walk.ts";

/** Extensions whose usual contents nothing built in decodes. */
const ENDINGS = new Set(
  ".m4a .m4b .mp4 .alac .wma .asf .ape .wv .mpc .tta .caf .amr .ac3 .dts .mka .webm".split(" "),
);

/** A look at a large library is cut short: it only needs to find some. */
const LOOK_MS = 1000;

/** One sentence per mount. `ffmpeg`: the program, null for none. Blocks for a second at most, unless a disk hangs. */
export function checkFfmpeg({ mounts }: Config, ffmpeg: string | null = findFfmpeg()): string[] {
  return ffmpeg === null ? mounts.flatMap((mount) => [...missing(mount), ...unmade(mount)]) : [];
}

/** Formats that files are converted to by ffmpeg alone. */
const MADE_BY_FFMPEG: ReadonlySet<PlaylistFormat> = new Set<PlaylistFormat>([
  "aac",
  "opus",
  "flac",
]);

function unmade({ path, playlist: { format } }: MountConfig): string[] {
  if (!MADE_BY_FFMPEG.has(format)) return [];
  return [
    `playlist.format of ${path} is "${format}", to which only ffmpeg can convert other files: install ffmpeg`,
  ];
}

function missing({ path, playlist }: MountConfig): string[] {
  const wanted = playlist.extensions.filter((ending) => ENDINGS.has(ending));
  if (playlist.file !== "" || wanted.length === 0) return [];
  const walk = new Walk(playlist.directory, new Set(wanted));
  walk.goOn(systemClock.nowMs() + LOOK_MS);
  if (walk.files.length === 0) return [];
  const endings = [...new Set(walk.files.map((file) => extname(file).toLowerCase()))].toSorted();
  return [
    `the playlist of ${path} has files that only ffmpeg can read (${endings.join(", ")}): install ffmpeg`,
  ];
}
