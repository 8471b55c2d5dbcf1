// The desk's answers about music, rendered from the facts.
import { relative } from "node:path";
import type { MountFacts, PlaylistFacts, StationFacts } from "../../facts/facts.ts";
import { shownPath } from "../../lib/path-text.ts";
import type { Amount } from "../../library/state.ts";
import type { TrackInfo } from "../../library/track-info.ts";
import type { ListedTrack, TrackSound } from "../../mount/roles.ts";
import { round } from "./desk-render.ts";

/** Skipped files or unreadable folders beyond this are counted, not named. */
const NAMED = 100;

/** Files that play next. */
const UPCOMING = 10;

function named(reasons: ReadonlyMap<string, string>) {
  return [...reasons].slice(0, NAMED).map(([name, why]) => ({ name, why }));
}

function renderTrack({ file, title, artist, album, seconds, loudness }: TrackInfo) {
  return {
    file,
    title,
    artist,
    album,
    duration_seconds: seconds === null ? null : round(seconds, 3),
    loudness: loudness === null ? null : round(loudness, 1),
  };
}

function renderSound({ seconds, loudness, gain }: TrackSound) {
  return {
    duration_seconds: seconds === null ? null : round(seconds, 3),
    loudness: loudness === null ? null : round(loudness, 1),
    gain: gain === null ? null : round(gain, 1),
  };
}

function renderListed(track: ListedTrack) {
  return { ...renderTrack(track), ...renderSound(track) };
}

const UNKNOWN_SOUND: TrackSound = { seconds: null, loudness: null, gain: null };

function renderPlaying({ heardFile, title, artist, sound }: PlaylistFacts) {
  if (heardFile === null) return null;
  return { file: heardFile, title, artist, ...renderSound(sound ?? UNKNOWN_SOUND) };
}

/** Files that were searched for. */
export function renderFiles(tracks: readonly TrackInfo[]) {
  return { files: tracks.map(renderTrack) };
}

/** A file as people know it: below the playlist's directory that it is in. */
function fileName(path: string, { mounts }: StationFacts): string {
  const names = mounts.map(({ playlist }) => relative(playlist.directory, path));
  return names.find((name) => !name.startsWith("..")) ?? path;
}

const NOTHING_WAITS = { analyse: 0, convert: 0, seam: 0 };

function renderConverter(facts: StationFacts) {
  const { converter, conversionTrouble } = facts;
  if (converter === null) return null;
  const { running, waiting, speed, failures } = converter;
  const named = ({ kind, path }: { kind: string; path: string }) => {
    return { kind, file: fileName(shownPath(path), facts) };
  };
  return {
    running: running === null ? null : { ...named(running), seconds: round(running.seconds, 1) },
    waiting: { ...NOTHING_WAITS, ...waiting },
    speed: speed === null ? null : round(speed, 1),
    stopped: conversionTrouble,
    failures: failures.map((failed) => {
      return { ...named(failed), why: failed.why, time: new Date(failed.atMs).toISOString() };
    }),
  };
}

/** null while there is no estimate. */
function secondsFor({ files, seconds }: Amount, speed: number | null): number | null {
  if (files === 0) return 0;
  return speed === null || speed === 0 ? null : Math.ceil(seconds / speed);
}

function renderLibraryOf({ path, playlist }: MountFacts, speed: number | null) {
  const { files, measured, seconds, secondsLeft, leftOut, toMeasure, toConvert } =
    playlist.progress;
  return {
    mount: path,
    directory: playlist.directory,
    files,
    measured,
    seconds_left: secondsLeft,
    duration_seconds: Math.round(seconds),
    loudness_unknown: toMeasure.files,
    loudness_seconds_left: secondsFor(toMeasure, speed),
    unconverted: toConvert.files,
    left_out: leftOut.map(({ why, count, names }) => ({ why, count, files: [...names] })),
  };
}

/** How far the music of each mount is known. */
export function renderLibrary(facts: StationFacts) {
  const speed = facts.converter?.speed ?? null;
  return {
    converter: renderConverter(facts),
    mounts: facts.mounts.map((mount) => renderLibraryOf(mount, speed)),
  };
}

export function renderPlaylist({ path, playlist }: MountFacts) {
  const { directory, shuffle, files } = playlist;
  return {
    mount: path,
    directory,
    shuffle,
    tracks: files.count,
    playing: renderPlaying(playlist),
    upcoming: playlist.upcoming(UPCOMING),
    ahead: playlist.ahead(UPCOMING).map(renderListed),
    skipped: named(files.reasons),
    unreadable: named(files.unreadable),
  };
}
