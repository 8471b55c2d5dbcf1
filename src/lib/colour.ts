// Pure: colours as #rrggbb, their contrast after WCAG 2, and the nearest colour that has enough of it.

/** WCAG AA for text of any size. */
export const TEXT_CONTRAST = 4.5;

const HEX = /^#(?:[\da-f]{3}|[\da-f]{6})$/i;

/** "#a1b2c3" of "#A1B2C3" or "#abc"; null if it is no such colour. */
export function readColour(text: string): string | null {
  if (!HEX.test(text)) return null;
  const digits = text.slice(1).toLowerCase();
  const all = digits.length === 6 ? digits : digits.replace(/./g, "$&$&");
  return `#${all}`;
}

type Triple = readonly [number, number, number];

/** Red, green and blue from 0 to 255. */
export function rgbOf(colour: string): Triple {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function colourOf(rgb: Triple): string {
  const bytes = rgb.map((value) => Math.max(0, Math.min(255, Math.round(value))));
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function toLinear(byte: number): number {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function fromLinear(value: number): number {
  return 255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);
}

/** From 0, black, to 1, white. */
export function luminance(colour: string): number {
  const [red, green, blue] = rgbOf(colour).map(toLinear) as unknown as Triple;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 1 to 21. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** `share` of `over`, the rest of `under`. */
export function mixed(over: string, under: string, share: number): string {
  const [above, below] = [rgbOf(over), rgbOf(under)];
  return colourOf(above.map((v, at) => v * share + (below[at] ?? 0) * (1 - share)) as never);
}

interface Oklch {
  readonly light: number;
  readonly chroma: number;
  readonly hue: number;
}

/** Oklab, where equal steps look equally large. */
function toOklch(colour: string): Oklch {
  const [red, green, blue] = rgbOf(colour).map(toLinear) as unknown as Triple;
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const b = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  const light = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
  return { light, chroma: Math.hypot(a, b), hue: Math.atan2(b, a) };
}

function toLinearRgb({ light, chroma, hue }: Oklch): Triple {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

const HALVINGS = 16;

/** The last value from `from` towards `to` for which `holds` is still true, which it is of `from`. */
function furthest(from: number, to: number, holds: (value: number) => boolean): number {
  let [good, bad] = [from, to];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (good + bad) / 2;
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** Of this lightness and hue, as colourful as a screen can show it. */
function shown({ light, chroma, hue }: Oklch): string {
  const fits = (tried: number) =>
    toLinearRgb({ light, chroma: tried, hue }).every((v) => v >= -0.0005 && v <= 1.0005);
  const most = fits(chroma) ? chroma : furthest(0, chroma, fits);
  const linear = toLinearRgb({ light, chroma: most, hue });
  return colourOf(linear.map((v) => fromLinear(Math.max(0, v))) as never);
}

export function holdsOn(colour: string, others: readonly string[]): boolean {
  return others.every((other) => contrast(colour, other) >= TEXT_CONTRAST);
}

/** The nearest colour of the same hue, lighter or darker, that holds against all others; the colour itself if it does. */
export function nearestThatHolds(
  colour: string,
  others: readonly string[],
  towards: "black" | "white",
): string {
  if (holdsOn(colour, others)) return colour;
  const { light, chroma, hue } = toOklch(colour);
  const at = (lightness: number) => shown({ light: lightness, chroma, hue });
  const end = towards === "black" ? 0 : 1;
  return at(furthest(end, light, (tried) => holdsOn(at(tried), others)));
}
