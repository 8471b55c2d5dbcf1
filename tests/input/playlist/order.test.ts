// The order of a playlist: by name, or shuffled so that each comes once before any comes again.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { compareNames, SequentialOrder } from "../../../src/library/order.ts";
import { ShuffledOrder } from "../../../src/library/shuffle.ts";
import { workedMs } from "../../support/station.ts";

const sorted = (files: readonly string[]) => [...new Set(files)].sort(compareNames);
const names = (length: number) => sorted(Array.from({ length }, (_, i) => `${i}.mp3`));

function take(order: { next(): string | null }, count: number): (string | null)[] {
  return Array.from({ length: count }, () => order.next());
}

describe("names are compared", () => {
  test("with numbers by value", () => {
    const files = ["10 b.mp3", "9 a.mp3", "1/2.mp3", "1/10.mp3"];
    expect(files.sort(compareNames)).toEqual(["1/2.mp3", "1/10.mp3", "9 a.mp3", "10 b.mp3"]);
  });

  test("so that only equal ones are equal, and in one order", () => {
    const name = fc.string({
      unit: fc.constantFrom("a", "A", "á", "1", "01", " ", "/", "é", "e\u0301"),
    });
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        expect(compareNames(a, b) === 0).toBe(a === b);
        expect(Math.sign(compareNames(a, b)) + Math.sign(compareNames(b, a))).toBe(0);
        if (compareNames(a, b) <= 0 && compareNames(b, c) <= 0) {
          expect(compareNames(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});

describe("a sequential order", () => {
  const order = (files: readonly string[]) => {
    const made = new SequentialOrder();
    made.update(files);
    return made;
  };

  test("begins with the first, goes by name, and begins again", () => {
    expect(take(order(["a", "b", "c"]), 5)).toEqual(["a", "b", "c", "a", "b"]);
  });

  test("of nothing gives nothing, and begins when there is something", () => {
    const empty = order([]);
    expect(empty.next()).toBeNull();
    empty.update(["x"]);
    expect(empty.next()).toBe("x");
  });

  test("goes on behind a file that vanished", () => {
    const made = order(["a", "b", "c"]);
    take(made, 2);
    made.update(["a", "c"]);
    expect(made.next()).toBe("c");
  });

  test("plays a new file in its place", () => {
    const made = order(["a", "d"]);
    take(made, 1);
    made.update(["a", "b", "d"]);
    expect(take(made, 2)).toEqual(["b", "d"]);
  });

  test("keeps what was put back until it is taken, has its turn again, or is gone", () => {
    const made = order(["a", "b", "c", "d"]);
    for (const file of take(made, 3)) made.putBack(file ?? "");
    expect(made.missed).toEqual(["a", "b", "c"]);
    expect(made.upcoming(1)).toEqual(["d"]);
    made.take("b");
    made.update(["a", "b", "d"]);
    expect(made.missed).toEqual(["a"]);
    expect(take(made, 2)).toEqual(["d", "a"]);
    expect(made.missed).toEqual([]);
    expect(made.place.last).toBe("a");
  });

  test("gives for any files the next by name, whatever changes in between", () => {
    const files = fc.uniqueArray(fc.constantFrom(...names(12)));
    fc.assert(
      fc.property(fc.array(files), (steps) => {
        const made = new SequentialOrder();
        let last: string | null = null;
        for (const step of steps.map(sorted)) {
          made.update(step);
          const before = last;
          const wanted = step.find((file) => before !== null && compareNames(file, before) > 0);
          last = made.next();
          expect(last).toBe(wanted ?? step[0] ?? null);
        }
      }),
    );
  });
});

describe("a shuffled order", () => {
  const random = fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }));

  const shuffled = (files: readonly string[], draws: Iterator<number>) => {
    const order = new ShuffledOrder(() => draws.next().value as number);
    order.update(files);
    return order;
  };

  test("goes through all before it repeats, round by round, and never repeats across the seam", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), random, (count, draws) => {
        const files = names(count);
        const played = take(shuffled(files, draws), 4 * count);
        for (let round = 0; round < 4; round++) {
          const part = played.slice(round * count, (round + 1) * count);
          expect(sorted(part as string[])).toEqual(files);
        }
        for (let i = 1; i < played.length; i++) expect(played[i]).not.toBe(played[i - 1]!);
      }),
    );
  });

  test("of two files never plays one twice in a row, however often it is shuffled", () => {
    const played = take(shuffled(["a", "b"], lottery(3)), 1000);
    for (let i = 1; i < played.length; i++) expect(played[i]).not.toBe(played[i - 1]!);
  });

  test("of one file repeats it, of none gives nothing", () => {
    expect(take(shuffled(["a"], [0.3][Symbol.iterator]()), 3)).toEqual(["a", "a", "a"]);
    expect(take(shuffled([], [0.3][Symbol.iterator]()), 2)).toEqual([null, null]);
  });

  test("takes each of its orders equally often", () => {
    const counts = new Map<string, number>();
    const draws = lottery(1);
    for (let i = 0; i < 6000; i++) {
      const key = take(shuffled(["a", "b", "c"], draws), 3).join("");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test("plays what appears within the round, what vanished not, and what came back not twice", () => {
    const files = fc.uniqueArray(fc.constantFrom(...names(8)));
    const steps = fc.array(files, { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(steps, random, (changes, draws) => {
        const order = shuffled([], draws);
        let played = new Set<string>();
        let last: string | null = null;
        for (const here of changes.map(sorted)) {
          order.update(here);
          const isOver = here.every((file) => played.has(file));
          const next = order.next();
          if (here.length === 0) {
            expect(next).toBeNull();
            last = null;
            played = new Set();
            continue;
          }
          expect(here).toContain(next!);
          if (isOver) {
            played = new Set();
            if (here.length > 1) expect(next).not.toBe(last);
          }
          expect(played.has(next!)).toBe(false);
          played.add(next!);
          last = next;
        }
      }),
    );
  });

  test("of a hundred thousand files costs next to nothing to go on with", () => {
    const order = shuffled(names(100_000), lottery(7));
    const started = workedMs();
    take(order, 10_000);
    expect(workedMs() - started).toBeLessThan(200);
  });
});

function* lottery(seed: number): Generator<number> {
  for (;;) yield (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
}
