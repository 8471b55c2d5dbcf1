// The body of a relay: audio with titles in between.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { announcedMetaint, InlineTitles } from "../../../src/input/live/inline-titles.ts";
import { garbage } from "../../format/mpeg-builder.ts";

function block(text: string): Buffer {
  const bytes = Buffer.from(text);
  const units = Math.ceil(bytes.length / 16);
  return Buffer.concat([Buffer.of(units), bytes, Buffer.alloc(units * 16 - bytes.length)]);
}

function read(metaint: number, chunks: readonly Uint8Array[]) {
  const titles = new InlineTitles(metaint);
  const audio: Uint8Array[] = [];
  const told: [number, string][] = [];
  let heard = 0;
  for (const chunk of chunks) {
    for (const stretch of titles.push(chunk)) {
      if (stretch.title !== null) told.push([heard, Buffer.from(stretch.title).toString()]);
      audio.push(stretch.audio);
      heard += stretch.audio.length;
    }
  }
  return { audio: Buffer.concat(audio), told };
}

const AUDIO = Buffer.from(garbage(100, 4));
const BODY = Buffer.concat([
  AUDIO.subarray(0, 32),
  block("StreamTitle='One's; Own';StreamUrl='';"),
  AUDIO.subarray(32, 64),
  Buffer.of(0),
  AUDIO.subarray(64, 96),
  block("StreamTitle='Two';"),
  AUDIO.subarray(96),
]);
const EXPECTED = {
  audio: AUDIO,
  told: [
    [32, "One's; Own"],
    [96, "Two"],
  ],
};

test("is separated whole, byte by byte and split at every point", () => {
  expect(read(32, [BODY])).toEqual(EXPECTED as never);
  expect(
    read(
      32,
      [...BODY].map((byte) => Uint8Array.of(byte)),
    ),
  ).toEqual(EXPECTED as never);
  for (let at = 0; at <= BODY.length; at++) {
    expect(read(32, [BODY.subarray(0, at), BODY.subarray(at)])).toEqual(EXPECTED as never);
  }
});

test("of any bytes never throws and never invents audio", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 500 }),
      fc.integer({ min: 1, max: 50 }),
      (bytes, metaint) => {
        expect(read(metaint, [bytes]).audio.length).toBeLessThanOrEqual(bytes.length);
      },
    ),
  );
});

test("an interval that cannot be is none", () => {
  const meant = ["16000", " 8192", undefined, "", "0", "-1", "x", "1.5", "99999999"];
  expect(meant.map(announcedMetaint)).toEqual([
    16000,
    8192,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});
