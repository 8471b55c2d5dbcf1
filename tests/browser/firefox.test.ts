// The page and its player in Firefox. They play muted: Firefox gives up playback where no sound device is.
import { afterAll, beforeAll, describe, test } from "bun:test";
import { requireProgram } from "../support/programs.ts";
import { until } from "../support/station.ts";
import { Firefox } from "./firefox.ts";
import { MUSIC, type Radio, startRadio, statusOf } from "./radio.ts";

const executable = requireProgram("firefox-esr");

let radio: Radio;
let firefox: Firefox;

beforeAll(async () => {
  if (executable === null) return;
  radio = await startRadio([{ music: MUSIC }]);
  firefox = await Firefox.launch(executable);
}, 120_000);

afterAll(async () => {
  if (executable === null) return;
  await firefox[Symbol.asyncDispose]();
  await radio[Symbol.asyncDispose]();
});

describe.skipIf(executable === null)("in Firefox", () => {
  test.each(["/", "/embed?script=1"])(
    "%s shows what plays, and plays it",
    async (path) => {
      await firefox.open(`${radio.url}${path}`);
      const artist = "document.querySelector('#artist').textContent";
      await until("it shows the track", async () => (await firefox.evaluate(artist)) === "Cycast");
      await firefox.evaluate("document.querySelector('#mute').click()");
      await firefox.click("#play");
      await until("it has a listener", async () => (await statusOf(radio)).listeners === 1);
      const played = "document.querySelector('#audio').currentTime";
      await until("it plays", async () => Number(await firefox.evaluate(played)) > 0.5);
      const state = "document.body.dataset.player";
      await until("it says so", async () => (await firefox.evaluate(state)) === "playing");
      await firefox.click("#play");
      await until("it has stopped", async () => (await statusOf(radio)).listeners === 0);
    },
    120_000,
  );
});
