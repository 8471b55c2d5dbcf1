// The history in its file: what was played outlasts a restart and a crash, and a damaged file or a full disk ends nothing.
import { describe, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { scratch } from "../support/station.ts";
import { joined, keep, left, MOUNT, TEN_MS, title } from "./days.ts";

function names(plays: readonly { readonly title: string }[] | null): string[] | undefined {
  return plays?.map((play) => play.title);
}

describe("what a mount played", () => {
  test("is told the newest first, before a time, and after a restart too", async () => {
    await using folder = await scratch();
    const first = keep(folder.path, TEN_MS);
    first.journal.add(title(0, TEN_MS));
    first.journal.add(title(60, TEN_MS + 60_000, { seconds: 200, album: "An Album" }));
    first.journal.add({ type: "end", mount: MOUNT, atMs: TEN_MS + 90_000, position: 90 });
    await first.store.close();

    const second = keep(folder.path, TEN_MS + 100_000);
    second.journal.add(title(0, TEN_MS + 100_000, { title: "Again" }));
    const plays = await second.store.played(MOUNT, Number.MAX_SAFE_INTEGER, 10);
    expect(names(plays)).toEqual(["Again", "Title 60", "Title 0"]);
    expect(plays?.map(({ playedSeconds }) => playedSeconds)).toEqual([null, 30, 60]);
    expect(plays?.[1]).toMatchObject({ seconds: 200, album: "An Album", beganMs: TEN_MS + 60_000 });
    expect(names(await second.store.played(MOUNT, TEN_MS + 60_000, 10))).toEqual(["Title 0"]);
    expect(names(await second.store.played(MOUNT, TEN_MS + 90_000, 1))).toEqual(["Title 60"]);
    await second.store.close();
  });

  test("has neither silence, nor what has no name, nor a title of which nothing was heard", async () => {
    await using folder = await scratch();
    const { journal, store } = keep(folder.path, TEN_MS);
    journal.add(title(0, TEN_MS, { kind: "silence", isFiller: true, artist: "", title: "" }));
    journal.add(title(5, TEN_MS + 5000, { artist: "", title: "" }));
    journal.add(title(9, TEN_MS + 9000, { title: "Replaced" }));
    journal.add(title(9, TEN_MS + 9000, { title: "Heard" }));
    expect(names(await store.played(MOUNT, Number.MAX_SAFE_INTEGER, 10))).toEqual(["Heard"]);
    await store.close();
  });

  test("ends with the last batch before a crash", async () => {
    await using folder = await scratch();
    const first = keep(folder.path, TEN_MS);
    first.journal.add(title(0, TEN_MS));
    first.nowMs = TEN_MS + 7000;
    first.journal.add(joined(1, 0, TEN_MS + 7000));
    await first.store.played(MOUNT, 0, 1);

    const second = keep(folder.path, TEN_MS + 60_000);
    second.journal.add(title(0, TEN_MS + 60_000));
    const plays = await second.store.played(MOUNT, TEN_MS + 1, 10);
    expect(plays?.map(({ playedSeconds }) => playedSeconds)).toEqual([7]);
    await second.store.close();
  });
});

describe("trouble with the file", () => {
  test("sets a damaged one aside and begins anew", async () => {
    await using folder = await scratch();
    await Bun.write(join(folder.path, "history.sqlite"), "no database".repeat(1000));
    const { journal, store, lines } = keep(folder.path, TEN_MS);
    journal.add(title(0, TEN_MS));
    expect(names(await store.played(MOUNT, Number.MAX_SAFE_INTEGER, 10))).toEqual(["Title 0"]);
    await store.close();
    expect(await readdir(folder.path)).toContain("history.sqlite.damaged");
    expect(lines.filter((line) => line.includes("was damaged"))).toHaveLength(1);
  });

  test("with a full disk loses nothing that comes before there is room again, and is logged once", async () => {
    await using folder = await scratch();
    let isFull = true;
    const { journal, store, lines } = keep(folder.path, TEN_MS, () => {
      if (isFull) throw Object.assign(new Error("full"), { code: "SQLITE_FULL" });
    });
    journal.add(title(0, TEN_MS));
    expect(await store.played(MOUNT, Number.MAX_SAFE_INTEGER, 10)).toBeNull();
    journal.add(title(60, TEN_MS + 60_000));
    expect(await store.played(MOUNT, Number.MAX_SAFE_INTEGER, 10)).toBeNull();
    isFull = false;
    const plays = await store.played(MOUNT, Number.MAX_SAFE_INTEGER, 10);
    expect(names(plays)).toEqual(["Title 60", "Title 0"]);
    expect(lines).toEqual([
      `warn the history cannot be kept in ${folder.path} (the disk is full)`,
      `info the history is kept in ${folder.path} again`,
    ]);
    await store.close();
  });

  test("keeps no address", async () => {
    await using folder = await scratch();
    const { journal, store } = keep(folder.path, TEN_MS);
    const address = "203.0.113.77";
    journal.add(joined(1, 0, TEN_MS, { address }));
    journal.add(left(1, 9, TEN_MS + 9000, { address }));
    const who = { address, userAgent: "butt 1.0", user: "anna" };
    journal.add({ type: "login", mount: MOUNT, atMs: TEN_MS, ...who });
    await store.close();
    const bytes = await Bun.file(join(folder.path, "history.sqlite")).bytes();
    expect(Buffer.from(bytes).includes("VLC/3.0")).toBe(true);
    expect(Buffer.from(bytes).includes(address)).toBe(false);
  });
});
