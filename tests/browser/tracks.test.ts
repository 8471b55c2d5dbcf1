// What was played, to search and to copy; the sleep timer; a mount that is heard through its fallback; the page in the
// listener's language.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { requireProgram } from "../support/programs.ts";
import { scratch, until } from "../support/station.ts";
import { makeTone } from "../support/tone.ts";
import { browser, closeBrowser, executablePath, listen, titleOf, visit } from "./browser.ts";
import { Dj } from "./dj.ts";
import { MUSIC, type Radio, startRadio } from "./radio.ts";
import { makeUpTimeline } from "./timeline.ts";

const inBrowser = test.skipIf(executablePath === null);
const hasFfmpeg = requireProgram("ffmpeg") !== null;
const withTones = test.skipIf(executablePath === null || !hasFfmpeg);

async function toneOf(seconds: number): Promise<Uint8Array> {
  await using folder = await scratch();
  const path = join(folder.path, "tone.mp3");
  await makeTone(path, 330, seconds);
  return await Bun.file(path).bytes();
}

let radio: Radio;
let tone: Uint8Array;

beforeAll(async () => {
  if (executablePath === null) return;
  await browser();
  if (hasFfmpeg) tone = await toneOf(40);
  radio = await startRadio([{ burstSeconds: 1, music: MUSIC }]);
}, 120_000);
afterAll(async () => {
  await closeBrowser();
  await radio?.[Symbol.asyncDispose]();
});

const PAGE = 50;
/** 2026-08-01 10:00:00 UTC */
const NOON_MS = Date.UTC(2026, 7, 1, 10);

/** Two pages of plays that began three minutes apart, every tenth of them a jingle. */
async function makeUpHistory(page: Page): Promise<void> {
  await page.route("**/api/history?*", (route) => {
    const before = Number(new URL(route.request().url()).searchParams.get("before") ?? 0);
    const plays = Array.from({ length: PAGE }, (_, i) => {
      const at = before + i;
      const isJingle = at % 10 === 9;
      const title = isJingle ? "Jingle 3" : `Song ${at + 1}`;
      const started_at = new Date(NOON_MS - at * 180_000).toISOString();
      const track = { title, artist: isJingle ? "" : `Band ${at % 3}`, album: "", dj: "" };
      const rest = { source_status: "playlist", duration_seconds: null, artwork_url: null };
      return { ...track, ...rest, started_at, ended_at: started_at, id: at, mount: "/stream" };
    });
    return route.fulfill({ json: { plays, next_before: before === 0 ? String(PAGE) : null } });
  });
}

inBrowser(
  "what was played goes back into the history, without jingles, in the listener's time, to search and to copy",
  async () => {
    const look = { timezoneId: "Asia/Tokyo", permissions: ["clipboard-read", "clipboard-write"] };
    await using visited = await visit(radio.url, "/", look, makeUpHistory);
    const { page, complaints } = visited;
    const titles = page.locator("#recent-list .recent-title");
    await titles.nth(7).waitFor();
    expect(await titles.count()).toBe(8);
    expect(await page.locator(".recent-when").first().innerText()).toMatch(/^7:00\sPM$/);
    const more = page.getByRole("button", { name: "Show more" });
    await more.click();
    await titles.nth(32).waitFor();
    while (await more.isVisible()) await more.click();
    expect(await titles.count()).toBe(90);
    expect(await page.getByText("Jingle 3").count()).toBe(0);
    const clipboard = () => page.evaluate<string>("navigator.clipboard.readText()");
    await page.getByRole("button", { name: "Copy Band 1 – Song 2", exact: true }).click();
    await until("it is copied", async () => (await clipboard()) === "Band 1 – Song 2");
    const search = page.getByRole("searchbox", { name: "Search tracks" });
    await search.fill("SONG 7 band 0");
    expect(await titles.allInnerTexts()).toEqual(
      [7, 37, 67, 73, 76, 79, 97].map((at) => `Song ${at}`),
    );
    await page.getByRole("button", { name: "Copy all" }).click();
    await until("all are copied", async () => (await clipboard()).split("\n").length === 7);
    expect((await clipboard()).split("\n")[0]).toMatch(/^6:42\sPM {2}Band 0 – Song 7$/);
    await search.fill("nothing like that");
    await page.getByText("Nothing found").waitFor();
    expect(complaints).toEqual([]);
  },
  120_000,
);

inBrowser(
  "a history that cannot be had is nobody's trouble until somebody asks for it",
  async () => {
    const airings = [
      { source_status: "playlist", title: "The First", artist: "Mira Lund" },
      { source_status: "playlist", title: "The Current One", artist: "" },
    ] as const;
    let asked = 0;
    await using visited = await visit(radio.url, "/", {}, async (page) => {
      await makeUpTimeline(page, airings);
      await page.route("**/api/history?*", (route) => {
        asked++;
        return route.fulfill({ status: 503, json: { error: "Too many" } });
      });
    });
    const { page } = visited;
    await page.locator(".recent-title", { hasText: "The First" }).waitFor();
    await until("the page has asked by itself", () => asked === 1);
    expect(await page.locator("#recent-state").innerText()).toBe("");
    await page.getByRole("button", { name: "Show more" }).click();
    await page.getByText("More could not be loaded").waitFor();
    expect(asked).toBe(2);
  },
  120_000,
);

const volumeOf = (page: Page) => page.evaluate<number>("audio.volume");

inBrowser(
  "the sleep timer shows how long it still plays, fades out, can be cancelled, and stops",
  async () => {
    const clock = (page: Page) => page.clock.install();
    await using visited = await visit(radio.url, "/", {}, clock);
    const { page } = visited;
    await listen(page);
    const loud = await volumeOf(page);
    await page.clock.pauseAt((await page.evaluate<number>("Date.now()")) + 1000);
    const timer = page.getByRole("combobox", { name: "Sleep timer" });
    const shown = page.getByRole("timer");
    expect(await timer.locator("option").allInnerTexts()).toEqual([
      "Sleep: off",
      "15 min",
      "30 min",
      "45 min",
      "60 min",
      "End of track",
    ]);
    await timer.selectOption("15");
    expect(await shown.innerText()).toBe("Stops in 15:00");
    await page.clock.fastForward((15 * 60 - 4) * 1000);
    expect(await shown.innerText()).toBe("Stops in 0:04");
    expect((await volumeOf(page)) / loud).toBeCloseTo(0.4, 2);
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await volumeOf(page)).toBe(loud);
    expect(await shown.isVisible()).toBe(false);
    expect(await timer.inputValue()).toBe("off");
    expect(await page.locator("body").getAttribute("data-player")).not.toBe("stopped");
    await timer.selectOption("60");
    await page.clock.fastForward(3601 * 1000);
    await page.locator('body[data-player="stopped"]').waitFor();
    await page.getByText("Stopped by the sleep timer.").waitFor();
    expect(await volumeOf(page)).toBe(loud);
    expect(await shown.isVisible()).toBe(false);
  },
  120_000,
);

withTones(
  "the sleep timer stops with the track that is heard",
  async () => {
    await using quiet = await startRadio([{ burstSeconds: 1 }]);
    using dj = await Dj.goLive(quiet, tone, "The Late Show", 2000);
    await dj.setTitle("Mira Lund - Salt and Lanterns");
    await using visited = await visit(quiet.url);
    const { page } = visited;
    await listen(page);
    await page.locator("#title", { hasText: "Salt and Lanterns" }).waitFor();
    await page.getByRole("combobox", { name: "Sleep timer" }).selectOption("track");
    await page.getByText("Stops after this track").waitFor();
    await dj.setTitle("The Quiet Tide - Ferry Home");
    await page.locator('body[data-player="stopped"]').waitFor({ timeout: 20_000 });
    await page.getByText("Stopped by the sleep timer.").waitFor();
  },
  120_000,
);

withTones(
  "a mount with nothing to play shows what its fallback plays, and the show as soon as that is heard",
  async () => {
    const auto = { path: "/auto", burstSeconds: 1, music: MUSIC };
    await using pair = await startRadio(
      [{ burstSeconds: 1 }, auto],
      undefined,
      'fallback = "/auto"\n',
    );
    await using visited = await visit(pair.url);
    const { page, complaints } = visited;
    await page.locator("#title", { hasText: "Morning Carrier" }).waitFor();
    expect(await page.locator("#badge").innerText()).toBe("Playlist");
    await listen(page);
    await page.locator("#listeners", { hasText: "1 listener" }).waitFor();
    const seen: string[] = [];
    await page.exposeFunction("note", (title: string) => void seen.push(title));
    await page.evaluate(
      "new MutationObserver(() => note(title.textContent)).observe(title, { childList: true })",
    );
    using _dj = await Dj.goLive(pair, tone, "The Late Show", 1000);
    await until("the show is shown", async () => (await titleOf(page)) === "The Late Show");
    expect(seen.filter((title) => title.startsWith("Nothing"))).toEqual([]);
    expect(await page.locator("body").getAttribute("data-player")).toBe("playing");
    expect(complaints).toEqual([]);
  },
  120_000,
);

inBrowser(
  "the page speaks the language of the browser, or the one in its address, also without a script",
  async () => {
    for (const [locale, path, language, channels] of [
      ["de-CH", "/", "de", "Anderswo hören"],
      ["de-DE", "/?lang=fr", "fr", "Écouter ailleurs"],
    ] as const) {
      await using visited = await visit(radio.url, path, { locale });
      const { page, complaints } = visited;
      await page.getByRole("heading", { name: channels }).waitFor();
      await page.locator("#listeners", { hasText: /\d/ }).waitFor();
      expect(await page.locator("html").getAttribute("lang")).toBe(language);
      expect(complaints).toEqual([]);
    }
    const plain = { locale: "es-MX", javaScriptEnabled: false };
    await using visited = await visit(radio.url, "/", plain);
    expect(await visited.page.locator("html").getAttribute("lang")).toBe("es");
    const note = visited.page.locator("main .no-script", { hasText: "JavaScript" });
    expect(await note.innerText()).toContain("JavaScript está desactivado.");
  },
  120_000,
);
