// What the pages show when something is not as usual: signed out, restarted, without script, without the API, in colours
// that the system forces, and in words from right to left.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { scratch, until } from "../support/station.ts";
import { violations } from "./axe.ts";
import { browser, closeBrowser, executablePath, signIn, visit } from "./browser.ts";
import { MUSIC, startRadio, statusOf } from "./radio.ts";

const inBrowser = test.skipIf(executablePath === null);

beforeAll(async () => void (executablePath === null || (await browser())), 30_000);
afterAll(closeBrowser);

inBrowser(
  "signing out leaves nothing of the station's inside in the desk",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await visit(radio.url, "/admin");
    const { page } = visited;
    await signIn(page);
    await page.getByText("01 Morning Carrier.mp3").first().waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    const text = await page.evaluate<string>("document.documentElement.textContent");
    expect(text).not.toMatch(/Morning Carrier|signed in at|Test Radio/);
  },
  40_000,
);

inBrowser(
  "a session that the server does not know any more is explained, and nothing of the desk stays",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await visit(radio.url, "/admin");
    const { page } = visited;
    await signIn(page);
    await page.locator("body[data-ready]").waitFor();
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Skip" }).click();
    await page.getByText("Please sign in again.").waitFor();
    const text = await page.evaluate<string>("document.documentElement.textContent");
    expect(text).not.toMatch(/Morning Carrier|signed in at/);
  },
  40_000,
);

inBrowser(
  "the desk keeps the chosen mount in its address, and in view among forty with as many troubles",
  async () => {
    const others = Array.from({ length: 39 }, (_, at) => ({ path: `/m${at}` }));
    await using radio = await startRadio([{ music: MUSIC }, ...others]);
    const look = { viewport: { width: 768, height: 1000 } };
    await using visited = await visit(radio.url, "/admin", look);
    const { page } = visited;
    await signIn(page);
    await page.locator("body[data-ready]").waitFor();
    await page.getByRole("button", { name: "/m35" }).click();
    expect(new URL(page.url()).searchParams.get("mount")).toBe("/m35");
    await page.reload();
    await page.locator("body[data-ready]").waitFor();
    const row = page.getByRole("button", { name: "/m35" });
    expect(await row.getAttribute("aria-pressed")).toBe("true");
    const table = await page.getByRole("group", { name: "Table of mounts" }).boundingBox();
    const [box, top] = [await row.boundingBox(), table?.y ?? 0];
    expect(top).toBeLessThan(700);
    expect(box?.y).toBeWithin(top, top + (table?.height ?? 0));
    expect(await violations(page)).toEqual([]);
  },
  40_000,
);

inBrowser(
  "without a script the page leads to a player, where the player would be",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    const look = { javaScriptEnabled: false, viewport: { width: 768, height: 700 } };
    await using visited = await visit(radio.url, "/", look);
    const note = visited.page.locator("main .no-script");
    expect((await note.boundingBox())?.y).toBeLessThan(200);
    await note.getByRole("link", { name: "plain player" }).click();
    await visited.page.locator("audio").waitFor();
  },
  40_000,
);

inBrowser(
  "without the API the page and the desk say so, and go on asking",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    for (const [path, words] of [
      ["/", "Cannot reach the station"],
      ["/admin", "Cannot reach the server"],
    ] as const) {
      const context = await (await browser()).newContext();
      const page = await context.newPage();
      await page.route("**/api/**", (route) => route.abort());
      await page.goto(radio.url + path);
      await page.getByText(words).waitFor();
      await page.unrouteAll();
      const back = path === "/" ? page.getByText("Test Radio") : page.getByLabel("Password");
      await back.first().waitFor();
      await context.close();
    }
  },
  40_000,
);

inBrowser(
  "a name from right to left stays beside the mark",
  async () => {
    await using radio = await startRadio([{ metadata: { station_name: "إذاعة الميناء" } }]);
    await using visited = await visit(radio.url, "/", { viewport: { width: 768, height: 700 } });
    const { page } = visited;
    await page.locator("#station-name").getByText("إذاعة").waitFor();
    const [name, mark] = [
      await page.locator("#station-name").boundingBox(),
      await page.locator(".mark").boundingBox(),
    ];
    expect((name?.x ?? 0) - (mark?.x ?? 0)).toBeLessThan(80);
    expect(name?.width).toBeLessThan(250);
  },
  40_000,
);

inBrowser(
  "the volume is seen in colours that the system forces",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await visit(radio.url, "/", { forcedColors: "active" });
    const slider = visited.page.locator("#volume");
    await slider.waitFor();
    const look = (name: string) =>
      slider.evaluate((input, key) => {
        const { getComputedStyle } = globalThis as unknown as {
          getComputedStyle(of: unknown): { getPropertyValue(name: string): string };
        };
        return getComputedStyle(input).getPropertyValue(key).trim();
      }, name);
    expect(await look("forced-color-adjust")).toBe("none");
    expect(await look("--accent")).toBe("Highlight");
  },
  40_000,
);

inBrowser(
  "Swagger UI has a language, and its words have enough contrast",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await visit(radio.url, "/swagger");
    const { page } = visited;
    await page.locator(".opblock").first().waitFor();
    expect(await page.evaluate<string>("document.documentElement.lang")).toBe("en");
    const found = await violations(page);
    expect(found.filter((finding) => /color-contrast|html-has-lang|main/.test(finding))).toEqual(
      [],
    );
  },
  40_000,
);

inBrowser(
  "the embedded player plays in a page of file:",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using folder = await scratch();
    const path = join(folder.path, "page.html");
    await Bun.write(path, `<iframe src="${radio.url}/embed" width="400" height="140"></iframe>`);
    const context = await (await browser()).newContext();
    const page = await context.newPage();
    await page.goto(pathToFileURL(path).href);
    const audio = page.frameLocator("iframe").locator("audio");
    await audio.focus();
    await page.keyboard.press("Space");
    await until("it is listened to", async () => (await statusOf(radio)).listeners === 1);
    const seconds = () =>
      audio.evaluate((element) => Reflect.get(element, "currentTime") as number);
    await until("it plays", async () => (await seconds()) > 0.3, 15);
    await context.close();
  },
  40_000,
);
