// The packed executable converts in an empty folder, with nothing around it: a decoder that the bundler spoils fails here
// only.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cacheName } from "../../src/convert/child-converter.ts";
import { ConvertProcess } from "../../src/convert/convert-process.ts";
import { ffmpeg, ffmpegSamples, makeKind, pitchOf, TONE_HERTZ } from "../audio/synth.ts";
import { TARGET } from "../convert/converting.ts";
import { scratch } from "../support/station.ts";
import { EXECUTABLE } from "./executable.ts";

setDefaultTimeout(120_000);

const KINDS = [
  "cbr.mp3",
  "mono.mp3",
  "16.flac",
  "flac.oga",
  "mono.ogg",
  "stereo.opus",
  "16.wav",
  "16.aiff",
];

describe.skipIf(ffmpeg === null)("the executable as the converter", () => {
  const packed = new ConvertProcess({
    command: () => [EXECUTABLE, "convert"],
    priority: "usual",
  });
  let home: Awaited<ReturnType<typeof scratch>>;
  beforeAll(async () => {
    home = await scratch();
  });
  afterAll(async () => {
    packed.close();
    await home[Symbol.asyncDispose]();
  });

  test.each(KINDS)("converts %s", async (name) => {
    const path = await makeKind(home.path, name, 1);
    const output = join(home.path, "converted", cacheName(path, "1", TARGET));
    const job = { call: "convert", path, target: TARGET, output, limitBytes: 1e8 } as const;
    expect(await packed.run(job, () => undefined)).toMatchObject({
      converted: { format: { codec: "mp3", sampleRate: 44_100, channels: 2 } },
    });
    const samples = await ffmpegSamples(output, 44_100);
    expect(Math.abs(samples.length / 44_100 - 1)).toBeLessThan(0.05);
    expect(Math.abs(pitchOf(samples, 44_100) - TONE_HERTZ)).toBeLessThan(1);
  });

  test("leaves nothing behind but what it was asked for", () => {
    expect(readdirSync(home.path).toSorted()).toEqual([...KINDS, "converted"].toSorted());
    const names = readdirSync(join(home.path, "converted"));
    expect(names.filter((name) => !/^[0-9a-f]{32}[.]mp3$/.test(name))).toEqual([]);
    expect(names.length).toBe(KINDS.length);
  });
});
