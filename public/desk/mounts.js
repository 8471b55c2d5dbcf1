// The table of mounts, of which one is shown in detail; rows are kept, so that the keyboard's focus stays.

import { byId, setParts, setText } from "../dom.js";
import { count, lag, make, titleParts } from "./text.js";

const words = { live: "Live", playlist: "Playlist", silence: "Silence" };

/** @type {Map<string, HTMLTableRowElement>} */
const rows = new Map();

const columns = ["name", "air", "title", "format", "listeners", "lag", "drops"];
const numbers = ["listeners", "lag", "drops"];

/** @param {string} mount @param {(mount: string) => void} onChoose */
function makeRow(mount, onChoose) {
  const row = document.createElement("tr");
  row.setAttribute("role", "row");
  for (const column of columns) {
    const cell = make(
      column === "name" ? "th" : "td",
      "",
      numbers.includes(column) ? "number" : "",
    );
    cell.dataset.column = column;
    if (column === "title") cell.dir = "auto";
    cell.setAttribute("role", column === "name" ? "rowheader" : "cell");
    row.append(cell);
  }
  const name = row.cells[0];
  if (!name) throw new Error("a row has no cells");
  name.scope = "row";
  const button = make("button", mount, "choose");
  button.setAttribute("type", "button");
  button.addEventListener("click", () => onChoose(mount));
  name.append(button);
  row.cells[1]?.append(make("span", "", "badge"));
  return row;
}

/** @param {any} format */
function formatText(format) {
  if (!format) return "–";
  const sides = ["", "mono", "stereo"][format.channels] ?? `${format.channels} ch`;
  const bitrate = format.bitrate > 0 ? ` ${format.bitrate}` : "";
  return `${format.codec.toUpperCase()}${bitrate} · ${format.sample_rate / 1000} kHz ${sides}`;
}

/** @param {any} mount */
function listenersText(mount) {
  const limit = mount.max_listeners > 0 ? ` / ${count(mount.max_listeners)}` : "";
  return `${count(mount.listeners)}${limit}`;
}

/** @param {any} mount */
function lagText({ lag: { looked_at: lookedAt, worst_seconds: worst } }) {
  return lookedAt === 0 ? "–" : lag(worst);
}

/** @param {HTMLTableRowElement} row @param {any} mount @param {boolean} isChosen */
function fill(row, mount, isChosen) {
  const [name, air, title, format, listeners, lagCell, drops] = row.cells;
  if (!name || !air || !title || !format || !listeners || !lagCell || !drops) return;
  row.toggleAttribute("data-chosen", isChosen);
  name.firstElementChild?.setAttribute("aria-pressed", String(isChosen));
  const badge = air.firstElementChild;
  if (badge) {
    setText(badge, words[mount.on_air] ?? mount.on_air);
    badge.setAttribute("data-kind", mount.on_air);
  }
  const parts = titleParts(mount);
  setParts(title, parts.length > 0 ? parts : ["–"]);
  title.title = parts.join(" – ");
  setText(format, formatText(mount.format));
  setText(listeners, listenersText(mount));
  listeners.title = `peak ${count(mount.listener_peak)}, ${count(mount.joined)} since the start`;
  setText(lagCell, lagText(mount));
  lagCell.title = `the worst of ${mount.lag.looked_at} listeners at the last look, median ${lag(mount.lag.median_seconds)}`;
  setText(drops, count(mount.slow_listeners));
}

/** Brings the row into view, where there are more than the table has room for. @param {string} mount */
export function showMountRow(mount) {
  rows.get(mount)?.scrollIntoView({ block: "nearest" });
}

/** @param {any[]} mounts @param {string} chosen @param {(mount: string) => void} onChoose */
export function showMounts(mounts, chosen, onChoose) {
  for (const mount of mounts) {
    const row = rows.get(mount.mount) ?? makeRow(mount.mount, onChoose);
    if (!rows.has(mount.mount)) {
      rows.set(mount.mount, row);
      byId("mount-rows").append(row);
    }
    fill(row, mount, mount.mount === chosen);
  }
}
