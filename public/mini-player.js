// The small player at the bottom of the window, shown while the large one is out of sight.

import { byId, find, setAttribute, setText } from "./dom.js";
import { artworkAddress } from "./status.js";
import { shownTitle } from "./view.js";

/** @typedef {import("./status.js").Airing} Airing */

let isOutOfSight = false;
let isKnown = false;

/** It stays while it has the focus. */
function settle() {
  const mini = byId("mini");
  const isWanted = isOutOfSight && isKnown;
  if (!isWanted && mini.contains(document.activeElement)) return;
  mini.hidden = !isWanted;
  document.body.toggleAttribute("data-mini", isWanted);
}

/** @param {Airing} airing @param {string} name the station's @param {string} label what the button does */
export function showMiniPlayer(airing, name, label) {
  isKnown = true;
  const image = find(document, "#mini-cover", HTMLImageElement);
  setAttribute(image, "src", artworkAddress(airing));
  setText(byId("mini-title"), shownTitle(airing));
  setText(byId("mini-artist"), airing.artist || name);
  setAttribute(byId("mini-play"), "aria-label", label);
  settle();
}

/** @param {() => void} onToggle */
export function bindMiniPlayer(onToggle) {
  byId("mini-play").addEventListener("click", onToggle);
  byId("mini").addEventListener("focusout", () => setTimeout(settle));
  const watcher = new IntersectionObserver((entries) => {
    isOutOfSight = !entries.at(-1)?.isIntersecting;
    settle();
  });
  watcher.observe(byId("play"));
}
