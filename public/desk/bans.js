// Banned addresses: a ban from a listener's row, the list, and the end of a ban before its time.

import { ask, command, endBan } from "./api.js";
import { confirmed, notify } from "./notice.js";
import { byId, find, make } from "../dom.js";

/** @typedef {import("../../src/http/desk/ban-schema.ts").BanList["bans"][number]} Ban */

/** What is shown, to leave the rows alone while nothing changes. */
let shown = "";

/** @param {string} time ISO 8601 */
function timeText(time) {
  return new Date(time).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

/** @param {Ban} ban @param {(error: unknown) => void} fail */
function makeRow({ address, by, until, reason }, fail) {
  const row = make("li");
  const end = make("button", "End ban", "button small");
  end.type = "button";
  end.setAttribute("aria-label", `End ban of ${address}`);
  end.addEventListener("click", () => void finish(address, fail));
  const more = `until ${timeText(until)}, by ${by}${reason === "" ? "" : `: ${reason}`}`;
  row.append(make("b", address), make("span", more, "soft"), end);
  return row;
}

/** @param {(error: unknown) => void} fail */
export async function readBans(fail) {
  const { bans } = await ask("bans");
  const now = JSON.stringify(bans.map(({ address, until }) => [address, until]));
  if (now === shown) return;
  shown = now;
  byId("bans").hidden = bans.length === 0;
  byId("ban-list").replaceChildren(...bans.map((ban) => makeRow(ban, fail)));
}

/** @param {string} address @param {(error: unknown) => void} fail */
async function finish(address, fail) {
  try {
    notify((await endBan(address)).message);
    await readBans(fail);
  } catch (error) {
    fail(error);
  }
}

/** Asks whether it is meant and for how long. @param {string} address @param {(error: unknown) => void} fail */
export async function banAddress(address, fail) {
  const time = byId("ban-time");
  time.hidden = false;
  const question = `Ban ${address}? It is disconnected, and gets nothing on any port.`;
  const isMeant = await confirmed(question, "Ban");
  time.hidden = true;
  if (!isMeant) return;
  const seconds = Number(find(document, "#ban-seconds", HTMLSelectElement).value);
  try {
    notify((await command("bans", { address, seconds })).message);
    await readBans(fail);
  } catch (error) {
    fail(error);
  }
}
