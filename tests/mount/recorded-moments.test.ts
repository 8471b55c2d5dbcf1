// When recorded audio was on air.
import { expect, test } from "bun:test";
import { datedTitles, spansIn } from "../../src/mount/recorded-moments.ts";
import type { RecordedPiece } from "../../src/mount/recorded-piece.ts";
import { CD_QUALITY } from "./fake-input.ts";

const RATE = CD_QUALITY.sampleRate;

/** Stretches of a second each, by the second at which they were on air. */
function piece(id: string, seconds: readonly number[], titles: RecordedPiece["titles"] = []) {
  const stretches = seconds.map((second, at) => {
    return { byte: 100 + at, bytes: 1, sample: at * RATE, samples: RATE, atMs: second * 1000 };
  });
  return { id, format: CD_QUALITY, stretches, titles };
}

test("stretches that follow each other are one span, from file to file, and what was not recorded is between spans", () => {
  const pieces = [piece("a", [10, 11, 12, 20, 21]), piece("b", [22, 23]), piece("c", [40])];
  expect(spansIn(pieces)).toEqual([
    { fromMs: 10_000, toMs: 13_000 },
    { fromMs: 20_000, toMs: 24_000 },
    { fromMs: 40_000, toMs: 41_000 },
  ]);
  expect(spansIn([])).toEqual([]);
});

test("titles begin at the moment of their sample, and none is named that was over before", () => {
  const title = (sample: number, text: string) => ({ sample, artist: "A", title: text });
  const titles = [title(0, "first"), title(2.5 * RATE, "second"), title(99 * RATE, "to come")];
  expect(datedTitles([piece("a", [10, 11, 30], titles)])).toEqual([
    { atMs: 10_000, artist: "A", title: "first" },
    { atMs: 30_500, artist: "A", title: "second" },
  ]);
  const whole = piece("b", [10, 11, 12, 13], titles);
  const later = { ...whole, stretches: whole.stretches.slice(3) };
  expect(datedTitles([later])).toEqual([{ atMs: 13_000, artist: "A", title: "second" }]);
});
