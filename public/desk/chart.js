// Listeners over time: the server's history, then one point per heartbeat.

import { axes, colour, onColours } from "./plot-style.js";
import uPlot from "./uplot.js";
import { byId, setText } from "../dom.js";
import { clock, count, plural } from "./text.js";

/** Pixels. */
const HEIGHT = 200;
const SHORTEST_SECONDS = 600;
const box = byId("chart");

/** Unix seconds, and listeners. @type {[number[], number[]]} */
let data = [[], []];
/** @type {uPlot | null} */
let plot = null;
let periodSeconds = 3600;
/** The header's number of listeners; null before the first overview. @type {number | null} */
let current = null;

/** The period, or as much of it as is known. @returns {[number, number]} */
function timeRange() {
  const end = data[0].at(-1) ?? Math.floor(Date.now() / 1000);
  const known = end - (data[0][0] ?? end);
  return [end - Math.min(periodSeconds, Math.max(SHORTEST_SECONDS, known)), end];
}

/** @type {import("uplot").Range.Function} */
function listenerRange(_plot, _min, max) {
  return [0, Math.max(4, Math.ceil((max ?? 0) * 1.15))];
}

/** @param {uPlot} plot */
function onCursor({ cursor: { idx } }) {
  const [time, listeners] = [data[0][idx ?? -1], data[1][idx ?? -1]];
  if (time === undefined || listeners === undefined) return showReadout();
  setText(byId("readout"), `${clock(time, true)}: ${plural(listeners, "listener")}`);
}

function showReadout() {
  const now = current ?? data[1].at(-1) ?? 0;
  const peak = data[1].reduce((a, b) => Math.max(a, b), now);
  const text = `${count(now)} now, peak ${count(peak)}`;
  setText(byId("readout"), text);
  box.setAttribute("aria-label", `Listeners over time: ${text}`);
}

/** @returns {import("uplot").Series} */
function series() {
  const accent = colour("--accent");
  return {
    label: "Listeners",
    stroke: accent,
    width: 2,
    fill: `color-mix(in srgb, ${accent} 16%, transparent)`,
    points: { show: false },
    paths: uPlot.paths.stepped?.({ align: 1 }) ?? (() => null),
  };
}

/** @returns {import("uplot").Options} */
function options() {
  return {
    width: Math.max(200, box.clientWidth),
    height: HEIGHT,
    padding: [10, 18, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
    scales: { x: { range: timeRange }, y: { range: listenerRange } },
    axes: axes((time) => clock(time)),
    series: [{}, series()],
    hooks: { setCursor: [onCursor] },
  };
}

function draw() {
  plot?.destroy();
  plot = new uPlot(options(), data, box);
  showReadout();
}

/** @param {{ times: number[], listeners: number[] }} history @param {number} minutes */
export function showHistory(history, minutes) {
  periodSeconds = minutes * 60;
  data = [history.times, history.listeners];
  draw();
}

/** @param {number} time unix seconds @param {number} listeners */
export function addPoint(time, listeners) {
  if (!plot || time <= (data[0].at(-1) ?? 0)) return;
  const from = data[0].findIndex((known) => known > time - periodSeconds);
  const kept = from < 0 ? data[0].length : from;
  data = [
    [...data[0].slice(kept), time],
    [...data[1].slice(kept), listeners],
  ];
  plot.setData(data);
  showReadout();
}

/** The readout shows the header's number, which is newer than the last point. @param {number} listeners */
export function showCurrent(listeners) {
  if (current === listeners) return;
  current = listeners;
  showReadout();
}

new ResizeObserver(() => {
  if (plot && box.clientWidth > 0) plot.setSize({ width: box.clientWidth, height: HEIGHT });
}).observe(box);
onColours(() => plot && draw());
