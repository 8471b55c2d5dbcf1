// One page of a mount's listeners. Rows are kept by listener, so that a button stays where the pointer is.

import { byId, make, setText } from "../dom.js";
import { count, duration, lag, plural } from "../text.js";

/**
 * @typedef {import("../../src/http/desk/desk-schema.ts").Listeners} Listeners
 * @typedef {Listeners["listeners"][number]} Listener
 * @typedef {{ onKick: (id: number) => void, onBan: (address: string) => void }} Commands
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

/** @param {Listener} listener @param {Commands} commands @returns {Row} */
function makeRow({ id, address: from }, { onKick, onBan }) {
  const [address, agent, time] = [
    make("th"),
    make("td", "", "agent"),
    make("td", "", "number time"),
  ];
  const [lagCell, action] = [make("td", "", "number lag"), make("td", "", "action")];
  const [row, kick] = [make("tr"), button("Kick", () => onKick(id))];
  const ban = button("Ban", () => onBan(from));
  address.scope = "row";
  agent.dir = "auto";
  action.append(kick, " ", ban);
  row.append(address, agent, time, lagCell, action);
  row.setAttribute("role", "row");
  for (const cell of row.cells) cell.setAttribute("role", cell === address ? "rowheader" : "cell");
  return {
    row,
    fill: (listener) => {
      fillAddress(address, listener);
      fillAgent(agent, listener);
      setText(time, duration(listener.connected_seconds));
      fillLag(lagCell, listener);
      kick.setAttribute("aria-label", `Kick ${listener.address}, listener ${id}`);
      ban.setAttribute("aria-label", `Ban ${listener.address}, listener ${id}`);
    },
  };
}

/** @param {Listeners} page @param {Commands} commands */
function showRows({ listeners }, commands) {
  const known = rows;
  rows = new Map(listeners.map((one) => [one.id, known.get(one.id) ?? makeRow(one, commands)]));
  for (const listener of listeners) rows.get(listener.id)?.fill(listener);
  if ([...rows.keys()].join() === [...known.keys()].join()) return;
  byId("listener-rows").replaceChildren(...[...rows.values()].map(({ row }) => row));
}

/** @param {Listeners} page @param {Commands} commands */
export function showListeners(page, commands) {
  showRows(page, commands);
  byId("no-listeners").hidden = page.total > 0;
  setText(byId("listener-count"), plural(page.total, "listener"));
  setText(byId("page-text"), `${count(page.page)} / ${count(page.pages)}`);
  byId("page-back").toggleAttribute("disabled", page.page <= 1);
  byId("page-on").toggleAttribute("disabled", page.page >= page.pages);
}
