// The rows of a page of listeners. They are kept by listener, so that a button stays where the pointer is.

import { byId, find, make, setText } from "../dom.js";
import { count, countryText, duration, lag, plural } from "./text.js";

/**
 * @typedef {import("../../src/http/desk/listener-schema.ts").ListenerPage} Listeners
 * @typedef {Listeners["listeners"][number]} Listener
 * @typedef {{ onKick: (listener: Listener) => void, onBan: (address: string) => void }} Commands
 * @typedef {{ row: HTMLElement, fill: (listener: Listener) => void }} Row
 */

/** By the listener's id. @type {Map<number, Row>} */
let rows = new Map();

/** @param {HTMLElement} address @param {Listener} listener */
function fillAddress(address, { address: text, forwarded }) {
  setText(address, text);
  address.toggleAttribute("data-forwarded", forwarded);
  address.title = forwarded ? "Forwarded by a proxy" : "";
}

/** @param {HTMLElement} agent @param {Listener} listener */
function fillAgent(agent, { user_agent: name }) {
  setText(agent, name || "Unknown player");
  agent.title = name;
}

/** @param {HTMLElement} cell @param {Listener} listener */
function fillLag(cell, { lag_seconds: seconds, active }) {
  setText(cell, lag(seconds));
  cell.toggleAttribute("data-slow", !active);
}

/** @param {string} text @param {() => void} onClick */
function button(text, onClick) {
  const made = make("button", text, "button small danger");
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}

const CELLS = ["address", "agent", "mount", "country", "time", "lag", "action"];
const NUMBERS = ["time", "lag"];

/** @param {string} name */
function makeCell(name) {
  const isAddress = name === "address";
  const cell = make(isAddress ? "th" : "td", "", NUMBERS.includes(name) ? `number ${name}` : name);
  if (isAddress) cell.scope = "row";
  cell.setAttribute("role", isAddress ? "rowheader" : "cell");
  return cell;
}

/** @param {Listener} listener @param {Commands} commands @returns {Row} */
function makeRow(listener, { onKick, onBan }) {
  const { id, address } = listener;
  const row = make("tr");
  row.setAttribute("role", "row");
  const cells = Object.fromEntries(CELLS.map((name) => [name, makeCell(name)]));
  const kick = button("Kick", () => onKick(listener));
  const ban = button("Ban", () => onBan(address));
  kick.setAttribute("aria-label", `Kick ${address}, listener ${id}`);
  ban.setAttribute("aria-label", `Ban ${address}, listener ${id}`);
  row.append(...Object.values(cells));
  find(row, ".agent", HTMLElement).dir = "auto";
  find(row, ".action", HTMLElement).append(kick, " ", ban);
  return { row, fill: (newest) => fillRow(row, newest) };
}

/** @param {HTMLElement} row @param {Listener} listener */
function fillRow(row, listener) {
  /** @param {string} name */
  const cell = (name) => find(row, `.${name}`, HTMLElement);
  fillAddress(cell("address"), listener);
  fillAgent(cell("agent"), listener);
  setText(cell("mount"), listener.door === "hls" ? `${listener.mount} (HLS)` : listener.mount);
  setText(cell("country"), listener.country || "–");
  cell("country").title = countryText(listener.country);
  setText(cell("time"), duration(listener.connected_seconds));
  fillLag(cell("lag"), listener);
}

/** @param {Listeners} page @param {Commands} commands */
function showRows({ listeners }, commands) {
  const known = rows;
  rows = new Map(listeners.map((one) => [one.id, known.get(one.id) ?? makeRow(one, commands)]));
  for (const listener of listeners) rows.get(listener.id)?.fill(listener);
  if ([...rows.keys()].join() === [...known.keys()].join()) return;
  byId("listener-rows").replaceChildren(...[...rows.values()].map(({ row }) => row));
}

/** @param {Listeners} page */
function countText({ total, unique, mount, looked_at: lookedAt }) {
  const where = mount === "*" ? " on all mounts" : "";
  const limit = lookedAt < total ? ` of the first ${count(lookedAt)}` : "";
  return `${plural(total, "listener")}${limit}${where}, ${count(unique)} unique`;
}

/** @param {Listeners} page @param {boolean} isSearch @param {Commands} commands */
export function showListeners(page, isSearch, commands) {
  showRows(page, commands);
  const table = byId("listener-table");
  table.toggleAttribute("data-mounts", page.mount === "*");
  table.toggleAttribute("data-countries", page.has_countries);
  byId("no-listeners").hidden = page.total > 0;
  setText(byId("no-listeners"), isSearch ? "No listener has these words." : "No listeners yet");
  setText(byId("listener-count"), countText(page));
  setText(byId("page-text"), `${count(page.page)} / ${count(page.pages)}`);
  byId("page-back").toggleAttribute("disabled", page.page <= 1);
  byId("page-on").toggleAttribute("disabled", page.page >= page.pages);
}
