// The latest log lines. The view follows the newest until the operator scrolls back.

import { byId, inputById, make } from "../dom.js";
import { clock } from "../text.js";

/** @typedef {import("../../src/http/desk/desk-schema.ts").Log["lines"]} Lines */

const MAX_LINES = 500;
/** Pixels from the end that still count as the end. */
const END_PX = 24;
const list = byId("log");
const follow = inputById("follow");
let newest = 0;

/** @param {Lines[number]} line */
function makeRow({ time, level, text }) {
  const row = make("li");
  row.dataset.level = level;
  const stamp = make("time", clock(Date.parse(time) / 1000, true));
  stamp.dateTime = time;
  const words = make("span", text);
  words.dir = "auto";
  row.append(stamp, make("b", level), words);
  return row;
}

function scrollToEnd() {
  if (follow.checked) list.scrollTop = list.scrollHeight;
}

/** Skips lines that are shown already. @param {Lines} lines */
export function addLines(lines) {
  const fresh = lines.filter(({ number }) => number > newest);
  newest = fresh.at(-1)?.number ?? newest;
  list.append(...fresh.map(makeRow));
  while (list.childElementCount > MAX_LINES) list.firstElementChild?.remove();
  if (fresh.length > 0) scrollToEnd();
}

/** Replaces all lines: after a restart, the server counts from 1 again. @param {Lines} lines */
export function showLog(lines) {
  newest = 0;
  list.replaceChildren();
  addLines(lines);
}

list.addEventListener("wheel", () => {
  follow.checked = list.scrollHeight - list.scrollTop - list.clientHeight < END_PX;
});
follow.addEventListener("change", scrollToEnd);
