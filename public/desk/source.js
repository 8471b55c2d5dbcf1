// The live source of the chosen mount.

import { byId, make, setText } from "../dom.js";
import { duration, size } from "./text.js";

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

/** @typedef {(id: number, who: string) => void} OnKick */

/** @param {Waiting} waiting */
function waitingText({ address, user, user_agent: agent, dj, held }) {
  const who = [dj, user || address, agent].filter((part) => part !== "").join(" · ");
  return held === null ? who : `${who} (${held})`;
}

/** @param {Waiting} waiting @param {OnKick} onKick */
function waitingItem(waiting, onKick) {
  const { id, address, user, dj } = waiting;
  const item = make("li");
  const text = make("bdi", waitingText(waiting));
  const kick = make("button", "Kick", "button small danger");
  kick.type = "button";
  kick.setAttribute("aria-label", `Kick waiting source ${waitingText(waiting)}`);
  kick.addEventListener("click", () => onKick(id, dj || user || address));
  item.append(text, " ", kick);
  return item;
}

/** What is shown, to leave the buttons alone while nothing changes. */
let shown = "";

/** @param {readonly Waiting[]} waiting @param {OnKick} onKick */
function showWaiting(waiting, onKick) {
  const now = JSON.stringify(waiting.map((one) => [one.id, waitingText(one)]));
  if (now === shown) return;
  shown = now;
  byId("waiting").hidden = waiting.length === 0;
  byId("waiting-sources").replaceChildren(...waiting.map((one) => waitingItem(one, onKick)));
}

/** @param {import("../../src/http/desk/desk-schema.ts").Mount} mount @param {OnKick} onKick of one that waits */
export function showSource({ source, waiting }, onKick) {
  showWaiting(waiting, onKick);
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
