// Listeners over time: history from the server, then a point with each heartbeat; the newest is always in sight.

import uPlot from "./uplot.js";
import { byId, setText } from "../dom.js";
import { clock, count, plural } from "./text.js";

const height = 200;
const shortestSeconds = 600;
const room = byId("chart");

/** @type {[number[], number[]]} */
let data = [[], []];
/** @type {any} */
let plot = null;
let periodSeconds = 3600;
/** How many listen now, as the header tells it; null: not known yet. @type {number | null} */
let current = null;

/** @param {string} name */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The period, or as much of it as is known when that is less. */
function timeRange() {
  const end = data[0].at(-1) ?? Math.floor(Date.now() / 1000);
  const known = end - (data[0][0] ?? end);
  return [end - Math.min(periodSeconds, Math.max(shortestSeconds, known)), end];
}

/** @param {any} _ @param {number} __ @param {number} most */
function listenerRange(_, __, most) {
  return [0, Math.max(4, Math.ceil((most ?? 0) * 1.15))];
}

/** @param {any} u */
function onCursor(u) {
  const at = u.cursor.idx;
  if (at === null || at === undefined) return showReadout();
  setText(
    byId("readout"),
    `${clock(data[0][at] ?? 0, true)}: ${plural(data[1][at] ?? 0, "listener")}`,
  );
}

function showReadout() {
  const now = current ?? data[1].at(-1) ?? 0;
  const most = data[1].reduce((a, b) => Math.max(a, b), now);
  const text = `${count(now)} now, at most ${count(most)}`;
  setText(byId("readout"), text);
  room.setAttribute("aria-label", `Listeners over time: ${text} in this period`);
}

function options() {
  const [soft, edge, accent] = [colour("--soft"), colour("--edge"), colour("--accent")];
  const axis = { stroke: soft, grid: { stroke: edge, width: 1 }, ticks: { show: false } };
  return {
    width: Math.max(200, room.clientWidth),
    height,
    padding: [10, 18, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
    scales: { x: { range: timeRange }, y: { range: listenerRange } },
    axes: [
      { ...axis, space: 70, size: 28, values: (_, times) => times.map((time) => clock(time)) },
      { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] },
    ],
    series: [
      {},
      {
        label: "Listeners",
        stroke: accent,
        width: 2,
        fill: `color-mix(in srgb, ${accent} 16%, transparent)`,
        points: { show: false },
        paths: uPlot.paths.stepped({ align: 1 }),
      },
    ],
    hooks: { setCursor: [onCursor] },
  };
}

function draw() {
  plot?.destroy();
  plot = new uPlot(options(), data, room);
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

/** Between two points of the history, and from the same report as the header's. @param {number} listeners */
export function showCurrent(listeners) {
  if (current === listeners) return;
  current = listeners;
  showReadout();
}

new ResizeObserver(() => {
  if (plot && room.clientWidth > 0) plot.setSize({ width: room.clientWidth, height });
}).observe(room);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plot && draw());
