// Whether the station is ready for listeners and sources: what keeps it from being so, in sentences that anybody may
// read, without names of files.
import type { MountFacts, StationFacts } from "../facts/facts.ts";

/** Why a mount that plays nothing should play something; null if it is meant to be empty. */
function whySilent({ files, directory }: MountFacts["playlist"]): string | null {
  if (files.unansweredSeconds > 0) return "its playlist directory does not respond";
  if (files.unreadable.has(directory)) return "its playlist directory cannot be read";
  if (!files.isKnown) return "its playlist directory is still being read";
  if (files.count > 0) return "its playlist has not begun";
  return files.skippedCount > 0 ? "none of its files can be played" : null;
}

/** A relay that should play does not. */
function isMissed({ inputs }: MountFacts): boolean {
  return inputs.some(({ relay }) => relay !== undefined && relay.downMs !== null);
}

/** It has no files, and nothing hinders it to have some; no relay should play. */
export function meantEmpty(mount: MountFacts): boolean {
  return whySilent(mount.playlist) === null && !isMissed(mount);
}

/** Silence is no audio, a source's neither. A mount whose listeners hear another mount instead needs none. */
function audio(mount: MountFacts): string[] {
  if (mount.fallback !== "") return [];
  if (mount.silentInputs.some(({ isOnAir }) => isOnAir))
    return [`${mount.path} has no audio: its source sends silence`];
  if (mount.onAir !== "silence") return [];
  const why = whySilent(mount.playlist) ?? (isMissed(mount) ? "its relay does not play" : null);
  return why === null ? [] : [`${mount.path} has no audio: ${why}`];
}

function ports({ isListening }: StationFacts): string[] {
  return isListening ? [] : ["the source port is closed"];
}

function disk({ conversionTrouble }: StationFacts): string[] {
  return conversionTrouble === null ? [] : ["the disk for converted tracks cannot be written"];
}

/** What a ready station makes up for. */
export function notes({ mounts }: StationFacts): string[] {
  return mounts.flatMap(({ path, silentInputs }) =>
    silentInputs.some(({ isOnAir }) => !isOnAir)
      ? [`${path}: its source sends silence, and something else plays until its sound returns`]
      : [],
  );
}

/** Empty if the station is ready. */
export function notReady(facts: StationFacts): string[] {
  return [...ports(facts), ...facts.mounts.flatMap(audio), ...disk(facts)];
}
