// Pure: the colours of all pages, light and dark, with those that a station sets. Pages with a style sheet have the
// defaults from public/colours.css.
import { contrast, mixed, nearestThatHolds } from "./colour.ts";

export interface Palette {
  readonly page: string;
  readonly glow: string;
  readonly card: string;
  readonly edge: string;
  readonly text: string;
  readonly soft: string;
  readonly accent: string;
  readonly onAccent: string;
}

const LIGHT: Palette = {
  page: "#f7f1e8",
  glow: "#ffe2c2",
  card: "#fffdfa",
  edge: "#e6dacb",
  text: "#2a2033",
  soft: "#6a5d70",
  accent: "#b4400f",
  onAccent: "#ffffff",
};

const DARK: Palette = {
  page: "#0f1020",
  glow: "#2b1f4a",
  card: "#191a30",
  edge: "#2e2f4d",
  text: "#f3eefb",
  soft: "#b3abc9",
  accent: "#ffb266",
  onAccent: "#2a1206",
};

export const SCHEMES = ["light", "dark"] as const;
export type Scheme = (typeof SCHEMES)[number];

export type Palettes = Readonly<Record<Scheme, Palette>>;

export const DEFAULT: Palettes = { light: LIGHT, dark: DARK };

/** The colours that a station sets, "" for the default. */
export interface Colours {
  readonly accent: string;
  readonly background: string;
}

/** Away from the text, and towards it. */
const ENDS = { light: ["white", "black"], dark: ["black", "white"] } as const;

/** How much of the accent shines at the top of the page. */
const GLOW = 0.12;

/** The colours of one scheme: what is set, or the nearest that holds WCAG AA there. */
export function paletteOf(scheme: Scheme, { accent, background }: Colours): Palette {
  const plain = DEFAULT[scheme];
  if (accent === "" && background === "") return plain;
  const [away, towards] = ENDS[scheme];
  const ink = [plain.text, plain.soft, ...(accent === "" ? [plain.accent] : [])];
  const page = background === "" ? plain.page : nearestThatHolds(background, ink, away);
  const wish = accent === "" ? plain.accent : accent;
  const mix = nearestThatHolds(mixed(wish, page, GLOW), ink, away);
  const glow = accent === "" ? page : mix;
  const held = nearestThatHolds(wish, [page, plain.card, glow], towards);
  return { ...plain, page, glow, accent: held, onAccent: onAccentOf(held) };
}

/** White or nearly black, whichever has more contrast. */
function onAccentOf(accent: string): string {
  const dark = "#10080a";
  return contrast(accent, "#ffffff") >= contrast(accent, dark) ? "#ffffff" : dark;
}

const NAMES: Readonly<Record<string, string>> = { onAccent: "on-accent" };

function properties(palette: Partial<Palette>): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${NAMES[name] ?? name}:${colour}`)
    .join(";");
}

export type ThemeChoice = Scheme | "auto";

/** CSS that defines the colours, of one scheme or, as the reader's system is set, of both. */
export function themeCss({ light, dark }: Palettes, choice: ThemeChoice = "auto"): string {
  const first = choice === "dark" ? dark : light;
  const scheme = choice === "auto" ? "light dark" : choice;
  const root = `:root{color-scheme:${scheme};${properties(first)}}`;
  if (choice !== "auto") return root;
  return `${root}@media(prefers-color-scheme:dark){:root{${properties(dark)}}}`;
}

/** Pages that have no button and no glow get by with less. */
function few({ onAccent: _, glow: __, ...rest }: Palette): Omit<Palette, "onAccent" | "glow"> {
  return rest;
}

/** The defaults, light and dark. */
export const THEME =
  `:root{color-scheme:light dark;${properties(few(LIGHT))}}` +
  `@media(prefers-color-scheme:dark){:root{${properties(few(DARK))}}}`;
