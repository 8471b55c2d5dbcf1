// The level of an AAC frame, by what it says: of digital silence, of noise and tones at known levels, of anything else.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { aacLevel } from "../../../src/format/aac/aac-level.ts";
import { splitFrames } from "../../../src/format/frame-slice.ts";
import { createAdtsParser, silentAacFrame } from "../../../src/format/sync/adts.ts";
import { requireProgram } from "../../support/programs.ts";
import { run } from "../mpeg/mp3-files.ts";

const canRun = requireProgram("ffmpeg") !== null;

/** dBFS (RMS) of each second; the first is digital silence. */
const LEVELS = [Number.NEGATIVE_INFINITY, -90, -75, -60, -45, -30];

/** One second of a sound at each level. */
function ladder(sound: string, peak: number): string {
  const gain = LEVELS.map((db, second) => {
    return `between(t,${second},${second + 1})*${10 ** (db / 20) / peak}`;
  }).join("+");
  return `(${gain})*${sound}`;
}

const NOISE = ladder("(2*random(0)-1)", 1 / Math.sqrt(3));
const TONE = ladder("sin(2*PI*440*t)", Math.SQRT1_2);
const BASS = ladder("sin(2*PI*60*t)", Math.SQRT1_2);

async function encode(left: string, right: string, options: string): Promise<Uint8Array[]> {
  const channels = right === "" ? left : `${left}|${right}`;
  const input = ["-f", "lavfi", "-i", `aevalsrc='${channels}':s=44100:d=${LEVELS.length}`];
  const output = ["-c:a", "aac", ...options.split(" "), "-f", "adts", "-"];
  const bytes = await run(["ffmpeg", "-v", "error", ...input, ...output]);
  return splitFrames(createAdtsParser().push(bytes)).map((frame) => frame.bytes);
}

/** The level in the middle of each second. */
function heard(frames: readonly Uint8Array[], rate = 44_100): number[] {
  return LEVELS.map((_, second) => {
    const [from, to] = [second + 0.3, second + 0.8].map((at) => Math.ceil((at * rate) / 1024));
    const levels = frames.slice(from, to).map((frame) => aacLevel(frame));
    return levels.toSorted((a, b) => a - b)[levels.length >> 1] ?? Number.NaN;
  });
}

const CASES: readonly (readonly [name: string, left: string, right: string, options: string])[] = [
  ["noise at 128 kbit/s", NOISE, NOISE, "-b:a 128k"],
  ["noise at 256 kbit/s", NOISE, NOISE, "-b:a 256k"],
  ["noise at 32 kbit/s, mono", NOISE, "", "-b:a 32k"],
  ["a tone at 96 kbit/s", TONE, TONE, "-b:a 96k"],
  ["a tone in the right channel alone", "0", TONE, "-b:a 128k"],
  ["bass in the left channel alone, at 320 kbit/s", BASS, "0", "-b:a 320k"],
];

describe.skipIf(!canRun)("the level is right within 5 dB", () => {
  test.each(CASES)("of %s", async (_, left, right, options) => {
    const levels = heard(await encode(left, right, options));
    expect(levels[0]).toBe(Number.NEGATIVE_INFINITY);
    for (const [second, level] of levels.entries())
      if (second > 0) expect(Math.abs(level - (LEVELS[second] ?? 0))).toBeLessThan(5);
  });
});

describe("a frame", () => {
  test.each([1, 2])("of digital silence in %d channels has no level", (channels) => {
    const format = { codec: "aac", sampleRate: 48_000, channels } as const;
    expect(aacLevel(silentAacFrame(format))).toBe(Number.NEGATIVE_INFINITY);
  });

  test("that cannot be read counts as loud", () => {
    const silent = silentAacFrame({ codec: "aac", sampleRate: 44_100, channels: 2 });
    expect(aacLevel(silent.subarray(0, 9))).toBe(Number.POSITIVE_INFINITY);
    expect(aacLevel(new Uint8Array(0))).toBe(Number.POSITIVE_INFINITY);
    const several = silent.slice();
    several[6] = (several[6] ?? 0) | 1;
    expect(aacLevel(several)).toBe(Number.POSITIVE_INFINITY);
  });

  test("of any bytes is read to an end", () => {
    const head = silentAacFrame({ codec: "aac", sampleRate: 44_100, channels: 2 }).slice(0, 7);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (body) => {
        const level = aacLevel(Uint8Array.of(...head, ...body));
        expect(Number.isNaN(level)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
