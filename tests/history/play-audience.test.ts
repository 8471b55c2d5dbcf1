// The audience of a stretch of the timeline, against a count of every second.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { audienceOf, type Heard } from "../../src/history/play-audience.ts";

const LENGTH = 60;

const heard: fc.Arbitrary<Heard> = fc
  .record({
    from: fc.integer({ min: 0, max: LENGTH }),
    seconds: fc.integer({ min: 0, max: LENGTH }),
    isOver: fc.boolean(),
    isMoved: fc.boolean(),
    uniqueId: fc.integer({ min: 1, max: 8 }),
    country: fc.constantFrom("", "DE"),
  })
  .map(({ seconds, isOver, ...rest }) => {
    const to = rest.from + seconds;
    // One that goes on has heard all until now.
    return { ...rest, to, isOver: isOver || to < LENGTH };
  });

const audience = fc.array(heard, { maxLength: 30 });
const cut = fc.integer({ min: 1, max: LENGTH - 1 });

function presentAt(second: number, all: readonly Heard[]): number {
  return all.filter(({ from, to }) => from <= second && second < to).length;
}

describe("the audience of a title", () => {
  test("heard what a count of every second gives, at most as many at once, and each listener once", () => {
    fc.assert(
      fc.property(audience, cut, (all, from) => {
        const counts = Array.from({ length: LENGTH - from }, (_, at) => presentAt(from + at, all));
        const found = audienceOf({ from, to: LENGTH }, all);
        expect(found.seconds).toBe(counts.reduce((a, b) => a + b, 0));
        expect(found.peak).toBe(Math.max(...counts));
        const those = all.filter((one) => counts.some((_, at) => presentAt(from + at, [one]) > 0));
        expect(found.sessions).toBe(those.length);
        expect(found.listeners).toBe(new Set(those.map(({ uniqueId }) => uniqueId)).size);
      }),
    );
  });

  test("is those at its start and those who joined, less those who left, at its end", () => {
    fc.assert(
      fc.property(audience, cut, (all, from) => {
        const { atStart, joined, left, atEnd, sessions, tunedOut } = audienceOf(
          { from, to: LENGTH },
          all,
        );
        expect(atStart + joined).toBe(sessions);
        expect(sessions - left).toBe(atEnd);
        expect(tunedOut).toBeLessThanOrEqual(Math.min(left, atStart));
      }),
    );
  });

  test("is the same however a stretch is cut in two: nothing is heard twice, and nobody leaves twice", () => {
    fc.assert(
      fc.property(audience, cut, (all, at) => {
        const whole = audienceOf({ from: 0, to: LENGTH }, all);
        const first = audienceOf({ from: 0, to: at }, all);
        const second = audienceOf({ from: at, to: LENGTH }, all);
        expect(first.seconds + second.seconds).toBe(whole.seconds);
        expect(first.left + second.left).toBe(whole.left);
        expect(first.joined + second.joined).toBe(whole.joined);
        expect(Math.max(first.peak, second.peak)).toBe(whole.peak);
        expect(second.atStart).toBe(first.atEnd);
      }),
    );
  });

  test("has left with the last sound that it heard, and tuned out within 30 s of the begin", () => {
    const one = { from: 0, isOver: true, isMoved: false, uniqueId: 1, country: "" };
    const play = { from: 10, to: 200 };
    expect(audienceOf(play, [{ ...one, to: 40 }])).toMatchObject({
      left: 1,
      tunedOut: 1,
      leaving: [0, 0, 1],
    });
    expect(audienceOf(play, [{ ...one, to: 41 }])).toMatchObject({ left: 1, tunedOut: 0 });
    expect(audienceOf(play, [{ ...one, to: 10 }])).toMatchObject({
      sessions: 0,
      left: 0,
      tunedOut: 0,
    });
    expect(audienceOf(play, [{ ...one, to: 20, isMoved: true }])).toMatchObject({
      left: 1,
      tunedOut: 0,
    });
    expect(audienceOf(play, [{ ...one, to: 20, from: 10 }])).toMatchObject({
      joined: 1,
      tunedOut: 0,
    });
  });
});
