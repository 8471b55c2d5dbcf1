// What a listener hears, and that the page says so at that moment: through held-up and broken connections and changes of source.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { requireProgram } from "../support/programs.ts";
import { until } from "../support/station.ts";
import { toneBytes } from "../support/tone.ts";
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
import { EAR, noted, WATCH } from "./ear.ts";
import { Line } from "./line.ts";
import { MUSIC, type Radio, startRadio, statusOf } from "./radio.ts";

const withTones = test.concurrent.skipIf(
  executablePath === null || requireProgram("ffmpeg") === null,
);

let low: Uint8Array;
let high: Uint8Array;

beforeAll(async () => {
  if (executablePath === null) return;
  [low, high] = await Promise.all([toneBytes(330, 30), toneBytes(2000, 30), browser()]);
}, 120_000);
afterAll(closeBrowser);

async function headSeconds(radio: Radio): Promise<number> {
  const [mount] = (await statusOf(radio)).mounts;
  return mount?.timeline.head_seconds ?? 0;
}

/** Notes what breaks the playing, the longest silence, how long the low tone was there, and the least audio that was still to be
 * played. A browser that a busy machine keeps from decoding is silent with seconds of audio at hand: that is no gap of the
 * stream, and noted apart. */
const HEAR_THROUGH = `${EAR};
  window.heard = { breaks: [], silentMs: 0, lowMs: 0, leastSeconds: 60 };
  const player = document.querySelector("audio");
  const ahead = () => {
    const { length } = player.buffered;
    return length === 0 ? 0 : player.buffered.end(length - 1) - player.currentTime;
  };
  for (const name of ["ended", "error", "emptied", "waiting"])
    player.addEventListener(name, () => {
      if (name !== "waiting" || ahead() < 0.5) window.heard.breaks.push(name);
    });
  let [lastMs, silentMs] = [performance.now(), 0];
  setInterval(() => {
    const nowMs = performance.now();
    silentMs = peak() > 1 || ahead() > 0.5 ? 0 : silentMs + nowMs - lastMs;
    const isLow = level(330) > 150 && [700, 1000, 1500].every((hertz) => level(hertz) < 80);
    if (isLow) window.heard.lowMs += nowMs - lastMs;
    window.heard.silentMs = Math.max(window.heard.silentMs, silentMs);
    window.heard.leastSeconds = Math.min(window.heard.leastSeconds, ahead());
    lastMs = nowMs;
  }, 20);`;

interface HeardThrough {
  readonly breaks: readonly string[];
  readonly silentMs: number;
  readonly lowMs: number;
  readonly leastSeconds: number;
}

withTones(
  "a title changes within a second of its sound, for a listener who was held up too",
  async () => {
    await using radio = await startRadio([{ burstSeconds: 2 }]);
    await using line = await Line.to(Number(new URL(radio.url).port));
    using dj = await Dj.goLive(radio, low);
    await dj.setTitle("Nobody - The Low One");
    await using visited = await visit(line.url);
    const { page, complaints } = visited;
    await until("the title is heard", async () => (await titleOf(page)) === "The Low One");
    await page.evaluate(WATCH);
    await listen(page);
    line.hold();
    const heldMs = performance.now();
    let seconds = await playedSeconds(page);
    await until("the sound stands still", async () => {
      const before = seconds;
      await Bun.sleep(400);
      seconds = await playedSeconds(page);
      return seconds === before;
    });
    await until("it stood for a while", () => performance.now() > heldMs + 4500);
    line.release();
    await dj.setTitle("Nobody - The High One");
    const sentMs = performance.now();
    dj.play(high);
    const isOver = async () =>
      (await noted(page)).highMs > 0 && (await titleOf(page)) !== "The Low One";
    await until("both have changed", isOver);
    const { highMs, titles } = await noted(page);
    // Others hear it after the burst; this one stood still for more than a second on top.
    expect(performance.now() - sentMs).toBeGreaterThan(3000);
    expect(Math.abs((titles["The High One"] ?? 0) - highMs)).toBeLessThan(1000);
    expect(complaints).toEqual([]);
  },
  120_000,
);

withTones(
  "a broken line mends itself, without a hand on the page",
  async () => {
    await using radio = await startRadio([{ burstSeconds: 1, music: MUSIC }]);
    await using line = await Line.to(Number(new URL(radio.url).port));
    await using visited = await visit(line.url);
    const { page } = visited;
    await listen(page);
    line.cut();
    const state = () => page.evaluate<string>("document.body.dataset.player");
    await until("the page knows", async () => (await state()) === "waiting");
    line.mend();
    await until("it plays again", async () => (await state()) === "playing");
    const seconds = await playedSeconds(page);
    await until("it goes on", async () => (await playedSeconds(page)) > seconds + 0.5);
    const link = () => page.evaluate<string>("document.body.dataset.link");
    await until("titles come again", async () => (await link()) === "live");
    await until("it is one listener", async () => (await statusOf(radio)).listeners === 1);
  },
  120_000,
);

withTones(
  "a DJ who takes over and gives back is heard through for 20 seconds, without a gap",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    // It is the burst that keeps the sound going.
    await until("there is a whole burst", async () => (await headSeconds(radio)) > 5);
    await using visited = await visit(radio.url);
    const { page, complaints } = visited;
    await listen(page);
    await page.evaluate(HEAR_THROUGH);
    const [fromMs, from] = [performance.now(), await playedSeconds(page)];
    const badge = page.locator(".now .badge");
    {
      using dj = await Dj.goLive(radio, low, "Ada on the Wire");
      await dj.setTitle("Nobody - A Low Tone");
      await badge.getByText("Live").waitFor();
      await page.getByText("with Ada on the Wire").waitFor();
      await page.locator("#title").getByText("A Low Tone").waitFor();
      await until("she was live for a while", () => performance.now() > fromMs + 8000);
    }
    await badge.getByText("Playlist").waitFor();
    await page.locator("#recent").getByText("A Low Tone").waitFor();
    await until("20 seconds are over", () => performance.now() > fromMs + 20_000);
    const played = (await playedSeconds(page)) - from;
    expect(played).toBeGreaterThan(19);
    const heard = await page.evaluate<HeardThrough>("window.heard");
    const { breaks, silentMs, lowMs, leastSeconds } = heard;
    expect(breaks).toEqual([]);
    expect(silentMs).toBeLessThan(200);
    // While a source is expected back, listeners live on half of the burst of five seconds.
    expect(leastSeconds).toBeGreaterThan(0.5);
    expect(lowMs).toBeGreaterThan(6000);
    expect(complaints).toEqual([]);
  },
  120_000,
);
