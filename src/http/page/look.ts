// Pure: the station's own look, as it stands in the page's head, and the manifest for home screens.
import type { Brand } from "../../branding/brand.ts";
import { escapeXml } from "../../stats/xml.ts";
import type { PageView } from "./page-view.ts";

/** Addresses relative to the page, "" for what there is none of. */
export interface Look {
  /** CSS that sets the station's colours. */
  readonly colours: string;
  readonly logo: string;
  readonly logoType: string;
  readonly background: string;
  readonly css: string;
  /** Browsers colour what is around the page. */
  readonly ground: { readonly light: string; readonly dark: string };
}

/** Letters stand on a page that lies on the picture. */
function backgroundCss(address: string): string {
  return (
    `html{background:var(--page) url("${address}") center/cover fixed}` +
    "body{margin-top:clamp(4rem,14vh,10rem);min-height:calc(100vh - clamp(4rem,14vh,10rem));" +
    "background:var(--page);border-radius:var(--radius) var(--radius) 0 0}"
  );
}

/** HTML for the end of the head, behind the style sheets of the page. Colours that a reader forces stay. */
export function lookTags({ colours, background, css }: Look): string {
  const style = colours + (background === "" ? "" : backgroundCss(background));
  const own = style === "" ? "" : `<style>@media(forced-colors:none){${style}}</style>\n`;
  return css === "" ? own : `${own}<link rel="stylesheet" href="${escapeXml(css)}">\n`;
}

/** Icons that are not drawn from the logo come with the page. */
export function manifestOf({ name, description }: PageView, look: Look): object {
  const icons = ["192", "512"].map((side) => ({
    src: `branding/icon-${side}.png`,
    sizes: `${side}x${side}`,
    type: "image/png",
  }));
  const drawn = { src: look.logo, sizes: "any", type: look.logoType };
  return {
    id: "./",
    name,
    short_name: name,
    description,
    start_url: "./",
    scope: "./",
    display: "standalone",
    theme_color: look.ground.light,
    background_color: look.ground.light,
    icons: look.logoType === "image/svg+xml" ? [drawn, ...icons] : icons,
  };
}

type Named = Pick<Brand, "logo" | "background" | "css">;

/** The address of a file, which changes with its content. */
function addressOf(brand: Named, kind: keyof Named): string {
  const file = brand[kind];
  return file === null ? "" : `branding/${kind}?v=${file.stamp}`;
}

export function lookOf(brand: Brand, colours: string): Look {
  const { light, dark } = brand.palettes();
  return {
    colours,
    logo: addressOf(brand, "logo"),
    logoType: brand.logo?.contentType ?? "",
    background: addressOf(brand, "background"),
    css: addressOf(brand, "css"),
    ground: { light: light.page, dark: dark.page },
  };
}
