// Going back in time on the page, and going on after a lost connection: what the browser got to play, byte for byte, and what
// it sounds like.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { parseMpegHeader } from "../../src/format/sync/mpeg.ts";
import { run } from "../format/mpeg/mp3-files.ts";
import { requireProgram } from "../support/programs.ts";
import { makeRecording } from "../support/made-recording.ts";
import { scratch, until } from "../support/station.ts";
import { tonesIn } from "../support/tones.ts";
import { examine } from "./axe.ts";
import { browser, closeBrowser, executablePath, listen, visit } from "./browser.ts";
import { Dj } from "./dj.ts";
import { Line } from "./line.ts";
import { type Radio, startRadio, statusOf } from "./radio.ts";

const withTones = test.concurrent.skipIf(
  executablePath === null || requireProgram("ffmpeg") === null,
);

/** Tones of half a second that follow each other, so that one that is missing or comes twice shows. */
const TONE_SECONDS = 0.5;
const TONES = Array.from({ length: 16 }, (_, at) => 300 + 90 * at);
const SHOW_SECONDS = 60;
const FRAME_SECONDS = 1152 / 44_100;

/** As much as a source may send at once, nearly. */
const AHEAD_MS = 9000;

let show: Buffer;

beforeAll(async () => {
  if (executablePath === null) return;
  const tone = `mod(floor(t/${TONE_SECONDS})\\,${TONES.length})`;
  const source = `aevalsrc=0.5*sin(2*PI*t*(300+90*${tone})):d=${SHOW_SECONDS}:s=44100`;
  const encode = "-ac 2 -b:a 128k -write_xing 0 -id3v2_version 0 -f mp3 -".split(" ");
  const command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, ...encode];
  [show] = await Promise.all([run(command, new Uint8Array(0)).then(Buffer.from), browser()]);
}, 120_000);
afterAll(closeBrowser);

/** Notes what the page gives the browser to play, and where it begins anew or throws away the rest of a lost connection. */
const NOTE_BYTES = `window.given = [];
  const { addSourceBuffer } = MediaSource.prototype;
  MediaSource.prototype.addSourceBuffer = function (type) {
    window.given.push("");
    return addSourceBuffer.call(this, type);
  };
  const { appendBuffer, abort } = SourceBuffer.prototype;
  SourceBuffer.prototype.appendBuffer = function (bytes) {
    window.given.push(btoa(String.fromCharCode(...bytes)));
    return appendBuffer.call(this, bytes);
  };
  SourceBuffer.prototype.abort = function () {
    window.given.push("");
    return abort.call(this);
  };`;

/** Where each frame begins, and where the last whole one ends. */
function frameStarts(bytes: Buffer): number[] {
  const starts = [0];
  for (let at = 0; at < bytes.length; starts.push(at)) {
    const length = parseMpegHeader(bytes.subarray(at))?.length ?? Number.POSITIVE_INFINITY;
    at += length;
    if (at > bytes.length) break;
  }
  return starts;
}

/** The first frames are made for a decoder that starts there. This is where the show's own follow, and where they are in it. */
function ownFrames(heard: Buffer): { readonly at: number; readonly from: number } {
  const from = (at: number) => show.indexOf(heard.subarray(at, at + 1000));
  const at = frameStarts(heard).find((start) => from(start) >= 0) ?? Number.NaN;
  return { at, from: from(at) };
}

/** The parts between the breaks, each up to its last whole frame. */
async function parts(page: Page): Promise<Buffer[]> {
  const given = await page.evaluate<string[]>("window.given");
  const found: Buffer[] = [];
  for (const text of given) {
    if (text === "") found.push(Buffer.alloc(0));
    else found.push(Buffer.concat([found.pop() ?? Buffer.alloc(0), Buffer.from(text, "base64")]));
  }
  return found.map((part) => part.subarray(0, frameStarts(part).at(-1)));
}

const state = (page: Page) => page.evaluate<string>("document.body.dataset.player");

/** Of what the browser has to play: how many pieces, and seconds. */
function buffered(page: Page): Promise<[number, number]> {
  return page.evaluate(
    "(({ buffered: all }) => [all.length, all.end(0) - all.start(0)])(document.querySelector('audio'))",
  );
}

withTones(
  "a lost connection is mended without a gap and without a repeat",
  async () => {
    await using radio = await startRadio([{ burstSeconds: 5 }]);
    await using line = await Line.to(Number(new URL(radio.url).port));
    using _dj = await Dj.goLive(radio, show);
    await using visited = await visit(line.url, "/", {}, async (page) => {
      await page.addInitScript(NOTE_BYTES);
    });
    const { page } = visited;
    await page.locator("#badge", { hasText: "Live" }).waitFor();
    await listen(page);
    for (let round = 1; round <= 2; round++) {
      const before = (await parts(page)).at(-1)?.length ?? 0;
      await until(
        "more has come",
        async () => ((await parts(page)).at(-1)?.length ?? 0) > before + 8000,
      );
      line.cut();
      await until("the page knows", async () => (await state(page)) === "waiting");
      line.mend();
      await until("it goes on", async () => (await parts(page)).length > round);
      await until("it plays", async () => (await state(page)) === "playing");
    }
    await until("more has come", async () => ((await parts(page)).at(-1)?.length ?? 0) > 60_000);
    const heard = Buffer.concat(await parts(page));
    const { at, from } = ownFrames(heard);
    expect(at).toBeLessThan(4000);
    expect(heard.subarray(at).equals(show.subarray(from, from + heard.length - at))).toBe(true);
    const frames = frameStarts(heard).length - 1;
    const [pieces, seconds] = await buffered(page);
    expect(pieces).toBe(1);
    expect(seconds).toBeGreaterThan(frames * FRAME_SECONDS - 1);
    await expectTones(heard);
  },
  120_000,
);

/** In their order, each as long as it should be. */
async function expectTones(heard: Buffer): Promise<void> {
  const decode = "ffmpeg -v error -f mp3 -i - -f f32le -ac 2 -ar 44100 -".split(" ");
  const pcm = await run(decode, heard);
  const samples = new Float32Array(pcm.buffer, pcm.byteOffset, pcm.byteLength >> 2);
  const tones = tonesIn(samples, TONES).slice(1, -1);
  expect(tones.length).toBeGreaterThan(10);
  for (const [at, { hertz, from, to }] of tones.entries()) {
    const before = tones[at - 1]?.hertz ?? hertz - 90;
    expect(hertz).toBe(before === TONES.at(-1) ? 300 : before + 90);
    expect(Math.abs(to - from - TONE_SECONDS)).toBeLessThan(0.03);
  }
}

interface Airing {
  readonly from_seconds: number;
  readonly title: string;
}

/** The newest audio on the mount's timeline, and where a title begins there. */
async function placesOf(radio: Radio, title: string): Promise<{ head: number; from: number }> {
  const [mount] = (await statusOf(radio)).mounts;
  const { head_seconds: head, titles } = mount!.timeline as {
    readonly head_seconds: number;
    readonly titles: readonly Airing[];
  };
  return { head, from: titles.find((airing) => airing.title === title)?.from_seconds ?? head };
}

withTones(
  "the page goes back in time, says so, and returns to the live audio",
  async () => {
    await using radio = await startRadio([{ burstSeconds: 2 }]);
    using dj = await Dj.goLive(radio, show, "The Late Show", AHEAD_MS);
    await dj.setTitle("Nobody - The Early One");
    await using visited = await visit(radio.url, "/", {}, async (page) => {
      await page.addInitScript(NOTE_BYTES);
    });
    const { page, complaints } = visited;
    const bar = page.getByRole("slider", { name: "Go back in time" });
    await page.locator("#title", { hasText: "The Early One" }).waitFor();
    const early = () => placesOf(radio, "The Early One");
    await until("there is enough of it", async () => {
      const { head, from } = await early();
      return head - from > 27;
    });
    await dj.setTitle("Nobody - The Late One");
    await listen(page);
    await page.locator("#title", { hasText: "The Late One" }).waitFor();
    const live = page.getByRole("button", { name: "Back to live" });
    expect(await live.isVisible()).toBe(false);
    const { head, from } = await early();
    await bar.fill(String(-10 * Math.floor((head - from - 6) / 10)));
    await live.waitFor();
    await page.locator("#title", { hasText: "The Early One" }).waitFor();
    expect(await bar.getAttribute("aria-valuetext")).toMatch(
      /(?:min|sec) ago: Nobody – The Early One$/,
    );
    const part = async () => (await parts(page)).at(-1) ?? Buffer.alloc(0);
    await until("it is heard", async () => (await part()).length > 4000);
    expect(ownFrames(await part()).from / 16_000).toBeWithin(0.1, 30);
    expect(await examine(page)).toEqual([]);
    await live.click();
    await page.locator("#title", { hasText: "The Late One" }).waitFor();
    await live.waitFor({ state: "hidden" });
    expect(complaints).toEqual([]);
  },
  120_000,
);

/** Frames of the show, recorded at a time. */
function recorded(folder: string, name: string, startMs: number, title: string): Promise<void> {
  const starts = frameStarts(show);
  const frames = starts.slice(1).map((end, at) => show.subarray(starts[at], end));
  const anchors = frames.flatMap((_, at) => (at % 380 === 0 ? [at] : []));
  const titles = [{ sample: 0, artist: "Nobody", title }];
  return makeRecording(folder, { name, frames, startMs, anchors, titles });
}

const HOUR_MS = 3_600_000;

withTones(
  "the bar reaches what is recorded, shows what is not, and plays it with its title",
  async () => {
    await using folder = await scratch();
    const recordings = join(folder.path, "recordings");
    const startMs = Date.now() - 2 * HOUR_MS;
    await recorded(recordings, "first", startMs, "Two Hours Ago");
    await recorded(recordings, "second", startMs + HOUR_MS, "An Hour Ago");
    const directory = JSON.stringify(recordings);
    const more = `recording "shows" {\n  directory = ${directory}\n  when = "live"\n}\n`;
    await using radio = await startRadio([{ burstSeconds: 2 }], undefined, more);
    using dj = await Dj.goLive(radio, show, "The Late Show", AHEAD_MS);
    await dj.setTitle("Nobody - The Late One");
    await using visited = await visit(radio.url, "/", {}, async (page) => {
      await page.addInitScript(NOTE_BYTES);
      await page.setViewportSize({ width: 360, height: 800 });
    });
    const { page, complaints } = visited;
    const bar = page.getByRole("slider", { name: "Go back in time" });
    await page.locator("#title", { hasText: "The Late One" }).waitFor();
    await page.locator("#seek-gaps i").first().waitFor({ state: "attached" });
    expect(Number(await bar.getAttribute("min"))).toBeLessThan(-7180);
    const said = (behindMs: number) =>
      page.evaluate<string | null>(`(() => {
        const bar = document.querySelector("#seek");
        bar.value = ${-Math.round(behindMs / 10_000) * 10};
        bar.dispatchEvent(new Event("input"));
        return bar.getAttribute("aria-valuetext");
      })()`);
    expect(await said(1.5 * HOUR_MS)).toMatch(/^\d+:\d+.*\(1 hr 30 min ago\): not recorded$/);
    expect(await said(Date.now() - startMs - 30_000)).toMatch(/ago\): Nobody – Two Hours Ago$/);
    await listen(page);
    await bar.fill(String(-Math.round((Date.now() - startMs - 18_000) / 10_000) * 10));
    await page.locator("#title", { hasText: "Two Hours Ago" }).waitFor();
    const part = async () => (await parts(page)).at(-1) ?? Buffer.alloc(0);
    await until("it is heard", async () => (await part()).length > 4000);
    // The tones are the same again after 32 s.
    expect(ownFrames(await part()).from / 16_000).toBeWithin(5, 30);
    expect(await examine(page)).toEqual([]);
    // A place where nothing is begins with what follows.
    await bar.fill(String((-1.5 * HOUR_MS) / 1000));
    await page.locator("#title", { hasText: "An Hour Ago" }).waitFor();
    await page.getByRole("button", { name: "Back to live" }).click();
    await page.locator("#title", { hasText: "The Late One" }).waitFor();
    expect(complaints).toEqual([]);
  },
  120_000,
);
