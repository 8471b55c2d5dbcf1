// The list of channels, shown when there are several, and the search in it. Rows are reused, so that keyboard focus stays.

import { channelsOf, currentMount, matches, preferredMount } from "./channels.js";
import { byId, find, fromTemplate, inputById, setAttribute, setParts, setText } from "./dom.js";
import { counted, t } from "./language.js";
import { nextName, progressOf } from "./progress.js";
import { artworkAddress } from "./status.js";
import { audienceText, showBadge, shownTitle } from "./view.js";

/**
 * @typedef {import("./status.js").Mount} Mount
 * @typedef {import("./status.js").Airing} Airing
 * @typedef {import("./view.js").PageState} PageState
 * @typedef {import("./channels.js").Channel} Channel
 * @typedef {{ airing: Airing, seconds: number }} Hearing what this listener hears on a mount, and where on its timeline
 */

/** Fewer channels are seen at a glance. */
const SEARCHED = 8;

/** By channel. @type {Map<string, HTMLElement>} */
const rows = new Map();
/** What the search looks at, by channel. @type {Map<string, string[]>} */
const words = new Map();

/** @param {HTMLElement} row @param {string} selector */
function part(row, selector) {
  return find(row, selector, HTMLElement);
}

/** The mounts of the rows, as they were shown last. @type {Map<string, Mount>} */
const mountsShown = new Map();

/** @param {string} key @param {(mount: string) => void} onToggle */
function makeRow(key, onToggle) {
  const row = fromTemplate("mount-row");
  part(row, ".mount-play").addEventListener("click", () => {
    const mount = mountsShown.get(key);
    if (mount) onToggle(mount.mount);
  });
  return row;
}

/** @param {Channel} channel */
function listenersOf({ mounts }) {
  const known = mounts.flatMap(({ listeners }) => (listeners === null ? [] : [listeners]));
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
}

/** @param {HTMLElement} row @param {Mount} mount @param {Airing} airing */
function showTrack(row, mount, airing) {
  setAttribute(part(row, "img"), "src", artworkAddress(airing));
  showBadge(part(row, ".badge"), airing);
  setParts(part(row, ".mount-track"), [airing.artist, shownTitle(airing)]);
  const next = nextName(mount.timeline, airing);
  setText(part(row, ".mount-next"), next === "" ? "" : t("now.next", { track: next }));
}

/**
 * @param {HTMLElement} row
 * @param {Channel} channel
 * @param {Mount} mount
 * @param {{ isChosen: boolean, isWanted: boolean }} how
 */
function showName(row, channel, mount, { isChosen, isWanted }) {
  const [first] = channel.mounts;
  const name = first.name || first.mount;
  row.toggleAttribute("data-chosen", isChosen);
  row.toggleAttribute("data-wanted", isWanted);
  const named = { name, mount: mount.mount };
  const label = isWanted ? t("channels.stop", named) : t("channels.play", named);
  setAttribute(part(row, ".mount-play"), "aria-label", label);
  setText(part(row, ".mount-station"), name);
  const listeners = audienceText({ listeners: listenersOf(channel) });
  setText(part(row, ".mount-facts"), [mount.mount, listeners].filter(Boolean).join(" · "));
}

/** @param {readonly Channel[]} channels @param {(mount: string) => void} onToggle */
function matchRows(channels, onToggle) {
  const keys = channels.map(({ key }) => key);
  if (keys.join("\n") === [...rows.keys()].join("\n")) return;
  const known = new Map(rows);
  rows.clear();
  for (const key of keys) rows.set(key, known.get(key) ?? makeRow(key, onToggle));
  byId("mount-list").replaceChildren(...rows.values());
}

/** Hides the rows in which the words that are searched for are not. */
function filter() {
  const query = byId("channel-search-box").hidden ? "" : inputById("channel-search").value;
  let found = 0;
  for (const [key, row] of rows) {
    row.hidden = !matches(query, words.get(key) ?? []);
    if (!row.hidden) found += 1;
  }
  const text = found === 0 ? t("channels.none") : counted("channels.found", found);
  setText(byId("channels-found"), query.trim() === "" ? "" : text);
}

/**
 * @param {PageState} state
 * @param {(mount: Mount) => Hearing} hearingOf
 * @param {(mount: string) => void} onToggle called when a row's button is pressed
 */
export function showMountList(state, hearingOf, onToggle) {
  if (!state.status) return;
  const all = channelsOf(state.status.mounts);
  const channels = all.length < 2 ? [] : all;
  byId("mounts").hidden = channels.length === 0;
  byId("channel-search-box").hidden = channels.length < SEARCHED;
  matchRows(channels, onToggle);
  const chosen = currentMount(state.status, state.chosen);
  for (const channel of channels) {
    const isChosen = channel.mounts.includes(chosen);
    const mount = isChosen ? chosen : preferredMount(channel);
    const row = rows.get(channel.key);
    mountsShown.set(channel.key, mount);
    if (row) showChannel(row, { channel, mount, airing: hearingOf(mount).airing }, state, isChosen);
  }
  filter();
}

/**
 * @param {HTMLElement} row
 * @param {{ channel: Channel, mount: Mount, airing: Airing }} shown
 * @param {PageState} state
 * @param {boolean} isChosen
 */
function showChannel(row, { channel, mount, airing }, { player }, isChosen) {
  showName(row, channel, mount, { isChosen, isWanted: isChosen && player !== "stopped" });
  showTrack(row, mount, airing);
  const { title, artist } = airing;
  const names = channel.mounts.flatMap(({ name, genre, mount: path }) => [name, genre, path]);
  words.set(channel.key, [...names, title, artist]);
}

/** How far the track of each channel is. @param {(mount: Mount) => Hearing} hearingOf */
export function showMountProgress(hearingOf) {
  for (const [key, row] of rows) {
    const mount = mountsShown.get(key);
    if (!mount || row.hidden) continue;
    const { airing, seconds } = hearingOf(mount);
    const progress = progressOf(airing, seconds);
    const bar = part(row, ".mount-progress");
    bar.hidden = progress === null;
    const share = progress ? Math.round((progress.elapsed / progress.seconds) * 500) / 5 : 0;
    if (bar.style.getPropertyValue("--share") !== `${share}%`)
      bar.style.setProperty("--share", `${share}%`);
  }
}

export function bindMountSearch() {
  inputById("channel-search").addEventListener("input", filter);
}
