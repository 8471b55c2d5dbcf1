// The latest log lines: of a level and above, with words, and still while the operator reads. The view follows the newest
// until the operator scrolls back.

import { ask } from "./api.js";
import { byId, find, inputById, make, setText } from "../dom.js";
import { clock, count } from "./text.js";

/** @typedef {import("../../src/http/desk/desk-schema.ts").Log["lines"]} Lines */

const MAX_LINES = 500;
const SEARCH_MS = 300;
/** Pixels from the end that still count as the end. */
const END_PX = 24;
/** The least important first, as src/lib/log-tail.ts has them. */
const LEVELS = ["debug", "info", "warn", "error"];

const list = byId("log");
const follow = inputById("follow");
const pause = find(document, "#pause-log", HTMLButtonElement);
let newest = 0;
let isPaused = false;
/** Lines that came during the pause. */
let missed = 0;
/** Set while what was typed is not looked for yet. @type {ReturnType<typeof setTimeout> | undefined} */
let searching;
/** The last question for lines. */
let reading = Promise.resolve();

function level() {
  return find(document, "#log-level", HTMLSelectElement).value;
}

function words() {
  return inputById("log-words").value.trim().toLowerCase();
}

/** @param {Lines[number]} line */
function isChosen({ level: own, text }) {
  if (LEVELS.indexOf(own) < LEVELS.indexOf(level())) return false;
  const lower = text.toLowerCase();
  return words()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

/** @param {Lines[number]} line */
function makeRow({ time, level: own, text }) {
  const row = make("li");
  row.dataset.level = own;
  const stamp = make("time", clock(Date.parse(time) / 1000, true));
  stamp.dateTime = time;
  const said = make("span", text);
  said.dir = "auto";
  row.append(stamp, make("b", own), said);
  return row;
}

function scrollToEnd() {
  if (follow.checked) list.scrollTop = list.scrollHeight;
}

/** Skips lines that are shown already. @param {Lines} lines */
export function addLines(lines) {
  const fresh = lines.filter(({ number }) => number > newest);
  newest = fresh.at(-1)?.number ?? newest;
  const chosen = fresh.filter(isChosen);
  if (isPaused) return showPause(missed + chosen.length);
  list.append(...chosen.map(makeRow));
  while (list.childElementCount > MAX_LINES) list.firstElementChild?.remove();
  if (chosen.length > 0) scrollToEnd();
}

/** @param {number} lines those that came since */
function showPause(lines) {
  missed = lines;
  setText(pause, !isPaused ? "Pause" : lines === 0 ? "Resume" : `Resume (${count(lines)} new)`);
}

/** Replaces all lines: after a restart, the server counts from 1 again. */
export async function readLog() {
  if (isPaused) {
    newest = 0;
    return;
  }
  const search = words();
  const query = { level: level(), ...(search === "" ? {} : { search }) };
  byId("log-text").setAttribute("href", `api/admin/log/text?${new URLSearchParams(query)}`);
  const { total, lines } = await ask("log", { ...query, lines: MAX_LINES });
  newest = 0;
  list.replaceChildren();
  addLines(lines);
  newest = total;
}

/** @param {(error: unknown) => void} fail */
export function bindLog(fail) {
  const read = () => {
    clearTimeout(searching);
    searching = undefined;
    isPaused = false;
    showPause(0);
    reading = readLog().catch(fail);
  };
  list.addEventListener("wheel", () => {
    follow.checked = list.scrollHeight - list.scrollTop - list.clientHeight < END_PX;
  });
  follow.addEventListener("change", scrollToEnd);
  byId("log-level").addEventListener("change", read);
  byId("log-words").addEventListener("input", () => {
    clearTimeout(searching);
    searching = setTimeout(read, SEARCH_MS);
  });
  pause.addEventListener("click", () => void (isPaused ? read() : hold(read)));
}

/** Keeps the lines as they are, once those asked for are there. @param {() => void} read */
async function hold(read) {
  if (searching !== undefined) read();
  await reading;
  isPaused = true;
  showPause(0);
}
