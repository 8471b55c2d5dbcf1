// Which listeners the desk shows: of the chosen mount or of all, found by words, sorted by a column, page by page.

import { ask } from "./api.js";
import { chosenNode } from "./nodes.js";
import { showListeners } from "./listeners.js";
import { byId, find, inputById } from "../dom.js";

/** @typedef {import("./listeners.js").Commands} Commands */

const PER_PAGE = 25;
const SEARCH_MS = 300;

/** The columns whose first sort is the highest first. */
const FALLING = ["time"];

let page = 1;
let sort = "";
let isFalling = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let searching;

function words() {
  return inputById("listener-words").value.trim();
}

/** @param {string} mount @returns {Record<string, string | number>} */
function question(mount) {
  const search = words();
  const node = chosenNode();
  return {
    mount: inputById("all-listeners").checked || node !== "" ? "*" : mount,
    ...(node === "" ? {} : { node }),
    page,
    per_page: PER_PAGE,
    ...(search === "" ? {} : { search }),
    ...(sort === "" ? {} : { sort, order: isFalling ? "desc" : "asc" }),
  };
}

/** @param {() => string} chosen the mount @param {Commands} commands */
export async function readListeners(chosen, commands) {
  const asked = question(chosen());
  const answer = await ask("listeners", asked);
  // Something else was chosen meanwhile.
  if (JSON.stringify(asked) !== JSON.stringify(question(chosen()))) return;
  page = answer.page;
  showListeners(answer, words() !== "", commands);
}

export function firstPage() {
  page = 1;
}

/** Up, down, and as they come. @param {string} column */
function turnSort(column) {
  const first = FALLING.includes(column);
  if (sort !== column) [sort, isFalling] = [column, first];
  else if (isFalling === first) isFalling = !first;
  else [sort, isFalling] = ["", false];
  for (const head of document.querySelectorAll("#listener-table [aria-sort]")) {
    const isSorted = head instanceof HTMLElement && head.dataset.sort === sort;
    head.setAttribute("aria-sort", isSorted ? (isFalling ? "descending" : "ascending") : "none");
  }
}

/** @param {boolean} areSeveral the station has several mounts */
export function showAllChoice(areSeveral) {
  byId("all-choice").hidden = !areSeveral;
  if (!areSeveral) inputById("all-listeners").checked = false;
}

/** @param {() => void} read called when others are to be shown */
export function bindListeners(read) {
  /** @param {number} to */
  const turn = (to) => {
    page = Math.max(1, to);
    read();
  };
  byId("page-back").addEventListener("click", () => turn(page - 1));
  byId("page-on").addEventListener("click", () => turn(page + 1));
  byId("all-listeners").addEventListener("change", () => {
    const isAll = inputById("all-listeners").checked;
    find(document, "#listeners-heading .mount-shown", HTMLElement).hidden = isAll;
    turn(1);
  });
  byId("listener-node").addEventListener("change", () => turn(1));
  byId("listener-words").addEventListener("input", () => {
    clearTimeout(searching);
    searching = setTimeout(() => turn(1), SEARCH_MS);
  });
  for (const head of document.querySelectorAll("#listener-table [data-sort]")) {
    if (!(head instanceof HTMLElement)) continue;
    find(head, "button", HTMLButtonElement).addEventListener("click", () => {
      turnSort(head.dataset.sort ?? "");
      turn(1);
    });
  }
}
