// The page for everybody: axe-core's rules on it in both themes and sizes, the keyboard alone, and no script at all.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { until } from "../support/station.ts";
import {
  browser,
  closeBrowser,
  executablePath,
  listen,
  playedSeconds,
  startRadio,
  statusOf,
  visit,
} from "./browser.ts";

const MUSIC = join(import.meta.dir, "..", "..", "music");
const inBrowser = test.concurrent.skipIf(executablePath === null);

beforeAll(async () => void (executablePath === null || (await browser())), 30_000);
afterAll(closeBrowser);

const THEMES = ["light", "dark"] as const;
const SIZES = [
  { width: 1280, height: 860 },
  { width: 360, height: 780 },
] as const;

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe calls serious or worse. */
async function seriousFindings(page: Page): Promise<string[]> {
  const found = await page.evaluate<Finding[]>("axe.run().then((found) => found.violations)");
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** In all themes and sizes; nothing may stick out to the side either. */
async function examine(page: Page): Promise<string[]> {
  const findings: string[] = [];
  for (const colorScheme of THEMES) {
    for (const size of SIZES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize(size);
      const found = await seriousFindings(page);
      findings.push(...found.map((finding) => `${colorScheme} ${size.width}: ${finding}`));
      const width = await page.evaluate<number>("document.documentElement.scrollWidth");
      if (width > size.width) findings.push(`${size.width}: the page is ${width} wide`);
    }
  }
  return findings;
}

inBrowser(
  "axe finds nothing serious, at rest and while it plays",
  async () => {
    const talk = { path: "/talk", metadata: { stationName: "Test Talk" } };
    await using radio = await startRadio([{ playlist: { directory: MUSIC } }, talk]);
    await using visitor = await visit(radio.url);
    const { page } = visitor;
    await page.evaluate(axe.source);
    await page.getByText("Test Talk").first().waitFor();
    await page.getByText("Put this player on your page").click();
    expect(await examine(page)).toEqual([]);
    await listen(page);
    expect(await examine(page)).toEqual([]);
  },
  40_000,
);

inBrowser(
  "the keyboard alone is enough",
  async () => {
    await using radio = await startRadio([{ playlist: { directory: MUSIC } }]);
    await using visitor = await visit(radio.url);
    const { page } = visitor;
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await until("the skip link leads to the button", async () =>
      page.evaluate<boolean>("location.hash === '#play'"),
    );
    await page.keyboard.press("Tab");
    const focused = () => page.evaluate<string>("document.activeElement.id");
    if ((await focused()) !== "play") await page.locator("#play").focus();
    await page.keyboard.press("Space");
    await until("the stream is played", async () => (await playedSeconds(page)) > 0.3, 15);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("volume");
    const volume = await page.evaluate<number>("document.querySelector('audio').volume");
    await page.keyboard.press("ArrowLeft");
    expect(await page.evaluate<number>("document.querySelector('audio').volume")).toBeLessThan(
      volume,
    );
  },
  40_000,
);

inBrowser(
  "the embedded player needs no script, in any page",
  async () => {
    await using radio = await startRadio([{ playlist: { directory: MUSIC } }]);
    const html = `<iframe src="${radio.url}/embed/stream" width="400" height="170"></iframe>`;
    using host = Bun.serve({
      port: 0,
      hostname: "localhost",
      fetch: () => new Response(html, { headers: { "content-type": "text/html" } }),
    });
    const context = await (await browser()).newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("request", (request) => {
      const isOurs = request.url().startsWith(radio.url) || request.url().startsWith(host.url.href);
      if (!isOurs && !request.url().endsWith("/favicon.ico")) complaints.push(request.url());
    });
    await page.goto(host.url.href);
    const player = page.frameLocator("iframe");
    await player.frameLocator("iframe").getByRole("heading").waitFor();
    expect(await player.frameLocator("iframe").getByText("Test Radio").innerText()).toBe(
      "Test Radio",
    );
    await player.locator("audio").focus();
    await page.keyboard.press("Space");
    await until("it is listened to", async () => (await statusOf(radio)).listeners === 1);
    expect(complaints).toEqual([]);
    await context.close();
  },
  40_000,
);
