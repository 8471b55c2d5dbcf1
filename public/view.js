// Shows a state of the page; writes only what changed, and only as text, so that nothing a source sends becomes markup.

import { byId, setText } from "./dom.js";

/**
 * @typedef {import("./status.js").Status} Status
 * @typedef {import("./status.js").Mount} Mount
 * @typedef {import("./status.js").Airing} Airing
 * @typedef {object} PageState
 * @property {Status | null} status
 * @property {import("./live.js").LinkState} link
 * @property {import("./player.js").PlayerState} player
 * @property {string} notice
 * @property {string} chosen the mount the listener chose, "" for the main one
 */

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

/** @param {Airing} airing */
export function shownTitle({ title, kind }) {
  return title || emptyTitles[kind];
}

/** The mount the page is about: the chosen one while the server has it. @param {Status} status @param {string} chosen */
export function currentMount(status, chosen) {
  return status.mounts.find(({ mount }) => mount === chosen) ?? status.mounts[0];
}

/** @param {Element} badge @param {Airing} airing */
function showBadge(badge, { source, kind }) {
  setText(badge, source);
  badge.setAttribute("data-kind", kind);
}

/** Who is live, unless the title says so already. @param {Airing} airing */
function djText({ dj, title }) {
  return dj && dj !== title ? `with ${dj}` : "";
}

/** @param {number | null} count */
function countText(count) {
  return count === null ? "–" : count.toLocaleString();
}

/** @param {Mount} mount */
function audienceText({ listeners }) {
  if (listeners === null) return "";
  return listeners === 1 ? "1 listener" : `${countText(listeners)} listeners`;
}

/** @param {Mount} mount */
function formatText({ format }) {
  if (!format) return "";
  const rate = format.kilobits > 0 ? ` ${format.kilobits} kbit/s` : "";
  return format.codec + rate;
}

/** @param {Status} status @param {Mount} mount */
function showStation(status, mount) {
  setText(byId("station-name"), mount.name || status.name);
  setOptional("station-description", status.description);
  setOptional("station-genre", status.genre);
  setText(byId("version"), status.version ? `Cycast ${status.version}` : "Cycast");
  byId("website").hidden = status.website === "";
  byId("website").setAttribute("href", status.website);
}

const keepersHost = /^(localhost|127\.[\d.]+|\[::1\])$/;

/** They are for the keeper of the station, who looks from its own machine. @param {string[]} warnings */
function showWarnings(warnings) {
  byId("warnings").hidden = warnings.length === 0 || !keepersHost.test(location.hostname);
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

/** @param {Mount} mount @param {Airing} airing */
function showNow(mount, airing) {
  document.body.dataset.source = airing.kind;
  showBadge(byId("badge"), airing);
  setOptional("dj", djText(airing));
  setText(byId("title"), shownTitle(airing));
  byId("title").title = airing.title;
  byId("title").toggleAttribute("data-long", airing.title.length > longTitle);
  setOptional("artist", airing.artist);
  setText(byId("listeners"), audienceText(mount));
  setText(byId("format"), formatText(mount));
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
  const label = `${action} ${name}`;
  if (byId("play").getAttribute("aria-label") !== label)
    byId("play").setAttribute("aria-label", label);
}

/** "Title – Artist · Station", as the browser's tab shows it. @param {string} name @param {Airing} airing */
function pageTitle(name, { title, artist }) {
  const track = [title, artist].filter(Boolean).join(" – ");
  return track ? `${track} · ${name}` : name;
}

/** Before the first report: what is waited for, or that it does not come. @param {PageState} state */
function showWaiting({ link }) {
  const isLost = link === "lost";
  setText(byId("title"), isLost ? "The station does not answer" : "Tuning in…");
  setText(byId("badge"), isLost ? "Not reached" : "…");
  setOptional("artist", isLost ? "This page asks again every few seconds." : "");
}

/** @param {PageState} state @param {Mount | undefined} mount @param {Airing | undefined} airing what is heard of it */
export function render(state, mount, airing) {
  const { status } = state;
  showPlayer(state, mount);
  if (!status) showWaiting(state);
  if (!status || !mount || !airing) return;
  showStation(status, mount);
  showWarnings(status.warnings);
  showNow(mount, airing);
  const title = pageTitle(mount.name || status.name, airing);
  if (document.title !== title) document.title = title;
}

export { audienceText, formatText, showBadge };
