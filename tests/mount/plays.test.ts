// What a mount has played, and when.
import { expect, test } from "bun:test";
import { distinct } from "../../src/lib/clock.ts";
import { Emitter } from "../../src/lib/emitter.ts";
import type { MountEvents } from "../../src/mount/events.ts";
import { Plays } from "../../src/mount/plays.ts";
import type { InputKind } from "../../src/mount/roles.ts";
import type { Airing } from "../../src/mount/timeline.ts";
import { FakeInput } from "./fake-input.ts";
import { ManualClock } from "../input/stage.ts";

const START_MS = Date.UTC(2026, 7, 1, 10);

function airing(fromSeconds: number, title: string, kind: InputKind = "playlist"): Airing {
  const metadata = { artist: "A", title };
  return { fromSeconds, kind, showName: "", metadata, file: null, seconds: 60 };
}

function silence(fromSeconds: number): Airing {
  return { ...airing(fromSeconds, ""), kind: "silence", metadata: { artist: "", title: "" } };
}

function stage() {
  const wall = new ManualClock(START_MS);
  const plays = new Plays(distinct(wall));
  const play = (one: Airing, seconds: number) => {
    plays.add(one);
    wall.ms += seconds * 1000;
  };
  return { wall, plays, play };
}

test("titles are listed with the newest first, each with its beginning and its end", () => {
  const { plays, play } = stage();
  play(airing(0, "One"), 60);
  play(airing(60, "Two"), 30);
  const listed = plays.recent(10).map(({ airing: { metadata }, startedMs, endedMs }) => {
    const [from, to] = [startedMs - START_MS, endedMs && endedMs - START_MS];
    return [metadata.title, from, to];
  });
  expect(listed).toEqual([
    ["Two", 60_000, null],
    ["One", 0, 60_000],
  ]);
});

test("silence and audio without a title are no tracks, and end the one before them", () => {
  const { plays, play } = stage();
  play(airing(0, "One"), 60);
  play(silence(60), 10);
  play({ ...silence(70), kind: "live" }, 10);
  expect(plays.current?.airing.kind).toBe("live");
  expect(plays.recent(10).map(({ endedMs }) => endedMs)).toEqual([START_MS + 60_000]);
});

test("a title that another replaced before its audio was never played", () => {
  const { plays, play } = stage();
  play(airing(0, "Half typed"), 0);
  play(airing(0, "One"), 60);
  expect(plays.recent(10).map(({ airing: { metadata } }) => metadata.title)).toEqual(["One"]);
});

test("the oldest are forgotten, and pages of any size have each of the others once", () => {
  const { plays, play } = stage();
  for (let i = 0; i < 300; i++) play(airing(i, `${i}`), i % 3 === 0 ? 0 : 0.4);
  for (const size of [1, 7, 200]) {
    const seen: string[] = [];
    let beforeMs: number | undefined;
    for (let page = plays.recent(size); page.length > 0; page = plays.recent(size, beforeMs)) {
      seen.push(...page.map(({ airing: { metadata } }) => metadata.title));
      beforeMs = page.at(-1)?.startedMs;
    }
    expect(seen).toEqual(Array.from({ length: 200 }, (_, i) => `${299 - i}`));
  }
});

test("ids grow from play to play, also when the clock is set back and after a restart", () => {
  const { wall, plays, play } = stage();
  for (let i = 0; i < 5; i++) play(airing(i, `${i}`), 0.1);
  wall.ms -= 60_000;
  play(airing(9, "Later"), 1);
  const ids = plays.recent(10).map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted((a, b) => b - a));
  expect(new Set(ids).size).toBe(6);
  const restarted = new Plays(new ManualClock(START_MS + 3_600_000));
  restarted.add(airing(0, "Again"));
  expect(restarted.current?.id).toBeGreaterThan(ids[0] ?? 0);
});

test("a live show has a beginning until something else is on air", () => {
  const { wall, plays } = stage();
  const events = new Emitter<MountEvents>((error) => {
    throw error;
  });
  using _ = plays.follow(events);
  const [live, playlist] = [new FakeInput("live"), new FakeInput("playlist")];
  events.emit("onAir", { input: live, before: null, lateMs: 0 });
  wall.ms += 5000;
  expect(plays.liveSinceMs).toBe(START_MS);
  events.emit("onAir", { input: playlist, before: live, lateMs: 0 });
  expect(plays.liveSinceMs).toBeNull();
});
