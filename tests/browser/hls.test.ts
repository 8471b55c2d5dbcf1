// The page by HLS, as a browser needs it that does not play HLS by itself.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { BrowserContextOptions } from "playwright-core";
import { requireProgram } from "../support/programs.ts";
import { scratch, until } from "../support/station.ts";
import { makeTone, toneBytes } from "../support/tone.ts";
import {
  browser,
  closeBrowser,
  executablePath,
  listen,
  playedSeconds,
  titleOf,
  visit,
} from "./browser.ts";
import { Dj } from "./dj.ts";
import { noted, WATCH } from "./ear.ts";
import { type Radio, startRadio, statusOf } from "./radio.ts";

const withTones = test.skipIf(executablePath === null || requireProgram("ffmpeg") === null);

let low: Uint8Array;
let high: Uint8Array;

beforeAll(async () => {
  if (executablePath === null) return;
  [low, high] = await Promise.all([toneBytes(330, 60), toneBytes(2000, 60), browser()]);
}, 120_000);
afterAll(closeBrowser);

const ANDROID =
  "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";

/** A browser that plays HLS by itself, and knows the date of what it plays. */
const AS_SAFARI = `HTMLMediaElement.prototype.canPlayType = () => "maybe";
  HTMLMediaElement.prototype.getStartDate = () => new Date();`;

/** How a browser begins to play: the kind of its audio's address, and whether it loads hls.js. */
async function playedBy(
  radio: Radio,
  options: BrowserContextOptions,
  script = "",
): Promise<[kind: string, loadsLibrary: boolean]> {
  let loads = false;
  await using visited = await visit(radio.url, "/", options, async (page) => {
    await page.addInitScript(script);
    page.on("request", (request) => (loads ||= request.url().endsWith("/assets/hls.js")));
  });
  const { page } = visited;
  const address = () => page.evaluate<string>("document.querySelector('audio').src");
  await until("the status is there", async () => (await titleOf(page)) !== "Tuning in…");
  await page.locator("#play").click();
  await until("it begins", async () => (await address()) !== "");
  const [kind = ""] = /^blob:|[^/]+$/.exec(await address()) ?? [];
  return [kind, loads];
}

const HLS = "hls {\n  enabled = true\n  segment = 2\n}\n";

withTones(
  "by HLS, which hls.js plays where a browser does not, a title changes within a second of its sound too",
  async () => {
    await using radio = await startRadio([{ burstSeconds: 2 }], undefined, HLS);
    using dj = await Dj.goLive(radio, low);
    await dj.setTitle("Nobody - The Low One");
    await using visited = await visit(radio.url, "/?hls=1");
    const { page, complaints } = visited;
    await until("the title is heard", async () => (await titleOf(page)) === "The Low One");
    await page.evaluate(WATCH);
    await listen(page);
    await until("the low tone is heard", () => page.evaluate<boolean>("level(330) > 120"));
    expect(await page.evaluate("document.querySelector('audio').src")).toStartWith("blob:");
    await until("it is a listener", async () => (await statusOf(radio)).listeners === 1);
    await dj.setTitle("Nobody - The High One");
    dj.play(high);
    const isOver = async () =>
      (await noted(page)).highMs > 0 && (await titleOf(page)) === "The High One";
    await until("both have changed", isOver);
    const { highMs, titles } = await noted(page);
    expect(Math.abs((titles["The High One"] ?? 0) - highMs)).toBeLessThan(1000);
    expect(complaints).toEqual([]);
  },
  120_000,
);

withTones(
  "hls.js plays AAC in parts, and has nothing to say about it",
  async () => {
    await using folder = await scratch();
    await makeTone(join(folder.path, "tone.aac"), 330, 60);
    const parts = "hls {\n  enabled = true\n  segment = 2\n  part = 0.5\n}\n";
    await using radio = await startRadio([{ music: folder.path }], undefined, parts);
    const asked = new Set<string>();
    await using visited = await visit(radio.url, "/?hls=1", {}, async (page) => {
      page.on("request", (request) => {
        const [name] = /[a-z0-9]+-\d+-\d+\.aac$/.exec(request.url()) ?? [];
        if (name !== undefined) asked.add(name);
      });
    });
    const { page, complaints } = visited;
    await until("the track is known", async () => (await titleOf(page)) !== "Tuning in…");
    await listen(page);
    const hasPlayed = async () => asked.size >= 8 && (await playedSeconds(page)) > 4;
    await until("it has played parts for seconds", hasPlayed);
    expect(complaints).toEqual([]);
  },
  120_000,
);

test.skipIf(executablePath === null)(
  "phones and Safari get HLS, the one with hls.js and the other without; a desktop's browser gets the stream",
  async () => {
    await using radio = await startRadio([], undefined, HLS);
    expect(await playedBy(radio, { userAgent: ANDROID })).toEqual(["blob:", true]);
    expect(await playedBy(radio, {}, AS_SAFARI)).toEqual(["index.m3u8", false]);
    expect(await playedBy(radio, {})).toEqual(["blob:", false]);
  },
  120_000,
);
