// The bar by which a listener goes back in time: how far a mount can be rewound, the titles at their places, and the way
// back to the live audio. Its value is seconds before what a listener who joined now would hear, as a negative number.

import { byId, inputById, make, setAttribute, setText } from "./dom.js";
import { airingAt, liveSeconds } from "./heard.js";
import { span, t } from "./language.js";
import { kindText } from "./view.js";

/**
 * @typedef {import("./status.js").Timeline} Timeline
 * @typedef {import("./status.js").Airing} Airing
 */

/** Less is not worth a bar. */
const LEAST_SECONDS = 15;
/** A listener who is this close to the live audio hears it: an element may take seconds to start. */
const LIVE_SECONDS = 10;
/** The oldest audio may be gone when the request arrives. */
const SPARE_SECONDS = 3;

/** A step of the bar, by an arrow key. */
const STEP_SECONDS = 10;
/** An arrow key may be pressed again. */
const SETTLE_MS = 400;

/** While the thumb is moved, reports do not move it. */
let isMoving = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let settling;
/** @type {Timeline | null} */
let shown = null;
let shownMarks = "";

/** Seconds before the live audio that can be gone back to. @param {Timeline} timeline */
function reachOf({ rewindSeconds, rewindLimitSeconds, burstSeconds, receivedMs }) {
  const grown = rewindSeconds + (performance.now() - receivedMs) / 1000;
  const seconds = Math.min(rewindLimitSeconds, grown) - burstSeconds - SPARE_SECONDS;
  return Math.floor(seconds / STEP_SECONDS) * STEP_SECONDS;
}

/** "2 min 10 sec ago", or "now", in the page's language. @param {number} behindSeconds */
function whenText(behindSeconds) {
  if (behindSeconds < LIVE_SECONDS) return t("rewind.now");
  return t("rewind.ago", { time: span(behindSeconds) });
}

/** @param {Airing} airing */
function titleText(airing) {
  const { artist, title } = airing;
  return [artist, title].filter(Boolean).join(" – ") || kindText(airing);
}

/** What the bar says of its place. @param {Timeline} timeline @param {number} behindSeconds */
function describe(timeline, behindSeconds) {
  const title = titleText(airingAt(timeline.airings, liveSeconds(timeline) - behindSeconds));
  const when = whenText(behindSeconds);
  const bar = inputById("seek");
  setAttribute(bar, "aria-valuetext", `${when}: ${title}`);
  const share = 1 - behindSeconds / -Number(bar.min);
  bar.style.setProperty("--level", `${Math.max(0, share * 100)}%`);
  setText(byId("seek-when"), when);
  setText(byId("seek-title"), isMoving ? title : "");
}

/** A mark where each title begins. @param {Timeline} timeline @param {number} reach */
function showMarks(timeline, reach) {
  const oldest = liveSeconds(timeline) - reach;
  const marks = timeline.airings
    .map((airing) => ({ title: titleText(airing), share: (airing.fromSeconds - oldest) / reach }))
    .filter(({ share }) => share > 0 && share < 1)
    .map(({ title, share }) => ({ title, left: `${Math.round(share * 200) / 2}%` }));
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

/** @param {boolean} isLive */
function showWayBack(isLive) {
  const button = byId("live");
  if (isLive && document.activeElement === button) inputById("seek").focus();
  button.hidden = isLive;
}

/** @param {Timeline} timeline @param {number} heardSeconds where on it this listener is */
export function showRewind(timeline, heardSeconds) {
  const reach = reachOf(timeline);
  const isOffered = timeline.rewindLimitSeconds > 0 && reach >= LEAST_SECONDS;
  byId("rewind").hidden = !isOffered;
  shown = timeline;
  if (!isOffered) return;
  const behind = Math.min(reach, Math.max(0, liveSeconds(timeline) - heardSeconds));
  const bar = inputById("seek");
  setAttribute(bar, "min", String(-reach));
  showMarks(timeline, reach);
  showWayBack(behind < LIVE_SECONDS);
  if (isMoving) return;
  const place = behind < LIVE_SECONDS ? 0 : behind;
  bar.value = String(-place);
  describe(timeline, place);
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
    const behind = -Number(bar.value);
    play(behind < LIVE_SECONDS ? 0 : behind + (shown?.burstSeconds ?? 0));
  };
  bar.addEventListener("change", () => {
    clearTimeout(settling);
    settling = setTimeout(settle, SETTLE_MS);
  });
  byId("live").addEventListener("click", () => play(0));
}
