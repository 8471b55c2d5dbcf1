// What the converter does with the station's music: measuring, converting, and what it did not take.

import { byId, make, setText } from "../dom.js";
import { count, duration, plural } from "./text.js";

/** @typedef {import("../../src/http/desk/library-schema.ts").Library} Library */
/** @typedef {NonNullable<Library["converter"]>} Converter */
/** @typedef {Library["mounts"][number]} Music */

/** @type {Readonly<Record<string, string>>} */
const WORK = { analyse: "Measuring", convert: "Converting", seam: "Fading the end of" };

/** @param {Converter["running"]} running */
function runningText(running) {
  if (running === null) return "";
  const done = running.seconds > 0 ? ` (${duration(running.seconds)} done)` : "";
  return `${WORK[running.kind] ?? "Working on"} ${running.file}${done}`;
}

/** @param {Music} music */
function leftText({ loudness_unknown: files, loudness_seconds_left: seconds }) {
  if (files === 0) return "";
  const time = seconds === null ? "" : `, about ${duration(seconds)} left`;
  return `loudness of ${plural(files, "file")} to be measured${time}`;
}

/** @param {Converter} converter @param {Music} music */
function stateText({ running, waiting, speed, stopped }, music) {
  const { unconverted } = music;
  const parts = [
    stopped ?? "",
    runningText(running),
    waiting.convert > 0 ? `${count(waiting.convert)} waiting to be converted` : "",
    unconverted > 0 ? `${plural(unconverted, "file")} of this mount not converted yet` : "",
    leftText(music),
    running !== null && speed !== null ? `${speed.toFixed(0)}× real time` : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

/** @param {Converter["failures"][number]} failure */
function makeFailure({ file, why }) {
  const row = make("li");
  row.append(make("bdi", file), `: ${why}`);
  return row;
}

let shown = "";

/** @param {Converter["failures"]} failures */
function showFailures(failures) {
  const text = JSON.stringify(failures);
  if (text === shown) return;
  shown = text;
  byId("failures").hidden = failures.length === 0;
  setText(byId("failure-count"), `${plural(failures.length, "file")} failed lately`);
  byId("failure-list").replaceChildren(...failures.map(makeFailure));
}

/** @param {Converter | null} converter null if nothing is converted here @param {Music} music */
export function showConverter(converter, music) {
  const text = converter === null ? "" : stateText(converter, music);
  byId("converter").hidden = text === "";
  setText(byId("converter"), text);
  showFailures(converter?.failures ?? []);
}

/** Whether the converter's state changes by itself. @param {Converter | null} converter @param {Music} music */
export function isConverting(converter, music) {
  return converter !== null && (converter.running !== null || music.loudness_unknown > 0);
}
