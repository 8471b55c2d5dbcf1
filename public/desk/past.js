// The panels about the past, Audience and History, whose scripts are loaded when one of them is opened.

import { byId, find, make } from "../dom.js";

/** @type {Readonly<Record<string, () => Promise<{ open: (fail: (error: unknown) => void) => void }>>>} */
const PANELS = {
  audience: () => import("./audience.js"),
  history: () => import("./plays.js"),
};

const CHOICES = ["audience-mount", "play-mount"];

let shown = "";

/** Fills the choices of a mount. @param {string[]} paths */
export function showMounts(paths) {
  if (paths.join() === shown) return;
  shown = paths.join();
  for (const id of CHOICES) {
    const select = find(document, `#${id}`, HTMLSelectElement);
    const { value } = select;
    const all = find(select, "option", HTMLOptionElement);
    select.replaceChildren(all, ...paths.map((path) => make("option", path)));
    select.value = paths.includes(value) ? value : "";
  }
}

/** @param {(error: unknown) => void} fail */
export function bindPast(fail) {
  for (const [id, load] of Object.entries(PANELS)) {
    const panel = byId(id);
    panel.addEventListener("toggle", () => {
      if (!panel.hasAttribute("open")) return;
      load().then(({ open }) => open(fail), fail);
    });
  }
}
