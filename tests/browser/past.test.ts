// The desk's panels about the past, in a real Chromium on the packed executable: audience, history, search and export.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { scratch } from "../support/station.ts";
import { examine } from "./axe.ts";
import { browser, closeBrowser, executablePath, signIn, visit } from "./browser.ts";
import { makeUpHistory } from "./made-up.ts";
import { MUSIC, startRadio } from "./radio.ts";

beforeAll(async () => void (executablePath === null || (await browser())), 120_000);
afterAll(closeBrowser);

describe.skipIf(executablePath === null)("the desk's past", () => {
  test("is loaded when it is opened, shown, searched and exported", async () => {
    await using folder = await scratch();
    await makeUpHistory(folder.path, Date.now() - 60_000, 1);
    const history = `history {\n  directory = ${JSON.stringify(folder.path)}\n}\n`;
    await using radio = await startRadio([{ music: MUSIC }], undefined, history);
    await using visited = await visit(radio.url, "/admin");
    const { page, complaints } = visited;
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await signIn(page);
    await page.locator("body[data-ready]").waitFor();
    expect(asked.filter((path) => /audience\.js|audience-charts|plays\.js/.test(path))).toEqual([]);

    await page.getByText("Audience", { exact: true }).click();
    await page.locator("#audience-total").getByText("listening hours").waitFor();
    await page.locator("#audience-chart canvas").waitFor();
    await page.locator("#curve-chart canvas").waitFor();
    await page.locator("#top-rows").getByText("Mira Lund – Salt and Lanterns").waitFor();
    expect(await page.locator("#week-rows tr").count()).toBe(7);
    await page.locator("#top-by").selectOption("player");
    await page.locator("#top-rows").getByText("Sonos").waitFor();
    await page.getByLabel(/Search sessions/).fill("firefox");
    await page.locator("#session-rows td", { hasText: "Firefox" }).first().waitFor();
    await page
      .locator("#session-rows td", { hasText: "VLC" })
      .first()
      .waitFor({ state: "detached" });
    const csv = await page.request.get(
      `${radio.url}/${await page.locator("#session-export").getAttribute("href")}`,
    );
    expect(await csv.text()).toStartWith("began_at,ended_at,mount,seconds");

    await page.getByText("History", { exact: true }).click();
    await page.locator("#play-rows td", { hasText: "Ferry Home" }).first().waitFor();
    await page.getByLabel("Search what played").fill("nordlicht");
    await page
      .locator("#play-rows td", { hasText: "Ferry Home" })
      .first()
      .waitFor({ state: "detached" });
    await page.getByLabel("Export").selectOption("template");
    const table = await page.request.get(
      `${radio.url}/${await page.locator("#play-export").getAttribute("href")}`,
    );
    expect(await table.text()).toStartWith("Date,Time,Artist,Title,Duration,Listeners\r\n");
    expect(await examine(page)).toEqual([]);
    expect(complaints).toEqual([]);
  }, 120_000);
});
