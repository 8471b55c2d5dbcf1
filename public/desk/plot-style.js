// What the desk's charts have in common: the colours of the theme, and axes.

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** @param {string} name of a colour */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
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
