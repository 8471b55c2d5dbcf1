// How far behind the head a listener begins: as configured, and further for Chromium where its bytes would be too few.
import fc from "fast-check";
import { describe, expect, test } from "bun:test";
import { chromiumBurst, isChromium } from "../../../src/output/audience/burst.ts";
import { audio } from "../../native/known-audio.ts";
import { FakeSink } from "../fake-sink.ts";
import { FRAME, Stage, CLIENT } from "../stage.ts";

const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36";
const EDGE = `${CHROME} Edg/143.0.0.0`;
const OTHERS = [
  "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
  "VLC/3.0.21 LibVLC/3.0.21",
  "Lavf/61.7.100",
  "",
];

/** Bytes of FRAME in a second, and the kbit/s they come to. */
const BYTES_A_SECOND = (FRAME.length * 1000) / FRAME.ms;
const BITRATE = (BYTES_A_SECOND * 8) / 1000;

/** What one who joins is sent at once. */
function burstOf(stage: Stage, userAgent: string): Uint8Array {
  const sink = new FakeSink();
  stage.audience.join({ ...CLIENT, userAgent }, sink);
  return sink.bytes;
}

describe("a burst of 2 s at a low bitrate", () => {
  test.each([CHROME, EDGE])("is longer than 32 KiB for %s", (userAgent) => {
    using stage = new Stage({ burstSeconds: 2 });
    stage.input.bitrate = BITRATE;
    stage.play(250);
    const burst = burstOf(stage, userAgent);
    expect(burst.length).toBeGreaterThanOrEqual(32 * 1024);
    expect(burst.length).toBeLessThan(40 * 1024);
  });

  test.each(OTHERS)("is as configured for %j", (userAgent) => {
    using stage = new Stage({ burstSeconds: 2 });
    stage.input.bitrate = BITRATE;
    stage.play(250);
    const burst = Buffer.from(burstOf(stage, userAgent));
    const end = 250 * FRAME.length;
    expect(burst.equals(audio(end - 2 * BYTES_A_SECOND, 2 * BYTES_A_SECOND))).toBe(true);
  });

  test("is no longer than the audio held, and begins where the page expects it", () => {
    using stage = new Stage({ burstSeconds: 2 });
    stage.input.bitrate = BITRATE;
    stage.play(60);
    expect(burstOf(stage, CHROME).length).toBe(60 * FRAME.length);
    const burstSeconds = stage.audience.burstSecondsFor({ userAgent: CHROME });
    expect(stage.mount.rewind.joinSeconds(burstSeconds)).toBe(0);
  });
});

test("a burst that is long enough stays as it is, and one of an unknown bitrate", () => {
  expect(chromiumBurst(5, 128)).toBe(5);
  expect(chromiumBurst(5, 0)).toBe(5);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 1500 }),
      (seconds, bitrate) => {
        const burst = chromiumBurst(seconds, bitrate);
        expect(burst).toBeGreaterThanOrEqual(seconds);
        expect((burst * bitrate * 1000) / 8).toBeGreaterThanOrEqual(32 * 1024);
      },
    ),
  );
  expect([CHROME, EDGE, ...OTHERS].map(isChromium)).toEqual([
    true,
    true,
    ...OTHERS.map(() => false),
  ]);
});
