// Who sits where: the core's handles name one listener each, also when a place is taken again.
import { expect, test } from "bun:test";
import { ListenerTable } from "../../../src/output/audience/listener-table.ts";

/** A handle is a place and, above its bits, how often that was taken before. */
const handle = (place: number, taken: number) => (taken << 20) | place;

const listener = (number: number, at: number) => {
  return { number, handle: at, client: { address: "10.0.0.1" }, joinedMs: 0 };
};

test("a listener is found by handle and by number until it leaves", () => {
  const table = new ListenerTable<ReturnType<typeof listener>>();
  const one = listener(7, handle(3, 1));
  table.take(one, 0);
  expect([table.at(one.handle), table.numbered(7), table.has(one)]).toEqual([one, one, true]);
  table.leave(one, 0);
  expect([table.at(one.handle), table.numbered(7)]).toEqual([undefined, undefined]);
  expect([table.has(one), table.counts.count]).toEqual([false, 0]);
});

test("the handle of one who left does not find who has the place after", () => {
  const table = new ListenerTable<ReturnType<typeof listener>>();
  const [gone, next] = [listener(1, handle(0, 1)), listener(2, handle(0, 2))];
  table.take(gone, 0);
  table.leave(gone, 0);
  table.take(next, 0);
  expect(table.at(gone.handle)).toBeUndefined();
  expect(table.has(gone)).toBe(false);
  expect(table.at(next.handle)).toBe(next);
});

test("all may leave while they are looked at, and none is passed over", () => {
  const table = new ListenerTable<ReturnType<typeof listener>>();
  const all = [0, 1, 2, 3].map((place) => listener(place, handle(place, 1)));
  for (const one of all) table.take(one, 0);
  const seen: (typeof all)[number][] = [];
  for (const one of table) {
    seen.push(one);
    table.leave(one, 0);
  }
  expect(seen).toEqual(all);
  expect([...table]).toEqual([]);
});
