// The playlist of the mount that is shown: what plays, what follows, what it leaves out.

import { byId, setParts, setText } from "../dom.js";
import { make, plural, titleParts } from "./text.js";

/** @param {any} list */
function factsText({ tracks, shuffle, skipped, unreadable }) {
  const parts = [plural(tracks, "track"), shuffle ? "shuffled" : "in order"];
  if (skipped.length > 0) parts.push(`${skipped.length} left out`);
  if (unreadable.length > 0) parts.push(`${plural(unreadable.length, "folder")} unreadable`);
  return parts.join(" · ");
}

let shown = "";

/** @param {string} file */
function fileRow(file) {
  const row = make("li");
  const name = make("bdi", file);
  row.append(name);
  return row;
}

/** @param {string[]} files */
function showUpcoming(files) {
  const text = JSON.stringify(files);
  if (text === shown) return;
  shown = text;
  const rows = files.length > 0 ? files.map(fileRow) : [make("li", "–", "soft")];
  byId("upcoming").replaceChildren(...rows);
}

/** @param {any} list */
export function showPlaylist(list) {
  const { playing } = list;
  const parts = playing ? titleParts(playing) : ["Not on air"];
  setParts(byId("playing-title"), parts.length > 0 ? parts : [playing.file]);
  setText(byId("playing-file"), playing ? playing.file : "");
  byId("skip").toggleAttribute("disabled", playing === null);
  showUpcoming(list.upcoming);
  setText(byId("playlist-facts"), factsText(list));
  byId("playlist-facts").title = list.directory;
}
