// The tracks before the current one, with the time of day at which this listener heard them or would have.

import { byId, find, fromTemplate, setText } from "./dom.js";
import { clockTime, t } from "./language.js";
import { artworkAddress } from "./status.js";

/**
 * @typedef {import("./status.js").Airing} Airing
 * @typedef {import("./status.js").Timeline} Timeline
 */

const MAX_ROWS = 8;
const MAX_TIMES = 200;

/** Kept once shown, since two estimates of one moment may fall on both sides of a minute. @type {Map<string, string>} */
const times = new Map();
let shown = "";

/** @param {Timeline} timeline @param {number} fromSeconds @param {string} key */
function timeOf({ headSeconds, burstSeconds, receivedMs }, fromSeconds, key) {
  const known = times.get(key);
  if (known) return known;
  const agoMs = (headSeconds - fromSeconds - burstSeconds) * 1000 + performance.now() - receivedMs;
  const time = clockTime(Date.now() - agoMs);
  times.set(key, time);
  const [oldest] = times.keys();
  if (times.size > MAX_TIMES && oldest !== undefined) times.delete(oldest);
  return time;
}

/** @param {Airing} airing @param {string} time */
function makeRow(airing, time) {
  const { title, artist, dj, kind } = airing;
  const row = fromTemplate("recent-row");
  const image = find(row, "img", HTMLImageElement);
  const drawn = artworkAddress({ ...airing, artwork: "" });
  image.addEventListener("error", () => (image.src = drawn), { once: true });
  image.src = artworkAddress(airing);
  setText(find(row, ".recent-title", HTMLElement), title);
  const show = kind === "live" ? dj || t("kind.live") : "";
  // A show without titles has its own name for one.
  const by = artist || (show === title ? "" : show);
  setText(find(row, ".recent-artist", HTMLElement), by);
  setText(find(row, ".recent-when", HTMLElement), time);
  return row;
}

/** Silence and untitled audio are not tracks. @param {Airing} airing */
function isTrack({ kind, title }) {
  return kind !== "silence" && title !== "";
}

/** @param {string} mount @param {Timeline} timeline @param {Airing} current */
export function showRecent(mount, timeline, current) {
  const before = timeline.airings.filter(({ fromSeconds }) => fromSeconds < current.fromSeconds);
  const airings = before.filter(isTrack).slice(-MAX_ROWS).reverse();
  const key = JSON.stringify([mount, airings]);
  if (key === shown) return;
  shown = key;
  byId("recent").hidden = airings.length === 0;
  const rows = airings.map((airing) => {
    const { fromSeconds } = airing;
    return makeRow(airing, timeOf(timeline, fromSeconds, `${mount} ${fromSeconds}`));
  });
  byId("recent-list").replaceChildren(...rows);
}
