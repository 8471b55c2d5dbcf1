// The edges that listeners are sent to.

import { byId, make } from "../dom.js";

/** @typedef {import("../../src/http/desk/desk-schema.ts").Overview["edges"][number]} Edge */

/** What is shown, to leave the rows alone while nothing changes. */
let shown = "";

/** @param {Edge} edge */
function stateText({ up, why, weight, listeners, lag_seconds: lag }) {
  const count = `${listeners} ${listeners === 1 ? "listener" : "listeners"}`;
  const late = lag === null ? "" : ` · ${lag} s behind`;
  const state = up ? "takes listeners" : `takes none: ${why ?? ""}`;
  return `${count} · weight ${weight}${late} · ${state}`;
}

/** @param {Edge} edge */
function makeRow(edge) {
  const row = make("li");
  row.append(make("b", edge.url), make("span", stateText(edge)));
  return row;
}

/** @param {readonly Edge[]} edges */
export function showEdges(edges) {
  const now = JSON.stringify(edges);
  if (now === shown) return;
  shown = now;
  byId("edges").hidden = edges.length === 0;
  byId("edge-list").replaceChildren(...edges.map(makeRow));
}
