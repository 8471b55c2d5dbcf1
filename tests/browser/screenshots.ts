// Pictures of the pages, for people to look at: `bun tests/browser/screenshots.ts FOLDER [NAME…]`, all or those named.
import { join } from "node:path";
import type { Page } from "playwright-core";
import { scratch, until } from "../support/station.ts";
import { makeTone } from "../support/tone.ts";
import { Wire } from "../support/wire.ts";
import { THEMES } from "./axe.ts";
import { browser, closeBrowser, listen, signIn, titleOf } from "./browser.ts";
import { Dj } from "./dj.ts";
import { MUSIC, type Radio, startRadio } from "./radio.ts";

const SCREENS = {
  "page-wide": { path: "/", width: 1280, height: 860, isCut: false },
  "page-tablet": { path: "/", width: 768, height: 1024, isCut: false },
  "page-large": { path: "/", width: 1440, height: 900, isCut: false },
  "page-phone": { path: "/", width: 360, height: 780, isCut: false },
  "page-de": { path: "/?lang=de", width: 360, height: 780, isCut: false },
  "page-fr": { path: "/?lang=fr", width: 360, height: 780, isCut: false },
  "page-es": { path: "/?lang=es", width: 360, height: 780, isCut: false },
  "page-pt": { path: "/?lang=pt", width: 360, height: 780, isCut: false },
  // Without the log, in which this machine's paths are.
  "desk-wide": { path: "/admin", width: 1280, height: 980, isCut: true },
  "desk-tablet": { path: "/admin", width: 768, height: 1024, isCut: false },
  "desk-phone": { path: "/admin", width: 360, height: 780, isCut: false },
  "status-wide": { path: "/status.xsl", width: 1280, height: 860, isCut: false },
  "status-phone": { path: "/status.xsl", width: 360, height: 780, isCut: false },
  "swagger-wide": { path: "/swagger", width: 1280, height: 860, isCut: true },
  "swagger-phone": { path: "/swagger", width: 360, height: 780, isCut: true },
  // As in the code that the page offers, in a wide and in a narrow column.
  "embed-wide": { path: "/embed/stream", width: 640, height: 170, isCut: true },
  "embed-phone": { path: "/embed/stream", width: 320, height: 170, isCut: true },
} as const;

/** Letters are as sharp as on the screens that most people have. */
const SCALE = 2;
const QUALITY = 82;

const STATION = {
  station_name: "Harbour Radio",
  station_description: "Slow music for long evenings",
  station_genre: "Downtempo",
  station_url: "https://radio.example.org",
};
const NIGHT = { ...STATION, station_name: "Harbour Night", station_genre: "Ambient" };
const SONGS = [
  "Mira Lund - Salt and Lanterns",
  "The Quiet Tide - Ferry Home",
  "Odile Marsh - Letters from the Pier",
];
const PLAYERS = ["VLC/3.0.21 LibVLC/3.0.21", "mpv 0.40.0", "Winamp 5.9", "foobar2000/2.1"];
const HOUR_SAMPLES = 360;

/** An hour that nobody waits for here, and that ends with who listens now. */
function pastHour(listeners: number) {
  const [samples, end] = [[...Array(HOUR_SAMPLES).keys()], Math.floor(Date.now() / 1000)];
  const wave = (at: number) => Math.sin(at / 6) + 2 * Math.sin(at / 17) + 3 * Math.sin(at / 47);
  return {
    step_seconds: 10,
    times: samples.map((at) => end - (HOUR_SAMPLES - 1 - at) * 10),
    listeners: samples.map((at) => {
      const left = 1 - (at + 1) / HOUR_SAMPLES;
      return Math.round(listeners * (1 - 0.6 * left * left) + wave(at) * Math.min(1, left * 8));
    }),
  };
}

async function settle(page: Page, path: string, isDark: boolean): Promise<void> {
  if (/^\/(?:\?|$)/.test(path)) {
    await until("it is there", async () => !(await titleOf(page)).endsWith("…"));
    if (isDark) await listen(page);
  } else if (path === "/admin") {
    await signIn(page);
    await page.locator("body[data-ready] #chart canvas").waitFor();
  } else if (path === "/swagger") {
    await page.locator(".opblock").first().waitFor();
  } else if (path.startsWith("/embed")) {
    await page.frameLocator("iframe").getByRole("heading").waitFor();
  }
  // Whatever fades in or loads late.
  await page.waitForTimeout(1500);
}

async function shoot(radio: Radio, folder: string, names: readonly string[]): Promise<void> {
  for (const colorScheme of THEMES) {
    for (const [screen, { path, isCut, ...viewport }] of Object.entries(SCREENS)) {
      const name = `${screen}-${colorScheme}`;
      if (names.length > 0 && !names.includes(name)) continue;
      const look = { colorScheme, viewport, deviceScaleFactor: SCALE };
      const page = await (await browser()).newPage(look);
      await page.route("**/api/admin/history*", (route) =>
        route.fulfill({ json: pastHour(players.length) }),
      );
      await page.goto(radio.url + path);
      await settle(page, path, colorScheme === "dark");
      const picture = new Bun.Image(await page.screenshot({ fullPage: !isCut }));
      await picture.webp({ quality: QUALITY }).write(join(folder, `${name}.webp`));
      await page.close();
    }
  }
}

const [folder, ...names] = process.argv.slice(2);
if (folder === undefined) throw new Error("Which folder? bun tests/browser/screenshots.ts FOLDER");
await using tones = await scratch();
const tone = join(tones.path, "tone.mp3");
await makeTone(tone, 330, 180);
await using radio = await startRadio([
  { burstSeconds: 1, music: MUSIC, metadata: STATION },
  { path: "/night", music: MUSIC, metadata: NIGHT },
]);
const port = Number(new URL(radio.url).port);
const players = await Promise.all(
  [...Array(64).keys()].map((at) =>
    Wire.listen(port, "/stream", `User-Agent: ${PLAYERS[at % PLAYERS.length]}\r\n`),
  ),
);
using dj = await Dj.goLive(radio, await Bun.file(tone).bytes(), "Ada on the Wire");
for (const song of SONGS) {
  await dj.setTitle(song);
  await Bun.sleep(1500);
}
await shoot(radio, folder, names);
for (const wire of players) wire[Symbol.dispose]();
await closeBrowser();
