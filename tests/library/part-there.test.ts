// What files say of their length, whole and cut short.
import { describe, expect, test } from "bun:test";
import { audioExtent } from "../../src/format/tags/extent.ts";
import { filePartThere } from "../../src/library/part-there.ts";
import { run } from "../format/mpeg/mp3-files.ts";
import { garbage } from "../format/mpeg-builder.ts";
import { requireProgram } from "../support/programs.ts";

const canRun = requireProgram("ffmpeg") !== null;

async function partOf(bytes: Uint8Array): Promise<number | null> {
  const reader = async (at: number, length: number) => bytes.subarray(at, at + length);
  return filePartThere(reader, await audioExtent(reader, bytes.length));
}

/** Of files, since ffmpeg notes their length only there. */
async function encoded(ending: string, options: string): Promise<Uint8Array> {
  const path = `/tmp/cycast-part-${process.pid}.${ending}`;
  const input = ["-f", "lavfi", "-i", "aevalsrc='0.3*random(0)':s=44100:d=3"];
  await run(["ffmpeg", "-v", "error", "-y", ...input, ...options.split(" "), path]);
  try {
    return await Bun.file(path).bytes();
  } finally {
    await Bun.file(path).delete();
  }
}

describe.skipIf(!canRun)("a file that is cut short", () => {
  test.each([
    ["flac", "-c:a flac"],
    ["flac", "-c:a flac -frame_size 1000"],
    ["wav", "-c:a pcm_s16le"],
    ["aiff", "-c:a pcm_s16be"],
  ])("is known by its %s header: %s", async (ending, options) => {
    const bytes = await encoded(ending, options);
    expect(await partOf(bytes)).toBe(1);
    for (const share of [0.75, 0.3]) {
      const part = await partOf(bytes.subarray(0, Math.round(bytes.length * share)));
      expect(Math.abs((part ?? 0) - share)).toBeLessThan(0.05);
    }
  });

  test.each(["-c:a libvorbis", "-c:a libopus"])(
    "is known by an Ogg page that is not whole: %s",
    async (options) => {
      const bytes = await encoded("ogg", options);
      expect(await partOf(bytes)).toBe(1);
      expect(await partOf(bytes.subarray(0, Math.round(bytes.length / 2)))).toBeNull();
    },
  );
});

test("a file that says nothing of its length is taken for whole", async () => {
  expect(await partOf(garbage(5000))).toBe(1);
  expect(await partOf(Buffer.from("RIFF....WAVE"))).toBe(1);
  expect(await partOf(Buffer.from("fLaC"))).toBe(1);
  expect(await partOf(Buffer.from("OggS"))).toBe(null);
});
