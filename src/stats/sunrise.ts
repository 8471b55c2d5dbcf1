// Pure: draws the default picture of a track without artwork, a sunrise that is always the same for the same title.

interface Palette {
  /** From the zenith down to the horizon. */
  readonly sky: readonly string[];
  readonly sun: string;
  readonly glow: string;
  /** From far to near. */
  readonly land: readonly string[];
  /** Whether stars are visible. */
  readonly isDark: boolean;
}

/** A number from 0 up to 1. */
type Draw = () => number;

const PALETTES: readonly Palette[] = [
  {
    sky: ["#a9cdf2", "#e3d8ea", "#ffb98a"],
    sun: "#fff1c9",
    glow: "#ffc76b",
    land: ["#86a9bd", "#4d88a1", "#23566f"],
    isDark: false,
  },
  {
    sky: ["#17143a", "#5f2f6e", "#f08a5d"],
    sun: "#ffe1a0",
    glow: "#ff9a4d",
    land: ["#6b3763", "#3b2250", "#1a1433"],
    isDark: true,
  },
  {
    sky: ["#0a1030", "#1d3168", "#5f83b8"],
    sun: "#f6f2df",
    glow: "#b9cdf0",
    land: ["#2f4f86", "#1c3364", "#0c1a3c"],
    isDark: true,
  },
  {
    sky: ["#b5dccd", "#e6f1d3", "#ffe9a6"],
    sun: "#fffbe3",
    glow: "#ffd66b",
    land: ["#93bf97", "#56957a", "#2a6156"],
    isDark: false,
  },
  {
    sky: ["#f7d39a", "#f4a862", "#e26a4b"],
    sun: "#fff3cf",
    glow: "#ffd083",
    land: ["#cf5c46", "#96393f", "#571f36"],
    isDark: false,
  },
  {
    sky: ["#d3e8f2", "#e9e4f0", "#f9d5d9"],
    sun: "#ffffff",
    glow: "#fff0e2",
    land: ["#a8c6da", "#6b9dbd", "#35688f"],
    isDark: false,
  },
  {
    sky: ["#061a2b", "#0e4a50", "#4fb08a"],
    sun: "#f0ffdf",
    glow: "#9be8b0",
    land: ["#1f6a68", "#124549", "#08262d"],
    isDark: true,
  },
  {
    sky: ["#f6c3d2", "#f6aeb4", "#fbdcb6"],
    sun: "#fff6e4",
    glow: "#ffd9a6",
    land: ["#d1809a", "#95507a", "#57305c"],
    isDark: false,
  },
  {
    sky: ["#1d0e20", "#61192f", "#dd5a30"],
    sun: "#ffdc8c",
    glow: "#ff8a3c",
    land: ["#8c2a38", "#4d182e", "#220b1d"],
    isDark: true,
  },
  {
    sky: ["#0d3556", "#1f7d90", "#a9dfc4"],
    sun: "#fffbe0",
    glow: "#ffe9a0",
    land: ["#2c8092", "#155a75", "#0b3450"],
    isDark: true,
  },
];

/** FNV-1a: equal texts give equal pictures on every machine. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}

/** A pseudo-random sequence of numbers from 0 up to 1 (mulberry32). */
function draws(seed: number): Draw {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function short(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The outline of a landscape layer: its top from left to right, then around the bottom. */
function landPath(points: readonly (readonly number[])[], isSmooth: boolean): string {
  const line = points.map(([x = 0, y = 0], at) => {
    const [beforeX = 0, beforeY = 0] = points[at - 1] ?? [];
    const half = short((beforeX + x) / 2);
    if (at === 0) return `M${short(x)} ${short(y)}`;
    return isSmooth
      ? `C${half} ${short(beforeY)} ${half} ${short(y)} ${short(x)} ${short(y)}`
      : `L${short(x)} ${short(y)}`;
  });
  return `${line.join("")}V400H0Z`;
}

/** One layer of dunes or peaks around a height. */
function ridge(draw: Draw, height: number, isSmooth: boolean): string {
  const steps = isSmooth ? 3 + Math.floor(draw() * 2) : 6 + Math.floor(draw() * 4);
  const swing = isSmooth ? 40 : 34;
  const points = Array.from({ length: steps + 1 }, (_, at) => {
    const shift = at === 0 || at === steps ? 0 : (draw() - 0.5) * (200 / steps);
    const side = isSmooth ? draw() - 0.5 : (at % 2 === 0 ? 0.5 : -0.5) * (0.5 + draw());
    return [(at * 400) / steps + shift, height + side * swing];
  });
  return landPath(points, isSmooth);
}

/** Reflections on the water, wider towards the viewer. */
function sea(draw: Draw, { sun, land }: Palette): string {
  const [far = "", near = "", nearest = ""] = land;
  const glints = Array.from({ length: 9 }, (_, at) => {
    const y = 282 + at * 12.5;
    const width = 24 + at * 7 + draw() * 40;
    const x = 200 - width / 2 + (draw() - 0.5) * 34;
    const opacity = short(0.75 - at * 0.06);
    return `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="3.4" rx="1.7" opacity="${opacity}"/>`;
  });
  return (
    `<linearGradient id="w" x1="0" y1="0" x2="0" y2="1"><stop stop-color="${far}"/><stop offset=".45" stop-color="${near}"/>` +
    `<stop offset="1" stop-color="${nearest}"/></linearGradient><path fill="url(#w)" d="M0 270h400v130H0z"/><g fill="${sun}">${glints.join("")}</g>`
  );
}

function hills(draw: Draw, { land }: Palette, isSmooth: boolean): string {
  return land
    .map((colour, at) => `<path fill="${colour}" d="${ridge(draw, 268 + at * 44, isSmooth)}"/>`)
    .join("");
}

/** Stars at night, streaks of haze by day. */
function sky(draw: Draw, { isDark, sun }: Palette): string {
  const marks = Array.from({ length: isDark ? 26 : 4 }, () => {
    const [x, y] = [draw() * 400, draw() * (isDark ? 190 : 150) + (isDark ? 6 : 30)];
    if (isDark)
      return `<circle cx="${short(x)}" cy="${short(y)}" r="${short(0.6 + draw() * 1.1)}"/>`;
    const width = 60 + draw() * 120;
    return `<rect x="${short(x - width / 2)}" y="${short(y)}" width="${short(width)}" height="7" rx="3.5"/>`;
  });
  return `<g fill="${sun}" opacity="${isDark ? 0.75 : 0.4}">${marks.join("")}</g>`;
}

/** Rings around the sun, for radio waves. */
function rings(draw: Draw, { sun }: Palette): string {
  const count = 2 + Math.floor(draw() * 3);
  const gap = 26 + draw() * 20;
  const circles = Array.from({ length: count }, (_, at) => {
    return `<circle r="${short(62 + gap * (at + 0.7))}" opacity="${short(0.6 - at * 0.13)}"/>`;
  });
  return `<g transform="translate(200 190)" fill="none" stroke="${sun}" stroke-width="2.2">${circles.join("")}</g>`;
}

/** A 400 by 400 SVG without text. Without its sun it is a backdrop for another motif. */
export function sunriseSvg(artist: string, title: string, hasSun = true): string {
  const draw = draws(hash(`${artist}\n${title}`));
  const palette = PALETTES[Math.floor(draw() * PALETTES.length)];
  if (palette === undefined) return "";
  const kind = Math.floor(draw() * 3);
  const scene = sky(draw, palette) + GLOW + rings(draw, palette);
  const land = kind === 0 ? sea(draw, palette) : hills(draw, palette, kind === 1);
  return `${HEAD}${gradients(palette)}${BACKGROUND}${scene}${hasSun ? SUN : ""}${land}</svg>`;
}

const HEAD =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">';
const BACKGROUND = '<path fill="url(#k)" d="M0 0h400v400H0z"/>';
const GLOW = '<circle cx="200" cy="190" r="190" fill="url(#g)"/>';
const SUN = '<circle cx="200" cy="190" r="62" fill="url(#s)"/>';

function gradients({ sky: colours, glow, sun }: Palette): string {
  const stops = colours.map((colour, at) => `<stop offset="${at * 0.36}" stop-color="${colour}"/>`);
  return (
    `<linearGradient id="k" x1="0" y1="0" x2="0" y2="1">${stops.join("")}</linearGradient>` +
    `<radialGradient id="g"><stop stop-color="${glow}" stop-opacity=".85"/>` +
    `<stop offset="1" stop-color="${glow}" stop-opacity="0"/></radialGradient>` +
    `<radialGradient id="s" cy=".36"><stop stop-color="${sun}"/>` +
    `<stop offset="1" stop-color="${glow}"/></radialGradient>`
  );
}
