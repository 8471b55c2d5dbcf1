// How the players' run judges what it has seen.
import { describe, expect, test } from "bun:test";
import { fellBehind, leastInStore, titleDelays } from "./progress.ts";
import { reportLines } from "./report.ts";
import { compareSamples } from "./same-samples.ts";
import { FIRST_OF_SHOWS, toneOf } from "./songs.ts";
import { judgeTitles } from "./titles.ts";

const marks = (...pairs: readonly (readonly [second: number, seconds: number])[]) =>
  pairs.map(([second, seconds]) => ({ atMs: second * 1000, seconds }));

describe("a player that plays in time", () => {
  test("falls behind by as much as it stood still", () => {
    expect(fellBehind(marks([0, 0], [1, 0.5], [2, 1.5], [3, 2.5])).seconds).toBe(0);
    expect(fellBehind(marks([0, 0], [1, 0.5], [2, 1.5], [4, 1.5], [5, 2.5]))).toEqual({
      seconds: 2,
      atMs: 4000,
    });
  });

  test("is not excused by what it had played faster before", () => {
    expect(fellBehind(marks([1, 1], [2, 5], [4, 5], [5, 6])).seconds).toBe(2);
  });

  test("that never played has stood still all the time", () => {
    expect(fellBehind(marks([0, 0], [9, 0])).seconds).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("a player that takes what there is", () => {
  test("has in store what it got and has not had the time to play", () => {
    expect(leastInStore(marks([0, 18], [5, 18], [6, 24], [12, 30]), 10).seconds).toBe(12);
  });

  test("has less than nothing in store while it has nothing to play", () => {
    expect(leastInStore(marks([0, 12], [15, 18], [16, 24]), 10)).toEqual({
      seconds: -3,
      atMs: 15_000,
    });
  });

  test("that never got enough has nothing", () => {
    expect(leastInStore(marks([0, 5]), 10).seconds).toBe(Number.NEGATIVE_INFINITY);
  });
});

test("a title is as late as its own sound is early, and unknown where that is not heard", () => {
  const sounds = [
    { atMs: 0, tone: 520 },
    { atMs: 10_000, tone: 780 },
  ];
  const titles = [
    { atMs: 10_400, tone: 780 },
    { atMs: 10_500, tone: 1040 },
  ];
  expect(titleDelays(titles, sounds, 5000)).toEqual([400, null]);
});

describe("the titles of a player", () => {
  const sounds = [
    { atMs: 0, tone: 400 },
    { atMs: 10_000, tone: 580 },
    { atMs: 20_000, tone: 760 },
  ];
  const judge = (...at: readonly [atMs: number, tone: number][]) =>
    judgeTitles(
      at.map(([atMs, tone]) => ({ atMs, tone })),
      sounds,
      [5000, 25_000],
    );

  test("hold when each tone has one in time", () => {
    const { fault, figures } = judge([100, 400], [10_400, 580], [19_800, 760]);
    expect(fault).toBeNull();
    expect(figures).toBe(
      "2 titles, 2 tones, 2 found, -200 to 400 ms behind their sound, in the middle 400 ms",
    );
  });

  test("need none for a sound that was cut off at once", () => {
    const cut = [{ atMs: 9500, tone: 940 }, ...sounds];
    const titles = [10_000, 20_000].map((atMs, i) => ({ atMs, tone: [580, 760][i] ?? 0 }));
    expect(
      judgeTitles(
        titles,
        cut.toSorted((a, b) => a.atMs - b.atMs),
        [5000, 25_000],
      ).fault,
    ).toBeNull();
  });

  test("need no sound when they were replaced at once", () => {
    expect(judge([10_000, 580], [19_400, 400], [20_000, 760]).fault).toBeNull();
  });

  test("do not when one is late, missing, or of no tone", () => {
    expect(judge([11_500, 580], [20_000, 760]).fault).toBe(
      "580 Hz at 6.5 s: 1500 ms behind its tone",
    );
    expect(judge([10_000, 580]).fault).toBe("760 Hz at 15.0 s: no title");
    expect(judge([10_000, 580], [15_000, 400], [20_000, 760]).fault).toBe(
      "400 Hz at 10.0 s: its tone was not heard",
    );
    expect(judge().fault).toBe("no title");
  });
});

test("songs that follow each other are told apart by their tones, also where a show begins or ends", () => {
  const tracks = Array.from({ length: 12 }, (_, i) => toneOf(300 + i));
  const shows = Array.from({ length: 12 }, (_, i) => toneOf(FIRST_OF_SHOWS + 20 + i));
  expect(new Set([...tracks, ...shows]).size).toBe(24);
});

test("a report has a line for each player, and the faults below it", () => {
  const finding = (who: string, what: string, fault: string | null) => ({
    ...{ who, what, fault },
    figures: "1 s",
  });
  const found = [
    finding("one", "plays", null),
    finding("two", "plays", "it ended\nin between"),
    finding("one", "is heard", null),
  ];
  expect(reportLines(found)).toEqual([
    "holds one: plays (1 s); is heard (1 s)",
    "FAILS two: plays (1 s)",
    "    not so: plays: it ended",
    "        in between",
  ]);
});

describe("decoded samples", () => {
  /** Stereo of 16 bits, no stretch of which occurs twice. */
  const noise = (length: number) => {
    let state = 1;
    const bytes = Buffer.alloc(length * 4);
    for (let i = 0; i < length; i++)
      bytes.writeInt32LE((state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0), i * 4);
    return bytes;
  };
  const stream = noise(100_000);
  const part = (from: number, to: number) => stream.subarray(from * 4, to * 4);

  test("that are in the stream are the same, wherever they begin", () => {
    const { same, total, differing, leftOut } = compareSamples(part(777, 60_000), [
      part(0, 20_000),
      part(20_000, 100_000),
    ]);
    expect([same, total, differing, leftOut]).toEqual([59_223, 59_223, [], []]);
  });

  test("that are not are told by their place, and so is what was left out", () => {
    const other = Buffer.from(part(10_000, 10_500)).fill(7);
    const one = Buffer.concat([
      part(5000, 10_000),
      other,
      part(10_500, 20_000),
      part(30_000, 31_000),
    ]);
    const { same, differing, leftOut } = compareSamples(one, [stream]);
    expect(same).toBe(15_500);
    expect(differing).toEqual([{ from: 5000, length: 500 }]);
    expect(leftOut).toEqual([
      { from: 5500, length: 500 },
      { from: 15_000, length: 10_000 },
    ]);
  });
});
