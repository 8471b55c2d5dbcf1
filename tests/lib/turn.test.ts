// The share of an event-loop turn that all live sources have together.
import { expect, test } from "bun:test";
import { Turn } from "../../src/lib/turn.ts";
import { concat } from "../format/mpeg-builder.ts";
import { trackFrames } from "../support/tracks.ts";
import { ManualClock } from "../input/stage.ts";
import { AUTHORIZED, Door, MPEG, put } from "../door/door.ts";

/** A turn on a clock of the test, and its next turns one by one. */
function turnOf() {
  const clock = new ManualClock();
  const laters: (() => void)[] = [];
  const turn = new Turn(clock, (next) => laters.push(next));
  return { clock, turn, laters, next: () => laters.splice(0).forEach((next) => next()) };
}

test("a turn is over after 5 ms of work by all sources, and the next one starts afresh", () => {
  const { clock, turn, next } = turnOf();
  turn.spend(() => (clock.ms += 3));
  clock.ms += 100;
  expect(turn.isOver).toBe(false);
  turn.spend(() => (clock.ms += 2));
  expect(turn.isOver).toBe(true);
  next();
  expect(turn.isOver).toBe(false);
});

test("those that wait take their turns one after the other", () => {
  const { clock, turn, laters, next } = turnOf();
  const went: string[] = [];
  const greedy = (name: string) => () => {
    turn.spend(() => (clock.ms += 5));
    went.push(name);
    if (went.length < 6) turn.wait(sources.get(name)!);
  };
  const sources = new Map(["a", "b", "c"].map((name) => [name, greedy(name)]));
  for (const goOn of sources.values()) turn.wait(goOn);
  for (let turns = 1; turns <= 6; turns++) {
    expect(laters).toHaveLength(1);
    next();
    expect(went).toHaveLength(turns);
  }
  expect(went.join("")).toBe("abcabc");
});

test("a source with too much for a turn is not read meanwhile, and heard whole in the end", () => {
  const { clock, turn, next, laters } = turnOf();
  using door = new Door();
  Object.assign(door.port, { turn });
  const { spend } = turn;
  // Each piece of work takes 2 ms.
  turn.spend = (work) =>
    spend.call(turn, () => ((clock.ms += 2), work())) as ReturnType<typeof work>;
  const audio = concat(...trackFrames(1, 120));
  const { connection, socket } = door.connect();
  connection.onData(Buffer.from(put(AUTHORIZED, MPEG)));
  connection.onData(audio);
  expect(socket.isPaused).toBe(true);
  expect(door.stage.audio.length).toBeLessThan(3 * 4096);
  let turns = 0;
  for (; laters.length > 0; turns++) next();
  expect(turns).toBeGreaterThan(2);
  expect(socket.isPaused).toBe(false);
  expect(door.stage.audio.equals(audio)).toBe(true);
});
