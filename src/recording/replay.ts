// Pure: where a recording goes to be played again.
import type { MountConfig } from "../config/config.ts";
import { withinBytes } from "../lib/text.ts";
import type { Entry } from "./retention.ts";

/** Of a file, in every usual file system; with room for the ending that it has while it is copied. */
const MAX_NAME_BYTES = 240;

/** Its path in the playlist's folder, or why it cannot go there. `directory`: of the recordings. */
export function replayPlace(
  { path, summary }: Entry,
  directory: string,
  { recording, playlist }: Pick<MountConfig, "recording" | "playlist">,
): { readonly path: string } | { readonly error: string } {
  const own = recording.find(({ label }) => label === summary.recording)?.playlistDirectory ?? "";
  const ending = path.slice(path.lastIndexOf("."));
  if (!playlist.extensions.includes(ending)) {
    return { error: `The playlist does not play ${ending} files: see playlist.extensions.` };
  }
  if (own === "" && playlist.file !== "") {
    return { error: "The playlist is a file: set playlist_directory of the recording." };
  }
  const whole = path.slice(directory.length + 1, -ending.length).replaceAll("/", " ");
  const name = withinBytes(whole, MAX_NAME_BYTES - ending.length) + ending;
  return { path: `${own === "" ? playlist.directory : own}/${name}` };
}
