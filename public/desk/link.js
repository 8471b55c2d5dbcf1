// The state of the connection to the server, in the header of the desk.

import { byId, setText } from "../dom.js";

/** @typedef {"connecting" | "live" | "lost"} LinkState */

/** @type {Readonly<Record<LinkState, string>>} */
const TEXTS = {
  connecting: "Connecting…",
  live: "Connected",
  lost: "Reconnecting…",
};

/** @param {LinkState} state */
export function showLink(state) {
  document.body.dataset.link = state;
  setText(byId("link-text"), TEXTS[state]);
}
