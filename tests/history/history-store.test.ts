// The history in its file: what was played outlasts a restart and a crash, and a damaged file or a full disk ends nothing.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { scratch } from "../support/station.ts";
import { DAY_MS, joined, keep, left, MOUNT, TEN_MS, title } from "./days.ts";
import { mmdbOf } from "./mmdb-builder.ts";

const HOUR_MS = 3_600_000;

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

  test("is one title a second at most, the last, from where the first of them began", async () => {
    await using folder = await scratch();
    const { journal, store } = keep(folder.path, TEN_MS);
    for (let at = 0; at < 300; at++) journal.add(title(at / 100, TEN_MS + at * 10));
    const plays = await store.played(MOUNT, Number.MAX_SAFE_INTEGER, 10);
    expect(names(plays)).toEqual(["Title 2.99", "Title 1.99", "Title 0.99"]);
    expect(plays?.map(({ beganMs }) => beganMs - TEN_MS)).toEqual([2000, 1000, 0]);
    expect(plays?.map(({ playedSeconds }) => playedSeconds)).toEqual([null, 1, 1]);
    await store.close();
  });

  test("ends with the last batch before a crash", async () => {
    await using folder = await scratch();
    const first = keep(folder.path, TEN_MS);
    first.journal.add(title(0, TEN_MS));
    first.nowMs = TEN_MS + 7000;
    first.journal.add(joined(1, 0, TEN_MS + 7000));
    await first.store.played(MOUNT, 0, 1);
    first.crash();

    const second = keep(folder.path, TEN_MS + 60_000);
    second.journal.add(title(0, TEN_MS + 60_000));
    const plays = await second.store.played(MOUNT, TEN_MS + 1, 10);
    expect(plays?.map(({ playedSeconds }) => playedSeconds)).toEqual([7]);
    await second.store.close();
  });
});

describe("the hours of the week", () => {
  test("are those that have passed: neither the current one nor those to come", async () => {
    await using folder = await scratch();
    const kept = keep(folder.path, TEN_MS);
    kept.journal.add(joined(1, 0, TEN_MS));
    await kept.store.played(MOUNT, 0, 1);
    kept.nowMs = TEN_MS + 1.5 * HOUR_MS;
    kept.journal.add(left(1, 5400, kept.nowMs));
    const range = { mount: "", fromMs: TEN_MS - HOUR_MS, toMs: TEN_MS + 6 * 24 * HOUR_MS };
    const week = (await kept.store.ask({ query: "week", ...range })) ?? [];
    const saturday = week[5] ?? [];
    expect(saturday.slice(9, 14)).toEqual([null, 1, null, null, null]);
    await kept.store.close();
  });
});

describe("a crash", () => {
  test("costs the figures nothing but what came after the last batch", async () => {
    await using folder = await scratch();
    const first = keep(folder.path, TEN_MS);
    first.journal.add(title(0, TEN_MS));
    first.journal.add(joined(1, 0, TEN_MS));
    first.nowMs = TEN_MS + 40_000;
    first.journal.add(joined(2, 35, TEN_MS + 40_000, { address: "192.0.2.2" }));
    first.nowMs = TEN_MS + 60_000;
    first.journal.add(title(50, TEN_MS + 60_000));
    await first.store.played(MOUNT, 0, 1);
    first.crash();

    const second = keep(folder.path, TEN_MS + 90_000);
    second.journal.add(title(0, TEN_MS + 90_000));
    const range = { mount: "", fromMs: DAY_MS, toMs: TEN_MS + 3_600_000 };
    const [hour] = (await second.store.ask({ query: "series", ...range, step: "hour" })) ?? [];
    expect(hour).toMatchObject({ seconds: 60 + 20, sessions: 2, peak: 2 });
    const [day] = (await second.store.ask({ query: "series", ...range, step: "day" })) ?? [];
    expect(day).toMatchObject({ unique: 2 });
    const plays = await second.store.ask({
      query: "plays",
      ...range,
      search: "",
      limit: 10,
      offset: 0,
    });
    const [, later, earlier] = plays ?? [];
    expect(earlier).toMatchObject({ listenedSeconds: 50 + 15, sessions: 2, atEnd: 2, joined: 2 });
    expect(later).toMatchObject({ listenedSeconds: 10 + 5, left: 2, listeners: 2 });
    await second.store.close();
  });
});

describe("a restart", () => {
  test("goes on with the hour, the day's listeners, peaks and counters of before", async () => {
    await using folder = await scratch();
    const first = keep(folder.path, TEN_MS);
    first.journal.add(joined(1, 0, TEN_MS));
    first.journal.add(joined(2, 0, TEN_MS, { address: "192.0.2.2" }));
    first.nowMs = TEN_MS + 100_000;
    for (const session of [1, 2]) first.journal.add(left(session, 100, first.nowMs));
    await first.store.close();

    const second = keep(folder.path, TEN_MS + 200_000);
    second.journal.add(joined(1, 0, TEN_MS + 200_000));
    second.nowMs = TEN_MS + 230_000;
    second.journal.add(left(1, 30, second.nowMs));
    const range = { mount: MOUNT, fromMs: DAY_MS, toMs: TEN_MS + 3_600_000 };
    const [hour] = (await second.store.ask({ query: "series", ...range, step: "hour" })) ?? [];
    expect(hour).toMatchObject({ seconds: 230, sessions: 3, peak: 2 });
    const [day] = (await second.store.ask({ query: "series", ...range, step: "day" })) ?? [];
    expect(day).toMatchObject({ unique: 2 });
    const memory = await second.store.ask({ query: "memory", sinceMs: 0 });
    expect(memory?.counters).toEqual([{ mount: MOUNT, peak: 2, joined: 3 }]);
    expect(memory?.minutes[0]).toMatchObject({ atMs: TEN_MS, listeners: 2 });
    await second.store.close();
  });

  test("of a later day makes days of the hours of players, and keeps those of all listeners", async () => {
    await using folder = await scratch();
    const first = keep(folder.path, TEN_MS);
    for (const [at, session] of [1, 2].entries()) {
      first.nowMs = TEN_MS + at * 3_600_000;
      first.journal.add(joined(session, 0, first.nowMs));
      first.nowMs += 60_000;
      first.journal.add(left(session, 60, first.nowMs));
      await first.store.played(MOUNT, 0, 1);
    }
    await first.store.close();
    const second = keep(folder.path, TEN_MS + 20 * 24 * 3_600_000);
    second.journal.add(title(0, second.nowMs));
    const range = { mount: MOUNT, fromMs: DAY_MS, toMs: TEN_MS };
    const top = await second.store.ask({ query: "top", ...range, dimension: "player", limit: 5 });
    expect(top?.[0]).toMatchObject({ name: "VLC", seconds: 120, sessions: 2, peak: 1 });
    const hours = { ...range, toMs: TEN_MS + 7_200_000 };
    expect(await second.store.ask({ query: "series", ...hours, step: "hour" })).toHaveLength(2);
    await second.store.close();
  });

  test("of a later day deletes the sessions that are too old, and no title", async () => {
    await using folder = await scratch();
    const first = keep(folder.path, TEN_MS);
    first.journal.add(title(0, TEN_MS));
    first.journal.add(joined(1, 0, TEN_MS));
    first.journal.add(left(1, 10, TEN_MS + 10_000));
    await first.store.close();

    const later = TEN_MS + 100 * 24 * 3_600_000;
    const second = keep(folder.path, later);
    second.journal.add(joined(2, 0, later));
    const range = { mount: MOUNT, fromMs: 0, toMs: later + 1 };
    const ask = { query: "sessions", ...range, search: "", offset: 0, limit: 10 } as const;
    expect((await second.store.ask(ask))?.rows.map(({ beganMs }) => beganMs)).toEqual([later]);
    expect(names(await second.store.played(MOUNT, later, 10))).toEqual(["Title 0"]);
    await second.store.close();
  });
});

describe("countries", () => {
  test("are those of the file, and unknown while it cannot be read, which is logged once", async () => {
    await using folder = await scratch();
    const file = join(folder.path, "countries.mmdb");
    const { journal, store, lines } = keep(folder.path, TEN_MS, undefined, file);
    journal.add(joined(1, 0, TEN_MS, { address: "192.0.2.7" }));
    await store.played(MOUNT, 0, 1);
    await store.played(MOUNT, 0, 1);
    expect(lines.filter((line) => line.includes("countries are unknown"))).toHaveLength(1);
    await store.close();

    await Bun.write(file, mmdbOf("192.0.2.0", 24, "DE"));
    const second = keep(folder.path, TEN_MS + 1000, undefined, file);
    second.journal.add(joined(2, 0, TEN_MS + 1000, { address: "192.0.2.8" }));
    second.journal.add(joined(3, 0, TEN_MS + 1000, { address: "198.51.100.1" }));
    const range = { mount: "", fromMs: TEN_MS + 500, toMs: TEN_MS + 2000 };
    const ask = { query: "sessions", ...range, search: "", offset: 0, limit: 10 } as const;
    const countries = (await second.store.ask(ask))?.rows.map(({ country }) => country);
    expect(countries).toEqual(["", "DE"]);
    const top = { query: "top", ...range, fromMs: DAY_MS, dimension: "country", limit: 5 } as const;
    expect((await second.store.ask(top))?.map(({ name }) => name)).toEqual(["DE"]);
    await second.store.close();
  });
});
