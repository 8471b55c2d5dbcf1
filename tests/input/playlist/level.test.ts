// How loud a track is by its tags, and what follows from that.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { apeItems } from "../../../src/format/tags/ape.ts";
import {
  gainDb,
  gainSteps,
  levelOfR128,
  levelOfReplayGain,
  passingGain,
} from "../../../src/input/playlist/level.ts";
import { levelOfTexts, readLevel } from "../../../src/input/playlist/level-tags.ts";
import { concat, id3v2 } from "../../format/mpeg-builder.ts";

const text = (value: string) => new TextEncoder().encode(value);
const number = (value: number) => Uint8Array.of(value, value >> 8, value >> 16, value >> 24);

/** A tag of texts, as mp3gain writes it at the end of a file. */
function ape(items: Readonly<Record<string, string>>): Uint8Array {
  const bodies = Object.entries(items).map(([name, value]) =>
    concat(number(value.length), number(0), text(name), Uint8Array.of(0), text(value)),
  );
  const size = bodies.reduce((sum, body) => sum + body.length, 32);
  const ends = [number(2000), number(size), number(bodies.length), number(0), new Uint8Array(8)];
  return concat(...bodies, text("APETAGEX"), ...ends);
}

/** A frame of ID3v2 for a text of any name. */
function named(name: string, value: string): Uint8Array {
  const contents = text(`\u0003${name}\0${value}`);
  return concat(text("TXXX"), Uint8Array.of(0, 0, 0, contents.length, 0, 0), contents);
}

async function levelIn(before: Uint8Array, after: Uint8Array) {
  const file = concat(before, new Uint8Array(500), after);
  const extent = { start: before.length, end: before.length + 500 };
  const reader = async (at: number, count: number) => file.subarray(at, at + count);
  return readLevel(reader, extent, file.length);
}

const NONE = new Uint8Array(0);

describe("a track's loudness", () => {
  test("is read from ReplayGain in ID3v2, in whatever case", async () => {
    const contents = concat(
      named("replaygain_track_gain", "-6.20 dB"),
      named("replaygain_track_peak", "0.5"),
    );
    const level = await levelIn(id3v2(contents.length, { contents }), NONE);
    expect(level?.loudness).toBeCloseTo(-11.8, 6);
    expect(level?.peak).toBeCloseTo(-6.02, 2);
  });

  test("is read from an APE tag, with and without ID3v1 behind it", async () => {
    const tag = ape({ REPLAYGAIN_TRACK_GAIN: "+3.000000 dB", REPLAYGAIN_TRACK_PEAK: "1.000000" });
    expect(await levelIn(NONE, tag)).toEqual({ loudness: -21, peak: 0 });
    const id3v1 = concat(text("TAG"), new Uint8Array(125));
    expect(await levelIn(NONE, concat(tag, id3v1))).toEqual({ loudness: -21, peak: 0 });
  });

  test("is read from R128, which counts from -23 LUFS", () => {
    expect(levelOfTexts([["R128_TRACK_GAIN", "-512"]])).toEqual({ loudness: -21, peak: null });
  });

  test.each([
    [[]],
    [[["REPLAYGAIN_TRACK_GAIN", "loud"]]],
    [[["REPLAYGAIN_TRACK_GAIN", "-999999 dB"]]],
    [[["REPLAYGAIN_ALBUM_GAIN", "-3 dB"]]],
  ] as [string, string][][][])("is not read from %j", (texts) => {
    expect(levelOfTexts(texts)).toBeNull();
  });

  test("is read from no bytes that only look like a tag, and nothing is thrown", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(0xffffffff), (bytes, size) => {
        const footer = concat(text("APETAGEX"), number(2000), number(size), new Uint8Array(16));
        expect(apeItems(concat(bytes, footer)).length).toBeLessThanOrEqual(64);
      }),
    );
  });
});

describe("a track's gain", () => {
  test("leads to the target, in steps of 1.5 dB", () => {
    expect(gainDb(levelOfReplayGain(-6, 1), -16)).toBeCloseTo(-4);
    expect(gainSteps(levelOfReplayGain(-6, 1), -16)).toBe(-3);
    expect(gainDb(levelOfReplayGain(4, 0.1), -16)).toBeCloseTo(6);
    expect(gainSteps(levelOfReplayGain(4, 0.1), -16)).toBe(4);
  });

  test("never brings a peak above -1 dB", () => {
    const levels = fc.record({
      loudness: fc.double({ min: -60, max: 0, noNaN: true }),
      peak: fc.double({ min: -60, max: 6, noNaN: true }),
    });
    fc.assert(
      fc.property(levels, fc.double({ min: -40, max: -5, noNaN: true }), (level, target) => {
        const db = gainDb(level, target);
        const steps = gainSteps(level, target);
        expect(level.peak + db).toBeLessThanOrEqual(-1 + 1e-9);
        expect(level.peak + steps * 1.50515).toBeLessThanOrEqual(-1 + 1e-3);
        expect(Math.abs(db - steps * 1.50515)).toBeLessThan(1.51);
      }),
    );
  });

  test("makes nothing louder whose peak is not known", () => {
    expect(gainSteps(levelOfR128(10 * 256), -16)).toBe(0);
    expect(gainSteps(levelOfR128(-10 * 256), -16)).toBe(-2);
  });

  test("is none without a level, and none when it is off", () => {
    expect([gainDb(null, -16), gainSteps(null, -16)]).toEqual([0, 0]);
    expect([gainDb(levelOfR128(0), "off"), gainSteps(levelOfR128(0), "off")]).toEqual([0, 0]);
  });
});

describe("what the desk shows as the gain", () => {
  const level = { loudness: -10, peak: -0.5 };

  test("is that of MP3's steps, of Opus as it is, of others none", () => {
    expect(passingGain("mp3", level, -16)).toBeCloseTo(-4 * 1.505, 1);
    expect(passingGain("opus", level, -16)).toBe(-6);
    expect(passingGain("vorbis", level, -16)).toBeNull();
  });

  test("is unknown for a track that was not measured, and none where tracks play as they are", () => {
    expect(passingGain("mp3", null, -16)).toBeNull();
    expect(passingGain("mp3", level, "off")).toBeNull();
  });
});
