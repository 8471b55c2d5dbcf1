// A playlist whose disk does not respond holds up neither the next track nor the end of the station.
import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { PlaylistFeeder } from "../../../src/input/playlist/feeder.ts";
import type { Playlist } from "../../../src/input/playlist/playlist.ts";
import { TrackFinder } from "../../../src/input/playlist/track-finder.ts";
import { Stage } from "../stage.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const never = () => new Promise<never>(() => undefined);

function playlist(answers: Partial<Playlist>): Playlist {
  return { close: () => undefined, ...answers } as Playlist;
}

/** Whether the promise has settled once `ms` have passed. */
async function isSettledAfter(ms: number, promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  void promise.then(() => (isSettled = true));
  jest.advanceTimersByTime(ms);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  return isSettled;
}

test.each([
  ["in order after a second", { shuffle: false }, 1000],
  ["shuffled after 400 ms", { shuffle: true }, 400],
])("the next track is chosen %s from the files that are known", async (_, playing, waitMs) => {
  using stage = new Stage({ playlist: playing });
  const hung = playlist({ look: never, next: () => Promise.resolve(null) });
  const next = new TrackFinder(stage.mount, hung).next();
  expect(await isSettledAfter(waitMs - 1, next)).toBe(false);
  expect(await isSettledAfter(1, next)).toBe(true);
});

test("a feeder in the middle of a read is closed after a second", async () => {
  using stage = new Stage();
  const hung = playlist({ look: () => Promise.resolve(), next: never });
  const feeder = new PlaylistFeeder(stage.mount, () => hung);
  void feeder.fill();
  await isSettledAfter(0, never());
  const closed = feeder.close();
  expect(await isSettledAfter(999, closed)).toBe(false);
  expect(await isSettledAfter(1, closed)).toBe(true);
});
