// The tracks this listener has heard before the one that plays, with the time of day at which they did or would have.

import { artworkAddress } from "./status.js";
import { byId, setText } from "./dom.js";

/**
 * @typedef {import("./status.js").Airing} Airing
 * @typedef {import("./status.js").Timeline} Timeline
 */

const mostRows = 8;
const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });

/** Kept from the first look on: two estimates of one moment may lie on two sides of a minute. @type {Map<string, string>} */
const times = new Map();
let shown = "";

/** @param {Timeline} timeline @param {number} fromSeconds @param {string} key */
function timeOf({ headSeconds, burstSeconds, receivedMs }, fromSeconds, key) {
  const known = times.get(key);
  if (known) return known;
  const agoMs = (headSeconds - fromSeconds - burstSeconds) * 1000 + performance.now() - receivedMs;
  const time = clock.format(Date.now() - agoMs);
  times.set(key, time);
  const [oldest] = times.keys();
  if (times.size > 200 && oldest) times.delete(oldest);
  return time;
}

/** @param {HTMLElement} row @param {Airing} airing @param {string} time */
function fillRow(row, airing, time) {
  const { title, artist, dj, kind } = airing;
  const [image, name, by, when] = ["img", ".recent-title", ".recent-artist", ".recent-when"].map(
    (part) => row.querySelector(part),
  );
  if (!(image instanceof HTMLImageElement) || !name || !by || !when) return;
  image.src = artworkAddress(airing);
  image.addEventListener("error", () => (image.src = artworkAddress({ ...airing, artwork: "" })), {
    once: true,
  });
  setText(name, title);
  setText(by, artist || (kind === "live" ? dj || "Live" : ""));
  setText(when, time);
}

/** Silence is no track, nor is what nobody has named. @param {Airing} airing */
function isTrack({ kind, title }) {
  return kind !== "silence" && title !== "";
}

/**
 * @param {string} mount
 * @param {Timeline} timeline
 * @param {Airing} heard what plays
 */
export function showRecent(mount, timeline, heard) {
  const before = timeline.airings.filter(({ fromSeconds }) => fromSeconds < heard.fromSeconds);
  const airings = before.filter(isTrack).slice(-mostRows).reverse();
  const key = JSON.stringify([mount, airings]);
  if (key === shown) return;
  shown = key;
  byId("recent").hidden = airings.length === 0;
  const template = /** @type {HTMLTemplateElement} */ (byId("recent-row"));
  const rows = airings.map((airing) => {
    const row = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
    fillRow(row, airing, timeOf(timeline, airing.fromSeconds, `${mount} ${airing.fromSeconds}`));
    return row;
  });
  byId("recent-list").replaceChildren(...rows);
}
