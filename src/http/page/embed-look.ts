// How an embedded player looks and who may frame it: what its address asks for, and what the configuration allows.
import type { Brand } from "../../branding/brand.ts";
import { readColour } from "../../lib/colour.ts";
import { SCHEMES, themeCss, type ThemeChoice } from "../../lib/theme.ts";
import { field, type Form } from "../form.ts";

export interface EmbedLook {
  readonly theme: ThemeChoice;
  /** Its accent; "" for the station's. */
  readonly colour: string;
}

/** `?theme=dark&color=00539c`; anything else is as if it were not there. */
export function embedLookOf(form: Form): EmbedLook {
  const theme = SCHEMES.find((scheme) => scheme === field(form, "theme")) ?? "auto";
  const colour = readColour(`#${field(form, "color").replace(/^#/, "")}`) ?? "";
  return { theme, colour };
}

/** The same as a query, for the frames inside. */
export function lookQuery({ theme, colour }: EmbedLook): Record<string, string> {
  return {
    ...(theme !== "auto" && { theme }),
    ...(colour !== "" && { color: colour.slice(1) }),
  };
}

export function embedColours(brand: Brand, { theme, colour }: EmbedLook): string {
  return themeCss(brand.palettes(colour), theme);
}

/** Without sites, any page may frame it, even one from file: or from an app, which `frame-ancestors *` would exclude. */
function ancestors(sites: readonly string[]): string {
  return sites.length === 0 ? "" : `; frame-ancestors 'self' ${sites.join(" ")}`;
}

const SHARED = {
  "cache-control": "no-cache",
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Loads from this origin only, and runs no scripts. */
export function plainHeaders(sites: readonly string[]) {
  const policy =
    "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; " +
    `frame-src 'self'; base-uri 'none'; form-action 'none'${ancestors(sites)}`;
  return { ...SHARED, "cache-control": "no-cache, no-store", "content-security-policy": policy };
}

/** Runs the page's scripts. */
export function scriptHeaders(sites: readonly string[]) {
  const policy =
    "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
    `base-uri 'none'; form-action 'none'${ancestors(sites)}`;
  return { ...SHARED, "content-security-policy": policy };
}
