// The table of mounts, one of which the desk shows in detail. Rows are kept, so that keyboard focus stays.

import { byId, find, make, setParts, setText } from "../dom.js";
import { count, kindText, lag } from "./text.js";

/** @typedef {import("../../src/http/desk/desk-schema.ts").Mount} Mount */

/** @type {Map<string, HTMLElement>} */
const rows = new Map();

const COLUMNS = ["name", "air", "title", "format", "listeners", "lag", "dropped"];
const NUMBERS = ["listeners", "lag", "dropped"];

/** @param {string} column */
function makeCell(column) {
  const isName = column === "name";
  const cell = make(isName ? "th" : "td", "", NUMBERS.includes(column) ? "number" : "");
  cell.dataset.column = column;
  cell.setAttribute("role", isName ? "rowheader" : "cell");
  if (isName) cell.scope = "row";
  if (column === "title") cell.dir = "auto";
  return cell;
}

/** @param {HTMLElement} row @param {string} column */
function cellOf(row, column) {
  return find(row, `[data-column="${column}"]`, HTMLElement);
}

/** @param {string} mount @param {(mount: string) => void} onChoose */
function makeRow(mount, onChoose) {
  const row = make("tr");
  row.setAttribute("role", "row");
  row.append(...COLUMNS.map(makeCell));
  const button = make("button", mount, "choose");
  button.type = "button";
  button.title = mount;
  button.addEventListener("click", () => onChoose(mount));
  cellOf(row, "name").append(button);
  cellOf(row, "air").append(make("span", "", "badge"));
  return row;
}

const SIDES = new Map([
  [1, "mono"],
  [2, "stereo"],
]);

/** @param {Mount["format"]} format */
function formatText(format) {
  if (!format) return "–";
  const sides = SIDES.get(format.channels) ?? `${format.channels} ch`;
  const bitrate = format.bitrate > 0 ? ` ${format.bitrate}` : "";
  return `${format.codec.toUpperCase()}${bitrate} · ${format.sample_rate / 1000} kHz ${sides}`;
}

/** @param {HTMLElement} cell @param {Mount} mount */
function fillTitle(cell, { title, artist }) {
  const parts = [artist, title].filter(Boolean);
  setParts(cell, parts.length > 0 ? parts : ["–"]);
  cell.title = parts.join(" – ");
}

/** @param {HTMLElement} cell @param {Mount} mount */
function fillListeners(cell, mount) {
  const { listeners, unique_listeners: unique, max_listeners: limit } = mount;
  setText(cell, limit > 0 ? `${count(listeners)} / ${count(limit)}` : count(listeners));
  const since = `peak ${count(mount.listener_peak)}, ${count(mount.joined)} since the start`;
  cell.title = `${count(unique)} unique, ${since}`;
}

/** @param {HTMLElement} cell @param {Mount} mount */
function fillLag(
  cell,
  { lag: { looked_at: samples, worst_seconds: worst, median_seconds: median } },
) {
  setText(cell, samples === 0 ? "–" : lag(worst));
  cell.title = `worst of ${count(samples)} listeners sampled, median ${lag(median)}`;
}

/** What the directory of stations said. @param {Mount["directory"]} directory */
function directoryText({ state, message }) {
  if (state === "off") return "";
  return `directory: ${state}${message === "" ? "" : ` (${message})`}`;
}

/** @param {HTMLElement} row @param {Mount} mount @param {boolean} isChosen */
function fill(row, mount, isChosen) {
  row.toggleAttribute("data-chosen", isChosen);
  find(row, ".choose", HTMLElement).setAttribute("aria-pressed", String(isChosen));
  const badge = find(row, ".badge", HTMLElement);
  setText(badge, kindText(mount.on_air));
  badge.dataset.kind = mount.on_air;
  cellOf(row, "name").title = directoryText(mount.directory);
  fillTitle(cellOf(row, "title"), mount);
  setText(cellOf(row, "format"), formatText(mount.format));
  fillListeners(cellOf(row, "listeners"), mount);
  fillLag(cellOf(row, "lag"), mount);
  setText(cellOf(row, "dropped"), count(mount.slow_listeners));
}

/** Scrolls the table so that the mount's row is the first. @param {string} mount */
export function revealMount(mount) {
  const row = rows.get(mount);
  const scroller = row?.closest(".scroller");
  if (!row || !scroller) return;
  const head = find(scroller, "thead", HTMLElement).offsetHeight;
  const place = row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  scroller.scrollTop += place - head;
}

/** @param {Mount[]} mounts @param {string} chosen @param {(mount: string) => void} onChoose */
export function showMountTable(mounts, chosen, onChoose) {
  for (const mount of mounts) {
    const row = rows.get(mount.mount) ?? makeRow(mount.mount, onChoose);
    if (!rows.has(mount.mount)) byId("mount-rows").append(row);
    rows.set(mount.mount, row);
    fill(row, mount, mount.mount === chosen);
  }
}
