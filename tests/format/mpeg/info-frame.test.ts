import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { readInfoFrame } from "../../../src/format/mpeg/info-frame.ts";
import { createMpegParser } from "../../../src/format/sync/mpeg.ts";
import { requireProgram } from "../../support/programs.ts";
import { feed } from "../feed.ts";
import { mpegFrame, withMagic } from "../mpeg-builder.ts";
import { makeMusic, run } from "./mp3-files.ts";

const canRun = ["ffmpeg", "lame"].map(requireProgram).every((path) => path !== null);

let folder = "";
let wav = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "info-"));
  wav = join(folder, "music.wav");
  if (canRun) await makeMusic(wav, 1);
});

afterAll(() => rm(folder, { recursive: true }));

async function infoOf(command: string[]) {
  const path = join(folder, "encoded.mp3");
  await run([...command, path]);
  const { frames } = feed(createMpegParser(), [await Bun.file(path).bytes()]);
  return readInfoFrame(frames[0]!);
}

/** Whole frames: what is not audio was added at the ends. */
function added(info: Awaited<ReturnType<typeof infoOf>>, frameSamples: number, samples: number) {
  return (info!.delay + info!.padding + samples) % frameSamples;
}

describe.skipIf(!canRun)("what an encoder says of its file", () => {
  test.each(["-b 128", "-V 2", "-p -b 192", "-m m -b 64"])(
    "is read of lame %s",
    async (options) => {
      const info = await infoOf([
        "lame",
        "--quiet",
        "--replaygain-accurate",
        ...options.split(" "),
        wav,
      ]);
      expect(info).toMatchObject({ delay: 576 });
      expect(added(info, 1152, 44_100)).toBe(0);
      // The music's highest sample, give or take what coding adds.
      expect(info!.peak).toBeGreaterThan(0.2);
      expect(info!.peak).toBeLessThan(0.8);
      expect(Math.abs(info!.replayGain!)).toBeLessThan(20);
    },
  );

  test("is read without what was not measured", async () => {
    const info = await infoOf(["lame", "--quiet", "--noreplaygain", "-b", "128", wav]);
    expect(info).toMatchObject({ delay: 576, replayGain: null, peak: null });
  });

  test("is read of ffmpeg too", async () => {
    const info = await infoOf(["ffmpeg", "-v", "error", "-y", "-i", wav, "-b:a", "128k"]);
    expect(info).toMatchObject({ delay: 576, replayGain: null });
    expect(added(info, 1152, 44_100)).toBe(0);
  });
});

describe("a frame that says nothing of it", () => {
  test("is one of audio, one of a table without LAME's part, or one that is cut off", () => {
    expect(readInfoFrame(mpegFrame())).toBeNull();
    const table = withMagic(mpegFrame({ mode: "stereo", payload: "zero" }), 36, "Info");
    expect(readInfoFrame(table)).toBeNull();
    for (let length = 0; length < 200; length++) {
      expect(readInfoFrame(table.slice(0, length))).toBeNull();
    }
  });

  test("is never read beyond its bytes, whatever its flags", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 180 }), (bytes) => {
        const table = withMagic(mpegFrame({ bitrate: 64, payload: "zero" }), 36, "Xing");
        table.set(bytes.subarray(0, table.length - 40), 40);
        const info = readInfoFrame(table);
        if (info !== null) expect(info.delay).toBeLessThan(4096);
      }),
    );
  });
});
