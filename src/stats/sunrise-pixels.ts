// Pure: the drawn sunrise as pixels, for programs that take no SVG, such as previews of links.
import { newBitmap } from "../lib/bitmap.ts";
import { rgbOf } from "../lib/colour.ts";
import type { Bar, Ridge, Scene } from "./sunrise-scene.ts";

/** Width and height. */
export const SUNRISE_PIXELS = 400;

const CENTRE = { x: 200, y: 190 };
const SUN_RADIUS = 62;
const GLOW_RADIUS = 190;
const RING_HALF_WIDTH = 1.1;
const SEA_TOP = 270;

type Rgb = readonly [number, number, number];

function covered(distance: number): number {
  return distance <= -0.5 ? 1 : distance >= 0.5 ? 0 : 0.5 - distance;
}

/** A colour between equally spaced ones. `at`: 0 is the first, 1 the second. */
function between(colours: readonly Rgb[], at: number): Rgb {
  const index = Math.max(0, Math.min(colours.length - 2, Math.floor(at)));
  const share = Math.max(0, Math.min(1, at - index));
  const [from, to] = [colours[index] ?? [0, 0, 0], colours[index + 1] ?? [0, 0, 0]];
  return [0, 1, 2].map((i) => (from[i] ?? 0) * (1 - share) + (to[i] ?? 0) * share) as never;
}

/** One row of pixels, painted from the back to the front. */
class Row {
  readonly #pixels = new Float32Array(SUNRISE_PIXELS * 3);

  fill([red, green, blue]: Rgb): void {
    for (let at = 0; at < this.#pixels.length; at += 3) {
      this.#pixels[at] = red;
      this.#pixels[at + 1] = green;
      this.#pixels[at + 2] = blue;
    }
  }

  blend(x: number, [red, green, blue]: Rgb, alpha: number): void {
    if (alpha <= 0) return;
    const [pixels, at] = [this.#pixels, x * 3];
    pixels[at] = (pixels[at] ?? 0) + (red - (pixels[at] ?? 0)) * alpha;
    pixels[at + 1] = (pixels[at + 1] ?? 0) + (green - (pixels[at + 1] ?? 0)) * alpha;
    pixels[at + 2] = (pixels[at + 2] ?? 0) + (blue - (pixels[at + 2] ?? 0)) * alpha;
  }

  /** Into three bytes a pixel, blue first. */
  write(into: Uint8Array, offset: number): void {
    const pixels = this.#pixels;
    for (let at = 0; at < pixels.length; at += 3) {
      into[offset + at] = (pixels[at + 2] ?? 0) + 0.5;
      into[offset + at + 1] = (pixels[at + 1] ?? 0) + 0.5;
      into[offset + at + 2] = (pixels[at] ?? 0) + 0.5;
    }
  }
}

/** The parameter at which the curve between two points is at `x`. */
function curveShare(from: number, to: number, x: number): number {
  const middle = (from + to) / 2;
  let [low, high] = [0, 1];
  for (let step = 0; step < 18; step++) {
    const t = (low + high) / 2;
    const u = 1 - t;
    const at = u * u * u * from + 3 * u * t * middle + t * t * t * to;
    if (at < x) low = t;
    else high = t;
  }
  return (low + high) / 2;
}

/** The top of a layer of land in each column. */
function topsOf({ points, isSmooth }: Ridge): Float32Array {
  return Float32Array.from({ length: SUNRISE_PIXELS }, (_, column) => {
    const x = column + 0.5;
    const after = Math.max(
      1,
      points.findIndex(([right]) => right >= x),
    );
    const [fromX, fromY] = points[after - 1] ?? [0, 0];
    const [toX, toY] = points[after] ?? [0, 0];
    const t = isSmooth ? curveShare(fromX, toX, x) : (x - fromX) / (toX - fromX);
    const share = isSmooth ? t * t * (3 - 2 * t) : t;
    return fromY + (toY - fromY) * share;
  });
}

/** A bar with round ends. */
function paintBar(row: Row, y: number, bar: Bar, colour: Rgb, opacity: number): void {
  const radius = bar.height / 2;
  const dy = y - (bar.y + radius);
  if (Math.abs(dy) > radius + 1) return;
  const [first, last] = [Math.floor(bar.x - 1), Math.ceil(bar.x + bar.width + 1)];
  for (let x = Math.max(0, first); x < Math.min(SUNRISE_PIXELS, last); x++) {
    const beyond = Math.max(bar.x + radius - x - 0.5, x + 0.5 - (bar.x + bar.width - radius), 0);
    row.blend(x, colour, covered(Math.hypot(beyond, dy) - radius) * opacity);
  }
}

interface Ink {
  readonly sky: readonly Rgb[];
  readonly sun: Rgb;
  readonly glow: Rgb;
  readonly land: readonly Rgb[];
  readonly ridges: readonly { readonly colour: Rgb; readonly tops: Float32Array }[];
}

function inkOf({ colours, ridges }: Scene): Ink {
  return {
    sky: colours.sky.map(rgbOf),
    sun: rgbOf(colours.sun),
    glow: rgbOf(colours.glow),
    land: colours.land.map(rgbOf),
    ridges: ridges.map((ridge) => ({ colour: rgbOf(ridge.colour), tops: topsOf(ridge) })),
  };
}

function paintSky(row: Row, y: number, { stars, haze, colours }: Scene, ink: Ink): void {
  row.fill(between(ink.sky, y / SUNRISE_PIXELS / 0.36));
  const opacity = colours.isDark ? 0.75 : 0.4;
  for (const { x, y: starY, r } of stars) {
    if (Math.abs(starY - y) > r + 1) continue;
    for (let column = Math.max(0, Math.floor(x - r - 1)); column < x + r + 1; column++) {
      const distance = Math.hypot(column + 0.5 - x, starY - y) - r;
      if (column < SUNRISE_PIXELS) row.blend(column, ink.sun, covered(distance) * opacity);
    }
  }
  for (const streak of haze) paintBar(row, y, streak, ink.sun, opacity);
}

function paintSun(row: Row, y: number, { rings, hasSun }: Scene, { sun, glow }: Ink): void {
  const dy = y - CENTRE.y;
  for (let x = 0; x < SUNRISE_PIXELS; x++) {
    const dx = x + 0.5 - CENTRE.x;
    const distance = Math.hypot(dx, dy);
    row.blend(x, glow, 0.85 * (1 - distance / GLOW_RADIUS));
    for (const { r, opacity } of rings)
      row.blend(x, sun, covered(Math.abs(distance - r) - RING_HALF_WIDTH) * opacity);
    if (!hasSun || distance > SUN_RADIUS + 1) continue;
    // Its bright spot is above its middle.
    const spot = Math.hypot(dx, dy + 0.14 * 2 * SUN_RADIUS) / SUN_RADIUS;
    row.blend(x, between([sun, glow], spot), covered(distance - SUN_RADIUS));
  }
}

function paintSea(row: Row, y: number, { glints }: Scene, { land, sun }: Ink): void {
  if (y < SEA_TOP) return;
  const depth = (y - SEA_TOP) / (SUNRISE_PIXELS - SEA_TOP);
  row.fill(between(land, depth < 0.45 ? depth / 0.45 : 1 + (depth - 0.45) / 0.55));
  for (const glint of glints) paintBar(row, y, glint, sun, glint.opacity);
}

function paintLand(row: Row, y: number, { ridges }: Ink): void {
  for (const { colour, tops } of ridges)
    for (let x = 0; x < SUNRISE_PIXELS; x++) row.blend(x, colour, covered((tops[x] ?? 0) - y));
}

/** Paints a bitmap file row by row, so that other work can be done in between; complete after the last step. */
export function* paintSunrise(scene: Scene): Generator<undefined, Uint8Array<ArrayBuffer>> {
  const [bitmap, row, ink] = [newBitmap(SUNRISE_PIXELS, SUNRISE_PIXELS), new Row(), inkOf(scene)];
  for (let at = 0; at < SUNRISE_PIXELS; at++) {
    const y = at + 0.5;
    paintSky(row, y, scene, ink);
    paintSun(row, y, scene, ink);
    if (scene.glints.length > 0) paintSea(row, y, scene, ink);
    else paintLand(row, y, ink);
    row.write(bitmap.file, bitmap.rowAt(at));
    yield;
  }
  return bitmap.file;
}
