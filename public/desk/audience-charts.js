// The charts of the Audience panel.

import { axes, colour, onColours } from "./plot-style.js";
import uPlot from "./uplot.js";
import { byId } from "../dom.js";
import { clock } from "./text.js";

/** @typedef {import("../../src/http/desk/audience-schema.ts").AudienceFigures} AudienceFigures */
/** @typedef {import("../../src/http/desk/audience-schema.ts").StayingCurve} StayingCurve */

/** Pixels. */
const HEIGHT = 200;

/** @typedef {() => { options: Omit<import("uplot").Options, "width" | "height">, data: import("uplot").AlignedData }} Making */

/** One drawing of a chart, again with each change of its size or colours. */
class Drawing {
  /** @type {uPlot | null} */
  #plot = null;
  /** @type {Making | null} */
  #make = null;
  #box;

  /** @param {string} id */
  constructor(id) {
    this.#box = byId(id);
    new ResizeObserver(() => {
      const { clientWidth: width } = this.#box;
      if (width > 0) this.#plot?.setSize({ width, height: HEIGHT });
    }).observe(this.#box);
    onColours(() => this.#draw());
  }

  /**
   * @param {string} label what it shows, in words
   * @param {Making} make
   */
  show(label, make) {
    this.#make = make;
    this.#box.setAttribute("aria-label", label);
    this.#draw();
  }

  #draw() {
    if (this.#make === null) return;
    this.#plot?.destroy();
    const { options, data } = this.#make();
    const width = Math.max(200, this.#box.clientWidth);
    this.#plot = new uPlot({ ...options, width, height: HEIGHT }, data, this.#box);
  }
}

const audience = new Drawing("audience-chart");
const curve = new Drawing("curve-chart");

/** @param {number} time unix seconds @param {string} step */
function timeText(time, step) {
  const at = new Date(time * 1000);
  if (step === "hour" && at.getHours() !== 0) return clock(time);
  if (step === "month") return at.toLocaleDateString([], { month: "short", year: "2-digit" });
  return at.toLocaleDateString([], { day: "numeric", month: "short" });
}

/** @type {import("uplot").Range.Function} */
function fromZero(_plot, _min, max) {
  return [0, Math.max(4, Math.ceil((max ?? 0) * 1.15))];
}

/** Steps without listeners are no points of the answer. @param {AudienceFigures} found */
function filled({ points, from, to, step }) {
  const seconds = step === "hour" ? 3600 : 86_400;
  const known = new Map(points.map((point) => [point.time, point]));
  if (step === "month" || points.length === 0) return points;
  const first = points[0]?.time ?? from;
  const all = [];
  for (let time = first; time < Math.min(to, Date.now() / 1000); time += seconds) {
    const point = known.get(time) ?? points.find((one) => Math.abs(one.time - time) <= 3600);
    all.push(point ?? { time, average_listeners: 0, peak_listeners: 0 });
  }
  return all;
}

/** @param {string} label @param {string} stroke @param {string} [fill] @returns {import("uplot").Series} */
function line(label, stroke, fill) {
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return { label, stroke, width: 2, ...(fill && { fill }), paths: stepped ?? (() => null) };
}

/** @param {AudienceFigures} found */
export function showAudienceChart(found) {
  const points = filled(found);
  const { total } = found;
  const words = `Listeners: ${total.average_listeners} on average, peak ${total.peak_listeners}`;
  audience.show(words, () => {
    const accent = colour("--accent");
    return {
      options: {
        padding: [10, 18, 0, 0],
        legend: { show: true, live: true },
        cursor: { y: false, drag: { x: false, y: false } },
        scales: { x: { range: () => [found.from, found.to] }, y: { range: fromZero } },
        axes: axes((time) => timeText(time, found.step)),
        series: [
          {
            label: "Time",
            value: (_plot, time) =>
              time === null
                ? "–"
                : new Date(time * 1000).toLocaleString([], {
                    dateStyle: "medium",
                    timeStyle: "short",
                  }),
          },
          line("Average", accent, `color-mix(in srgb, ${accent} 16%, transparent)`),
          line("Peak", colour("--soft")),
        ],
      },
      data: [
        points.map(({ time }) => time),
        points.map(({ average_listeners: average }) => average),
        points.map(({ peak_listeners: peak }) => peak),
      ],
    };
  });
}

/** "1:30" @param {number} seconds */
function minutes(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;
}

const SHORTEST_SECONDS = 120;

/** @param {StayingCurve} found */
export function showCurveChart({ staying, step_seconds: step, at_start: atStart }) {
  const shares = staying.map((share) => Math.round(share * 1000) / 10);
  const half = shares[Math.min(shares.length - 1, Math.round(30 / step))] ?? 100;
  const words = atStart === 0 ? "No listeners yet" : `${half} % stay for the first 30 seconds`;
  curve.show(words, () => {
    const accent = colour("--accent");
    const end = Math.max(SHORTEST_SECONDS, (shares.length - 1) * step);
    const all = shares.length === 1 ? [100, 100] : shares;
    // Nobody can have stayed before there was somebody.
    const data = atStart === 0 ? all.map(() => null) : all;
    return {
      options: {
        padding: [10, 18, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false } },
        scales: { x: { time: false, range: () => [0, end] }, y: { range: () => [0, 105] } },
        axes: axes(minutes, [10, 30, 60, 120, 300]),
        series: [{}, { ...line("Staying (%)", accent), points: { show: false } }],
      },
      data: [data.map((_, at) => (shares.length === 1 ? at * end : at * step)), data],
    };
  });
}
