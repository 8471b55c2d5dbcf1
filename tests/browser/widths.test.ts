// The desk at every width: the column that names something keeps room for it, nothing sticks out, and forced colours leave
// nothing to guess.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { scratch } from "../support/station.ts";
import { Wire } from "../support/wire.ts";
import { violations } from "./axe.ts";
import { browser, closeBrowser, executablePath, signIn, visit } from "./browser.ts";
import { makeUpHistory } from "./made-up.ts";
import { MUSIC, startRadio } from "./radio.ts";

const WIDTHS = [360, 480, 768, 1024, 1440];
const LEAST_PX = 120;

/** Of each table: the cells that name what its row is about. */
const NAMES = [
  '.mounts td[data-column="title"]',
  "#listener-rows .agent",
  "#top-rows th",
  "#session-rows .agent",
  "#play-rows .agent",
];

const LONG = "/a-rather-long-name-of-a-mount.mp3";

beforeAll(async () => void (executablePath === null || (await browser())), 120_000);
afterAll(closeBrowser);

async function openAll(page: Page): Promise<void> {
  await signIn(page);
  await page.locator("body[data-ready]").waitFor();
  await page.getByRole("checkbox", { name: "All mounts" }).check();
  for (const panel of ["Audience", "History"]) await page.getByText(panel, { exact: true }).click();
  for (const name of NAMES) await page.locator(name).first().waitFor();
  await page.getByRole("cell", { name: LONG, exact: true }).first().waitFor();
}

/** Cells that are narrower than they may be. */
async function narrow(page: Page): Promise<string[]> {
  const cells = await Promise.all(NAMES.map((name) => page.locator(name).first().boundingBox()));
  return NAMES.filter((_, at) => (cells[at]?.width ?? 0) < LEAST_PX);
}

/** Headings that are broken within a word, by their height. */
const BROKEN = `[...document.querySelectorAll(".panel h2, .panel h3, .top h1")]
  .filter((one) => one.checkVisibility() && one.clientHeight > 75).map((one) => one.textContent)`;

describe.skipIf(executablePath === null)("the desk", () => {
  test("names things in at least 120 pixels, and with the colours that somebody forces", async () => {
    await using folder = await scratch();
    await makeUpHistory(folder.path, Date.now() - 60_000, 1);
    const history = `history {\n  directory = ${JSON.stringify(folder.path)}\n}\n`;
    const mounts = [{ music: MUSIC }, { path: LONG, music: MUSIC }];
    await using radio = await startRadio(mounts, undefined, history);
    const agent = "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0\r\n";
    using _one = await Wire.listen(Number(new URL(radio.url).port), LONG, agent);
    await using visited = await visit(radio.url, "/admin");
    const { page, complaints } = visited;
    await openAll(page);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const sticksOut = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      const found = { narrow: await narrow(page), broken: await page.evaluate(BROKEN), sticksOut };
      expect({ width, ...found }).toEqual({ width, narrow: [], broken: [], sticksOut: 0 });
    }
    await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
    const system = await page.evaluate<string[]>(
      `["--card", "--text", "--accent", "--live"].map((name) =>
        getComputedStyle(document.documentElement).getPropertyValue(name).trim())`,
    );
    expect(system).toEqual(["Canvas", "CanvasText", "LinkText", "CanvasText"]);
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  }, 120_000);
});
