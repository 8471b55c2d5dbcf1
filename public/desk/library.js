// The music of the chosen mount: how far it is known, what is left out and why, and a search for files to play next.

import { ask } from "./api.js";
import { byId, find, inputById, make, setText } from "../dom.js";
import { count, duration, plural } from "./text.js";

/** @typedef {import("../../src/http/desk/library-schema.ts").Library["mounts"][number]} Music */
/** @typedef {import("../../src/http/desk/library-schema.ts").Files["files"][number]} Track */

const SEARCH_MS = 250;
const MAX_FOUND = 20;

let shown = "";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let searching;

/** "4:05". @param {number} seconds */
function minutes(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** "+3.0 dB". @param {number} decibels */
function gainText(decibels) {
  return `${decibels > 0 ? "+" : ""}${decibels.toFixed(1)} dB`;
}

/**
 * "4:05 · -14.2 LUFS, -1.5 dB", as far as it is known.
 * @param {Pick<Track, "duration_seconds" | "loudness"> & { gain?: number | null }} track
 */
export function trackFacts({ duration_seconds: seconds, loudness, gain = null }) {
  const level = [];
  if (loudness !== null) level.push(`${loudness.toFixed(1)} LUFS`);
  if (gain !== null) level.push(gainText(gain));
  const parts = [seconds === null ? "" : minutes(seconds), level.join(", ")];
  return parts.filter(Boolean).join(" · ");
}

/** @param {Track} track */
export function trackName({ artist, title, file }) {
  return [artist, title].filter(Boolean).join(" – ") || file;
}

/** @param {Music} music */
export function showLibrary(music) {
  const { files, measured, seconds_left: left } = music;
  const isReading = measured < files;
  byId("scan").hidden = !isReading;
  const bar = find(document, "#scan-bar", HTMLProgressElement);
  bar.max = Math.max(1, files);
  bar.value = measured;
  const rest = left === null ? "" : `, about ${duration(left)} left`;
  setText(byId("scan-text"), `Read ${count(measured)} of ${plural(files, "file")}${rest}`);
  setText(byId("hours"), duration(music.duration_seconds));
  showLeftOut(music.left_out);
}

/** @param {Music["left_out"]} reasons */
function showLeftOut(reasons) {
  const text = JSON.stringify(reasons);
  if (text === shown) return;
  shown = text;
  const all = reasons.reduce((sum, reason) => sum + reason.count, 0);
  byId("left-out").hidden = all === 0;
  setText(byId("left-out-count"), `${plural(all, "file")} left out`);
  byId("left-out-list").replaceChildren(...reasons.map(makeReason));
}

/** @param {Music["left_out"][number]} reason */
function makeReason({ why, count: number, files }) {
  const row = make("li");
  const more = number > files.length ? `, and ${count(number - files.length)} more` : "";
  row.append(`${plural(number, "file")}: ${why} (`, make("bdi", files.join(", ")), `${more})`);
  return row;
}

/**
 * @param {() => string} chosen the mount whose files are searched
 * @param {(file: string) => void} playNext
 * @param {(error: unknown) => void} fail
 */
export function bindSearch(chosen, playNext, fail) {
  const input = inputById("file-words");
  byId("file-search").addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", () => {
    clearTimeout(searching);
    searching = setTimeout(() => {
      search(chosen(), input.value, playNext).catch(fail);
    }, SEARCH_MS);
  });
}

/** @param {string} mount @param {string} words @param {(file: string) => void} playNext */
async function search(mount, words, playNext) {
  if (words.trim() === "") return byId("found").replaceChildren();
  const { files } = await ask("files", { mount, search: words, limit: MAX_FOUND });
  if (inputById("file-words").value !== words) return;
  const rows = files.map((track) => makeFound(track, mount, playNext));
  byId("found").replaceChildren(
    ...(rows.length > 0 ? rows : [make("li", "Nothing found", "soft")]),
  );
}

/** @param {Track} track @param {string} mount @param {(file: string) => void} playNext */
function makeFound(track, mount, playNext) {
  const row = make("li");
  const name = make("bdi", trackName(track));
  const next = make("button", "Play next", "button");
  next.type = "button";
  next.addEventListener("click", () => playNext(track.file));
  const hear = make("button", "Preview", "button");
  hear.type = "button";
  hear.addEventListener("click", () => preview(mount, track.file));
  row.append(name, " ", make("span", trackFacts(track), "soft"), " ", hear, " ", next);
  return row;
}

/** @param {string} mount @param {string} file */
function preview(mount, file) {
  const player = find(document, "#preview", HTMLAudioElement);
  player.hidden = false;
  player.src = `api/admin/preview?${new URLSearchParams({ mount, file })}`;
  void player.play().catch(() => (player.hidden = false));
}
