// What was kept of one run and measured again in another is told together.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { scratch } from "../support/station.ts";
import { figures } from "./example-figures.ts";
import { merge, type Measured, readRecord, writeRecord } from "./record.ts";
import { steady } from "./scenarios.ts";

const crowdOf = (listeners: number, cpuSecondsPerGB: number, peer = "a") =>
  figures(peer, steady(listeners, false, 128), { cpuSecondsPerGB });
const mountsOf = (mounts: number, cpuPercent: number) => {
  return { mounts, cpuPercent, listeners: 10, residentMB: 1, lostBytes: 0 };
};
const idle = { firstAudioMs: [300, 200], residentMB: 80, cpuPercent: 1, recorderPercent: 0.1 };

const FIRST: Measured = {
  idle,
  library: null,
  figures: [crowdOf(100, 1), crowdOf(1000, 2), crowdOf(100, 3, "b")],
  mounts: [mountsOf(1, 5), mountsOf(4, 6)],
  hls: null,
  history: null,
  handover: null,
  node: [],
};

test("what a later run measured again stands in the place of the first, however long it looked", () => {
  const again = figures("a", { ...steady(100, false, 128), seconds: 99 }, { cpuSecondsPerGB: 9 });
  const second = {
    idle: null,
    library: null,
    figures: [again, crowdOf(4000, 4)],
    mounts: [mountsOf(4, 7)],
    hls: null,
    history: null,
    handover: null,
    node: [],
  };
  const { figures: crowds, mounts, ...rest } = merge([FIRST, second]);
  expect(crowds.map(({ cpuSecondsPerGB }) => cpuSecondsPerGB)).toEqual([9, 2, 3, 4]);
  expect(mounts.map(({ cpuPercent }) => cpuPercent)).toEqual([5, 7]);
  const none = { library: null, hls: null, history: null, handover: null, node: [] };
  expect(rest).toEqual({ idle, ...none });
  const later = { ...idle, residentMB: 90 };
  expect(merge([FIRST, { ...second, idle: later }]).idle).toBe(later);
});

test("of nothing there is nothing", () => {
  expect(merge([])).toEqual({
    idle: null,
    library: null,
    figures: [],
    mounts: [],
    hls: null,
    history: null,
    handover: null,
    node: [],
  });
});

test("a record is read as it was written, and what is none is refused", async () => {
  await using folder = await scratch();
  const file = join(folder.path, "figures.json");
  await writeRecord(file, FIRST);
  expect(await readRecord(file)).toEqual(FIRST);
  await Bun.write(file, "{}");
  await expect(readRecord(file)).rejects.toThrow("no record");
});
