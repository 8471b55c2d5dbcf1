// The colours of pages that carry their own style sheet. The other pages have them from public/colours.css.

const LIGHT = {
  page: "#f7f1e8",
  card: "#fffdfa",
  edge: "#e6dacb",
  text: "#2a2033",
  soft: "#6a5d70",
  accent: "#b4400f",
};

const DARK: typeof LIGHT = {
  page: "#0f1020",
  card: "#191a30",
  edge: "#2e2f4d",
  text: "#f3eefb",
  soft: "#b3abc9",
  accent: "#ffb266",
};

function properties(colours: typeof LIGHT): string {
  return Object.entries(colours)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");
}

/** CSS that defines the colours, light and dark. */
export const THEME =
  `:root{color-scheme:light dark;${properties(LIGHT)}}` +
  `@media(prefers-color-scheme:dark){:root{${properties(DARK)}}}`;
