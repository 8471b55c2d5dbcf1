// The doctor's rules about playlists: what cannot be read, what cannot be played, and what is not there.
import type { Finding, MountHealth } from "./doctor-facts.ts";

/** Names told in one sentence. */
const NAMES_TOLD = 5;
const REASONS_TOLD = 6;
const ENDINGS_TOLD = 10;

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

/** Files by reason, the most frequent first: "3: it is WAV, which cannot be played (a.wav, b.wav, c.wav)". */
function byReason(skipped: ReadonlyMap<string, string>): string {
  const groups = Map.groupBy(skipped.keys(), (name) => skipped.get(name) ?? "");
  const largestFirst = [...groups].toSorted(([, a], [, b]) => b.length - a.length);
  const some = largestFirst.slice(0, REASONS_TOLD).map(([why, names]) => {
    const more = names.length > NAMES_TOLD ? `, and ${names.length - NAMES_TOLD} more` : "";
    return `${names.length}: ${why} (${names.slice(0, NAMES_TOLD).join(", ")}${more})`;
  });
  return some.join("; ") + (groups.size > REASONS_TOLD ? "; and for other reasons" : "");
}

export function skipped({ path, playlist }: MountHealth): Finding[] {
  const { skipped, skippedCount, tracks } = playlist;
  if (skippedCount === 0) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `The playlist of ${path} leaves out ${skippedCount} of ${skippedCount + tracks} files. ${byReason(skipped)}.`,
      remedy: "Convert or replace them; a file that has changed is tried again.",
    },
  ];
}

export function passedOver({ path, playlist }: MountHealth): Finding[] {
  const endings = [...playlist.passedOver].toSorted(([, a], [, b]) => b - a);
  if (endings.length === 0) return [];
  const counts = endings.slice(0, ENDINGS_TOLD).map(([ending, count]) => `${count} ${ending}`);
  const more = endings.length > ENDINGS_TOLD ? ", and others" : "";
  return [
    {
      severity: "note",
      subject: path,
      sentence: `The playlist of ${path} passes over files by their endings: ${counts.join(", ")}${more}.`,
      remedy: "Add the ending to playlist.extensions if such files are tracks that can be played.",
    },
  ];
}

export function unseen({ path, playlist }: MountHealth): Finding[] {
  const { directory, tooDeep, isCutOff } = playlist;
  if (tooDeep.length === 0 && !isCutOff) return [];
  const deep = tooDeep.length > 0 ? `folders nested too deep (${tooDeep.join(", ")})` : "";
  const rest = isCutOff ? "what comes after 200,000 entries" : "";
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `The playlist of ${path} leaves out ${[deep, rest].filter((part) => part !== "").join(" and ")}.`,
      remedy: `Move files within ${directory}, or give the mount a smaller playlist.directory.`,
    },
  ];
}

export function unanswered({ path, onAir, playlist }: MountHealth): Finding[] {
  const { directory, unansweredSeconds } = playlist;
  if (unansweredSeconds === 0) return [];
  return [
    {
      severity: onAir === "silence" ? "trouble" : "warning",
      subject: path,
      sentence: `The playlist directory ${directory} of ${path} has not answered for ${Math.round(unansweredSeconds)} s.`,
      remedy: "Look at its disk or share; the playlist goes on by itself when it answers.",
    },
  ];
}

export function empty({ path, playlist }: MountHealth): Finding[] {
  const { directory, isKnown, tracks, unreadable, unansweredSeconds } = playlist;
  if (!isKnown || tracks > 0 || unreadable.has(directory) || unansweredSeconds > 0) return [];
  return [
    {
      severity: "note",
      subject: path,
      sentence: `The playlist of ${path} has no track to play: whenever nobody is live, there is silence.`,
      remedy: `Put tracks into ${directory}.`,
    },
  ];
}
