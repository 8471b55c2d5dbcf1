// The channels of the station: its mounts, those of one group taken together, since they carry one programme in several qualities.

import { recall, remember } from "./storage.js";

/** @typedef {import("./status.js").Mount} Mount */
/** @typedef {{ key: string, mounts: [Mount, ...Mount[]] }} Channel */

const STORAGE_KEY = "cycast.quality";
/** Groups whose quality is remembered. */
const MAX_REMEMBERED = 50;

/** The mount that the listener prefers, by group. @type {Map<string, string> | undefined} */
let preferences;

/** @returns {Map<string, string>} */
function read() {
  try {
    const entries = JSON.parse(recall(STORAGE_KEY) ?? "[]");
    return new Map(Array.isArray(entries) ? entries : []);
  } catch {
    return new Map();
  }
}

/** In the order of their first mounts. @param {readonly Mount[]} mounts @returns {Channel[]} */
export function channelsOf(mounts) {
  /** @type {Map<string, Channel>} */
  const channels = new Map();
  for (const mount of mounts) {
    const key = mount.group === "" ? mount.mount : `=${mount.group}`;
    const channel = channels.get(key);
    if (channel) channel.mounts.push(mount);
    else channels.set(key, { key, mounts: [mount] });
  }
  return [...channels.values()];
}

/** The mount of a channel that the listener chose last, else its first. @param {Channel} channel */
export function preferredMount({ key, mounts }) {
  preferences ??= read();
  const path = preferences.get(key);
  return mounts.find(({ mount }) => mount === path) ?? mounts[0];
}

/** The listener has chosen this quality, and wants no other one. @param {Channel} channel @param {Mount} mount */
export function isPreferred({ key, mounts }, { mount }) {
  preferences ??= read();
  return mounts.length > 1 && preferences.get(key) === mount;
}

/** @param {Channel} channel @param {string} mount */
export function preferMount({ key }, mount) {
  preferences ??= read();
  preferences.delete(key);
  preferences.set(key, mount);
  remember(STORAGE_KEY, JSON.stringify([...preferences].slice(-MAX_REMEMBERED)));
}

/** The chosen mount while the server has it, else the preferred one of the first channel.
 * @param {{ mounts: readonly [Mount, ...Mount[]] }} status @param {string} chosen */
export function currentMount({ mounts }, chosen) {
  const [first] = channelsOf(mounts);
  const usual = first ? preferredMount(first) : mounts[0];
  return mounts.find(({ mount }) => mount === chosen) ?? usual;
}

/** @param {readonly Mount[]} mounts @param {Mount} mount */
export function channelOf(mounts, mount) {
  const channel = channelsOf(mounts).find((one) => one.mounts.includes(mount));
  return channel ?? { key: mount.mount, mounts: /** @type {[Mount]} */ ([mount]) };
}

/** As people type it: without accents and case. @param {string} text */
export function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** Whether every word is in one of the texts. @param {string} query @param {readonly string[]} texts */
export function matches(query, texts) {
  const searched = plain(texts.join("\n"));
  return plain(query)
    .split(/\s+/)
    .every((word) => searched.includes(word));
}
