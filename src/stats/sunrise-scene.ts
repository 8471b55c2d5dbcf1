// Pure: the default picture of a track without artwork, a sunrise that is always the same for the same title, as shapes.

export interface SkyColours {
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

const FIRST: SkyColours = {
  sky: ["#a9cdf2", "#e3d8ea", "#ffb98a"],
  sun: "#fff1c9",
  glow: "#ffc76b",
  land: ["#86a9bd", "#4d88a1", "#23566f"],
  isDark: false,
};

const PALETTES: readonly SkyColours[] = [
  FIRST,
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

/** A layer of land: its top from left to right. */
export interface Ridge {
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Dunes; otherwise peaks. */
  readonly isSmooth: boolean;
}

export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly opacity: number;
}

export interface Circle {
  readonly x: number;
  readonly y: number;
  readonly r: number;
}

export interface RadioRing {
  readonly r: number;
  readonly opacity: number;
}

/** All in a square of 400. */
export interface Scene {
  readonly colours: SkyColours;
  readonly stars: readonly Circle[];
  readonly haze: readonly Bar[];
  /** Around the sun, for radio waves. */
  readonly rings: readonly RadioRing[];
  readonly hasSun: boolean;
  /** Reflections on the water, if this is the sea. */
  readonly glints: readonly Bar[];
  /** From far to near; none is the sea. */
  readonly ridges: readonly Ridge[];
}

function starsOf(draw: Draw): Circle[] {
  return Array.from({ length: 26 }, () => {
    const [x, y] = [draw() * 400, draw() * 190 + 6];
    return { x, y, r: 0.6 + draw() * 1.1 };
  });
}

function hazeOf(draw: Draw): Bar[] {
  return Array.from({ length: 4 }, () => {
    const [x, y] = [draw() * 400, draw() * 150 + 30];
    const width = 60 + draw() * 120;
    return { x: x - width / 2, y, width, height: 7, opacity: 1 };
  });
}

function ringsOf(draw: Draw): RadioRing[] {
  const count = 2 + Math.floor(draw() * 3);
  const gap = 26 + draw() * 20;
  return Array.from({ length: count }, (_, at) => {
    return { r: 62 + gap * (at + 0.7), opacity: 0.6 - at * 0.13 };
  });
}

/** Wider towards the viewer. */
function glintsOf(draw: Draw): Bar[] {
  return Array.from({ length: 9 }, (_, at) => {
    const width = 24 + at * 7 + draw() * 40;
    const x = 200 - width / 2 + (draw() - 0.5) * 34;
    return { x, y: 282 + at * 12.5, width, height: 3.4, opacity: 0.75 - at * 0.06 };
  });
}

/** One layer of dunes or peaks around a height. */
function ridgeOf(draw: Draw, colour: string, height: number, isSmooth: boolean): Ridge {
  const steps = isSmooth ? 3 + Math.floor(draw() * 2) : 6 + Math.floor(draw() * 4);
  const swing = isSmooth ? 40 : 34;
  const points = Array.from({ length: steps + 1 }, (_, at): [number, number] => {
    const shift = at === 0 || at === steps ? 0 : (draw() - 0.5) * (200 / steps);
    const side = isSmooth ? draw() - 0.5 : (at % 2 === 0 ? 0.5 : -0.5) * (0.5 + draw());
    return [(at * 400) / steps + shift, height + side * swing];
  });
  return { colour, points, isSmooth };
}

/** Without its sun it is a backdrop for another motif. */
export function sunriseScene(artist: string, title: string, hasSun = true): Scene {
  const draw = draws(hash(`${artist}\n${title}`));
  const colours = PALETTES[Math.floor(draw() * PALETTES.length)] ?? FIRST;
  const kind = Math.floor(draw() * 3);
  const stars = colours.isDark ? starsOf(draw) : [];
  const haze = colours.isDark ? [] : hazeOf(draw);
  const rings = ringsOf(draw);
  const glints = kind === 0 ? glintsOf(draw) : [];
  const layers = kind === 0 ? [] : colours.land;
  const ridges = layers.map((colour, at) => ridgeOf(draw, colour, 268 + at * 44, kind === 1));
  return { colours, stars, haze, rings, hasSun, glints, ridges };
}
