// Several channels on the page: what each plays, qualities of one programme, the search, and the player that stays in view.
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { until } from "../support/station.ts";
import { examine } from "./axe.ts";
import { browser, closeBrowser, executablePath, listen, playedSeconds, visit } from "./browser.ts";
import { MUSIC, type Radio, startRadio } from "./radio.ts";

const inBrowser = test.skipIf(executablePath === null);

const GENRES = ["Jazz", "Ambient", "Folk", "Techno", "Soul", "Dub", "News"];
const PHONE = { viewport: { width: 360, height: 700 } };

/** Nine mounts: the first two carry one programme, so these are eight channels. */
const others = GENRES.map((genre) => {
  const metadata = { station_name: `Café ${genre}`, station_genre: genre };
  return { path: `/${genre.toLowerCase()}`, metadata };
});
const low = `mount "/low" {\n  group = "main"\n  playlist {\n    directory = ${JSON.stringify(MUSIC)}\n    loudness = "off"\n  }\n}\n`;

let radio: Radio;

beforeAll(async () => {
  if (executablePath === null) return;
  await browser();
  const first = { burstSeconds: 1, music: MUSIC };
  radio = await startRadio([first, ...others], undefined, `group = "main"\n${low}`);
}, 120_000);
afterAll(async () => {
  await closeBrowser();
  await radio?.[Symbol.asyncDispose]();
});

async function listenersOf(path: string): Promise<number> {
  const answer = await fetch(`${radio.url}/api/mounts${path}`);
  return ((await answer.json()) as { listeners: number }).listeners;
}

const rows = (page: Page) => page.locator(".mount:visible");

inBrowser(
  "each channel shows how far its track is, and what comes next",
  async () => {
    await using visited = await visit(radio.url);
    const { page, complaints } = visited;
    const row = page.locator(".mount", { hasText: "/stream" });
    await row.getByText(/^Next: .+/).waitFor();
    const share = () => row.locator(".mount-progress").getAttribute("style");
    const before = await share();
    expect(before).toMatch(/^--share: ?[\d.]+%;$/);
    await until("the track has gone on", async () => (await share()) !== before);
    const silent = page.locator(".mount", { hasText: "/jazz" });
    expect(await silent.locator(".mount-progress").isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  },
  120_000,
);

inBrowser(
  "the qualities of one programme are one channel; another one goes on playing and is remembered",
  async () => {
    await using visited = await visit(radio.url);
    const { page, complaints } = visited;
    await rows(page).nth(7).waitFor();
    expect(await rows(page).count()).toBe(8);
    const chooser = page.getByRole("combobox", { name: "Quality" });
    const labels = await chooser.locator("option").allInnerTexts();
    expect(labels).toEqual(["/stream", "/low"].map((path) => `MP3 128 kbit/s · ${path}`));
    await listen(page);
    await chooser.selectOption("/low");
    await until("it is played", async () => (await listenersOf("/low")) === 1);
    await until("it is heard", async () => (await playedSeconds(page)) > 0.3);
    expect(await page.locator("body").getAttribute("data-player")).toBe("playing");
    expect(new URL(page.url()).search).toBe("?mount=%2Flow");
    await page.goto(radio.url);
    await page.locator("#stream-url").waitFor();
    await until("it is remembered", async () => (await chooser.inputValue()) === "/low");
    expect(await page.locator("#stream-url").inputValue()).toBe(`${radio.url}/low`);
    await rows(page).getByRole("button", { name: "Play Café Jazz, /jazz" }).click();
    await until("another channel has one quality", async () => !(await chooser.isVisible()));
    expect(complaints).toEqual([]);
  },
  120_000,
);

inBrowser(
  "channels are found by name, title and genre, whatever the accents, from eight channels on",
  async () => {
    await using visited = await visit(radio.url);
    const { page, complaints } = visited;
    const search = page.getByRole("searchbox", { name: "Search channels" });
    const found = page.locator("#channels-found");
    await search.fill("cafe TECH");
    expect(await rows(page).allInnerTexts()).toEqual([expect.stringContaining("Café Techno")]);
    expect(await found.innerText()).toBe("1 channel");
    await search.fill("carrier");
    expect(await rows(page).count()).toBe(1);
    await search.fill("nowhere at all");
    expect(await found.innerText()).toBe("No channel matches");
    await search.press("Escape");
    expect(await rows(page).count()).toBe(8);
    expect(await found.innerText()).toBe("");
    expect(complaints).toEqual([]);
  },
  120_000,
);

inBrowser(
  "seven channels are seen without a search",
  async () => {
    const seven = async (page: Page) => {
      await page.route("**/api/events", (route) => route.abort());
      await page.route("**/api/status", async (route) => {
        const response = await route.fetch();
        const { mounts, ...status } = await response.json();
        const few = mounts.filter((mount: { mount: string }) => mount.mount !== "/news");
        await route.fulfill({ response, json: { ...status, mounts: few } });
      });
    };
    await using visited = await visit(radio.url, "/", {}, seven);
    const { page } = visited;
    await rows(page).nth(6).waitFor();
    expect(await rows(page).count()).toBe(7);
    expect(await page.locator("#channel-search").isVisible()).toBe(false);
  },
  120_000,
);

/** The element that has the focus, and whether the mini player is over it. */
const FOCUSED = `(() => {
  const mini = document.querySelector("#mini");
  const focused = document.activeElement;
  const [box, over] = [focused.getBoundingClientRect(), mini.getBoundingClientRect()];
  const isInside = mini.contains(focused);
  const name = focused.getAttribute("aria-label") ?? focused.textContent.trim();
  return { name, isInside, isCovered: !mini.hidden && !isInside && box.bottom > over.top };
})()`;

interface Focused {
  readonly name: string;
  readonly isInside: boolean;
  readonly isCovered: boolean;
}

inBrowser(
  "a mini player stays while one scrolls: it plays and stops, is reached last, and covers nothing that has the focus",
  async () => {
    await using visited = await visit(radio.url, "/", { ...PHONE, reducedMotion: "reduce" });
    const { page, complaints } = visited;
    await rows(page).nth(7).waitFor();
    const mini = page.getByRole("region", { name: "Mini player" });
    expect(await mini.isVisible()).toBe(false);
    await page.locator("#channel-search").focus();
    const passed: Focused[] = [];
    while (!passed.at(-1)?.name.startsWith("Stop") && passed.length < 80) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate<Focused>(FOCUSED);
      passed.push(focused);
      if (focused.isInside && focused.name.startsWith("Play")) await page.keyboard.press("Enter");
      if (focused.isInside && focused.name.startsWith("Play")) break;
    }
    expect(passed.filter(({ isCovered }) => isCovered)).toEqual([]);
    const inside = passed.filter(({ isInside }) => isInside).map(({ name }) => name);
    // On a phone its slider is left out.
    expect(inside.slice(1)).toEqual(["Mute", "Play Test Radio"]);
    expect(passed.slice(-3).every(({ isInside }) => isInside)).toBe(true);
    await until("it plays", async () => (await playedSeconds(page)) > 0.3);
    await mini.getByRole("button", { name: "Stop Test Radio" }).waitFor();
    expect(await page.evaluate("getComputedStyle(mini).animationName")).toBe("none");
    await page.evaluate("scrollTo(0, document.body.scrollHeight)");
    const [footer, box] = [await page.locator("footer").boundingBox(), await mini.boundingBox()];
    expect((footer?.y ?? 0) + (footer?.height ?? 0)).toBeLessThanOrEqual(box?.y ?? 0);
    await mini.getByRole("link").click();
    expect(await page.evaluate("document.activeElement.id")).toBe("play");
    await mini.waitFor({ state: "hidden" });
    expect(complaints).toEqual([]);
  },
  120_000,
);

inBrowser(
  "both volumes are one",
  async () => {
    await using visited = await visit(radio.url);
    const { page } = visited;
    await rows(page).nth(7).waitFor();
    await page.locator("footer").scrollIntoViewIfNeeded();
    const slider = page.locator("#mini").getByRole("slider", { name: "Volume" });
    await slider.fill("30");
    expect(await page.locator("#volume").inputValue()).toBe("30");
    expect(await page.evaluate<number>("audio.volume")).toBeCloseTo(0.09, 5);
    await page.locator("#mini").getByRole("button", { name: "Mute" }).click();
    await page.locator('#mute[aria-pressed="true"]').waitFor();
    await page.reload();
    expect(await page.locator("#volume").inputValue()).toBe("30");
  },
  120_000,
);

inBrowser(
  "axe finds nothing on a page with channels, choosers and the mini player",
  async () => {
    await using visited = await visit(radio.url);
    const { page } = visited;
    await rows(page).nth(7).waitFor();
    await page.locator("#sleep").selectOption("15");
    await page.locator("footer").scrollIntoViewIfNeeded();
    await page.locator("#mini").waitFor();
    expect(await examine(page)).toEqual([]);
  },
  120_000,
);
