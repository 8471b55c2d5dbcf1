// Who sits where: the core's handles name one listener each, also when a place is taken again.
import { expect, test } from "bun:test";
import { Seats } from "../../src/listener/seats.ts";

/** A handle is a place and, above its bits, how often that was taken before. */
const handle = (place: number, taken: number) => (taken << 20) | place;

const listener = (number: number, at: number) => {
  return { number, handle: at, visitor: { address: "10.0.0.1" }, joinedMs: 0 };
};

test("a listener is found by handle and by number until it leaves", () => {
  const seats = new Seats<ReturnType<typeof listener>>();
  const one = listener(7, handle(3, 1));
  seats.take(one);
  expect([seats.at(one.handle), seats.numbered(7), seats.has(one)]).toEqual([one, one, true]);
  seats.leave(one);
  expect([seats.at(one.handle), seats.numbered(7)]).toEqual([undefined, undefined]);
  expect([seats.has(one), seats.crowd.count]).toEqual([false, 0]);
});

test("the handle of one who left does not find who has the place after", () => {
  const seats = new Seats<ReturnType<typeof listener>>();
  const [gone, next] = [listener(1, handle(0, 1)), listener(2, handle(0, 2))];
  seats.take(gone);
  seats.leave(gone);
  seats.take(next);
  expect(seats.at(gone.handle)).toBeUndefined();
  expect(seats.has(gone)).toBe(false);
  expect(seats.at(next.handle)).toBe(next);
});

test("all may leave while they are looked at, and none is passed over", () => {
  const seats = new Seats<ReturnType<typeof listener>>();
  const all = [0, 1, 2, 3].map((place) => listener(place, handle(place, 1)));
  for (const one of all) seats.take(one);
  const seen: (typeof all)[number][] = [];
  for (const one of seats) {
    seen.push(one);
    seats.leave(one);
  }
  expect(seen).toEqual(all);
  expect([...seats]).toEqual([]);
});
