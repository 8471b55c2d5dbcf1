// The playlist of the chosen mount: the current track, the next ones, and what was left out.

import { byId, make, setParts, setText } from "../dom.js";
import { plural } from "../text.js";

/** @typedef {import("../../src/http/desk/desk-schema.ts").Playlist} Playlist */

/** @param {Playlist} list */
function factsText({ tracks, shuffle, skipped, unreadable }) {
  const parts = [plural(tracks, "track"), shuffle ? "shuffled" : "in order"];
  if (skipped.length > 0) parts.push(`${skipped.length} unplayable`);
  if (unreadable.length > 0) parts.push(plural(unreadable.length, "unreadable folder"));
  return parts.join(" · ");
}

let shown = "";

/** @param {string} file */
function makeRow(file) {
  const row = make("li");
  row.append(make("bdi", file));
  return row;
}

/** @param {string[]} files */
function showUpcoming(files) {
  const text = JSON.stringify(files);
  if (text === shown) return;
  shown = text;
  const rows = files.length > 0 ? files.map(makeRow) : [make("li", "–", "soft")];
  byId("upcoming").replaceChildren(...rows);
}

/** @param {NonNullable<Playlist["playing"]>} playing */
function titleParts({ title, artist, file }) {
  const parts = [artist, title].filter(Boolean);
  return parts.length > 0 ? parts : [file];
}

/** @param {Playlist} list */
export function showPlaylist(list) {
  const { playing } = list;
  setParts(byId("playing-title"), playing ? titleParts(playing) : ["Not on air"]);
  setText(byId("playing-file"), playing?.file ?? "");
  byId("skip").toggleAttribute("disabled", playing === null);
  showUpcoming(list.upcoming);
  setText(byId("playlist-facts"), factsText(list));
  byId("playlist-facts").title = list.directory;
}
