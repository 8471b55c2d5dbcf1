// When sends grow past chunk_size, and when they shrink back.
import { describe, expect, test } from "bun:test";
import { Stretch } from "../../src/output/stretch.ts";

/** Turns of 10 ms for `seconds`, of which each worked for `share`. Returns the factors they led to. */
function work(stretch: Stretch, share: number, seconds: number, fromMs = 0): number[] {
  const factors: number[] = [];
  for (let ms = fromMs + 10; ms <= fromMs + seconds * 1000; ms += 10) {
    if (stretch.worked(share * 10, ms)) factors.push(stretch.factor);
  }
  return factors;
}

describe("the stretch of sends", () => {
  test("is none as long as sending takes half of the time at most", () => {
    const stretch = new Stretch();
    expect(work(stretch, 0.49, 5)).toEqual([]);
    expect(stretch.factor).toBe(1);
  });

  test("doubles each second that sending takes more, up to four times", () => {
    expect(work(new Stretch(), 0.6, 5)).toEqual([2, 4]);
  });

  test("halves each second that sending takes little, down to none", () => {
    const stretch = new Stretch();
    work(stretch, 0.6, 3);
    expect(work(stretch, 0.1, 3, 3000)).toEqual([2, 1]);
  });

  test("stays in between: twice the span at half the sends is no reason to go back", () => {
    const stretch = new Stretch();
    work(stretch, 0.55, 1.5);
    expect(work(stretch, 0.55 / 2, 10, 1500)).toEqual([]);
    expect(stretch.factor).toBe(2);
  });

  test("does not mind one long turn in a quiet second", () => {
    const stretch = new Stretch();
    stretch.worked(0, 0);
    expect(stretch.worked(400, 400)).toBe(false);
    expect(work(stretch, 0, 2, 400)).toEqual([]);
  });
});
