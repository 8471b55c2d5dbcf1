// The last lines of the log, a bounded number of them; it follows the newest until somebody scrolls back.

import { byId } from "../dom.js";
import { make } from "./text.js";

const maxLines = 500;
const list = byId("log");
const follow = /** @type {HTMLInputElement} */ (byId("follow"));
let newest = 0;

/** @param {{ time: string, level: string, text: string }} line */
function item({ time, level, text }) {
  const row = make("li");
  row.dataset.level = level;
  const at = new Date(time);
  const stamp = make("time", at.toLocaleTimeString("en", { hour12: false }));
  stamp.setAttribute("datetime", time);
  const words = make("span", text);
  words.dir = "auto";
  row.append(stamp, make("b", level), words);
  return row;
}

/** Lines that are shown already are passed over. @param {any[]} lines */
export function addLines(lines) {
  const fresh = lines.filter((line) => line.number > newest);
  if (fresh.length === 0) return;
  newest = fresh.at(-1).number;
  list.append(...fresh.map(item));
  while (list.childElementCount > maxLines) list.firstElementChild?.remove();
  if (follow.checked) list.scrollTop = list.scrollHeight;
}

/** All anew: another start of the station counts from 1 again. @param {any[]} lines */
export function showLog(lines) {
  newest = 0;
  list.replaceChildren();
  addLines(lines);
}

list.addEventListener("wheel", () => {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 24;
  follow.checked = isAtEnd;
});
follow.addEventListener("change", () => {
  if (follow.checked) list.scrollTop = list.scrollHeight;
});
