// The page and Swagger UI in a real Chromium: what a visitor sees, hears and what the console says.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Browser, chromium, type Page } from "playwright-core";
import { concat } from "../format/mpeg-builder.ts";
import { PASSWORD, testConfig } from "../support/config.ts";
import { requireProgram } from "../support/programs.ts";
import { startStation, type TestStation, until } from "../support/station.ts";
import { silentShow } from "../support/tracks.ts";
import { goLive } from "../support/wire.ts";
import { join } from "node:path";

const executablePath = requireProgram("chromium");
const ffmpeg = requireProgram("ffmpeg");
const MUSIC = join(import.meta.dir, "..", "..", "music");
const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking " +
  "--disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required";

let browser: Browser | undefined;

beforeAll(async () => {
  if (executablePath !== null)
    browser = await chromium.launch({ executablePath, args: FLAGS.split(" ") });
}, 30_000);
afterAll(() => browser?.close());

/** A page that keeps what its console complained of and what it asked of other hosts. */
async function visit(radio: TestStation, path: string) {
  if (browser === undefined) throw new Error("there is no browser");
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(radio.url) && !url.startsWith("data:")) complaints.push(`asked for ${url}`);
  });
  await page.goto(radio.url + path);
  return { page, complaints };
}

function playedSeconds(page: Page): Promise<number> {
  return page.evaluate("document.querySelector('audio')?.currentTime ?? 0");
}

const inBrowser = test.skipIf(executablePath === null);

inBrowser(
  "a visitor sees the station, presses play and hears it",
  async () => {
    await using radio = await startStation(testConfig([{ playlist: { directory: MUSIC } }]));
    const { page, complaints } = await visit(radio, "/");
    await page.getByText("Test Radio").first().waitFor();
    await page.getByText("Morning Carrier").or(page.getByText("Shortwave Bossa")).first().waitFor();
    await page.getByRole("button", { name: /play/i }).first().click();
    await until("a second has been played", async () => (await playedSeconds(page)) > 1, 15);
    expect(radio.station.facts().mounts[0].listeners).toBe(1);
    await page.getByRole("button", { name: /stop/i }).first().click();
    await until("the listener has left", () => radio.station.facts().mounts[0].listeners === 0);
    expect(complaints).toEqual([]);
    await page.close();
  },
  40_000,
);

inBrowser(
  "the page says who is live as soon as the DJ is",
  async () => {
    await using radio = await startStation(testConfig([{ playlist: { directory: MUSIC } }]));
    const { page, complaints } = await visit(radio, "/");
    await page.getByText("Playlist", { exact: true }).first().waitFor();
    using source = await goLive(radio.sourcePort, { headers: "ice-name: The Late Show\r\n" });
    source.send(concat(...silentShow(200)));
    await page.getByText("The Late Show").first().waitFor();
    await page
      .getByText(/^live$/i)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  },
  40_000,
);

test.skipIf(executablePath === null || ffmpeg === null)(
  "a visitor who listens hears a DJ of another format without doing anything",
  async () => {
    await using radio = await startStation(testConfig([{ playlist: { directory: MUSIC } }]));
    const { page, complaints } = await visit(radio, "/");
    await page.getByRole("button", { name: /play/i }).first().click();
    await until("the playlist is played", async () => (await playedSeconds(page)) > 1, 15);
    const dj = Bun.spawn(
      [
        ...[ffmpeg ?? "", "-loglevel", "error", "-re", "-f", "lavfi", "-i", "anoisesrc=a=0.1"],
        ...[
          "-ac",
          "2",
          "-ar",
          "44100",
          "-c:a",
          "libvorbis",
          "-q:a",
          "5",
          "-f",
          "ogg",
          "-content_type",
          "audio/ogg",
        ],
        `icecast://source:${PASSWORD}@127.0.0.1:${radio.sourcePort}/stream`,
      ],
      { stdin: "ignore" },
    );
    const format = () => radio.station.facts().mounts[0].format?.codec;
    await until("the show is on air", () => format() === "vorbis");
    const changedMs = performance.now();
    const isBack = () => radio.station.facts().mounts[0].listeners === 1;
    await until("the page is back", async () => isBack() && (await playedSeconds(page)) < 5);
    await until("the show is played", async () => (await playedSeconds(page)) > 1, 15);
    expect(performance.now() - changedMs).toBeLessThan(8000);
    dj.kill();
    await dj.exited;
    expect(complaints).toEqual([]);
    await page.close();
  },
  60_000,
);

inBrowser(
  "Swagger UI shows the API from our own assets",
  async () => {
    await using radio = await startStation(testConfig());
    const { page, complaints } = await visit(radio, "/swagger");
    await page.getByText("/api/stats").first().waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  },
  40_000,
);
