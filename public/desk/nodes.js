// The other servers of the cluster, and which of them has the listeners that are shown.

import { byId, find, make } from "../dom.js";
import { duration, plural } from "./text.js";

/**
 * @typedef {NonNullable<import("../../src/http/desk/desk-schema.ts").Overview["cluster"]>} Cluster
 * @typedef {Cluster["nodes"][number]} Node
 */

/** What is shown, to leave the rows alone while nothing changes. */
let shown = "";

/** What a server does. */
const ROLES = new Map([
  ["leader", "leads"],
  ["standby", "stands by"],
  ["edge", "edge"],
]);

/** @param {Node} node */
function stateText({ up, role, listeners, silent_seconds: silent }) {
  if (!up) return `not heard for ${duration(silent)}`;
  const what = ROLES.get(role);
  return `${what === undefined ? "" : `${what} · `}${plural(listeners, "listener")}`;
}

/** @param {Node} node */
function makeRow(node) {
  const row = make("li");
  row.append(make("b", node.node), make("span", node.url, "soft"), make("span", stateText(node)));
  return row;
}

/** @param {Cluster} cluster */
function makeOwnRow({ node, role, connected, trouble }) {
  const row = make("li");
  const why = trouble === null ? "" : `: ${trouble}`;
  const link = connected ? "connected to NATS" : `without NATS${why}`;
  const what = ROLES.get(role);
  const state = what === undefined ? link : `${what} · ${link}`;
  row.append(make("b", node), make("span", "this server", "soft"), make("span", state));
  return row;
}

/** @returns {HTMLSelectElement} */
function choice() {
  return find(document, "#listener-node", HTMLSelectElement);
}

/** Keeps what is chosen as long as that server is known. @param {string[]} names */
function showChoice(names) {
  const select = choice();
  const { value } = select;
  const options = names.map((name) => new Option(name, name));
  select.replaceChildren(new Option("This server", ""), ...options);
  select.value = names.includes(value) ? value : "";
  byId("node-choice").hidden = names.length === 0;
}

/** The server whose listeners are shown; "" for this one. */
export function chosenNode() {
  return choice().value;
}

/** @param {Cluster | null} cluster */
export function showNodes(cluster) {
  const now = JSON.stringify(cluster);
  if (now === shown) return;
  shown = now;
  byId("nodes").hidden = cluster === null;
  const nodes = cluster?.nodes ?? [];
  showChoice(nodes.map(({ node }) => node));
  if (cluster === null) return;
  byId("node-list").replaceChildren(makeOwnRow(cluster), ...nodes.map(makeRow));
}
