// The playlist of the chosen mount: the current track, the next ones, and what was left out.

import { byId, make, setParts, setText } from "../dom.js";
import { trackFacts, trackName } from "./library.js";
import { plural } from "./text.js";

/** @typedef {import("../../src/http/desk/library-schema.ts").Playlist} Playlist */

/** @param {Playlist} list */
function factsText({ tracks, shuffle, skipped, unreadable }) {
  const parts = [plural(tracks, "track"), shuffle ? "shuffled" : "in order"];
  if (skipped.length > 0) parts.push(`${skipped.length} unplayable`);
  if (unreadable.length > 0) parts.push(plural(unreadable.length, "unreadable folder"));
  return parts.join(" · ");
}

let shown = "";

/** @param {string} file @param {Playlist["ahead"][number] | undefined} track */
function makeRow(file, track) {
  const row = make("li");
  const name = make("bdi", track ? trackName(track) : file);
  name.title = file;
  row.append(name);
  if (track) row.append(" ", make("span", trackFacts(track), "soft"));
  return row;
}

/** @param {Playlist} list */
function showUpcoming({ upcoming, ahead }) {
  const text = JSON.stringify([upcoming, ahead]);
  if (text === shown) return;
  shown = text;
  const known = new Map(ahead.map((track) => [track.file, track]));
  const rows = upcoming.map((file) => makeRow(file, known.get(file)));
  byId("upcoming").replaceChildren(...(rows.length > 0 ? rows : [make("li", "–", "soft")]));
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
  setText(byId("playing-facts"), playing ? trackFacts(playing) : "");
  byId("skip").toggleAttribute("disabled", playing === null);
  showUpcoming(list);
  setText(byId("playlist-facts"), factsText(list));
  byId("playlist-facts").title = list.directory;
}
