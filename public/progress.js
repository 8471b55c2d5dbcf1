// How far the track is that this listener hears, and which one follows.

import { byId, find, setText } from "./dom.js";
import { t } from "./language.js";
import { lineOf } from "./played.js";

/**
 * @typedef {import("./status.js").Mount} Mount
 * @typedef {import("./status.js").Airing} Airing
 * @typedef {import("./status.js").Timeline} Timeline
 */

/** "4:05". @param {number} seconds */
export function minutes(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Seconds of the track at a position of the timeline, and how long it is; null if that is unknown.
 * @param {Airing} airing @param {number} atSeconds */
export function progressOf({ fromSeconds, seconds, playedSeconds }, atSeconds) {
  if (seconds === null || seconds <= 0) return null;
  return {
    elapsed: Math.min(seconds, Math.max(0, playedSeconds + atSeconds - fromSeconds)),
    seconds,
  };
}

/** @param {Airing} airing @param {number} atSeconds the position on the mount's timeline */
export function showProgress(airing, atSeconds) {
  const progress = progressOf(airing, atSeconds);
  byId("progress").hidden = progress === null;
  if (!progress) return;
  const { elapsed, seconds } = progress;
  const bar = find(document, "#progress-bar", HTMLProgressElement);
  [bar.max, bar.value] = [seconds, elapsed];
  setText(byId("progress-text"), `${minutes(elapsed)} / ${minutes(seconds)}`);
}

/** What follows an airing, in one line; "" if that is unknown. @param {Timeline} timeline @param {Airing} airing */
export function nextName({ airings, next }, airing) {
  const written = airings.find(({ fromSeconds }) => fromSeconds > airing.fromSeconds);
  const isTrack = written === undefined || written.kind === "playlist";
  const track = written ?? next;
  return isTrack && track ? lineOf(track) : "";
}

/** @param {Mount} mount @param {Airing} airing */
export function showNext({ timeline }, airing) {
  const name = nextName(timeline, airing);
  setText(byId("next"), name === "" ? "" : t("now.next", { track: name }));
  byId("next").hidden = name === "";
}
