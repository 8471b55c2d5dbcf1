// Pages with a style sheet of their own have the colours of all others.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { THEME } from "../../src/lib/theme.ts";

const SHEET = join(import.meta.dir, "..", "..", "public", "colours.css");

test("the colours are those of public/colours.css, light and dark", async () => {
  const plain = (await Bun.file(SHEET).text()).replaceAll(/\s+/g, "");
  const [light = "", dark = ""] = plain.split("@media");
  const [themeLight = "", themeDark = ""] = THEME.split("@media");
  for (const [theme, sheet] of [
    [themeLight, light],
    [themeDark, dark],
  ] as const) {
    const colours = theme.match(/--\w+:#\w+/g) ?? [];
    expect(colours.length).toBe(6);
    expect(colours.filter((colour) => !sheet.includes(`${colour};`))).toEqual([]);
  }
});
