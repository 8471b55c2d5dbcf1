// Which frames of two encoders can stand side by side: those whose windows fit.
import { describe, expect, test } from "bun:test";
import { granuleOffsets, putBits } from "../../../src/format/mpeg/layer3.ts";
import { windowsMeet } from "../../../src/format/mpeg/windows.ts";
import { parseMpegHeader } from "../../../src/format/sync/mpeg.ts";
import { mpegFrame } from "../mpeg-builder.ts";

const [LONG, START, SHORT, STOP] = [0, 1, 2, 3];
const SIDE_INFO = 4;

/** A frame whose granules have this block type, the first of them in all channels, then the next. */
function frame(...types: readonly number[]): Uint8Array {
  const bytes = mpegFrame({ mode: "stereo", payload: "zero" });
  const offsets = granuleOffsets(parseMpegHeader(bytes)!, SIDE_INFO);
  offsets.forEach((at, i) => {
    const type = types[i >> 1] ?? LONG;
    if (type !== LONG) putBits(bytes, at + 33, 3, 4 | type);
  });
  return bytes;
}

describe("the windows of two frames", () => {
  test.each([
    [LONG, LONG],
    [LONG, START],
    [STOP, LONG],
    [STOP, START],
    [START, SHORT],
    [START, STOP],
    [SHORT, SHORT],
    [SHORT, STOP],
  ])("meet where one ends with type %d and the other begins with %d", (last, first) => {
    expect(windowsMeet(frame(LONG, last), frame(first, LONG))).toBe(true);
  });

  test.each([
    [LONG, SHORT],
    [LONG, STOP],
    [START, LONG],
    [SHORT, START],
    [STOP, SHORT],
  ])("do not where one ends with type %d and the other begins with %d", (last, first) => {
    expect(windowsMeet(frame(LONG, last), frame(first, LONG))).toBe(false);
  });

  test("do not if one of them is no frame", () => {
    expect(windowsMeet(frame(LONG, LONG), new Uint8Array(400))).toBe(false);
  });
});
