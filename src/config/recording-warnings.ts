// Recordings that would be played by the playlist that they record.
import type { Config } from "./config.ts";

/** One sentence per recording. */
export function recordingWarnings({ mounts }: Pick<Config, "mounts">): string[] {
  const folders = mounts
    .filter(({ playlist }) => playlist.file === "")
    .map(({ playlist }) => playlist.directory);
  return mounts.flatMap(({ path, recording }) =>
    recording
      .filter(({ directory }) => folders.some((folder) => isWithin(directory, folder)))
      .map(
        ({ label, directory }) =>
          `recording "${label}" of ${path} writes to ${directory}, which a playlist plays: its files go on air`,
      ),
  );
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
