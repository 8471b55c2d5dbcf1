// Pictures of the pages for people to look at: `bun tests/browser/screenshots.ts FOLDER`.
import { join } from "node:path";
import { scratch, until } from "../support/station.ts";
import { makeTone } from "../support/tone.ts";
import { browser, closeBrowser, listen, type Radio, startRadio, titleOf } from "./browser.ts";
import { Dj } from "./dj.ts";

const MUSIC = join(import.meta.dir, "..", "..", "music");
const folder = process.argv[2];
const PAGES = { page: "/", embed: "/embed/stream" } as const;
const SIZES = { wide: { width: 1280, height: 860 }, phone: { width: 360, height: 780 } } as const;
const SONGS = ["Nina Simone - Feeling Good", "Can - Vitamin C", "Kraftwerk - Autobahn"] as const;

async function shoot(radio: Radio, to: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      for (const [name, path] of Object.entries(PAGES)) {
        const context = await (await browser()).newContext({ colorScheme, viewport });
        const page = await context.newPage();
        await page.goto(radio.url + path);
        if (name === "page") await until("it is there", async () => (await titleOf(page)) !== "");
        if (name === "page" && colorScheme === "dark") await listen(page);
        await page.waitForTimeout(1000);
        await page.screenshot({
          path: join(to, `${name}-${size}-${colorScheme}.png`),
          fullPage: true,
        });
        await context.close();
      }
    }
  }
}

if (folder === undefined) throw new Error("Which folder? bun tests/browser/screenshots.ts FOLDER");
await using tones = await scratch();
const tone = join(tones.path, "tone.mp3");
await makeTone(tone, 330, 120);
await using radio = await startRadio([
  { burstSeconds: 1, playlist: { directory: MUSIC } },
  { path: "/talk", metadata: { stationName: "Test Talk" }, playlist: { directory: MUSIC } },
]);
using dj = await Dj.goLive(radio, await Bun.file(tone).bytes(), "Ada on the Wire");
for (const song of SONGS) {
  await dj.tell(song);
  await Bun.sleep(1500);
}
await shoot(radio, folder);
await closeBrowser();
// The station would wait for its last listeners.
process.exit(0);
