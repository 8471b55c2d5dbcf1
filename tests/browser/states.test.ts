// What the pages show when something is unusual: many mounts, no script, no API, forced colours, untitled audio,
// right-to-left text.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { concat } from "../format/mpeg-builder.ts";
import { PASSWORD } from "../support/config.ts";
import { until } from "../support/station.ts";
import { silentShow } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";
import { examine, violations } from "./axe.ts";
import { browser, closeBrowser, executablePath, signIn, visit } from "./browser.ts";
import { MUSIC, type Radio, startRadio, statusOf } from "./radio.ts";
import { makeUpTimeline } from "./timeline.ts";

const inBrowser = test.skipIf(executablePath === null);

beforeAll(async () => void (executablePath === null || (await browser())), 120_000);
afterAll(closeBrowser);

/** A computed style of the first element that matches. */
function styleOf(page: Page, selector: string, name: string): Promise<string> {
  const element = `document.querySelector(${JSON.stringify(selector)})`;
  return page.evaluate(`getComputedStyle(${element}).getPropertyValue("${name}").trim()`);
}

describe.skipIf(executablePath === null)("forty mounts", () => {
  const others = Array.from({ length: 39 }, (_, at) => ({ path: `/m${at}` }));
  const look = { viewport: { width: 768, height: 1000 } };

  test("fit the desk, which keeps the chosen one in its address and in view", async () => {
    await using radio = await startRadio([{ music: MUSIC }, ...others]);
    await using visited = await visit(radio.url, "/admin", look);
    const { page } = visited;
    await signIn(page);
    await page.locator("body[data-ready]").waitFor();
    await page.getByRole("button", { name: "/m35" }).click();
    expect(new URL(page.url()).hash).toBe("#/m35");
    await page.getByRole("button", { name: "/m7", exact: true }).click();
    const chosen = page.locator('.choose[aria-pressed="true"]');
    await page.goBack();
    await chosen.getByText("/m35").waitFor();
    await page.goForward();
    await chosen.getByText("/m7").waitFor();
    await page.goto(`${radio.url}/admin/#/m20`);
    await page.reload();
    await page.locator("body[data-ready]").waitFor();
    expect(new URL(page.url()).hash).toBe("#/m20");
    const table = await page.getByRole("group", { name: "Table of mounts" }).boundingBox();
    const [box, top] = [await chosen.boundingBox(), table?.y ?? 0];
    expect(await chosen.innerText()).toBe("/m20");
    expect(top).toBeLessThan(700);
    // Its row is the first of those in view.
    expect(box?.y).toBeWithin(top, top + 60);
    expect(await violations(page)).toEqual([]);
    const overhang =
      "const { scrollWidth, clientWidth } = document.querySelector('.mounts .scroller');";
    for (const width of [360, 660, 768, 980]) {
      await page.setViewportSize({ width, height: 1000 });
      const title = await page.locator('td[data-column="title"]').first().boundingBox();
      const beyond = await page.evaluate(
        `(() => { ${overhang} return scrollWidth - clientWidth; })()`,
      );
      expect({ width, beyond, isLegible: (title?.width ?? 0) > 200 }).toEqual({
        width,
        beyond: 0,
        isLegible: true,
      });
    }
  }, 120_000);

  test("fit the page, which takes the chosen one from its address", async () => {
    await using radio = await startRadio([{ music: MUSIC }, ...others]);
    await using visited = await visit(radio.url, "/?mount=/m35", look);
    const { page } = visited;
    await page.locator("[data-chosen]", { hasText: "/m35" }).waitFor();
    expect(await page.locator("#stream-url").inputValue()).toBe(`${radio.url}/m35`);
    expect(await page.locator("[data-chosen]").count()).toBe(1);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  }, 120_000);
});

describe.skipIf(executablePath === null)("without JavaScript", () => {
  const look = { javaScriptEnabled: false, viewport: { width: 768, height: 700 } };

  test("the page names the station and what plays, and plays it, each channel", async () => {
    const night = { station_name: "Night Radio" };
    await using radio = await startRadio([
      { music: MUSIC },
      { path: "/night", music: MUSIC, metadata: night },
    ]);
    const page = async () => (await fetch(radio.url)).text();
    await until("a track is heard", async () => (await page()).includes("Cycast</strong>"));
    await using visited = await visit(radio.url, "/", look);
    const plain = visited.page;
    const player = plain.locator("main .no-script");
    expect((await player.boundingBox())?.y).toBeLessThan(200);
    await player.locator(".now-line", { hasText: "Cycast" }).waitFor();
    await player.getByRole("link", { name: "Night Radio" }).click();
    await plain.getByRole("heading", { name: "Night Radio", level: 1 }).waitFor();
    const audio = player.locator("audio");
    await audio.focus();
    await plain.keyboard.press("Space");
    await until(
      "it has a listener",
      async () => (await statusOf(radio)).mounts[1]?.listeners === 1,
    );
    expect(visited.complaints).toEqual([]);
  }, 120_000);

  test("the desk and Swagger UI say that they need it, and show nothing that waits for it", async () => {
    await using radio = await startRadio();
    await using desk = await visit(radio.url, "/admin", look);
    const note = desk.page.locator("main .no-script", { hasText: "The desk needs JavaScript." });
    expect((await note.boundingBox())?.y).toBeLessThan(200);
    expect(await desk.page.getByRole("button").count()).toBe(0);
    await using docs = await visit(radio.url, "/swagger", look);
    await docs.page.locator("main", { hasText: "This page needs JavaScript." }).waitFor();
    await docs.page.getByRole("link", { name: "OpenAPI document" }).waitFor();
  }, 120_000);
});

inBrowser(
  "without the API the page and the desk say so, and keep trying",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    for (const [path, words] of [
      ["/", "Cannot reach the station"],
      ["/admin", "Cannot reach the server"],
    ] as const) {
      const block = async (page: Page) =>
        void (await page.route("**/api/**", (route) => route.abort()));
      await using visited = await visit(radio.url, path, {}, block);
      const { page } = visited;
      await page.getByText(words).waitFor();
      await page.unrouteAll();
      const back = path === "/" ? page.getByText("Test Radio") : page.getByLabel("Password");
      await back.first().waitFor();
    }
  },
  120_000,
);

inBrowser(
  "the desk's header, table and chart agree on the listeners as soon as one joins",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await visit(radio.url, "/admin");
    const { page } = visited;
    await signIn(page);
    await page.locator("#readout", { hasText: "0 now" }).waitFor();
    using _listener = await Wire.listen(Number(new URL(radio.url).port), "/stream");
    await page.locator("#tagline", { hasText: "1 listener" }).waitFor();
    // The chart's next point may be ten seconds away.
    expect(await page.locator("#readout").innerText()).toStartWith("1 now");
    expect(await page.locator('[data-column="listeners"]').innerText()).toBe("1");
  },
  120_000,
);

inBrowser(
  "silence, untitled audio, jingles and shows without a title are no recently played tracks",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    const airings = [
      { source_status: "playlist", title: "First Song", artist: "Mira Lund" },
      { source_status: "silence", title: "Nothing", artist: "" },
      { source_status: "live", title: "", artist: "" },
      { source_status: "live", title: "Live", artist: "" },
      { source_status: "playlist", title: "Morning Jingle", artist: "" },
      { source_status: "playlist", title: "Test Radio", artist: "" },
      { source_status: "playlist", title: "Second Song", artist: "" },
      { source_status: "playlist", title: "The Current One", artist: "" },
    ] as const;
    const prepare = (page: Page) => makeUpTimeline(page, airings);
    await using visited = await visit(radio.url, "/", {}, prepare);
    await visited.page.locator("#title", { hasText: "The Current One" }).waitFor();
    const shown = (cell: string) => visited.page.locator(`.recent-${cell}`).allInnerTexts();
    expect(await shown("title")).toEqual(["Second Song", "First Song"]);
    expect(await shown("artist")).toEqual(["", "Mira Lund"]);
  },
  120_000,
);

/** A live show without a name, with this title. */
async function showTitle(radio: Radio, song: string): Promise<Disposable> {
  const source = await goLive(radio.sourcePort);
  source.send(concat(...silentShow(400)));
  const query = new URLSearchParams({ mode: "updinfo", mount: "/stream", song });
  const authorization = `Basic ${Buffer.from(`source:${PASSWORD}`).toString("base64")}`;
  const answer = await fetch(`${radio.url}/admin/metadata?${query}`, {
    headers: { authorization },
  });
  expect(answer.status).toBe(200);
  return source;
}

describe.skipIf(executablePath === null)("right-to-left text", () => {
  const [NAME, TITLE] = ["إذاعة الميناء", "أغنية الميناء"];
  const look = { viewport: { width: 768, height: 700 } };

  test("stays in its place: a station's name beside the mark", async () => {
    await using radio = await startRadio([{ metadata: { station_name: NAME } }]);
    await using visited = await visit(radio.url, "/", look);
    const name = visited.page.locator("#station-name");
    await name.getByText("إذاعة").waitFor();
    const [box, mark] = [
      await name.boundingBox(),
      await visited.page.locator(".mark").boundingBox(),
    ];
    expect((box?.x ?? 0) - (mark?.x ?? 0)).toBeLessThan(80);
    expect(box?.width).toBeLessThan(250);
  }, 120_000);

  test("turns nothing around on the page: neither the artist beside a title nor other rows", async () => {
    await using radio = await startRadio([{ music: MUSIC }, { path: "/talk" }]);
    const airings = [
      { source_status: "playlist", title: TITLE, artist: "Mira Lund" },
      { source_status: "playlist", title: TITLE, artist: "Odile Marsh" },
    ] as const;
    const prepare = (page: Page) => makeUpTimeline(page, airings);
    await using visited = await visit(radio.url, "/", look, prepare);
    const { page } = visited;
    await page.locator("#artist", { hasText: "Odile Marsh" }).waitFor();
    for (const [selector, direction] of [
      ["#title", "rtl"],
      ["#artist", "ltr"],
      [".recent-title", "rtl"],
      [".recent-artist", "ltr"],
      [".mount-track", "ltr"],
    ] as const) {
      const found = await styleOf(page, selector, "direction");
      expect({ selector, direction: found }).toEqual({ selector, direction });
    }
    const parts = page.locator(".mount-track").first().locator("bdi");
    expect(await parts.allInnerTexts()).toEqual(["Odile Marsh", TITLE]);
    const [artist, title] = [await parts.nth(0).boundingBox(), await parts.nth(1).boundingBox()];
    expect(artist?.x).toBeLessThan(title?.x ?? 0);
  }, 120_000);

  test("turns nothing around at the desk", async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await visit(radio.url, "/admin");
    const { page } = visited;
    await signIn(page);
    using _source = await showTitle(radio, `Mira Lund - ${TITLE}`);
    const parts = page.locator('td[data-column="title"] bdi');
    await parts.filter({ hasText: TITLE }).waitFor();
    expect(await parts.allInnerTexts()).toEqual(["Mira Lund", TITLE]);
    expect(await styleOf(page, 'td[data-column="title"]', "direction")).toBe("ltr");
  }, 120_000);
});

inBrowser(
  "forced colours leave nothing invisible that is drawn by its background",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await visit(radio.url, "/", { forcedColors: "active" });
    const { page } = visited;
    await page.locator("#volume").waitFor();
    expect(await styleOf(page, "#volume", "forced-color-adjust")).toBe("none");
    expect(await styleOf(page, "#volume", "--accent")).toBe("Highlight");
    expect(await styleOf(page, "#play", "border-top-style")).toBe("solid");
    expect(await styleOf(page, "#progress-bar", "appearance")).toBe("auto");
    await page.goto(`${radio.url}/admin`);
    await signIn(page);
    await page.locator("body[data-ready]").waitFor();
    expect(await styleOf(page, ".choose[aria-pressed='true']", "border-top-width")).toBe("2px");
  },
  120_000,
);

inBrowser(
  "axe finds nothing in Swagger UI, in both themes and sizes",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await visit(radio.url, "/swagger");
    await visited.page.locator(".opblock").first().waitFor();
    expect(await visited.page.evaluate<string>("document.documentElement.lang")).toBe("en");
    expect(await examine(visited.page)).toEqual([]);
  },
  120_000,
);
