// Places of an origin's ring in the ring of a server that plays its stream.
import fc from "fast-check";
import { expect, test } from "bun:test";
import { Positions } from "../../src/mount/positions.ts";

const RUN = "0123456789abcdef";

test("a place is the same byte on all servers, whatever else they played between", () => {
  const step = fc.record({
    bytes: fc.integer({ min: 1, max: 12 }),
    kind: fc.constantFrom("goes on", "lost", "other"),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const positions = new Positions();
      /** The origin's byte that each local one is. */
      const truth = new Map<number, number>();
      let [head, origin] = [0, 7_000];
      for (const { bytes, kind } of steps) {
        if (kind === "other") head += bytes;
        if (kind === "lost") origin += bytes;
        for (let at = 0; at < bytes; at++) truth.set(head + at, origin + at);
        positions.follow(head, head + bytes, { run: RUN, position: origin + bytes }, bytes);
        head += bytes;
        origin += bytes;
      }
      for (const [local, position] of truth) {
        expect(positions.shared(local)).toEqual({ run: RUN, position });
        expect(positions.local({ run: RUN, position })).toBe(local);
      }
      expect(positions.endAt(head)).toEqual({ run: RUN, position: origin });
      expect(positions.endAt(head + 1)).toBeNull();
    }),
  );
});

test("frames that were changed on the way are known by their end only", () => {
  const positions = new Positions();
  positions.follow(0, 700, { run: RUN, position: 5_500 }, 500);
  expect(positions.local({ run: RUN, position: 5_499 })).toBeNull();
  expect(positions.local({ run: RUN, position: 5_500 })).toBe(700);
  positions.follow(700, 800, { run: RUN, position: 5_600 }, 100);
  expect(positions.shared(750)).toEqual({ run: RUN, position: 5_550 });
});

test("an origin's places are its own", () => {
  const positions = new Positions();
  expect(positions.shared(123)).toEqual({ run: positions.run, position: 123 });
  expect(positions.local({ run: positions.run, position: 123 })).toBe(123);
  expect(positions.local({ run: RUN, position: 123 })).toBeNull();
  expect(positions.held(100, 300)).toEqual([
    { local: 100, run: positions.run, from: 100, length: 200, aheadSeconds: 0 },
  ]);
});

test("what is missing until a place is written is known while the stream goes on", () => {
  const positions = new Positions();
  positions.follow(0, 100, { run: RUN, position: 1_100 }, 100);
  expect(positions.missing({ run: RUN, position: 1_150 })).toBe(50);
  expect(positions.missing({ run: RUN, position: 1_100 })).toBeNull();
  expect(positions.missing({ run: "ffffffffffffffff", position: 1_150 })).toBeNull();
});

test("audio is whole from the last place on where the two timelines moved apart, or the tail", () => {
  const positions = new Positions();
  expect(positions.wholeFrom(40)).toBe(40);
  positions.follow(0, 100, { run: RUN, position: 100 }, 100, 7);
  // Changed on the way: nothing is missing.
  positions.follow(100, 190, { run: RUN, position: 200 }, 100, 7.001);
  expect(positions.wholeFrom(20)).toBe(20);
  positions.follow(190, 290, { run: RUN, position: 900 }, 100, 9);
  positions.follow(300, 400, { run: RUN, position: 1100 }, 100, 9);
  expect(positions.wholeFrom(20)).toBe(190);
  expect(positions.wholeFrom(250)).toBe(250);
  positions.follow(400, 500, { run: "of another ring", position: 100 }, 100, 9);
  expect(positions.wholeFrom(20)).toBe(400);
});
