// The doctor's rules about playlists: unreadable folders, unplayable files, missing tracks.
import type { MountFacts } from "../facts/facts.ts";
import type { Finding } from "./diagnosis.ts";

/** The most names in one sentence. */
const MAX_NAMES = 5;
const MAX_REASONS = 6;
const MAX_ENDINGS = 10;

/** `count`: of all, since the entries may be truncated. */
function listed(entries: ReadonlyMap<string, string>, count: number): string {
  const names = [...entries].slice(0, MAX_NAMES).map(([name, why]) => `${name} (${why})`);
  const more = count - names.length;
  return names.join(", ") + (more > 0 ? `, and ${more} more` : "");
}

export function directory({ path, onAir, playlist }: MountFacts): Finding[] {
  const code = playlist.files.unreadable.get(playlist.directory);
  if (code === undefined) return [];
  return [
    {
      severity: onAir === "silence" ? "trouble" : "warning",
      subject: path,
      sentence: `The playlist directory ${playlist.directory} of ${path} cannot be read (${code}).`,
      remedy: "Create it, give the station read permission, or change playlist.directory.",
    },
  ];
}

export function folders({ path, playlist }: MountFacts): Finding[] {
  const folders = new Map(playlist.files.unreadable);
  const count = playlist.files.unreadableCount - (folders.delete(playlist.directory) ? 1 : 0);
  if (folders.size === 0) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `Some tracks of ${path} are skipped because their folders cannot be read: ${listed(folders, count)}.`,
      remedy: "Give the station read permission.",
    },
  ];
}

/** Files by reason, the most frequent first: "3: it is WAV, which cannot be played (a.wav, b.wav, c.wav)". */
function byReason(skipped: ReadonlyMap<string, string>): string {
  const groups = Map.groupBy(skipped.keys(), (name) => skipped.get(name) ?? "");
  const largestFirst = [...groups].toSorted(([, a], [, b]) => b.length - a.length);
  const some = largestFirst.slice(0, MAX_REASONS).map(([why, names]) => {
    const more = names.length > MAX_NAMES ? `, and ${names.length - MAX_NAMES} more` : "";
    return `${names.length}: ${why} (${names.slice(0, MAX_NAMES).join(", ")}${more})`;
  });
  return some.join("; ") + (groups.size > MAX_REASONS ? "; and for other reasons" : "");
}

export function skipped({ path, playlist }: MountFacts): Finding[] {
  const { reasons, skippedCount, count } = playlist.files;
  if (skippedCount === 0) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `The playlist of ${path} skips ${skippedCount} of ${skippedCount + count} files. ${byReason(reasons)}.`,
      remedy: "Convert or replace them; changed files are tried again.",
    },
  ];
}

export function passedOver({ path, playlist }: MountFacts): Finding[] {
  const endings = [...playlist.files.passedOver].toSorted(([, a], [, b]) => b - a);
  if (endings.length === 0) return [];
  const counts = endings.slice(0, MAX_ENDINGS).map(([ending, count]) => `${count} ${ending}`);
  const more = endings.length > MAX_ENDINGS ? ", and others" : "";
  return [
    {
      severity: "note",
      subject: path,
      sentence: `The playlist of ${path} ignores files with other extensions: ${counts.join(", ")}${more}.`,
      remedy: "Add the extension to playlist.extensions if such files are playable tracks.",
    },
  ];
}

export function silentFiles({ path, playlist }: MountFacts): Finding[] {
  const { silent } = playlist.files;
  if (silent.length === 0) return [];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `The playlist of ${path} has files that are silent from end to end: ${silent.join(", ")}.`,
      remedy: "Replace or remove them: listeners hear nothing while they play.",
    },
  ];
}

export function unseen({ path, playlist }: MountFacts): Finding[] {
  const { directory, files } = playlist;
  const { tooDeep, isCutOff } = files;
  if (tooDeep.length === 0 && !isCutOff) return [];
  const deep = tooDeep.length > 0 ? `folders nested too deep (${tooDeep.join(", ")})` : "";
  const rest = isCutOff ? "everything beyond 200,000 entries" : "";
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `The playlist of ${path} skips ${[deep, rest].filter((part) => part !== "").join(" and ")}.`,
      remedy: `Move files within ${directory}, or give the mount a smaller playlist.directory.`,
    },
  ];
}

export function unanswered({ path, onAir, playlist }: MountFacts): Finding[] {
  const { directory, files } = playlist;
  const { unansweredSeconds } = files;
  if (unansweredSeconds === 0) return [];
  return [
    {
      severity: onAir === "silence" ? "trouble" : "warning",
      subject: path,
      sentence: `The playlist directory ${directory} of ${path} has not responded for ${Math.round(unansweredSeconds)} s.`,
      remedy: "Check the disk or network share; the playlist resumes by itself.",
    },
  ];
}

/** A mount with a relay or a fallback needs no music of its own. */
export function empty({ path, playlist, inputs, fallback }: MountFacts): Finding[] {
  const { directory, files } = playlist;
  if (fallback !== "" || inputs.some(({ relay }) => relay !== undefined)) return [];
  const { isKnown, count, unreadable, unansweredSeconds } = files;
  if (!isKnown || count > 0 || unreadable.has(directory) || unansweredSeconds > 0) return [];
  return [
    {
      severity: "note",
      subject: path,
      sentence: `The playlist of ${path} has no playable track: without a live source the mount is silent.`,
      remedy: `Put music into ${directory}.`,
    },
  ];
}
