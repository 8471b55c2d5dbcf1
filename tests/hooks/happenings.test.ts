// What is news: titles at a pace that receivers stand, and peaks of listeners.
import { afterEach, expect, jest, test } from "bun:test";
import type { HookEvent } from "../../src/hooks/event.ts";
import { Happenings } from "../../src/hooks/happenings.ts";
import { UNTITLED } from "../../src/mount/metadata.ts";
import { App, WALL_MS } from "../http/app.ts";
import { ManualClock } from "../input/stage.ts";
import { FakeSink } from "../output/fake-sink.ts";
import { CLIENT } from "../output/stage.ts";

afterEach(() => void jest.useRealTimers());

function watch(app: App) {
  const events: HookEvent[] = [];
  const clock = new ManualClock(0);
  const wall = new ManualClock(WALL_MS);
  const happenings = new Happenings(app.station.first, clock, wall, (one) => events.push(one));
  const named = (event: string) => events.filter((one) => one.event === event);
  return { events, clock, wall, happenings, named };
}

test("titles that follow each other at once are sent at a pace, and the last of them is not lost", async () => {
  await using app = await App.start();
  jest.useFakeTimers();
  const { clock, named, happenings } = watch(app);
  const input = app.play("/stream", "live", "0");
  for (let i = 1; i < 50; i++) {
    app.mount().retitle({ artist: "Artist", title: String(i) }, app.station.clock.nowMs());
    app.hear("/stream", input);
    clock.ms += 10;
  }
  expect(named("title").map(({ track }) => track?.title)).toEqual(["0"]);
  clock.ms += 5000;
  jest.advanceTimersByTime(5000);
  expect(named("title").map(({ track }) => track?.title)).toEqual(["0", "49"]);
  happenings[Symbol.dispose]();
});

test("a source that has sent no title, and has no name, is not announced as one", async () => {
  await using app = await App.start();
  const { named, happenings } = watch(app);
  const input = app.play("/stream", "live", UNTITLED);
  app.mount().retitle({ artist: "Artist", title: UNTITLED }, app.station.clock.nowMs());
  app.hear("/stream", input);
  expect(named("title").map(({ track }) => track?.artist)).toEqual(["Artist"]);
  happenings[Symbol.dispose]();
});

test("a title that is over says when it began, and silence is no title", async () => {
  await using app = await App.start();
  const { events, wall, happenings, named } = watch(app);
  const input = app.play("/stream", "live", "One");
  wall.ms += 90_000;
  app.mount().retitle({ artist: "", title: "" }, app.station.clock.nowMs());
  app.hear("/stream", input);
  const [played] = named("played");
  expect(played?.track?.startedMs).toBe(WALL_MS);
  expect(played?.atMs).toBe(WALL_MS + 90_000);
  expect(events.map(({ event }) => event)).toEqual(["live_begins", "title", "played"]);
  happenings[Symbol.dispose]();
});

test("a peak is told once it is over, of ten listeners at least, and not at every listener", async () => {
  await using app = await App.start();
  const { clock, happenings, named } = watch(app);
  const join = () => app.audience().join(CLIENT, new FakeSink());
  const leave = (listener: ReturnType<typeof join>) => {
    if (listener !== null) app.audience().leave(listener, "gone");
    happenings.look();
  };
  const nine = Array.from({ length: 9 }, join);
  leave(nine[0] ?? null);
  for (let i = 0; i < 4; i++) {
    join();
    happenings.look();
  }
  expect(named("listener_peak")).toEqual([]);
  leave(join());
  expect(named("listener_peak").map(({ listeners }) => listeners)).toEqual([13]);
  for (let i = 0; i < 3; i++) join();
  leave(join());
  expect(named("listener_peak")).toHaveLength(1);
  clock.ms += 600_000;
  happenings.look();
  expect(named("listener_peak").map(({ listeners }) => listeners)).toEqual([13, 16]);
  happenings[Symbol.dispose]();
});
