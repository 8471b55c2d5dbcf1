// The History panel: what played when, with its listeners; search; exports.

import { ask } from "./api.js";
import { byId, find, inputById, make } from "../dom.js";
import { count } from "./text.js";

/** @typedef {import("../../src/http/desk/audience-schema.ts").PlayList["plays"][number]} Play */

const SEARCH_MS = 300;
const DAY_SECONDS = 86_400;
const PER_PAGE = 100;

/** @type {(error: unknown) => void} */
let fail = () => undefined;
let page = 1;
let isBound = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let searching;

/** @param {string} id */
function chosen(id) {
  return find(document, `#${id}`, HTMLSelectElement).value;
}

/** @returns {Record<string, string | number>} */
function range() {
  const mount = chosen("play-mount");
  const search = inputById("play-words").value.trim();
  const to = Math.ceil(Date.now() / 1000) + 1;
  const from = to - Number(chosen("play-period")) * DAY_SECONDS;
  return {
    ...(mount === "" ? {} : { mount }),
    ...(search === "" ? {} : { search }),
    from,
    to,
  };
}

/** @param {string} text @param {string} [className] @param {string} [label] says what it is where no head does */
function cell(text, className = "", label = "") {
  const made = make("td", text, className);
  made.setAttribute("role", "cell");
  if (label !== "") made.dataset.label = label;
  return made;
}

/** @param {Play} play */
function makeRow(play) {
  const row = make("tr");
  const time = make("th");
  row.setAttribute("role", "row");
  time.scope = "row";
  time.setAttribute("role", "rowheader");
  const at = new Date(play.played_at);
  time.textContent = at.toLocaleString([], { dateStyle: "short", timeStyle: "medium" });
  const title = cell([play.artist, play.title].filter(Boolean).join(" – "), "agent");
  title.dir = "auto";
  title.title = [play.album, play.show].filter(Boolean).join(" · ");
  row.append(time, title, cell(play.mount, "path"));
  row.append(
    cell(count(play.listeners), "number", "listeners"),
    cell(count(play.joined), "number", "joined"),
    cell(count(play.left), "number", "left"),
    cell(count(play.tuned_out), "number", "tuned out"),
  );
  return row;
}

/** Links to the file that is chosen. */
function showExport() {
  const format = chosen("play-format");
  const isTemplate = format === "template";
  byId("play-template").hidden = !isTemplate;
  const more = isTemplate ? { columns: inputById("play-columns").value } : { format };
  const fields = Object.entries({ ...range(), ...more });
  const query = new URLSearchParams(fields.map(([name, value]) => [name, String(value)]));
  byId("play-export").setAttribute("href", `api/admin/history/export?${query}`);
}

async function readPlays() {
  showExport();
  const { plays } = await ask("history/plays", { ...range(), page, limit: PER_PAGE });
  const rows = plays.map(makeRow);
  if (page === 1) byId("play-rows").replaceChildren(...rows);
  else byId("play-rows").append(...rows);
  byId("no-plays").hidden = page > 1 || plays.length > 0;
  byId("more-plays").hidden = plays.length < PER_PAGE;
}

/** @param {number} from the first page to read */
function read(from) {
  page = from;
  readPlays().catch(fail);
}

function bind() {
  for (const id of ["play-mount", "play-period"])
    byId(id).addEventListener("change", () => read(1));
  byId("play-format").addEventListener("change", showExport);
  byId("play-columns").addEventListener("input", showExport);
  byId("more-plays").addEventListener("click", () => read(page + 1));
  inputById("play-words").addEventListener("input", () => {
    clearTimeout(searching);
    searching = setTimeout(() => read(1), SEARCH_MS);
  });
}

/** @param {(error: unknown) => void} onFailure */
export function open(onFailure) {
  fail = onFailure;
  if (!isBound) bind();
  isBound = true;
  read(1);
}
