// The doctor's rules about playlists: what cannot be read, what cannot be played, and what is not there.
import type { Finding, MountHealth } from "./facts.ts";

/** Names told in one sentence. */
const NAMES_TOLD = 5;

function told(entries: ReadonlyMap<string, string>): string {
  const names = [...entries].slice(0, NAMES_TOLD).map(([name, why]) => `${name} (${why})`);
  const more = entries.size - names.length;
  return names.join(", ") + (more > 0 ? `, and ${more} more` : "");
}

export function directory({ path, onAir, playlist }: MountHealth): Finding[] {
  const code = playlist.unreadable.get(playlist.directory);
  if (code === undefined) return [];
  return [
    {
      severity: onAir === "silence" ? "trouble" : "warning",
      subject: path,
      sentence: `The playlist directory ${playlist.directory} of ${path} cannot be read (${code}).`,
      remedy: "Create it, or give the station the right to read it, or set playlist.directory.",
    },
  ];
}

export function folders({ path, playlist }: MountHealth): Finding[] {
  const folders = new Map(playlist.unreadable);
  folders.delete(playlist.directory);
  if (folders.size === 0) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `Tracks of ${path} are left out, because their folders cannot be read: ${told(folders)}.`,
      remedy: "Give the station the right to read them.",
    },
  ];
}

export function skipped({ path, playlist }: MountHealth): Finding[] {
  const { skipped, tracks } = playlist;
  if (skipped.size === 0) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `The playlist of ${path} leaves out ${skipped.size} of ${skipped.size + tracks} files: ${told(skipped)}.`,
      remedy: "Convert or replace them; a file that has changed is tried again.",
    },
  ];
}

export function empty({ path, playlist }: MountHealth): Finding[] {
  const { directory, tracks, unreadable } = playlist;
  if (tracks > 0 || unreadable.has(directory)) return [];
  return [
    {
      severity: "note",
      subject: path,
      sentence: `The playlist of ${path} has no track to play: whenever nobody is live, there is silence.`,
      remedy: `Put tracks into ${directory}.`,
    },
  ];
}
