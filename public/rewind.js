// The bar by which a listener goes back in time: how far a mount can be rewound, in its memory and in recordings, the titles at
// their places, what is not there, and the way back to the live audio. Its value is seconds before what a listener who joined now would hear, as a negative number.

import { byId, inputById, make, setAttribute, setText } from "./dom.js";
import { airingAt, liveSeconds } from "./heard.js";
import { clockTime, span, t } from "./language.js";
import { allAirings, askRecorded, gapsBetween, recordedOf } from "./recorded.js";
import { kindText } from "./view.js";

/**
 * @typedef {import("./status.js").Timeline} Timeline
 * @typedef {import("./status.js").Airing} Airing
 * @typedef {import("./recorded.js").Stretch} Stretch
 * @typedef {object} Shown
 * @property {string} mount the one that is heard
 * @property {Timeline} timeline its own
 * @property {number} reach seconds before the live audio
 */

/** Less is not worth a bar. */
const LEAST_SECONDS = 15;
/** A listener who is this close to the live audio hears it: an element may take seconds to start. */
const LIVE_SECONDS = 10;
/** The oldest audio may be gone when the request arrives. */
const SPARE_SECONDS = 3;

/** Recordings are offered for a day. */
const MOST_SECONDS = 86_400;
/** From here on the time of day says more than a distance. */
const CLOCK_SECONDS = 3600;
/** A narrower gap would not be seen. */
const LEAST_GAP_SHARE = 1 / 400;

/** A step of the bar, by an arrow key. */
const STEP_SECONDS = 10;
/** An arrow key may be pressed again. */
const SETTLE_MS = 400;

/** While the thumb is moved, reports do not move it. */
let isMoving = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let settling;
/** @type {Shown | null} */
let shown = null;
let shownMarks = "";
let shownGaps = "";

/** Seconds before the live audio. @param {Timeline} timeline @param {number} seconds that could be gone back then
 * @param {number} most */
function grown({ burstSeconds, receivedMs }, seconds, most) {
  const now = seconds + (performance.now() - receivedMs) / 1000;
  return Math.min(most, now) - burstSeconds - SPARE_SECONDS;
}

/** In the station's memory. @param {Timeline} timeline */
function heldSeconds(timeline) {
  return grown(timeline, timeline.rewindSeconds, timeline.rewindLimitSeconds);
}

/** With recordings. @param {Timeline} timeline */
function reachOf(timeline) {
  const { recordedSeconds } = timeline;
  const recorded = recordedSeconds > 0 ? grown(timeline, recordedSeconds, MOST_SECONDS) : 0;
  return Math.floor(Math.max(heldSeconds(timeline), recorded) / STEP_SECONDS) * STEP_SECONDS;
}

/** "2 min 10 sec ago", or "now", in the page's language; with the time of day where that is long ago.
 * @param {number} behindSeconds */
function whenText(behindSeconds) {
  if (behindSeconds < LIVE_SECONDS) return t("rewind.now");
  const ago = t("rewind.ago", { time: span(behindSeconds) });
  if (behindSeconds < CLOCK_SECONDS) return ago;
  return `${clockTime(Date.now() - behindSeconds * 1000)} (${ago})`;
}

/** @param {Airing} airing */
function titleText(airing) {
  const { artist, title } = airing;
  return [artist, title].filter(Boolean).join(" – ") || kindText(airing);
}

/** What can neither be heard from memory nor from recordings. @param {Shown} shown @returns {Stretch[]} */
function gapsOf({ mount, timeline, reach }) {
  const to = liveSeconds(timeline);
  const { stretches } = recordedOf(mount);
  // Until it is known what is recorded, nothing is said to be missing.
  if (stretches.length === 0) return [];
  const gaps = gapsBetween(stretches, { from: to - reach, to }, heldSeconds(timeline));
  return gaps.filter((gap) => gap.to - gap.from > reach * LEAST_GAP_SHARE);
}

/** @param {Shown} of @param {number} behindSeconds */
function gapAt(of, behindSeconds) {
  const seconds = liveSeconds(of.timeline) - behindSeconds;
  return gapsOf(of).find(({ from, to }) => from <= seconds && seconds < to);
}

/** What the bar says of its place. @param {Shown} of @param {number} behindSeconds */
function describe(of, behindSeconds) {
  const { mount, timeline } = of;
  const airings = allAirings(mount, timeline);
  const isThere = gapAt(of, behindSeconds) === undefined;
  const seconds = liveSeconds(timeline) - behindSeconds;
  const title = isThere ? titleText(airingAt(airings, seconds)) : t("rewind.unrecorded");
  const when = whenText(behindSeconds);
  const bar = inputById("seek");
  setAttribute(bar, "aria-valuetext", `${when}: ${title}`);
  const share = 1 - behindSeconds / -Number(bar.min);
  bar.style.setProperty("--level", `${Math.max(0, share * 100)}%`);
  setText(byId("seek-when"), when);
  setText(byId("seek-title"), isMoving ? title : "");
}

/** In steps that a bar shows. @param {number} share */
function percentOf(share) {
  return `${Math.round(share * 200) / 2}%`;
}

/** A mark where each title begins. @param {Shown} shown */
function showMarks({ mount, timeline, reach }) {
  const oldest = liveSeconds(timeline) - reach;
  const all = reach > CLOCK_SECONDS ? [] : allAirings(mount, timeline);
  const marks = all
    .map((airing) => ({ title: titleText(airing), share: (airing.fromSeconds - oldest) / reach }))
    .filter(({ share }) => share > 0 && share < 1)
    .map(({ title, share }) => ({ title, left: percentOf(share) }));
  const key = JSON.stringify(marks);
  if (key === shownMarks) return;
  shownMarks = key;
  byId("seek-marks").replaceChildren(
    ...marks.map(({ title, left }) => {
      const mark = make("i");
      mark.title = title;
      mark.style.left = left;
      return mark;
    }),
  );
}

/** What is missing. @param {Shown} of */
function showGaps(of) {
  const oldest = liveSeconds(of.timeline) - of.reach;
  const gaps = gapsOf(of).map(({ from, to }) => {
    return {
      left: percentOf((from - oldest) / of.reach),
      width: percentOf((to - from) / of.reach),
    };
  });
  const key = JSON.stringify(gaps);
  if (key === shownGaps) return;
  shownGaps = key;
  byId("seek-gaps").replaceChildren(
    ...gaps.map((place) => {
      const gap = make("i");
      Object.assign(gap.style, place);
      return gap;
    }),
  );
}

/** @param {boolean} isLive */
function showWayBack(isLive) {
  const button = byId("live");
  if (isLive && document.activeElement === button) inputById("seek").focus();
  button.hidden = isLive;
}

/** @param {string} mount the one that is heard @param {Timeline} timeline its own
 * @param {number} heardSeconds where on it this listener is */
export function showRewind(mount, timeline, heardSeconds) {
  const reach = reachOf(timeline);
  const isOffered = timeline.rewindLimitSeconds > 0 && reach >= LEAST_SECONDS;
  byId("rewind").hidden = !isOffered;
  shown = isOffered ? { mount, timeline, reach } : null;
  if (shown === null) return;
  if (timeline.recordedSeconds > 0) void askRecorded(mount);
  const behind = Math.min(reach, Math.max(0, liveSeconds(timeline) - heardSeconds));
  const bar = inputById("seek");
  setAttribute(bar, "min", String(-reach));
  showMarks(shown);
  showGaps(shown);
  showWayBack(behind < LIVE_SECONDS);
  if (isMoving) return;
  const place = behind < LIVE_SECONDS ? 0 : behind;
  bar.value = String(-place);
  describe(shown, place);
}

/** Where to go from a place of the bar: what is not there begins with what follows. @param {number} behindSeconds */
function placeFor(behindSeconds) {
  const gap = shown === null ? undefined : gapAt(shown, behindSeconds);
  if (shown === null || gap === undefined) return behindSeconds;
  return Math.max(0, liveSeconds(shown.timeline) - gap.to);
}

/** @param {(backSeconds: number) => void} play from so many seconds before the newest audio on; 0: the live audio */
export function bindRewind(play) {
  const bar = inputById("seek");
  bar.addEventListener("input", () => {
    isMoving = true;
    if (shown) describe(shown, -Number(bar.value));
  });
  const settle = () => {
    isMoving = false;
    const behind = placeFor(-Number(bar.value));
    play(behind < LIVE_SECONDS ? 0 : behind + (shown?.timeline.burstSeconds ?? 0));
  };
  bar.addEventListener("change", () => {
    clearTimeout(settling);
    settling = setTimeout(settle, SETTLE_MS);
  });
  byId("live").addEventListener("click", () => play(0));
}
