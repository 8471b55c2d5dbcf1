// A title that does not end, as a show without titles has: what is known of its audience is the same, and what is kept of those who
// left does not grow with their number.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Audited, Life, SETTLED_MS, type Session } from "../../src/history/life.ts";
import { PastAudience } from "../../src/history/past-audience.ts";
import { audienceOf, type Heard, uniquesOf } from "../../src/history/play-audience.ts";

const BEGAN_MS = Date.UTC(2026, 7, 1);

const heard: fc.Arbitrary<Heard> = fc
  .record({
    from: fc.integer({ min: 0, max: 99 }),
    seconds: fc.integer({ min: 1, max: 60 }),
    isMoved: fc.boolean(),
    uniqueId: fc.integer({ min: 1, max: 8 }),
    country: fc.constantFrom("", "DE", "FR"),
  })
  .map(({ seconds, ...rest }) => ({ ...rest, to: rest.from + seconds, isOver: true }));

const cuts = fc
  .tuple(fc.integer({ min: 20, max: 60 }), fc.integer({ min: 61, max: 100 }))
  .map((all) => [...all]);

test("added up in any number of steps it is what it is counted at once", () => {
  const beginAt = 20;
  fc.assert(
    fc.property(fc.array(heard, { maxLength: 30 }), cuts, (all, untils) => {
      const past = new PastAudience();
      let rest: readonly Heard[] = all;
      for (const until of untils) {
        const known = rest.filter(({ from }) => from <= until);
        const over = known.filter(({ to }) => to <= until);
        past.add(
          beginAt,
          until,
          over,
          known.filter(({ to }) => to > until),
        );
        rest = rest.filter(({ to }) => to > until);
      }
      const play = { from: beginAt, to: 200 };
      const { uniques, ...audience } = past.with(play, rest);
      expect(audience).toEqual(audienceOf(play, all));
      expect(uniques).toEqual(uniquesOf(play, all));
    }),
  );
});

test("listeners beyond those that are distinguished are not counted again", () => {
  const past = new PastAudience(2);
  const one = { from: 1, to: 2, isOver: true, isMoved: false, country: "" };
  past.add(
    0,
    2,
    [1, 2, 3, 4].map((uniqueId) => ({ ...one, uniqueId })),
    [],
  );
  expect(past.with({ from: 0, to: 5 }, [])).toMatchObject({ sessions: 4, listeners: 2 });
});

function session(number: number, seconds: number): Session {
  const about = { kind: "listener", family: "VLC", country: "DE", door: "http" } as const;
  const beganMs = BEGAN_MS + seconds * 1000;
  return { ...about, number, beganMs, from: seconds, isContinued: false, uniqueId: number % 50 };
}

/** A month of sessions of ten minutes, one each minute; what is known at its end. */
function month(settles: boolean): { readonly open: Audited[]; readonly kept: number } {
  const life = new Life(1, 1);
  const about = { kind: "live", show: "", artist: "", title: "" };
  life.title({ id: 1, position: 0, beganMs: BEGAN_MS, ...about });
  let [seconds, kept] = [0, 0];
  for (let number = 1; number <= 30 * 1440; number++) {
    seconds = number * 60;
    life.begin(session(number, seconds - 600));
    life.end(number, { atMs: BEGAN_MS + seconds * 1000, position: seconds, isMoved: false });
    if (settles && number % 10 === 0) expect(life.settle(BEGAN_MS + seconds * 1000)).toEqual([]);
    kept = Math.max(kept, life.keptCount);
  }
  return { open: life.open(BEGAN_MS + seconds * 1000 + SETTLED_MS), kept };
}

test("a month of one title is kept in little memory, and says what all of its sessions would", () => {
  const added = month(true);
  expect(added.open).toEqual(month(false).open);
  expect(added.kept).toBeLessThan(1200);
});

test("without any title a mount keeps the latest sessions alone", () => {
  const life = new Life(1, 1);
  for (let number = 1; number <= 5000; number++) {
    life.begin(session(number, number));
    life.end(number, { atMs: BEGAN_MS, position: number + 1, isMoved: false });
    if (number % 100 === 0) life.settle(BEGAN_MS);
  }
  expect(life.keptCount).toBeLessThan(1200);
});
