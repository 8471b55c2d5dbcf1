// Where new audio goes on from what was written: found in a burst, behind it, or nowhere.
import { expect, test } from "bun:test";
import { History, Search } from "../../../src/input/relay/continuation.ts";
import { copyFrames, splitFrames } from "../../../src/format/frame-slice.ts";
import type { Frames } from "../../../src/format/frame.ts";
import { createMpegParser } from "../../../src/format/sync/mpeg.ts";
import { concat } from "../../format/mpeg-builder.ts";
import { silentShow, trackFrames } from "../../support/tracks.ts";

function batch(frames: readonly Uint8Array[]): Frames {
  const parser = createMpegParser();
  const first = copyFrames(parser.push(concat(...frames)));
  const last = parser.end();
  return last.count === 0 ? first : join(first, copyFrames(last));
}

function join(a: Frames, b: Frames): Frames {
  return {
    ...a,
    bytes: concat(a.bytes, b.bytes),
    table: Uint32Array.from([...a.table, ...b.table]),
    samples: Uint32Array.from([...a.samples, ...b.samples]),
    count: a.count + b.count,
    seconds: a.seconds + b.seconds,
  };
}

const SHOW = trackFrames(3, 120);

function historyOf(frames: readonly Uint8Array[]): History {
  const history = new History();
  history.add(batch(frames));
  return history;
}

function bytesOf(frames: readonly Frames[]): Buffer {
  return Buffer.concat(frames.flatMap((each) => splitFrames(each).map(({ bytes }) => bytes)));
}

test.each([1, 3, 7, 50, 70])(
  "a burst in batches of %d goes on after the last written frame",
  (size) => {
    const search = new Search(historyOf(SHOW.slice(0, 60)));
    const burst = SHOW.slice(20, 100);
    for (let at = 0; at < burst.length; at += size) {
      const found = search.push(batch(burst.slice(at, at + size)), 0);
      if (found.kind === "searching") continue;
      expect(found.kind).toBe("found");
      const end = Math.min(burst.length, at + size);
      expect(bytesOf(found.frames)).toEqual(Buffer.from(concat(...burst.slice(40, end))));
      return;
    }
    throw new Error("not found");
  },
);

test("other audio is given up on in time, whole", () => {
  const search = new Search(historyOf(SHOW));
  const other = trackFrames(4, 30);
  expect(search.push(batch(other.slice(0, 20)), 0).kind).toBe("searching");
  expect(search.check(700).kind).toBe("searching");
  const found = search.push(batch(other.slice(20)), 800);
  expect(found.kind).toBe("unlike");
  expect(bytesOf(found.frames)).toEqual(Buffer.from(concat(...other)));
});

test("a master that is late is known to be behind, and goes on where it belongs", () => {
  const history = historyOf(SHOW.slice(0, 60));
  const search = new Search(history);
  expect(search.push(batch(SHOW.slice(30, 50)), 0).kind).toBe("searching");
  // What plays meanwhile is written on.
  history.add(batch(SHOW.slice(60, 64)));
  expect(search.check(1000)).toEqual({ kind: "behind", frames: [] });
  const found = search.push(batch(SHOW.slice(50, 70)), 1100);
  expect(found.kind).toBe("found");
  expect(bytesOf(found.frames)).toEqual(Buffer.from(concat(...SHOW.slice(64, 70))));
});

test("digital silence, whose frames are all alike, is no trap", () => {
  const silence = silentShow(40);
  const search = new Search(historyOf(silence));
  const found = search.push(batch([...silence.slice(0, 20), ...SHOW.slice(0, 5)]), 0);
  expect(found.kind).toBe("found");
  expect(bytesOf(found.frames).indexOf(Buffer.from(concat(...SHOW.slice(0, 5))))).toBeGreaterThan(
    0,
  );
});

test("nothing was written before: all of it is new", () => {
  const found = new Search(new History()).push(batch(SHOW.slice(0, 3)), 0);
  expect(found.kind).toBe("unlike");
  expect(bytesOf(found.frames)).toEqual(Buffer.from(concat(...SHOW.slice(0, 3))));
});
