// Shows the page's state. Writes only what changed.

import { byId, make, setAttribute, setText } from "./dom.js";
import { showLink } from "./link.js";
import { plural } from "./text.js";

/**
 * @typedef {import("./status.js").Status} Status
 * @typedef {import("./status.js").Mount} Mount
 * @typedef {import("./status.js").Airing} Airing
 * @typedef {object} PageState
 * @property {Status | null} status
 * @property {import("./link.js").LinkState} link
 * @property {import("./player.js").PlayerState} player
 * @property {string} notice
 * @property {string} chosen the mount the listener chose, "" for the main one
 */

/** Hides the element while there is no text. @param {string} id @param {string} text */
function setOptional(id, text) {
  setText(byId(id), text);
  byId(id).hidden = text === "";
}

/** Longer titles are set in smaller type. */
const LONG_TITLE = 42;

const UNTITLED = {
  live: "Live on air",
  playlist: "Untitled",
  silence: "Nothing playing right now",
  other: "Off air",
};

/** @param {Airing} airing */
export function shownTitle({ title, kind }) {
  return title || UNTITLED[kind];
}

/** The chosen mount while the server has it, else the main one. @param {Status} status @param {string} chosen */
export function currentMount(status, chosen) {
  return status.mounts.find(({ mount }) => mount === chosen) ?? status.mounts[0];
}

/** @param {Status} status @param {Mount} mount */
export function nameOf(status, mount) {
  return mount.name || status.name;
}

/** @param {Element} badge @param {Airing} airing */
export function showBadge(badge, { source, kind }) {
  setText(badge, source);
  badge.setAttribute("data-kind", kind);
}

/** The DJ's name, unless it is the title already. @param {Airing} airing */
function djText({ dj, title }) {
  return dj && dj !== title ? `with ${dj}` : "";
}

/** @param {Mount} mount */
export function audienceText({ listeners }) {
  return listeners === null ? "" : plural(listeners, "listener");
}

/** @param {Mount} mount */
function formatText({ format }) {
  if (!format) return "";
  const rate = format.kilobits > 0 ? ` ${format.kilobits} kbit/s` : "";
  return format.codec + rate;
}

/** @param {Status} status @param {Mount} mount */
function showNames(status, mount) {
  setText(byId("station-name"), nameOf(status, mount));
  setOptional("station-description", status.description);
  setOptional("station-genre", status.genre);
  setText(byId("version"), status.version ? `Cycast ${status.version}` : "Cycast");
  byId("website").hidden = status.website === "";
  byId("website").setAttribute("href", status.website);
}

const LOCAL_HOST = /^(localhost|127\.[\d.]+|\[::1\])$/;

/** Warnings are for the operator, so they show only on the server's own machine. @param {string[]} warnings */
function showWarnings(warnings) {
  byId("warnings").hidden = warnings.length === 0 || !LOCAL_HOST.test(location.hostname);
  const list = byId("warning-list");
  if (list.childElementCount === warnings.length && list.textContent === warnings.join("")) return;
  list.replaceChildren(...warnings.map((warning) => make("li", warning)));
}

/** @param {Mount} mount @param {Airing} airing */
function showNow(mount, airing) {
  document.body.dataset.source = airing.kind;
  showBadge(byId("badge"), airing);
  setOptional("dj", djText(airing));
  setText(byId("title"), shownTitle(airing));
  byId("title").title = airing.title;
  byId("title").toggleAttribute("data-long", airing.title.length > LONG_TITLE);
  setOptional("artist", airing.artist);
  setText(byId("listeners"), audienceText(mount));
  setText(byId("format"), formatText(mount));
}

/** @param {PageState} state */
export function showPlayer({ status, link, player, notice, chosen }) {
  document.body.dataset.player = player;
  showLink(link);
  setText(byId("notice"), notice);
  const action = player === "stopped" ? "Play" : "Stop";
  const name = status ? nameOf(status, currentMount(status, chosen)) : "the stream";
  setAttribute(byId("play"), "aria-label", `${action} ${name}`);
}

/** Before the first report. @param {PageState} state */
export function showWaiting({ link }) {
  const isLost = link === "lost";
  setText(byId("title"), isLost ? "Cannot reach the station" : "Tuning in…");
  setText(byId("badge"), isLost ? "Offline" : "…");
  setOptional("artist", isLost ? "Retrying every few seconds." : "");
}

/** "Title – Artist · Station", for the browser's tab. @param {string} name @param {Airing} airing */
function pageTitle(name, { title, artist }) {
  const track = [title, artist].filter(Boolean).join(" – ");
  return track ? `${track} · ${name}` : name;
}

/** @param {Status} status @param {Mount} mount @param {Airing} airing */
export function showStation(status, mount, airing) {
  showNames(status, mount);
  showWarnings(status.warnings);
  showNow(mount, airing);
  const title = pageTitle(nameOf(status, mount), airing);
  if (document.title !== title) document.title = title;
}
