// The configuration file beside what runs: read again only when one of them has changed.
import { expect, test } from "bun:test";
import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import { diffConfig } from "../../src/config/diff.ts";
import { ConfigError, fileProblem } from "../../src/config/problem.ts";
import { ConfigWatch } from "../../src/station/config-watch.ts";
import { testConfig } from "../support/config.ts";
import { scratch } from "../support/station.ts";

async function watched() {
  const home = await scratch();
  const file = join(home.path, "config.hcl");
  await Bun.write(file, "1");
  const config: Config = { ...testConfig(), file };
  const at = { running: config, written: config, reads: 0, mistake: "" };
  const pending = async () => {
    at.reads++;
    if (at.mistake !== "") throw new ConfigError([fileProblem(file, at.mistake, "a number")]);
    return diffConfig(at.running, at.written);
  };
  const watch = new ConfigWatch({ pending }, () => at.running);
  return { at, file, watch, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

function renamed(config: Config, stationName: string): Config {
  const [first] = config.mounts;
  return { ...config, mounts: [{ ...first, metadata: { ...first.metadata, stationName } }] };
}

test("an unchanged file is read once, however often it is looked at", async () => {
  await using watching = await watched();
  const { at, watch } = watching;
  expect(watch.found).toBeNull();
  for (let i = 0; i < 5; i++) await watch.look();
  expect(at.reads).toBe(1);
  expect(watch.found).toEqual({ applied: [], atRestart: [], error: null, problems: [] });
});

test("a changed file and a reload are seen", async () => {
  await using watching = await watched();
  const { at, file, watch } = watching;
  await watch.look();
  at.written = renamed(at.running, "Another");
  await Bun.write(file, "22");
  await watch.look();
  expect(watch.found?.applied).toEqual(["mount /stream: metadata.station_name"]);
  at.running = at.written;
  expect(watch.isStale).toBe(true);
  await watch.look();
  expect([watch.isStale, watch.found?.applied, at.reads]).toEqual([false, [], 3]);
});

test("a file with a mistake says which, one that is gone is missed once", async () => {
  await using watching = await watched();
  const { at, file, watch } = watching;
  at.mistake = "no number";
  await watch.look();
  expect(watch.found?.error).toContain("no number");
  expect(watch.found?.problems).toMatchObject([{ file, message: "no number" }]);
  await Bun.file(file).delete();
  for (let i = 0; i < 3; i++) await watch.look();
  expect(at.reads).toBe(2);
});
