// Halves of a tone as tracks of a station: what a listener's decoder plays has no gap, whenever it joins and at either port.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { createMpegParser } from "../../src/format/sync/mpeg.ts";
import { feed } from "../format/feed.ts";
import { DECODERS } from "../format/mpeg/mp3-files.ts";
import { testConfig } from "../support/config.ts";
import { requireProgram } from "../support/programs.ts";
import { encodeSine, gapsOf, SINE_RATE } from "../support/sines.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { Wire } from "../support/wire.ts";

const programs = ["ffmpeg", "lame", "mpg123"];
const canRun = programs.map(requireProgram).every((path) => path !== null);

test.skipIf(!canRun).each([128, 320])(
  "two halves at %d kbit/s are heard without a gap of more than 30 ms",
  async (kbps) => {
    await using music = await scratch();
    const options = `-b ${kbps}`;
    const bytesASecond = (kbps * 1000) / 8;
    const cut = SINE_RATE * 2 + 700;
    await encodeSine(join(music.path, "1.mp3"), [0, cut], options);
    await encodeSine(join(music.path, "2.mp3"), [cut, cut + SINE_RATE * 2], options);
    const playlist = { directory: music.path, loudness: -16, trimSilence: 0.5 } as const;
    await using radio = await startStation(testConfig([{ burstSeconds: 1, playlist }]));
    using early = await Wire.listen(radio.sourcePort, "/stream");
    await until("a while has been heard", () => early.body.length > bytesASecond);
    using late = await Wire.listen(radio.listenPort, "/stream");
    await until("both seams have been heard", () => late.body.length > 4 * bytesASecond);
    for (const { body } of [early, late]) {
      const { frames, garbageBytes } = feed(createMpegParser(), [body]);
      // The last frame may be cut off.
      expect(garbageBytes).toBeLessThan(1500);
      for (const { decode } of DECODERS) {
        const gaps = gapsOf(await decode(frames, music.path));
        expect(gaps.length).toBeGreaterThan(0);
        expect(Math.max(...gaps)).toBeLessThanOrEqual(30);
      }
    }
  },
);
