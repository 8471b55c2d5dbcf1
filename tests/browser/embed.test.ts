// The embedded player in pages of every kind, also in those that have no web address of their own.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { scratch, until } from "../support/station.ts";
import { browser, closeBrowser, executablePath } from "./browser.ts";
import { MUSIC, startRadio, statusOf } from "./radio.ts";

const inBrowser = test.skipIf(executablePath === null);

beforeAll(async () => void (executablePath === null || (await browser())), 30_000);
afterAll(closeBrowser);

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

inBrowser.each([
  ["a page of file:", openFile, 1],
  ["a page without an origin", openSandbox, 2],
] as const)(
  "the embedded player plays in %s",
  async (_, open, depth) => {
    await using radio = await startRadio([{ music: MUSIC }]);
    const context = await (await browser()).newContext();
    const page = await context.newPage();
    await open(page, `<iframe src="${radio.url}/embed" width="400" height="140"></iframe>`);
    const outer = page.frameLocator("iframe");
    const audio = (depth === 1 ? outer : outer.frameLocator("iframe")).locator("audio");
    await audio.focus();
    await page.keyboard.press("Space");
    await until("it has a listener", async () => (await statusOf(radio)).listeners === 1);
    const seconds = () =>
      audio.evaluate((element) => Reflect.get(element, "currentTime") as number);
    await until("it plays", async () => (await seconds()) > 0.3, 15);
    expect((await statusOf(radio)).listeners).toBe(1);
    await context.close();
  },
  40_000,
);
