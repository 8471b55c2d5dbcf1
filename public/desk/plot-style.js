// What the desk's charts have in common: the colours of the theme, and axes.

import { make } from "../dom.js";

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** As a canvas understands it: the system's own colours, where they are forced, are resolved. @param {string} name */
export function colour(name) {
  const probe = make("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const LOOKS = ["(prefers-color-scheme: dark)", "(forced-colors: active)"];

/** @param {() => void} draw called when the colours have changed */
export function onColours(draw) {
  for (const look of LOOKS) matchMedia(look).addEventListener("change", draw);
}

/**
 * @param {(value: number) => string} label of a place on the x axis
 * @param {number[]} [steps] of the x axis, if it is no time
 * @returns {import("uplot").Axis[]}
 */
export function axes(label, steps) {
  const grid = { stroke: colour("--edge"), width: 1 };
  const common = { stroke: colour("--soft"), grid, ticks: { show: false } };
  return [
    {
      ...common,
      ...(steps && { incrs: steps }),
      space: 70,
      size: 28,
      values: (_plot, values) => values.map(label),
    },
    { ...common, size: 44, incrs: STEPS },
  ];
}
