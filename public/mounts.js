// The list of mounts, shown when there are several; rows are kept and updated, so that the keyboard's focus stays.

import { artworkAddress } from "./status.js";
import { byId, setParts, setText } from "./dom.js";
import { audienceText, currentMount, showBadge, shownTitle } from "./view.js";

/**
 * @typedef {import("./status.js").Mount} Mount
 * @typedef {import("./status.js").Airing} Airing
 * @typedef {import("./view.js").PageState} PageState
 */

/** @type {Map<string, HTMLElement>} */
const rows = new Map();

/** @param {HTMLElement} row @param {string} selector @returns {HTMLElement} */
function part(row, selector) {
  const element = row.querySelector(selector);
  if (!(element instanceof HTMLElement)) throw new Error(`a mount's row has no ${selector}`);
  return element;
}

/** @param {string} mount @param {(mount: string) => void} onToggle */
function makeRow(mount, onToggle) {
  const template = /** @type {HTMLTemplateElement} */ (byId("mount-row"));
  const row = template.content.firstElementChild?.cloneNode(true);
  if (!(row instanceof HTMLElement)) throw new Error("the template #mount-row is empty");
  part(row, ".mount-play").addEventListener("click", () => onToggle(mount));
  return row;
}

/**
 * @param {HTMLElement} row
 * @param {Mount} mount
 * @param {Airing} airing
 * @param {{ isChosen: boolean, isWanted: boolean }} how
 */
function showRow(row, mount, airing, { isChosen, isWanted }) {
  const name = mount.name || mount.mount;
  row.toggleAttribute("data-chosen", isChosen);
  row.toggleAttribute("data-wanted", isWanted);
  const label = `${isWanted ? "Stop" : "Play"} ${name}, ${mount.mount}`;
  part(row, ".mount-play").setAttribute("aria-label", label);
  const picture = artworkAddress(airing);
  if (part(row, "img").getAttribute("src") !== picture)
    part(row, "img").setAttribute("src", picture);
  setText(part(row, ".mount-station"), name);
  showBadge(part(row, ".badge"), airing);
  setParts(part(row, ".mount-track"), [shownTitle(airing), airing.artist]);
  setText(
    part(row, ".mount-facts"),
    [mount.mount, audienceText(mount)].filter(Boolean).join(" · "),
  );
}

/** @param {Mount[]} mounts @param {(mount: string) => void} onToggle */
function matchRows(mounts, onToggle) {
  const names = mounts.map(({ mount }) => mount);
  if (names.join() === [...rows.keys()].join()) return;
  const kept = new Map(rows);
  rows.clear();
  for (const name of names) rows.set(name, kept.get(name) ?? makeRow(name, onToggle));
  byId("mount-list").replaceChildren(...rows.values());
}

/**
 * @param {PageState} state
 * @param {(mount: Mount) => Airing} airingOf what is heard on a mount
 * @param {(mount: string) => void} onToggle called when a row's button is pressed
 */
export function renderMounts(state, airingOf, onToggle) {
  if (!state.status) return;
  const { mounts } = state.status;
  byId("mounts").hidden = mounts.length < 2;
  matchRows(mounts, onToggle);
  const chosen = currentMount(state.status, state.chosen);
  for (const mount of mounts) {
    const row = rows.get(mount.mount);
    const isChosen = mount === chosen;
    const isWanted = isChosen && state.player !== "stopped";
    if (row) showRow(row, mount, airingOf(mount), { isChosen, isWanted });
  }
}
