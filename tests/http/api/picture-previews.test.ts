// Pictures as PNGs for previews of links: the drawn sunrise, covers, and how many are made at a time.
import { describe, expect, test } from "bun:test";
import { readPng } from "../../../src/branding/square-icon.ts";
import { coverPng, PicturePreviews, sunrisePng } from "../../../src/http/api/picture-previews.ts";
import { newBitmap } from "../../../src/lib/bitmap.ts";
import { contrast, rgbOf } from "../../../src/lib/colour.ts";
import { sunriseScene } from "../../../src/stats/sunrise-scene.ts";
import { App } from "../app.ts";

async function pixelsOf(png: Uint8Array) {
  const { width, height, bytes } = readPng(png);
  const at = (x: number, y: number) => [
    ...bytes.slice((y * width + x) * 4, (y * width + x) * 4 + 3),
  ];
  return { width, height, at };
}

function isNear(one: readonly number[], other: readonly number[], most = 12): boolean {
  return one.every((value, index) => Math.abs(value - (other[index] ?? 0)) <= most);
}

describe("the drawn sunrise", () => {
  test.each(["a", "b", "c", "d", "e", "f"])("has the colours of its scene: %s", async (title) => {
    const scene = sunriseScene("An Artist", title);
    const { width, height, at } = await pixelsOf(await sunrisePng("An Artist", title));
    expect([width, height]).toEqual([400, 400]);
    expect(isNear(at(1, 399), rgbOf(scene.colours.land.at(-1) ?? ""))).toBe(true);
    // The sun is brightest above its middle.
    expect(isNear(at(200, 172), rgbOf(scene.colours.sun), 3)).toBe(true);
    expect(contrast(scene.colours.sun, scene.colours.land.at(-1) ?? "")).toBeGreaterThan(3);
  });

  test("is another one for another title, and small enough for every program", async () => {
    const [one, other] = [await sunrisePng("", "one"), await sunrisePng("", "other")];
    expect(Buffer.from(one).equals(other)).toBe(false);
    expect(Buffer.from(one).equals(await sunrisePng("", "one"))).toBe(true);
    expect(one.length).toBeLessThan(200_000);
  });
});

test("a cover becomes a square PNG of the same size, whatever its shape and kind", async () => {
  const { file, rowAt } = newBitmap(64, 32);
  file.fill(200, rowAt(0));
  const jpeg = new Uint8Array(await new Bun.Image(file).jpeg().bytes());
  const { width, height, at } = await pixelsOf(await coverPng(jpeg));
  expect([width, height]).toEqual([400, 400]);
  expect(isNear(at(200, 200), [200, 200, 200])).toBe(true);
  expect(isNear(at(200, 20), [25, 26, 48])).toBe(true);
  await expect(coverPng(new Uint8Array([0x89, 0x50, 0x4e, 0x47]))).rejects.toThrow();
});

describe("of those that are asked for at once", () => {
  test("equal ones are made once, then kept", async () => {
    const previews = new PicturePreviews();
    let made = 0;
    const make = async () => new Uint8Array([++made]);
    const all = await Promise.all([1, 2, 3].map(() => previews.get("one", make)));
    expect(all.map((png) => png?.[0])).toEqual([1, 1, 1]);
    expect((await previews.get("one", make))?.[0]).toBe(1);
  });

  test("more than eight different ones are too many, and one that fails costs no place", async () => {
    const previews = new PicturePreviews();
    const { promise, resolve } = Promise.withResolvers<null>();
    const waiting = Array.from({ length: 8 }, (_, at) => previews.get(`${at}`, () => promise));
    expect(await previews.get("ninth", async () => new Uint8Array(1))).toBeNull();
    resolve(null);
    expect(await waiting[0]).toBeNull();
    const again = previews.get("0", async () => new Uint8Array([7]));
    expect((await again)?.[0]).toBe(7);
  });
});

test("a station draws a PNG for a title, and says when that is too much", async () => {
  await using app = await App.start();
  const { status, headers } = await app.raw("/artwork/sunrise.png?artist=A&title=B");
  expect([status, headers.get("content-type")]).toEqual([200, "image/png"]);
  expect((await app.ask("/artwork/unknown.png")).status).toBe(404);
  const all = Array.from({ length: 12 }, (_, at) => app.ask(`/artwork/sunrise.png?title=${at}`));
  const refused = (await Promise.all(all)).filter((answer) => answer.status === 503);
  expect(refused).toHaveLength(4);
  expect(refused[0]?.headers.get("retry-after")).toBe("2");
});
