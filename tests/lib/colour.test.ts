// Colours of a station's own: read, compared, and moved as little as makes them readable.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  contrast,
  holdsOn,
  mixed,
  nearestThatHolds,
  readColour,
  TEXT_CONTRAST,
} from "../../src/lib/colour.ts";
import { DEFAULT, paletteOf, SCHEMES, themeCss } from "../../src/lib/theme.ts";

const colours = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, "0")}`);

test.each([
  ["#B4400F", "#b4400f"],
  ["#abc", "#aabbcc"],
  ["b4400f", null],
  ["#b4400", null],
  ["#b4400f80", null],
  ["red;}", null],
  ["", null],
])("%j is read as %j", (text, colour) => {
  expect(readColour(text)).toBe(colour);
});

test.each([
  ["#000000", "#ffffff", 21],
  ["#777777", "#ffffff", 4.48],
  ["#ff0000", "#ffffff", 4],
  ["#123456", "#123456", 1],
])("%s and %s have the contrast that WCAG gives: %d", (one, other, ratio) => {
  expect(contrast(one, other)).toBeCloseTo(ratio, 2);
  expect(contrast(other, one)).toBe(contrast(one, other));
});

test("colours are mixed by shares", () => {
  expect(mixed("#ffffff", "#000000", 0.5)).toBe("#808080");
  expect(mixed("#123456", "#000000", 1)).toBe("#123456");
});

describe("the nearest colour", () => {
  const { light, dark } = DEFAULT;

  test("is the colour itself where it holds", () => {
    expect(nearestThatHolds("#b4400f", [light.page], "black")).toBe("#b4400f");
  });

  test("holds, and a slightly nearer one would not", () => {
    for (const [scheme, end] of [
      [light, "black"],
      [dark, "white"],
    ] as const) {
      fc.assert(
        fc.property(colours, (colour) => {
          const found = nearestThatHolds(colour, [scheme.page, scheme.card], end);
          expect(holdsOn(found, [scheme.page, scheme.card])).toBe(true);
          if (found === colour) return;
          const ratios = [scheme.page, scheme.card].map((other) => contrast(found, other));
          expect(Math.min(...ratios)).toBeLessThan(TEXT_CONTRAST + 0.15);
        }),
      );
    }
  });
});

describe("whatever colours a station sets", () => {
  test.each(SCHEMES)("all letters can be read, %s", (scheme) => {
    fc.assert(
      fc.property(colours, colours, (accent, background) => {
        for (const set of [
          { accent, background },
          { accent, background: "" },
          { accent: "", background },
        ]) {
          const palette = paletteOf(scheme, set);
          const grounds = [palette.page, palette.glow, palette.card];
          for (const ink of [palette.text, palette.soft, palette.accent])
            expect(holdsOn(ink, grounds)).toBe(true);
          expect(holdsOn(palette.onAccent, [palette.accent])).toBe(true);
        }
      }),
    );
  });

  test("those that hold are used as they are", () => {
    const palette = paletteOf("light", { accent: "#00539c", background: "#ffffff" });
    expect(palette).toMatchObject({ accent: "#00539c", page: "#ffffff" });
    expect(paletteOf("dark", { accent: "", background: "" })).toBe(DEFAULT.dark);
  });
});

test("one scheme may be chosen, otherwise the reader's system does", () => {
  expect(themeCss(DEFAULT)).toContain("@media(prefers-color-scheme:dark)");
  const dark = themeCss(DEFAULT, "dark");
  expect(dark).toStartWith(":root{color-scheme:dark;--page:#0f1020;");
  expect(dark).not.toContain("@media");
});
