// Shows the page's state. Writes only what changed.

import { currentMount } from "./channels.js";
import { byId, make, setAttribute, setText } from "./dom.js";
import { counted, t } from "./language.js";

/**
 * @typedef {import("./status.js").Status} Status
 * @typedef {import("./status.js").Mount} Mount
 * @typedef {import("./status.js").Airing} Airing
 * @typedef {object} PageState
 * @property {Status | null} status
 * @property {import("./status-feed.js").LinkState} link
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

/** @typedef {import("./language.js").Key} Key */
/** @typedef {import("./status.js").SourceKind} SourceKind */

/** @type {Readonly<Record<SourceKind, Key>>} */
const UNTITLED = {
  live: "now.live",
  relay: "now.onAir",
  playlist: "now.untitled",
  silence: "now.silence",
  other: "now.off",
};

/** What a badge says. @type {Readonly<Record<SourceKind, Key>>} */
const KINDS = {
  live: "kind.live",
  relay: "kind.relay",
  playlist: "kind.playlist",
  silence: "kind.silence",
  other: "now.off",
};

/** @type {Readonly<Record<import("./status-feed.js").LinkState, Key>>} */
const LINKS = {
  connecting: "link.connecting",
  live: "link.connected",
  polling: "link.connected",
  lost: "link.lost",
};

/** @param {Airing} airing */
export function shownTitle({ title, kind }) {
  return title || t(UNTITLED[kind]);
}

/** @param {Status} status @param {Mount} mount */
export function nameOf(status, mount) {
  return mount.name || status.name;
}

/** @param {Airing} airing */
export function kindText({ kind }) {
  return t(KINDS[kind]);
}

/** @param {Element} badge @param {Airing} airing */
export function showBadge(badge, airing) {
  const { kind } = airing;
  setText(badge, kindText(airing));
  badge.setAttribute("data-kind", kind);
}

/** The DJ's name, unless it is the title already. @param {Airing} airing */
function djText({ dj, title }) {
  return dj && dj !== title ? t("now.with", { name: dj }) : "";
}

/** "" if the station hides its listeners. @param {Pick<Mount, "listeners">} mount */
export function audienceText({ listeners }) {
  const isHidden = document.body.dataset.listeners === "hidden";
  return listeners === null || isHidden ? "" : counted("now.listeners", listeners);
}

/** @param {Mount} mount */
export function formatText({ format }) {
  if (!format) return "";
  const { codec, kilobits } = format;
  return kilobits > 0 ? t("now.format", { codec, rate: String(kilobits) }) : codec;
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

/** What the play button does. @param {PageState} state */
export function playLabel({ status, player, chosen }) {
  const name = status ? nameOf(status, currentMount(status, chosen)) : t("play.stream");
  return player === "stopped" ? t("play.start", { name }) : t("play.stop", { name });
}

/** @param {PageState} state */
export function showPlayer(state) {
  const { link, player, notice } = state;
  document.body.dataset.player = player;
  document.body.dataset.link = link;
  setText(byId("link-text"), t(LINKS[link]));
  setText(byId("notice"), notice);
  setAttribute(byId("play"), "aria-label", playLabel(state));
}

/** Before the first report. @param {PageState} state */
export function showWaiting({ link }) {
  const isLost = link === "lost";
  setText(byId("title"), isLost ? t("now.unreachable") : t("now.tuning"));
  setText(byId("badge"), isLost ? t("now.offline") : "…");
  setOptional("artist", isLost ? t("now.retrying") : "");
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
