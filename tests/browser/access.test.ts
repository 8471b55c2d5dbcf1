// The page for everybody: axe-core's rules on it in both themes and sizes, the keyboard alone, and no script at all.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { until } from "../support/station.ts";
import { examine } from "./axe.ts";
import { browser, closeBrowser, executablePath, listen, playedSeconds, visit } from "./browser.ts";
import { MUSIC, startRadio, statusOf } from "./radio.ts";

const inBrowser = test.concurrent.skipIf(executablePath === null);

beforeAll(async () => void (executablePath === null || (await browser())), 120_000);
afterAll(closeBrowser);

inBrowser(
  "axe finds nothing, at rest and while it plays",
  async () => {
    const talk = { path: "/talk", metadata: { station_name: "Test Talk" } };
    await using radio = await startRadio([{ music: MUSIC }, talk]);
    await using visited = await visit(radio.url);
    const { page } = visited;
    await page.getByText("Test Talk").first().waitFor();
    await page.getByText("Embed this player").click();
    expect(await examine(page)).toEqual([]);
    await listen(page);
    expect(await examine(page)).toEqual([]);
  },
  120_000,
);

inBrowser(
  "the keyboard alone is enough",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await visit(radio.url);
    const { page } = visited;
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await until("the skip link leads to the button", async () =>
      page.evaluate<boolean>("location.hash === '#play'"),
    );
    await page.keyboard.press("Tab");
    const focused = () => page.evaluate<string>("document.activeElement.id");
    if ((await focused()) !== "play") await page.locator("#play").focus();
    await page.keyboard.press("Space");
    await until("the stream is played", async () => (await playedSeconds(page)) > 0.3);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("volume");
    const volume = await page.evaluate<number>("document.querySelector('audio').volume");
    await page.keyboard.press("ArrowLeft");
    expect(await page.evaluate<number>("document.querySelector('audio').volume")).toBeLessThan(
      volume,
    );
  },
  120_000,
);

inBrowser(
  "the embedded player needs no script, in any page, and little room",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    const html = `<iframe src="${radio.url}/embed/stream" width="400" height="140" style="border:0"></iframe>`;
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
    const audio = player.locator("audio");
    const [frame, inside] = [await page.locator("iframe").boundingBox(), await audio.boundingBox()];
    const bottoms = [frame, inside].map((box) => (box?.y ?? 0) + (box?.height ?? 0));
    expect(bottoms[1]).toBeLessThan((bottoms[0] ?? 0) - 10);
    await audio.focus();
    await page.keyboard.press("Space");
    await until("it is listened to", async () => (await statusOf(radio)).listeners === 1);
    expect(complaints).toEqual([]);
    await context.close();
  },
  120_000,
);
