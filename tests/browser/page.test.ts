// The page in a real Chromium: what a listener sees and hears, and what the console says.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { Request } from "playwright-core";
import { concat } from "../format/mpeg-builder.ts";
import { PASSWORD } from "../support/config.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, until } from "../support/station.ts";
import { silentShow } from "../support/tracks.ts";
import { goLive } from "../support/wire.ts";
import {
  browser,
  closeBrowser,
  executablePath,
  listen,
  playedSeconds,
  titleOf,
  visit,
} from "./browser.ts";
import { MUSIC, startRadio, statusOf } from "./radio.ts";

const ffmpeg = requireProgram("ffmpeg");

const inBrowser = test.concurrent.skipIf(executablePath === null);
const withFfmpeg = test.concurrent.skipIf(executablePath === null || ffmpeg === null);

beforeAll(async () => void (executablePath === null || (await browser())), 120_000);
afterAll(closeBrowser);

inBrowser(
  "a listener sees the station, presses play and hears it",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await visit(radio.url);
    const { page, complaints } = visited;
    await page.getByText("Test Radio").first().waitFor();
    await page.getByText("Morning Carrier").or(page.getByText("Shortwave Bossa")).first().waitFor();
    await page.getByRole("button", { name: /play/i }).first().click();
    await until("a second has been played", async () => (await playedSeconds(page)) > 1);
    expect((await statusOf(radio)).listeners).toBe(1);
    await page.getByRole("button", { name: /stop/i }).first().click();
    await until("the listener has left", async () => (await statusOf(radio)).listeners === 0);
    expect(complaints).toEqual([]);
  },
  120_000,
);

inBrowser(
  "the page shows how far the track is, how long it is, and what comes next",
  async () => {
    await using radio = await startRadio([{ burstSeconds: 1, music: MUSIC }]);
    await using visited = await visit(radio.url);
    const { page, complaints } = visited;
    await page.getByRole("progressbar", { name: "Progress of the track" }).waitFor();
    await page.getByText(/^Next: .+/).waitFor();
    const shown = async () => (await page.locator("#progress-text").textContent()) ?? "";
    expect(await shown()).toMatch(/^\d+:\d\d \/ \d+:\d\d$/);
    const first = await shown();
    await until("the track has gone on", async () => (await shown()) !== first);
    expect(complaints).toEqual([]);
  },
  120_000,
);

inBrowser(
  "the page says who is live as soon as the DJ is heard",
  async () => {
    await using radio = await startRadio([{ burstSeconds: 1, music: MUSIC }]);
    await using visited = await visit(radio.url);
    const { page, complaints } = visited;
    await page.getByText("Playlist", { exact: true }).first().waitFor();
    using source = await goLive(radio.sourcePort, { headers: "ice-name: The Late Show\r\n" });
    // More than a busy browser needs to show it: without audio the source would be ended.
    source.send(concat(...silentShow(2400)));
    await page.getByText("The Late Show").first().waitFor();
    await page
      .getByText(/^live$/i)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
  },
  120_000,
);

withFfmpeg(
  "a listener hears a DJ of another format without doing anything",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await visit(radio.url);
    const { page, complaints } = visited;
    await listen(page);
    const input = "-loglevel error -re -f lavfi -i anoisesrc=a=0.1 -ac 2 -ar 44100";
    const output = "-c:a libvorbis -q:a 5 -f ogg -content_type audio/ogg";
    const url = `icecast://source:${PASSWORD}@127.0.0.1:${radio.sourcePort}/stream`;
    const command = [ffmpeg ?? "", ...input.split(" "), ...output.split(" "), url];
    const dj = Bun.spawn(command, { stdin: "ignore" });
    const format = async () => (await statusOf(radio)).format?.codec;
    await until("the show is on air", async () => (await format()) === "vorbis");
    const isBack = async () => (await statusOf(radio)).listeners === 1;
    await until(
      "the page is back",
      async () => (await isBack()) && (await playedSeconds(page)) < 5,
    );
    await until("the show is played", async () => (await playedSeconds(page)) > 1);
    dj.kill();
    await dj.exited;
    expect(complaints).toEqual([]);
  },
  120_000,
);

inBrowser(
  "a link leads to its mount, and another one can be chosen there",
  async () => {
    const talk = { path: "/talk", metadata: { station_name: "Test Talk" } };
    await using radio = await startRadio([{ music: MUSIC }, talk]);
    await using visited = await visit(radio.url, "/?mount=/talk");
    const { page, complaints } = visited;
    await page.locator("#station-name").getByText("Test Talk").waitFor();
    const address = () => page.locator("#stream-url").inputValue();
    expect(await address()).toBe(`${radio.url}/talk`);
    await page.getByRole("button", { name: "Play Test Radio, /stream" }).click();
    await until("the stream is played", async () => (await playedSeconds(page)) > 0.3);
    expect(await address()).toBe(`${radio.url}/stream`);
    expect(new URL(page.url()).search).toBe("");
    expect(complaints).toEqual([]);
  },
  120_000,
);

withFfmpeg(
  "the picture of a track is shown, on the page and to the system",
  async () => {
    await using folder = await scratch();
    const track = join(folder.path, "track.mp3");
    const sources = "-nostdin -f lavfi -i sine=d=60 -f lavfi -i testsrc2=s=300x300:d=0.04".split(
      " ",
    );
    const tags =
      "-map 0 -map 1 -c:v png -frames:v 1 -id3v2_version 3 -metadata title=Pictured".split(" ");
    const made = Bun.spawn([ffmpeg ?? "", "-v", "error", ...sources, ...tags, track]);
    expect(await made.exited).toBe(0);
    await using radio = await startRadio([{ music: folder.path }]);
    await using visited = await visit(radio.url);
    const { page, complaints } = visited;
    await until("the status has it", async () => (await statusOf(radio)).artwork_url !== null);
    const { artwork_url } = await statusOf(radio);
    await page.locator(`#cover-images img[src$="${artwork_url}"]`).waitFor();
    await listen(page);
    const announced = "navigator.mediaSession.metadata?.artwork[0]?.src ?? ''";
    await until("it is announced", async () => (await page.evaluate<string>(announced)) !== "");
    expect(await page.evaluate<string>(announced)).toBe(`${radio.url}${artwork_url}`);
    expect(complaints).toEqual([]);
  },
  120_000,
);

inBrowser(
  "a first visit takes less than 100 KB, pictures apart",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    const context = await (await browser()).newContext();
    const page = await context.newPage();
    const finished: Request[] = [];
    page.on("requestfinished", (request) => finished.push(request));
    await page.goto(radio.url);
    await until("what plays is shown", async () => (await titleOf(page)) !== "Tuning in…");
    await page.waitForLoadState("load");
    const taken = finished.filter((one) => !new URL(one.url()).pathname.startsWith("/artwork/"));
    const sizes = await Promise.all(taken.map((request) => request.sizes()));
    const bytes = sizes.reduce((sum, of) => sum + of.responseHeadersSize + of.responseBodySize, 0);
    expect(taken.length).toBeGreaterThan(10);
    expect(bytes).toBeLessThan(100_000);
    await context.close();
  },
  120_000,
);
