// A day whose audience is known second by second: every figure of the history is exact, to the second and to the listener.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { JournalEvent } from "../../src/journal/journal.ts";
import { scratch } from "../support/station.ts";
import { DAY_MS, joined, keep, type Kept, left, MOUNT, title } from "./days.ts";

const SESSIONS = 10_000;
const DAY_SECONDS = 20 * 3600;
const BURSTS = [0, 2, 5, 11, 30];
/** The burst of the mount: a title is announced when it is this far behind the head. */
const BURST = 5;
const AGENTS = ["VLC/3.0", "mpv 0.40", "Mozilla/5.0 Firefox/140.0", "curl/8.0", "Icecast 2.4.4"];
const PLAYERS = ["VLC", "mpv", "Firefox"];

/** A small generator, so that a failure can be repeated. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Listening {
  readonly number: number;
  /** Seconds of the day. */
  readonly joinedAt: number;
  readonly leftAt: number;
  /** Positions on the timeline; the head is at as many seconds as the day. */
  readonly from: number;
  readonly to: number;
  readonly address: string;
  readonly userAgent: string;
}

interface Track {
  readonly from: number;
  readonly to: number;
}

const random = chance(7);

function makeSession(number: number): Listening {
  const joinedAt = 1 + random(DAY_SECONDS - 2);
  const stays = random(3) === 0 ? 1 + random(40) : 1 + random(4 * 3600);
  const leftAt = Math.min(DAY_SECONDS, joinedAt + stays);
  const from = Math.max(0, joinedAt - (BURSTS[random(BURSTS.length)] ?? 0));
  // One in twenty does not read to the end.
  const unheard = random(20) === 0 ? random(10) : 0;
  const to = Math.max(from, from + (leftAt - joinedAt) - unheard);
  const address = `192.0.${random(8)}.${random(250)}`;
  return { number, joinedAt, leftAt, from, to, address, userAgent: AGENTS[random(5)] ?? "" };
}

function makeTracks(): Track[] {
  const begins = [0];
  for (let at = 0; at < DAY_SECONDS - 400;) begins.push((at += 20 + random(380)));
  return begins.map((from, i) => ({ from, to: begins[i + 1] ?? DAY_SECONDS }));
}

const sessions = Array.from({ length: SESSIONS }, (_, i) => makeSession(i + 1));
const listeners = sessions.filter(({ userAgent }) => AGENTS.indexOf(userAgent) < 3);
const tracks = makeTracks();

function eventsOfTheDay(): JournalEvent[] {
  const at = (second: number) => DAY_MS + second * 1000;
  const events = sessions.flatMap((one): JournalEvent[] => [
    joined(one.number, one.from, at(one.joinedAt), one),
    left(one.number, one.to, at(one.leftAt), one),
  ]);
  const titles = tracks.map(({ from }) => title(from, at(Math.min(DAY_SECONDS, from + BURST))));
  const order = (event: JournalEvent) => event.atMs * 2 + (event.type === "left" ? 0 : 1);
  const end: JournalEvent = {
    type: "end",
    mount: MOUNT,
    atMs: at(DAY_SECONDS),
    position: DAY_SECONDS,
  };
  return [...[...events, ...titles].sort((a, b) => order(a) - order(b)), end];
}

/** How many of some intervals hold each second. */
function presence(intervals: readonly { readonly from: number; readonly to: number }[]): number[] {
  const changes = Array<number>(DAY_SECONDS + 1).fill(0);
  for (const { from, to } of intervals) {
    changes[from] = (changes[from] ?? 0) + 1;
    changes[to] = (changes[to] ?? 0) - 1;
  }
  let count = 0;
  return changes.map((change) => (count += change));
}

const heardAt = presence(listeners);

function personOf({ address, userAgent }: Listening): string {
  return `${address} ${userAgent}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

/** Counted by hand. */
function truthOf({ from, to }: Track) {
  const counts = heardAt.slice(from, to);
  const heard = listeners.filter((one) => one.from < one.to && one.from < to && one.to > from);
  const stayed = heard.filter((one) => one.from < from);
  return {
    sessions: heard.length,
    listeners: new Set(heard.map(personOf)).size,
    listenedSeconds: sum(counts),
    atStart: stayed.length,
    atEnd: heard.filter((one) => one.to > to).length,
    joined: heard.filter((one) => one.from >= from).length,
    left: heard.filter((one) => one.to <= to).length,
    tunedOut: stayed.filter((one) => one.to <= to && one.to <= from + 30).length,
    peak: Math.max(...counts),
  };
}

const WHOLE = { mount: MOUNT, fromMs: DAY_MS, toMs: DAY_MS + 24 * 3_600_000 };
const HOUR = 3600;

describe("the audience of a day with 10,000 sessions", () => {
  let folder: Awaited<ReturnType<typeof scratch>>;
  let kept: Kept;

  beforeAll(async () => {
    folder = await scratch();
    kept = keep(folder.path, DAY_MS);
    const events = eventsOfTheDay();
    for (const [at, event] of events.entries()) {
      kept.nowMs = Math.max(kept.nowMs, event.atMs);
      kept.journal.add(event);
      if (at % 500 === 0)
        await kept.store.ask({ query: "played", mount: MOUNT, beforeMs: 0, limit: 1 });
    }
  }, 60_000);

  afterAll(async () => {
    await kept.store.close();
    await folder[Symbol.asyncDispose]();
  });

  test("is exact for each title: seconds, listeners, joined, left, tuned out, peak", async () => {
    const plays = await kept.store.ask({
      query: "plays",
      ...WHOLE,
      search: "",
      limit: 1000,
      offset: 0,
    });
    expect(plays?.length).toBe(tracks.length);
    for (const [at, track] of tracks.toReversed().entries())
      expect(plays?.[at]).toMatchObject({ title: `Title ${track.from}`, ...truthOf(track) });
  });

  test("is exact for each hour, by the clock", async () => {
    const present = presence(
      listeners.map(({ joinedAt, leftAt }) => ({ from: joinedAt, to: leftAt })),
    );
    const points = await kept.store.ask({ query: "series", ...WHOLE, step: "hour" });
    expect(points?.length).toBe(DAY_SECONDS / HOUR);
    for (const [hour, point] of (points ?? []).entries()) {
      const [from, to] = [hour * HOUR, (hour + 1) * HOUR];
      const isIn = (second: number) => second >= from && second < to;
      const ended = listeners.filter(
        ({ leftAt }) => isIn(leftAt) || (leftAt === DAY_SECONDS && to === DAY_SECONDS),
      );
      const unheard = sum(ended.map((one) => one.leftAt - one.joinedAt - (one.to - one.from)));
      expect(point).toEqual({
        atMs: DAY_MS + from * 1000,
        sinceMs: DAY_MS + from * 1000,
        seconds: sum(present.slice(from, to)) - unheard,
        sessions: listeners.filter(({ joinedAt }) => isIn(joinedAt)).length,
        peak: Math.max(...present.slice(from, to), present[from - 1] ?? 0),
        unique: null,
      });
    }
  });

  test("is exact for the day, and the sum of its titles is what its sessions heard", async () => {
    const [day, ...more] = (await kept.store.ask({ query: "series", ...WHOLE, step: "day" })) ?? [];
    const heard = sum(listeners.map(({ from, to }) => to - from));
    expect(more).toEqual([]);
    expect(day).toMatchObject({
      seconds: heard,
      sessions: listeners.length,
      unique: new Set(listeners.map(personOf)).size,
    });
    const plays = await kept.store.ask({
      query: "plays",
      ...WHOLE,
      search: "",
      limit: 1000,
      offset: 0,
    });
    expect(sum((plays ?? []).map(({ listenedSeconds }) => listenedSeconds))).toBe(heard);
  });

  test("is exact by player; bots and relays are counted apart", async () => {
    const players = await kept.store.ask({
      query: "top",
      ...WHOLE,
      dimension: "player",
      limit: 10,
    });
    expect(players?.map(({ name }) => name).sort()).toEqual(PLAYERS.toSorted());
    for (const { name, ...row } of players ?? []) {
      const own = listeners.filter(
        ({ userAgent }) => AGENTS.indexOf(userAgent) === PLAYERS.indexOf(name),
      );
      expect(row).toMatchObject({
        seconds: sum(own.map(({ from, to }) => to - from)),
        sessions: own.length,
        unique: new Set(own.map(personOf)).size,
      });
    }
    for (const [dimension, agent] of [
      ["bot", "curl/8.0"],
      ["relay", "Icecast 2.4.4"],
    ] as const) {
      const [row] = (await kept.store.ask({ query: "top", ...WHOLE, dimension, limit: 10 })) ?? [];
      expect(row?.sessions).toBe(sessions.filter(({ userAgent }) => userAgent === agent).length);
    }
  });

  test("is exact for an artist, whose listeners count once", async () => {
    const [artist] =
      (await kept.store.ask({ query: "top", ...WHOLE, dimension: "artist", limit: 2 })) ?? [];
    expect(artist).toMatchObject({
      name: "An Artist",
      plays: tracks.length,
      seconds: sum(listeners.map(({ from, to }) => to - from)),
      unique: new Set(listeners.filter(({ from, to }) => from < to).map(personOf)).size,
    });
  });

  test("has every session, with what it heard", async () => {
    const page = await kept.store.ask({
      query: "sessions",
      ...WHOLE,
      search: "",
      offset: 0,
      limit: SESSIONS,
    });
    expect(page?.total).toBe(SESSIONS);
    expect(sum(page?.rows.map(({ seconds }) => seconds) ?? [])).toBe(
      sum(sessions.map(({ from, to }) => to - from)),
    );
    const found = await kept.store.ask({
      query: "sessions",
      ...WHOLE,
      search: "vlc",
      offset: 0,
      limit: 1,
    });
    expect(found?.total).toBe(sessions.filter(({ userAgent }) => userAgent === "VLC/3.0").length);
  });

  test("draws how fast listeners leave a title", async () => {
    const curve = await kept.store.ask({ query: "curve", ...WHOLE, artist: "", title: "" });
    const truths = tracks.map(truthOf);
    expect(curve?.atStart).toBe(sum(truths.map(({ atStart }) => atStart)));
    expect(sum(curve?.leaving.slice(0, 3) ?? [])).toBe(sum(truths.map(({ tunedOut }) => tunedOut)));
  });
});
