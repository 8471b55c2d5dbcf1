// One page of a mount's listeners; rows are kept by the listener's number, so that a button stays under the finger.

import { byId, setText } from "../dom.js";
import { count, duration, lag, make, plural } from "./text.js";

/** @type {Map<number, HTMLTableRowElement>} */
let rows = new Map();

/** @param {number} id @param {(id: number, address: string) => void} onKick */
function makeRow(id, onKick) {
  const row = document.createElement("tr");
  const address = make("th");
  address.setAttribute("scope", "row");
  const kick = make("button", "Kick", "button small danger");
  kick.setAttribute("type", "button");
  kick.addEventListener("click", () => onKick(id, address.textContent ?? ""));
  const action = make("td", "", "action");
  action.append(kick);
  const agent = make("td", "", "agent");
  agent.dir = "auto";
  row.append(address, agent, make("td", "", "number time"), make("td", "", "number lag"), action);
  row.setAttribute("role", "row");
  for (const cell of row.cells) cell.setAttribute("role", cell === address ? "rowheader" : "cell");
  return row;
}

/** @param {HTMLTableRowElement} row @param {any} listener */
function fill(row, listener) {
  const [address, agent, time, lagCell, action] = row.cells;
  if (!address || !agent || !time || !lagCell || !action) return;
  setText(address, listener.address);
  address.toggleAttribute("data-forwarded", listener.forwarded);
  address.title = listener.forwarded ? "a proxy asks for somebody else" : "";
  setText(agent, listener.user_agent || "unnamed program");
  agent.title = listener.user_agent;
  setText(time, duration(listener.connected_seconds));
  setText(lagCell, lag(listener.lag_seconds));
  lagCell.toggleAttribute("data-slow", !listener.active);
  action.firstElementChild?.setAttribute(
    "aria-label",
    `Kick ${listener.address}, listener ${listener.id}`,
  );
}

/** @param {any} page @param {(id: number, address: string) => void} onKick */
export function showListeners(page, onKick) {
  const shown = new Map();
  for (const listener of page.listeners) {
    const row = rows.get(listener.id) ?? makeRow(listener.id, onKick);
    fill(row, listener);
    shown.set(listener.id, row);
  }
  const isSame = [...shown.keys()].join() === [...rows.keys()].join();
  rows = shown;
  if (!isSame) byId("listener-rows").replaceChildren(...shown.values());
  byId("no-listeners").hidden = page.total > 0;
  setText(byId("listener-count"), plural(page.total, "listener"));
  setText(byId("page-text"), `${count(page.page)} / ${count(page.pages)}`);
  const [back, on] = [byId("page-back"), byId("page-on")];
  back.toggleAttribute("disabled", page.page <= 1);
  on.toggleAttribute("disabled", page.page >= page.pages);
}
