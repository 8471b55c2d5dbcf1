// The list of mounts on the page, shown when there are several. Rows are reused, so that keyboard focus stays.

import { byId, find, fromTemplate, setAttribute, setParts, setText } from "./dom.js";
import { t } from "./language.js";
import { artworkAddress } from "./status.js";
import { audienceText, currentMount, showBadge, shownTitle } from "./view.js";

/**
 * @typedef {import("./status.js").Mount} Mount
 * @typedef {import("./status.js").Airing} Airing
 * @typedef {import("./view.js").PageState} PageState
 */

/** @type {Map<string, HTMLElement>} */
const rows = new Map();

/** @param {HTMLElement} row @param {string} selector */
function part(row, selector) {
  return find(row, selector, HTMLElement);
}

/** @param {string} mount @param {(mount: string) => void} onToggle */
function makeRow(mount, onToggle) {
  const row = fromTemplate("mount-row");
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
  const named = { name, mount: mount.mount };
  const label = isWanted ? t("channels.stop", named) : t("channels.play", named);
  setAttribute(part(row, ".mount-play"), "aria-label", label);
  setAttribute(part(row, "img"), "src", artworkAddress(airing));
  setText(part(row, ".mount-station"), name);
  showBadge(part(row, ".badge"), airing);
  setParts(part(row, ".mount-track"), [shownTitle(airing), airing.artist]);
  const facts = [mount.mount, audienceText(mount)].filter(Boolean).join(" · ");
  setText(part(row, ".mount-facts"), facts);
}

/** @param {readonly Mount[]} mounts @param {(mount: string) => void} onToggle */
function matchRows(mounts, onToggle) {
  const names = mounts.map(({ mount }) => mount);
  if (names.join() === [...rows.keys()].join()) return;
  const known = new Map(rows);
  rows.clear();
  for (const name of names) rows.set(name, known.get(name) ?? makeRow(name, onToggle));
  byId("mount-list").replaceChildren(...rows.values());
}

/**
 * @param {PageState} state
 * @param {(mount: Mount) => Airing} airingOf what this listener hears on a mount
 * @param {(mount: string) => void} onToggle called when a row's button is pressed
 */
export function showMountList(state, airingOf, onToggle) {
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
