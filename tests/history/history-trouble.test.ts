// Trouble with the file of the history: a damaged one, a full disk, one that hangs.
import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { scratch } from "../support/station.ts";
import { DAY_MS, joined, keep, left, MOUNT, TEN_MS, title } from "./days.ts";

const HOUR_MS = 3_600_000;

function names(plays: readonly { readonly title: string }[] | null): string[] | undefined {
  return plays?.map((play) => play.title);
}

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

  test("with a disk that was full for long, writes the figures of the hour once, not once for each attempt", async () => {
    await using folder = await scratch();
    const kept = keep(folder.path, TEN_MS);
    kept.journal.add(joined(1, 0, TEN_MS));
    await kept.store.played(MOUNT, 0, 1);
    const path = join(folder.path, "history.sqlite");
    const change = (sql: string) => {
      using database = new Database(path);
      database.run(sql);
    };
    change("CREATE TRIGGER full BEFORE INSERT ON sum BEGIN SELECT RAISE(ABORT, 'full'); END");
    const range = { mount: "", fromMs: DAY_MS, toMs: TEN_MS + HOUR_MS } as const;
    const ask = () => kept.store.ask({ query: "series", ...range, step: "hour" });
    for (let attempt = 1; attempt <= 20; attempt++) {
      kept.nowMs = TEN_MS + attempt * 20_000;
      kept.journal.add(title(attempt * 20, kept.nowMs));
      expect(await ask()).toBeNull();
    }
    change("DROP TRIGGER full");
    change("CREATE TABLE written (name TEXT)");
    change(
      "CREATE TRIGGER seen AFTER INSERT ON sum BEGIN INSERT INTO written VALUES (NEW.name); END",
    );
    expect(await ask()).toMatchObject([{ sessions: 1, peak: 1 }]);
    await kept.store.close();
    using database = new Database(path);
    const all = database.query<{ count: number }, []>("SELECT count(*) AS count FROM written");
    // Three figures of the mount and of the station: what was refused, what is written next, the question, the end.
    expect(all.get()?.count).toBeLessThanOrEqual(4 * 6);
  });

  test("that hangs loses events beyond a bound, but no end of a session whose begin is kept", async () => {
    await using folder = await scratch();
    let isFull = true;
    const kept = keep(folder.path, TEN_MS, () => {
      if (isFull) throw Object.assign(new Error("full"), { code: "SQLITE_FULL" });
    });
    kept.journal.add(joined(1, 0, TEN_MS));
    const input = { type: "input", mount: MOUNT, atMs: TEN_MS, kind: "live", name: "" } as const;
    for (let at = 0; at < 50_000; at++) kept.journal.add(input);
    kept.journal.add(joined(2, 0, TEN_MS));
    kept.journal.add(left(2, 9, TEN_MS + 9000));
    kept.journal.add(left(1, 9, TEN_MS + 9000));
    expect(kept.store.lost).toBe(3);
    isFull = false;
    kept.nowMs = TEN_MS + 60_000;
    const range = { mount: MOUNT, fromMs: 0, toMs: kept.nowMs };
    const ask = { query: "sessions", ...range, search: "", offset: 0, limit: 10 } as const;
    const { rows } = (await kept.store.ask(ask)) ?? { rows: [] };
    expect(rows.map(({ seconds, endedMs }) => [seconds, endedMs])).toEqual([[9, TEN_MS + 9000]]);
    await kept.store.close();
  });

  test("keeps no address, and is not for everybody to read", async () => {
    await using folder = await scratch();
    const { journal, store } = keep(folder.path, TEN_MS);
    const address = "203.0.113.77";
    journal.add(joined(1, 0, TEN_MS, { address }));
    journal.add(left(1, 9, TEN_MS + 9000, { address }));
    const who = { address, userAgent: "butt 1.0", user: "anna" };
    journal.add({ type: "login", mount: MOUNT, atMs: TEN_MS, ...who });
    const name = `the live source ${address} (butt 1.0)`;
    journal.add({ type: "input", mount: MOUNT, atMs: TEN_MS, kind: "live", name });
    const trouble = { type: "trouble", atMs: TEN_MS, state: "firing", subject: MOUNT } as const;
    const message = `${name} was lost, and [2001:db8::77]:8000 too`;
    journal.add({ ...trouble, event: "source_lost", message });
    await store.close();
    const bytes = await Bun.file(join(folder.path, "history.sqlite")).bytes();
    expect((await stat(join(folder.path, "history.sqlite"))).mode & 0o007).toBe(0);
    expect(Buffer.from(bytes).includes("VLC/3.0")).toBe(true);
    expect(Buffer.from(bytes).includes("the live source … (butt 1.0) was lost")).toBe(true);
    for (const known of [address, "2001:db8::77"])
      expect(Buffer.from(bytes).includes(known)).toBe(false);
  });
});
