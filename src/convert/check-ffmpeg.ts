// Music that only the program ffmpeg can read, for `--check`: what it is, and that the program is missing.
import { extname } from "node:path";
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
  return ffmpeg === null ? mounts.flatMap(missing) : [];
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
