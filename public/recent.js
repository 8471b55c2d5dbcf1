// The tracks before the current one, with the time of day at which this listener heard them or would have: the latest of them
// from the mount's timeline, those before from the station's history. They can be searched and copied.

import { matches } from "./channels.js";
import { confirmCopy, copyText } from "./copy.js";
import { byId, find, fromTemplate, inputById, setText } from "./dom.js";
import { clockTime, t } from "./language.js";
import { Past } from "./past-plays.js";
import { isTrack, lineOf } from "./played.js";
import { artworkAddress } from "./status.js";
import { kindText } from "./view.js";

/**
 * @typedef {import("./status.js").Airing} Airing
 * @typedef {import("./status.js").Mount} Mount
 * @typedef {import("./past-plays.js").PastPlay} PastPlay
 */

const FEW_ROWS = 8;
/** Pages of the history that a search without a match loads by itself. */
const SEARCHED_PAGES = 5;

/** By mount. @type {Map<string, Past>} */
const pasts = new Map();
/** @type {Past | null} */
let past = null;
let station = "";
let rowsWanted = FEW_ROWS;
/** A listener who did not ask for more needs no word of a failure. */
let isAsked = false;
let shown = "";

/** @param {string} mount */
function pastOf(mount) {
  const known = pasts.get(mount) ?? new Past(mount);
  pasts.set(mount, known);
  return known;
}

function query() {
  return inputById("recent-search").value.trim();
}

/** @param {PastPlay} play */
function showOf({ airing }) {
  const show = airing.kind === "live" ? airing.dj || kindText(airing) : "";
  return airing.artist || (show === airing.title ? "" : show);
}

/** What a row says, to be copied. @param {PastPlay} play */
function copied({ airing, atMs }) {
  return `${clockTime(atMs)}  ${lineOf(airing)}`;
}

/** @param {PastPlay} play */
function makeRow(play) {
  const { airing } = play;
  const row = fromTemplate("recent-row");
  const image = find(row, "img", HTMLImageElement);
  const drawn = artworkAddress({ ...airing, artwork: "" });
  image.addEventListener("error", () => (image.src = drawn), { once: true });
  image.src = artworkAddress(airing);
  setText(find(row, ".recent-title", HTMLElement), airing.title);
  setText(find(row, ".recent-artist", HTMLElement), showOf(play));
  setText(find(row, ".recent-when", HTMLElement), clockTime(play.atMs));
  const copy = find(row, "button", HTMLButtonElement);
  copy.setAttribute("aria-label", t("recent.copyTrack", { track: lineOf(airing) }));
  copy.addEventListener("click", () => void copyText(lineOf(airing)).then(() => confirmCopy(copy)));
  return row;
}

/** @param {Past} of */
function tracksOf(of) {
  const searched = query();
  const tracks = of.plays.filter(({ airing }) => isTrack(airing, station));
  if (searched === "") return tracks.slice(0, rowsWanted);
  return tracks.filter(({ airing: { title, artist, dj } }) => {
    return matches(searched, [title, artist, dj]);
  });
}

/** A row that stays keeps its place in the document, and so the focus. @param {PastPlay[]} tracks */
function showRows(tracks) {
  const key = JSON.stringify([past?.mount, tracks.map(({ key: one }) => one)]);
  if (key === shown) return;
  shown = key;
  const list = byId("recent-list");
  const before = new Map([...list.children].map((row) => [row.getAttribute("data-key"), row]));
  const rows = tracks.map((track) => {
    const name = `${past?.mount} ${track.key}`;
    const row = before.get(name) ?? makeRow(track);
    row.setAttribute("data-key", name);
    return row;
  });
  const kept = new Set(rows);
  for (const row of before.values()) if (!kept.has(/** @type {HTMLElement} */ (row))) row.remove();
  rows.forEach((row, at) => {
    if (list.children[at] !== row) list.insertBefore(row, list.children[at] ?? null);
  });
}

function draw() {
  if (!past) return;
  const tracks = tracksOf(past);
  const isSearched = query() !== "";
  const all = past.plays.filter(({ airing }) => isTrack(airing, station)).length;
  byId("recent").hidden = all === 0;
  showRows(tracks);
  byId("recent-more").hidden = !past.hasMore && (isSearched || all <= tracks.length);
  const isNone = isSearched && tracks.length === 0 && !past.isLoading;
  const failed = past.isFailed && isAsked ? t("recent.failed") : "";
  setText(byId("recent-state"), isNone ? t("recent.none") : failed);
  byId("copy-all").hidden = tracks.length === 0;
}

/** Loads a page of the history of the mount that is shown. */
async function load() {
  const of = past;
  if (!of) return;
  const loading = of.load();
  draw();
  await loading;
  draw();
}

async function search() {
  isAsked = true;
  draw();
  for (let page = 0; page < SEARCHED_PAGES; page++) {
    if (!past || !past.hasMore || past.isFailed || query() === "") return;
    if (tracksOf(past).length > 0 && page > 0) return;
    await load();
  }
}

async function more() {
  isAsked = true;
  if (query() === "") rowsWanted = Math.max(rowsWanted, tracksOf(past ?? pastOf("")).length) + 25;
  if (past?.hasMore) await load();
  else draw();
}

/** @param {Mount} mount @param {Airing} current @param {string} name the station's */
export function showRecent(mount, current, name) {
  const other = pastOf(mount.mount);
  if (other !== past) [past, rowsWanted, isAsked] = [other, FEW_ROWS, false];
  station = mount.name || name;
  past?.note(mount.timeline, current, mount.heard);
  draw();
  const isShort = tracksOf(other).length < FEW_ROWS && document.body.dataset.view !== "embed";
  if (isShort && query() === "" && !other.wasAsked) void load();
}

export function bindRecent() {
  inputById("recent-search").addEventListener("input", () => void search());
  byId("recent-more").addEventListener("click", () => void more());
  const all = byId("copy-all");
  all.addEventListener("click", () => {
    const lines = past ? tracksOf(past).map(copied) : [];
    void copyText(lines.join("\n")).then(() => confirmCopy(all, all));
  });
}
