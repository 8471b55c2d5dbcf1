// Listening time of an HLS session: segments that were new, whatever the clock says and however often the player asks.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { HeardSegments } from "../../../src/output/sessions/heard-segments.ts";

/** The playlist of so many segments that ends with this one. */
function endingWith(last: number, count = 10) {
  const first = Math.max(0, last - count + 1);
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const sequence = first + at;
    return { sequence, seconds: 6, bytes: 96_000, fromSeconds: sequence * 6 };
  });
}

test("it begins three segments before the end, and hears what is new from then on", () => {
  const heard = new HeardSegments();
  heard.see(endingWith(20));
  expect([heard.fromSeconds, heard.seconds, heard.bytes]).toEqual([18 * 6, 0, 0]);
  heard.see(endingWith(21));
  heard.see(endingWith(21));
  heard.see(endingWith(23));
  expect([heard.polls, heard.seconds, heard.bytes]).toEqual([4, 18, 288_000]);
});

test("it begins with the first segment of a short playlist, and with none of an empty one", () => {
  const heard = new HeardSegments();
  heard.see([]);
  expect([heard.polls, heard.fromSeconds]).toEqual([1, Number.NaN]);
  heard.see(endingWith(1));
  expect([heard.fromSeconds, heard.seconds]).toEqual([0, 0]);
});

test("what left the playlist before it asked again is not heard", () => {
  const heard = new HeardSegments();
  heard.see(endingWith(20));
  heard.see(endingWith(100));
  expect(heard.seconds).toBe(60);
});

test("however it asks, it hears each segment at most once", () => {
  const steps = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(steps, (all) => {
      const heard = new HeardSegments();
      let last = 5;
      for (const step of all) heard.see(endingWith((last += step)));
      const passed = all.slice(1).reduce((sum, step) => sum + step, 0);
      return heard.seconds === passed * 6 && heard.polls === all.length;
    }),
  );
});
