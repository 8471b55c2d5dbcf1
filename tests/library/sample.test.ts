// The first choice of a format: from a fair sample of the files, and soon, however slow or large the library is.
import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { join } from "node:path";
import { systemClock } from "../../src/lib/clock.ts";
import { Libraries } from "../../src/library/libraries.ts";
import type { Choice, LibraryCall, LibraryReply } from "../../src/library/state.ts";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { scratch } from "../support/station.ts";
import { writeTrack } from "../support/tracks.ts";

const FILES = 150;

let home: Awaited<ReturnType<typeof scratch>>;
let nowMs: number;
beforeEach(async () => {
  home = await scratch();
  nowMs = 0;
  jest.spyOn(systemClock, "nowMs").mockImplementation(() => nowMs);
  for (let i = 0; i < FILES; i++) await writeTrack(home.path, `${i}.mp3`, mpegFrames(3));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await home[Symbol.asyncDispose]();
});

/** Every second file gets another sample rate. */
async function mix(): Promise<void> {
  const frames = concat(...mpegFrames(4, { sampleRate: 48_000 }));
  for (let i = 0; i < FILES; i += 2) await Bun.write(join(home.path, `${i}.mp3`), frames);
}

/** A library whose files take this long to measure, one each, and how many were measured. */
function slowLibrary(fileMs: number) {
  const measured = { files: 0 };
  // A random number is drawn for each file.
  const libraries = new Libraries(() => {
    nowMs += fileMs;
    measured.files++;
    return 0.5;
  });
  const perform = (call: "look" | "next"): Promise<LibraryReply> => {
    const choice: Partial<Choice> = {
      ...{ mount: "/stream", directory: home.path, extensions: [".mp3"], file: "" },
      ...{ shuffle: false, artistSeparation: 0, format: "auto", required: null },
      ...{ sampleRate: 0, channels: 0, bitrate: 0, canConvert: false, isLevelled: false },
    };
    return libraries.perform({ call, choice } as LibraryCall);
  };
  return { measured, perform };
}

async function untilDone(ask: () => Promise<LibraryReply>) {
  for (;;) {
    const reply = await ask();
    if (reply.isDone) return reply;
  }
}

describe("the first track is chosen", () => {
  test.each([
    ["after 2 s at the latest, if the disk is slow", 300, 7],
    ["when 20 files are measured, if that takes longer than 400 ms", 25, 20],
    ["when 64 files are measured, if they agree on a format", 5, 64],
  ])("%s", async (_, fileMs, files) => {
    await checkSample(fileMs, files);
  });

  test("after 400 ms, if the files do not agree and more than 20 are measured by then", async () => {
    await mix();
    await checkSample(5, 80);
  });

  async function checkSample(fileMs: number, files: number): Promise<void> {
    const { measured, perform } = slowLibrary(fileMs);
    await untilDone(() => perform("look"));
    const { chosen, state } = await untilDone(() => perform("next"));
    expect(chosen).not.toBeNull();
    expect(state?.isMeasured).toBe(false);
    // A call measures for 20 ms and goes on to the end of a file.
    expect(measured.files).toBeGreaterThanOrEqual(files);
    expect(measured.files).toBeLessThanOrEqual(files + 5);
  }

  test("before the first scan is complete, from the files found so far", async () => {
    const { perform } = slowLibrary(0);
    const clock = jest.spyOn(systemClock, "nowMs").mockImplementation(() => (nowMs += 10));
    expect((await perform("look")).isDone).toBe(false);
    clock.mockImplementation(() => nowMs);
    const { chosen } = await untilDone(() => perform("next"));
    expect(chosen).not.toBeNull();
  });
});
