// The live source of the chosen mount.

import { byId, setText } from "../dom.js";
import { duration, size } from "../text.js";

/** @typedef {NonNullable<import("../../src/http/desk/desk-schema.ts").Mount["source"]>} Source */
/** @typedef {import("../../src/http/desk/desk-schema.ts").Mount["waiting"][number]} Waiting */

/** A smaller difference is measuring error. */
const IN_SYNC_PERCENT = 0.01;

/** @param {Source} source */
function bitrateText({ bitrate, declared_bitrate: declared }) {
  if (bitrate <= 0) return "–";
  const differs = declared > 0 && declared !== bitrate;
  return `${bitrate} kbit/s${differs ? ` (declared ${declared})` : ""}`;
}

/** @param {Source["drift_percent"]} percent */
function clockText(percent) {
  if (percent === null) return "measuring…";
  if (Math.abs(percent) < IN_SYNC_PERCENT) return "in sync";
  return `${Math.abs(percent).toFixed(2)} % ${percent > 0 ? "fast" : "slow"}`;
}

/** @param {Source["loudness"]} loudness */
function loudnessText({ short_term: now, integrated, why }) {
  if (why !== null) return `not measured: ${why}`;
  if (integrated === null) return now === null ? "measuring…" : `${now.toFixed(1)} LUFS now`;
  const latest = now === null ? "silence" : now.toFixed(1);
  return `${latest} now, ${integrated.toFixed(1)} LUFS in all`;
}

/** @param {Source["loudness"]} loudness */
function peakText({ true_peak: peak }) {
  return peak === null ? "–" : `${peak.toFixed(1)} dBTP`;
}

/** @param {Waiting} waiting */
function waitingItem({ address, user, user_agent: agent, dj, held }) {
  const item = document.createElement("li");
  item.dir = "auto";
  const who = [dj, user || address, agent].filter((part) => part !== "").join(" · ");
  item.textContent = held === null ? who : `${who} (${held})`;
  return item;
}

/** @param {readonly Waiting[]} waiting */
function showWaiting(waiting) {
  const list = byId("waiting-sources");
  const items = waiting.map(waitingItem);
  const isSame = items.map((item) => item.textContent).join("\n") === list.dataset.shown;
  byId("waiting").hidden = waiting.length === 0;
  if (isSame) return;
  list.dataset.shown = items.map((item) => item.textContent).join("\n");
  list.replaceChildren(...items);
}

/** @param {import("../../src/http/desk/desk-schema.ts").Mount} mount */
export function showSource({ source, waiting }) {
  showWaiting(waiting);
  byId("no-source").hidden = source !== null;
  byId("source-facts").hidden = source === null;
  byId("kick-source").toggleAttribute("disabled", source === null);
  if (source === null) return;
  setText(byId("source-address"), source.address);
  byId("source-account").hidden = source.user === "";
  setText(byId("source-user"), source.user);
  setText(byId("source-agent"), source.user_agent || "Unknown encoder");
  setText(byId("source-time"), duration(source.sending_seconds));
  setText(byId("source-bytes"), size(source.received_bytes));
  setText(byId("source-bitrate"), bitrateText(source));
  setText(byId("source-clock"), clockText(source.drift_percent));
  setText(byId("source-loudness"), loudnessText(source.loudness));
  setText(byId("source-peak"), peakText(source.loudness));
  byId("source-held-row").hidden = source.held === null;
  setText(byId("source-held"), source.held ?? "");
}
