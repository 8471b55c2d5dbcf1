// The relays of the chosen mount.

import { byId, make } from "../dom.js";
import { duration, size } from "./text.js";

/** @typedef {import("../../src/http/desk/desk-schema.ts").Mount["relays"][number]} Relay */

/** What is shown, to leave the rows alone while nothing changes. */
let shown = "";

/** @param {Relay} relay */
function stateText({ state, received_bytes: bytes, down_seconds: down, last_error: trouble }) {
  const why = trouble === null ? "" : `: ${trouble}`;
  if (state === "playing") return `playing · ${size(bytes)} received${why}`;
  if (state === "idle") return `pulled when somebody listens${why}`;
  return `not connected for ${duration(down)}${why}`;
}

/** @param {Relay} relay */
function makeRow(relay) {
  const row = make("li");
  const { name, url, next_try_seconds: wait } = relay;
  const next = wait === null ? "" : ` · next try in ${duration(wait)}`;
  row.append(make("b", name), make("span", url, "soft"), make("span", stateText(relay) + next));
  return row;
}

/** @param {Relay[]} relays */
export function showRelays(relays) {
  const now = JSON.stringify(relays);
  if (now === shown) return;
  shown = now;
  byId("relays").hidden = relays.length === 0;
  byId("relay-list").replaceChildren(...relays.map(makeRow));
}
