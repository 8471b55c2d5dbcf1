// Shows a state of the page; writes only what changed, and only as text, so that nothing a source sends becomes markup.

import { formatUptime, publicAddress } from "./status.js";

/**
 * @typedef {import("./status.js").Status} Status
 * @typedef {import("./status.js").Mount} Mount
 * @typedef {object} PageState
 * @property {Status | null} status
 * @property {number} receivedMs when the status came, on performance.now()'s clock
 * @property {import("./live.js").LinkState} link
 * @property {import("./player.js").PlayerState} player
 * @property {string} notice
 * @property {string} chosen the mount the listener chose, "" for the main one
 */

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** Leaves equal text alone: a screen reader would read it again. @param {Element} element @param {string} text */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows text, or hides its element when there is none. @param {string} id @param {string} text */
function setOptional(id, text) {
  setText(byId(id), text);
  byId(id).hidden = text === "";
}

// Characters from which a title is set smaller.
const longTitle = 42;

const emptyTitles = {
  live: "Live on air",
  playlist: "Untitled",
  silence: "Silence, for now",
  other: "Nothing on air",
};

/** @param {Mount} mount */
export function shownTitle(mount) {
  return mount.title || emptyTitles[mount.kind];
}

/** The mount the page is about: the chosen one while the server has it. @param {Status} status @param {string} chosen */
export function currentMount(status, chosen) {
  return status.mounts.find(({ mount }) => mount === chosen) ?? status.mounts[0];
}

/** @param {Element} badge @param {Mount} mount */
function showBadge(badge, mount) {
  setText(badge, mount.source);
  badge.setAttribute("data-kind", mount.kind);
}

/** @param {Mount} mount */
function formatDetail({ format }) {
  if (!format) return "";
  const rate = format.sampleRate > 0 ? `${format.sampleRate / 1000} kHz` : "";
  const sides = ["", "mono", "stereo"][format.channels] ?? `${format.channels} channels`;
  return [format.kilobits > 0 ? format.codec : "", rate, sides].filter(Boolean).join(" · ");
}

/** @param {Mount} mount */
function formatHead({ format }) {
  if (!format) return "–";
  return format.kilobits > 0 ? `${format.kilobits} kbit/s` : format.codec;
}

/** @param {number | null} count */
function countText(count) {
  return count === null ? "–" : count.toLocaleString("en");
}

/** @param {Status} status */
function showStation(status) {
  setText(byId("station-name"), status.name);
  setOptional("station-description", status.description);
  setOptional("station-genre", status.genre);
  setText(byId("version"), status.version ? `Cycast ${status.version}` : "Cycast");
  byId("website").hidden = status.website === "";
  byId("website").setAttribute("href", status.website);
}

/** @param {string[]} warnings */
function showWarnings(warnings) {
  byId("warnings").hidden = warnings.length === 0;
  const list = byId("warning-list");
  if (list.childElementCount === warnings.length && list.textContent === warnings.join("")) return;
  list.replaceChildren(
    ...warnings.map((warning) => {
      const item = document.createElement("li");
      item.textContent = warning;
      return item;
    }),
  );
}

/** @param {Status} status @param {Mount} mount */
function showNow(status, mount) {
  document.body.dataset.source = mount.kind;
  showBadge(byId("badge"), mount);
  setOptional("mount-name", status.mounts.length > 1 ? mount.mount : "");
  setText(byId("title"), shownTitle(mount));
  byId("title").title = mount.title;
  byId("title").toggleAttribute("data-long", mount.title.length > longTitle);
  setText(byId("artist"), mount.artist);
  const address = /** @type {HTMLInputElement} */ (byId("stream-url"));
  address.value = publicAddress(status, mount);
}

/** @param {Mount} mount */
function showFacts(mount) {
  setText(byId("listeners"), countText(mount.listeners));
  setText(byId("peak"), countText(mount.peak));
  setText(byId("format"), formatHead(mount));
  setText(byId("format-detail"), formatDetail(mount));
}

/** Counts on from the last report, so that the clock moves between two of them. @param {PageState} state */
export function showUptime({ status, receivedMs, link }) {
  if (!status) return;
  const { uptimeSeconds, uptimeText } = status;
  const since = link === "lost" ? 0 : (performance.now() - receivedMs) / 1000;
  const text = uptimeSeconds === null ? uptimeText || "–" : formatUptime(uptimeSeconds + since);
  setText(byId("uptime"), text);
}

const linkTexts = {
  connecting: "Connecting…",
  live: "Connected",
  polling: "Connected",
  lost: "Reconnecting…",
};

/** @param {PageState} state @param {Mount | undefined} mount */
function showPlayer(state, mount) {
  const { dataset } = document.body;
  [dataset.player, dataset.link] = [state.player, state.link];
  setText(byId("link-text"), linkTexts[state.link]);
  setText(byId("notice"), state.notice);
  const action = state.player === "stopped" ? "Play" : "Stop";
  const name = mount?.name || state.status?.name || "the stream";
  byId("play").setAttribute("aria-label", `${action} ${name}`);
}

/** "Title – Artist · Station", as the browser's tab shows it. @param {Status} status @param {Mount} mount */
function pageTitle(status, mount) {
  const track = [mount.title, mount.artist].filter(Boolean).join(" – ");
  return track ? `${track} · ${status.name}` : status.name;
}

/** @param {PageState} state */
export function render(state) {
  const { status } = state;
  const mount = status ? currentMount(status, state.chosen) : undefined;
  showPlayer(state, mount);
  if (!status || !mount) return;
  showStation(status);
  showWarnings(status.warnings);
  showNow(status, mount);
  showFacts(mount);
  showUptime(state);
  const title = pageTitle(status, mount);
  if (document.title !== title) document.title = title;
}

export { countText, setText, showBadge };
