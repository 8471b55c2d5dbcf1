// Colours of the station's own that are hard to read on its page, and what is used in their place.
import { contrast, TEXT_CONTRAST } from "../lib/colour.ts";
import { DEFAULT, paletteOf, type Scheme } from "../lib/theme.ts";
import type { Config } from "./config.ts";

type Branding = Config["branding"];

/** The colours that a scheme is to have. A picture is no colour: a veil over it keeps letters readable. */
export function coloursOf(branding: Branding, scheme: Scheme) {
  const { accent, accentDark, background, backgroundDark } = branding;
  const colour = (value: string) => (value.startsWith("#") ? value : "");
  if (scheme === "light") return { accent, background: colour(background) };
  return { accent: accentDark || accent, background: backgroundDark || colour(background) };
}

/** One sentence for each colour that is not used as it is set. */
export function brandingWarnings({ branding }: Pick<Config, "branding">): string[] {
  const { accentDark, backgroundDark } = branding;
  const light = sentences(branding, "light", ["accent", "background"]);
  const own = [
    ...(accentDark === "" ? [] : (["accent"] as const)),
    ...(backgroundDark === "" ? [] : (["background"] as const)),
  ];
  return [...light, ...sentences(branding, "dark", own)];
}

/** One line for each colour of the dark page that is derived from that of the light one. */
export function brandingNotes({ branding }: Pick<Config, "branding">): string[] {
  const { accentDark, backgroundDark } = branding;
  const derived = [
    ...(accentDark === "" ? (["accent"] as const) : []),
    ...(backgroundDark === "" ? (["background"] as const) : []),
  ];
  return sentences({ ...branding, accentDark: "", backgroundDark: "" }, "dark", derived);
}

type Name = "accent" | "background";

function sentences(branding: Branding, scheme: Scheme, names: readonly Name[]): string[] {
  const wanted = coloursOf(branding, scheme);
  const palette = paletteOf(scheme, wanted);
  const used = { accent: palette.accent, background: palette.page };
  return names.flatMap((name) => {
    const [wish, has] = [wanted[name], used[name]];
    if (wish === "" || wish === has) return [];
    const own = scheme === "dark" && branding[`${name}Dark`] !== "" ? `${name}_dark` : name;
    const what = name === "accent" ? "as text" : "under text";
    const against = name === "accent" ? [palette.page, palette.card] : inkOf(palette, scheme);
    const ratio = Math.min(...against.map((other) => contrast(wish, other))).toFixed(1);
    return `branding.${own} ${wish} has a contrast of ${ratio}:1 ${what} on the ${scheme} page: ${has}, the nearest that has ${TEXT_CONTRAST}:1 (WCAG AA), is used there`;
  });
}

function inkOf({ accent }: { readonly accent: string }, scheme: Scheme): string[] {
  return [DEFAULT[scheme].text, DEFAULT[scheme].soft, accent];
}
