// The relays of the chosen mount, one line each.

import { byId } from "../dom.js";
import { duration, size } from "../text.js";

/** @typedef {import("../../src/http/desk/desk-schema.ts").Mount["relays"][number]} Relay */

/** @param {Relay} relay */
function stateText({
  state,
  url,
  received_bytes: bytes,
  next_try_seconds: wait,
  down_seconds: down,
}) {
  if (state === "playing") return `plays ${url} (${size(bytes)} received)`;
  if (state === "idle") return `pulls ${url} when somebody listens`;
  const since = down > 0 ? `, down for ${duration(down)}` : "";
  if (state === "connecting") return `connects to ${url}${since}`;
  return `tries ${url} again in ${wait ?? 0} s${since}`;
}

/** @param {Relay} relay */
function relayText(relay) {
  const { name, last_error: error } = relay;
  return `Relay ${name}: ${stateText(relay)}${error === null ? "" : ` (${error})`}`;
}

/** @param {readonly Relay[]} relays */
export function showRelays(relays) {
  const list = byId("relays");
  list.hidden = relays.length === 0;
  const lines = relays.map(relayText);
  const shown = [...list.children].map(({ textContent }) => textContent);
  if (lines.join("\n") === shown.join("\n")) return;
  list.replaceChildren(
    ...lines.map((line) => {
      const item = document.createElement("li");
      item.textContent = line;
      return item;
    }),
  );
}
