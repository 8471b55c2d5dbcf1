// The embedded players in pages of every kind, also in those that have no web address of their own.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { scratch, until } from "../support/station.ts";
import { examine } from "./axe.ts";
import { browser, closeBrowser, executablePath, visit } from "./browser.ts";
import { MUSIC, type Radio, startRadio, statusOf } from "./radio.ts";
import { makeUpTimeline } from "./timeline.ts";

let radio: Radio;

beforeAll(async () => {
  if (executablePath === null) return;
  radio = await startRadio([{ music: MUSIC }]);
  await browser();
}, 120_000);

afterAll(async () => {
  await closeBrowser();
  if (executablePath !== null) await radio[Symbol.asyncDispose]();
});

async function openFile(page: Page, html: string): Promise<void> {
  await using folder = await scratch();
  const path = join(folder.path, "page.html");
  await Bun.write(path, html);
  await page.goto(pathToFileURL(path).href);
}

/** As in the shell of an app: the page has an opaque origin. */
async function openSandbox(page: Page, html: string): Promise<void> {
  await page.setContent(`<iframe sandbox="allow-scripts" srcdoc='${html}'></iframe>`);
}

function playedIn(page: Page): Promise<number[]> {
  const frames = page
    .frames()
    .map((frame) =>
      frame.evaluate<number>("document.querySelector('audio')?.currentTime ?? 0").catch(() => 0),
    );
  return Promise.all(frames);
}

describe.skipIf(executablePath === null).each([
  ["a page of file:", openFile, 1],
  ["a page without an origin", openSandbox, 2],
] as const)("in %s", (_, open, depth) => {
  test.each([
    ["the player without scripts", "", "audio"],
    ["the page's own player", "?script=1&theme=dark&color=00539c", "#play"],
  ])(
    "%s plays",
    async (__, query, button) => {
      const context = await (await browser()).newContext();
      const page = await context.newPage();
      const frame = `<iframe src="${radio.url}/embed/stream${query}" width="400" height="170"></iframe>`;
      await open(page, frame);
      const outer = page.frameLocator("iframe");
      const player = depth === 1 ? outer : outer.frameLocator("iframe");
      await player.locator(button).focus();
      await page.keyboard.press("Space");
      await until("it has a listener", async () => (await statusOf(radio)).listeners === 1);
      await until("it plays", async () => Math.max(...(await playedIn(page))) > 0.3);
      expect((await statusOf(radio)).listeners).toBe(1);
      await context.close();
      await until("it has left", async () => (await statusOf(radio)).listeners === 0);
    },
    120_000,
  );
});

const SIZES = [
  [300, 80],
  [320, 170],
  [640, 170],
  [360, 520],
] as const;

/** What plays, of which station, and where to press. */
async function expectInside(page: Page, width: number, height: number): Promise<void> {
  for (const selector of ["#play", "#title", "#station-name"]) {
    const box = await page.locator(selector).boundingBox();
    expect(box, `${selector} at ${width}x${height}`).not.toBeNull();
    const { x = -1, y = -1, width: w = 0, height: h = 0 } = box ?? {};
    expect([x >= 0, y >= 0, x + w <= width, y + h <= height]).toEqual([true, true, true, true]);
  }
}

describe.skipIf(executablePath === null)("the page's own player in a frame", () => {
  test("shows cover and title from 300 by 80 pixels on, and nothing sticks out", async () => {
    await using visited = await visit(radio.url, "/embed?script=1");
    const { page } = visited;
    await page.locator("#artist", { hasText: "Cycast" }).waitFor();
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await expectInside(page, width, height);
      expect(await page.locator("#mounts, footer, .more, #share").first().isVisible()).toBe(false);
      const overhang = "document.documentElement.scrollWidth - innerWidth";
      expect(await page.evaluate<number>(overhang)).toBe(0);
    }
    expect(visited.complaints).toEqual([]);
  }, 120_000);

  test("keeps a long title of a live show inside", async () => {
    const title = "Letters from the Pier in a very long winter that would not end";
    const airings = [{ source_status: "live", title, artist: "The Quiet Tide Orchestra" }] as const;
    await using visited = await visit(radio.url, "/embed?script=1", {}, (page) =>
      makeUpTimeline(page, airings),
    );
    const { page } = visited;
    await page.locator("#artist", { hasText: "The Quiet Tide Orchestra" }).waitFor();
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await expectInside(page, width, height);
    }
  }, 120_000);

  test("is as accessible as the page, in a colour that would be too pale", async () => {
    await using visited = await visit(radio.url, "/embed?script=1&color=ffcc00");
    await visited.page.locator("#artist", { hasText: "Cycast" }).waitFor();
    expect(await examine(visited.page)).toEqual([]);
  }, 120_000);
});
