// Ids of HLS sessions: ours alone are valid, also after a restart, and nothing is kept for one that never comes back.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Disks } from "../../../src/disk/disks.ts";
import { startDiskThread } from "../../../src/library/start-thread.ts";
import { SessionIds } from "../../../src/output/sessions/session-ids.ts";
import { restoreKey } from "../../../src/output/sessions/session-key.ts";
import { keptLog } from "../../mount/fake-input.ts";
import { scratch } from "../../support/station.ts";

test("an id of 128 bits and its signature are new each time, and go into an address as they are", () => {
  const ids = new SessionIds();
  const all = new Set(Array.from({ length: 1000 }, () => ids.mint()));
  expect(all.size).toBe(1000);
  for (const id of all) expect(id).toMatch(/^[\w-]{44}$/);
  for (const id of all) expect(ids.isOurs(id)).toBe(true);
});

test("no changed character and no text of a stranger is valid", () => {
  const ids = new SessionIds();
  const id = ids.mint();
  for (let at = 0; at < id.length; at++) {
    const other = id[at] === "A" ? "B" : "A";
    expect(ids.isOurs(id.slice(0, at) + other + id.slice(at + 1))).toBe(false);
  }
  expect(ids.isOurs(new SessionIds().mint())).toBe(false);
  fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => !ids.isOurs(text)));
});

test("one that is derived is the same for the same client, and valid", () => {
  const ids = new SessionIds();
  expect(ids.derived("a")).toBe(ids.derived("a"));
  expect(ids.derived("a")).not.toBe(ids.derived("b"));
  expect(ids.isOurs(ids.derived("a"))).toBe(true);
});

test("the key outlasts a restart, and a damaged one is replaced", async () => {
  await using folder = await scratch();
  const { log } = keptLog();
  const disks = new Disks(startDiskThread);
  const disk = disks.at(folder.path, "the state directory", log);
  const path = join(folder.path, "hls-sessions.json");
  const [first, second, third, fourth] = Array.from({ length: 4 }, () => new SessionIds());
  const restored = async (ids: SessionIds | undefined) => {
    if (ids !== undefined) await restoreKey(ids, folder.path, disk, log);
    return ids?.mint() ?? "";
  };
  const id = await restored(first);
  await restored(second);
  expect([second?.isOurs(id), (await stat(path)).mode & 0o777]).toEqual([true, 0o640]);
  await writeFile(path, '{"key": "short"}');
  const later = await restored(third);
  await restored(fourth);
  expect([third?.isOurs(id), fourth?.isOurs(later)]).toEqual([false, true]);
  disks.close();
});
