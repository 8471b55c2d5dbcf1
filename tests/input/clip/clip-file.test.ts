// A file that is to be heard before a stream: as it is where it fits, converted where it does not, and not at all otherwise.
import { expect, test } from "bun:test";
import { utimes } from "node:fs/promises";
import { join } from "node:path";
import type { StreamFormat } from "../../../src/format/frame.ts";
import { ClipFile } from "../../../src/input/clip/clip-file.ts";
import {
  ConvertError,
  type Converter,
  type Source,
  type Target,
} from "../../../src/library/converter.ts";
import { concat, mpegFrames } from "../../format/mpeg-builder.ts";
import { keptLog } from "../../mount/fake-input.ts";
import { ManualClock } from "../../output/fake-sink.ts";
import { testMount } from "../../support/config.ts";
import { testDisk } from "../../support/disk.ts";
import { scratch, until } from "../../support/station.ts";
import { writeTrack } from "../../support/tracks.ts";

const STEREO: StreamFormat = { codec: "mp3", sampleRate: 44_100, channels: 2 };
const AAC: StreamFormat = { codec: "aac", sampleRate: 44_100, channels: 2 };

/** A folder with the file, the converter's answers, and what was logged. */
async function bench(convert?: (source: Source, target: Target) => Promise<string>) {
  const folder = await scratch();
  const path = join(folder.path, "hello.mp3");
  const { log, lines } = keptLog();
  const clock = new ManualClock();
  const targets: Target[] = [];
  const converter = {
    convert: async (source: Source, target: Target) => {
      targets.push(target);
      const made = (await convert?.(source, target)) ?? "";
      return { path: made, format: target, seconds: 1, loudness: null, truePeak: null };
    },
  } as unknown as Converter;
  const copying = convert === undefined ? null : { converter, disk: testDisk(), hasCache: true };
  const file = new ClipFile("intro", path, testMount, log, {
    disk: () => testDisk(),
    copying,
    clock,
  });
  const settled = (what: string) =>
    until(
      what,
      () => (file.in(STEREO) ?? null) !== null || lines.some((line) => line.startsWith("warn")),
    );
  return { folder, path, file, lines, clock, targets, settled };
}

test("a file that fits is ready with its frames, without what surrounds them", async () => {
  const { folder, path, file, lines, settled } = await bench();
  await using _ = folder;
  const frames = await writeTrack(folder.path, "hello.mp3", mpegFrames(40, { mode: "stereo" }));
  expect(file.in(STEREO)).toBeNull();
  await settled("it is ready");
  const clip = file.in(STEREO);
  expect(Buffer.from(clip?.bytes ?? []).equals(concat(...frames))).toBe(true);
  expect([clip?.format, Math.round((clip?.micros ?? 0) / 1000)]).toEqual([STEREO, 1045]);
  expect(lines).toEqual([`info the intro ${path} is ready: 1.0 s in MP3 44.1 kHz stereo`]);
});

test("one of other channels, or of no format that plays, is converted to the mount's", async () => {
  for (const content of [
    concat(...mpegFrames(40, { mode: "mono" })),
    Buffer.from(`fLaC${"\0".repeat(4000)}`),
  ]) {
    const made = await scratch();
    await using _made = made;
    const frames = await writeTrack(
      made.path,
      "made.mp3",
      mpegFrames(10, { mode: "stereo", seed: 5 }),
    );
    const { folder, path, file, targets, settled } = await bench(async () =>
      join(made.path, "made.mp3"),
    );
    await using _ = folder;
    await Bun.write(path, content);
    await settled("it is converted");
    expect(Buffer.from(file.in(STEREO)?.bytes ?? []).equals(concat(...frames))).toBe(true);
    expect(targets).toMatchObject([STEREO]);
  }
});

test("why it is not played is said once, whatever is asked", async () => {
  const missing = await bench();
  await using _missing = missing.folder;
  await missing.settled("it is missed");
  for (let i = 0; i < 3; i++) {
    missing.clock.now += 60_000;
    missing.file.in(STEREO);
    await Bun.sleep(5);
  }
  expect(missing.lines).toEqual([
    `warn the intro ${missing.path} is not played: it cannot be read (ENOENT)`,
  ]);

  const odd = await bench();
  await using _odd = odd.folder;
  await Bun.write(odd.path, concat(...mpegFrames(10, { mode: "stereo" })));
  odd.file.in(AAC);
  await until("it is said", () => odd.lines.length > 0);
  expect(odd.lines[0]).toEndWith("it cannot be made AAC 44.1 kHz stereo, which the mount plays");

  const long = await bench();
  await using _long = long.folder;
  await Bun.write(long.path, concat(...mpegFrames(5000, { mode: "stereo", bitrate: 32 })));
  await long.settled("it is too long");
  expect(long.lines[0]).toEndWith("it is longer than 120 s, or than 8 MiB");

  const broken = await bench(() => Promise.reject(new ConvertError("it is empty", true)));
  await using _broken = broken.folder;
  await Bun.write(broken.path, concat(...mpegFrames(10, { mode: "mono" })));
  await broken.settled("it fails");
  expect(broken.lines[0]).toEndWith("is not played: it is empty");
});

test("another file in its place is noticed", async () => {
  const { folder, path, file, clock, lines, settled } = await bench();
  await using _ = folder;
  await writeTrack(folder.path, "hello.mp3", mpegFrames(10, { mode: "stereo" }));
  await settled("it is ready");
  const after = mpegFrames(20, { mode: "stereo", seed: 9 });
  await Bun.write(path, concat(...after));
  await utimes(path, 1, 1);
  clock.now += 30_000;
  await until("the new one is ready", () => {
    file.in(STEREO);
    return lines.length === 2;
  });
  expect(Buffer.from(file.in(STEREO)?.bytes ?? []).equals(concat(...after))).toBe(true);
});
