// The source client of the mount that is shown.

import { byId, setText } from "../dom.js";
import { duration, size } from "./text.js";

/** @param {any} source */
function bitrateText({ bitrate, declared_bitrate: declared }) {
  const said = declared > 0 && declared !== bitrate ? ` (it says ${declared})` : "";
  return bitrate > 0 ? `${bitrate} kbit/s${said}` : "–";
}

/** @param {number | null} percent */
function clockText(percent) {
  if (percent === null) return "not judged yet";
  if (Math.abs(percent) < 0.01) return "in step";
  return `${Math.abs(percent).toFixed(2)} % ${percent > 0 ? "fast" : "slow"}`;
}

/** @param {any} source null without one */
export function showSource(source) {
  byId("no-source").hidden = source !== null;
  byId("source-facts").hidden = source === null;
  byId("kick-source").toggleAttribute("disabled", source === null);
  if (source === null) return;
  setText(byId("source-address"), source.address);
  setText(byId("source-agent"), source.user_agent || "unnamed program");
  setText(byId("source-time"), duration(source.sending_seconds));
  setText(byId("source-bytes"), size(source.received_bytes));
  setText(byId("source-bitrate"), bitrateText(source));
  setText(byId("source-clock"), clockText(source.drift_percent));
}
