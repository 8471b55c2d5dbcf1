// A station starts to play with its first tracks: silence in front of them would be heard, and hide their titles.
import { expect, spyOn, test } from "bun:test";
import { systemClock } from "../../src/lib/clock.ts";
import { createLog } from "../../src/lib/log.ts";
import { Station } from "../../src/station/station.ts";
import { testConfig } from "../support/config.ts";

/** Longer than a new library takes to start the converter and to measure a jingle on a busy machine. */
const MEASURING_MS = 800;

const delayed = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test("the first tracks are awaited while a new library measures them", async () => {
  const station = new Station(
    testConfig([{ path: "/one" }]),
    systemClock,
    createLog(() => {}),
  );
  const order: string[] = [];
  const [playlist] = station.first.mount.inputs;
  const prepare = spyOn(playlist!, "prepare");
  // Timers of one process fire in their order, however late they are.
  prepare.mockImplementation(() => delayed(MEASURING_MS).then(() => void order.push("tracks")));
  spyOn(station.pump, "start").mockImplementation(() => void order.push("pump"));
  await station.play();
  expect(order).toEqual(["tracks", "pump"]);
  await station.stop();
  await station.close();
});
