// Sessions of other servers of the cluster in one history.
import { expect, test } from "bun:test";
import type { JournalEvent } from "../../src/journal/journal.ts";
import { scratch } from "../support/station.ts";
import { DAY_MS, joined, keep, left, MOUNT, TEN_MS, title } from "./days.ts";

function at(node: string, event: JournalEvent): JournalEvent {
  return { ...event, node };
}

const RANGE = { mount: "", fromMs: DAY_MS, toMs: TEN_MS + 3_600_000 };

test("sessions of several servers count as one audience, and each has its server", async () => {
  await using folder = await scratch();
  const kept = keep(folder.path, TEN_MS);
  const { journal, store } = kept;
  journal.add(title(0, TEN_MS));
  // Each server numbers its sessions and its seconds by itself.
  journal.add(joined(1, 0, TEN_MS));
  journal.add(at("edge1", joined(1, 5000, TEN_MS, { address: "192.0.2.2" })));
  journal.add(at("edge2", joined(1, 70, TEN_MS, { address: "192.0.2.3" })));
  await store.played(MOUNT, 0, 1);
  kept.nowMs = TEN_MS + 60_000;
  journal.add(at("edge1", left(1, 5030, TEN_MS + 30_000)));
  journal.add(left(1, 60, kept.nowMs));
  const page = { search: "", limit: 10, offset: 0 };
  const found = await store.ask({ query: "sessions", ...RANGE, ...page });
  expect(found?.rows.map(({ node, seconds, mount }) => [node, seconds, mount])).toEqual([
    ["edge2", 60, MOUNT],
    ["edge1", 30, MOUNT],
    ["", 60, MOUNT],
  ]);
  const [hour] = (await store.ask({ query: "series", ...RANGE, step: "hour" })) ?? [];
  expect(hour).toMatchObject({ seconds: 60 + 30 + 60, sessions: 3, peak: 3 });
  const one = await store.ask({ query: "sessions", ...RANGE, ...page, search: "edge2" });
  expect(one?.rows.map(({ node }) => node)).toEqual(["edge2"]);
  await store.close();
});

test("what plays is heard by the listeners of this server: the others' are not counted for titles", async () => {
  await using folder = await scratch();
  const kept = keep(folder.path, TEN_MS);
  const { journal, store } = kept;
  journal.add(title(0, TEN_MS));
  journal.add(joined(1, 0, TEN_MS));
  journal.add(at("edge1", joined(2, 0, TEN_MS, { address: "192.0.2.2" })));
  kept.nowMs = TEN_MS + 10_000;
  for (const node of ["", "edge1"])
    journal.add(at(node, { type: "end", mount: MOUNT, atMs: kept.nowMs, position: 10 }));
  const plays = await store.ask({ query: "plays", ...RANGE, search: "", limit: 10, offset: 0 });
  expect(plays?.map(({ sessions }) => sessions)).toEqual([1]);
  await store.close();
});
