// The other servers that get the chosen mount's stream.

import { byId, make } from "../dom.js";
import { duration, lag, size } from "./text.js";

/** @typedef {import("../../src/http/desk/desk-schema.ts").Mount["pushes"][number]} Push */

/** What is shown, to leave the rows alone while nothing changes. */
let shown = "";

/** @param {Push} push */
function stateText({ up: isUp, seconds, last_error: trouble }) {
  if (isUp) return `connected for ${duration(seconds)}`;
  return trouble === null ? "connecting…" : `not connected for ${duration(seconds)}: ${trouble}`;
}

/** @param {Push} push */
function makeRow(push) {
  const row = make("li");
  const { dropped_seconds: dropped } = push;
  const facts = [stateText(push), `${size(push.sent_bytes)} sent`];
  if (dropped > 0) facts.push(`${lag(dropped)} dropped`);
  row.append(make("b", push.name), make("span", push.url, "soft"), make("span", facts.join(" · ")));
  return row;
}

/** @param {Push[]} pushes */
export function showPushes(pushes) {
  const now = JSON.stringify(pushes);
  if (now === shown) return;
  shown = now;
  byId("pushes").hidden = pushes.length === 0;
  byId("push-list").replaceChildren(...pushes.map(makeRow));
}
