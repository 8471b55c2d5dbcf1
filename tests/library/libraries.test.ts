// What a mount plays from a library: the format of most of its playing time, as far as its files are measured.
import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { basename, join } from "node:path";
import { systemClock } from "../../src/lib/clock.ts";
import { Libraries } from "../../src/library/libraries.ts";
import { isOutdone, majority } from "../../src/library/majority.ts";
import type { Measure } from "../../src/library/measure.ts";
import { Selection } from "../../src/library/selection.ts";
import type { Choice, LibraryCall, LibraryState } from "../../src/library/state.ts";
import { mpegFrames } from "../format/mpeg-builder.ts";
import { scratch } from "../support/station.ts";
import { writeTrack } from "../support/tracks.ts";

const STEREO = { codec: "mp3", sampleRate: 44_100, channels: 2 } as const;
const MONO = { ...STEREO, channels: 1 } as const;

let home: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  home = await scratch();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await home[Symbol.asyncDispose]();
});

function choice(): Choice {
  const more = {
    extensions: [".mp3"],
    shuffle: false,
    artistSeparation: 0,
    format: "auto",
    required: null,
    file: "",
    sampleRate: 0,
    channels: 0,
    bitrate: 0,
    canConvert: false,
    isLevelled: false,
    loudness: "off",
  } as const;
  return { mount: "/stream", directory: home.path, ...more };
}

/** Calls until it is done. */
async function ask(libraries: Libraries, call: "look" | "next" | "measure") {
  for (let count = 1; ; count++) {
    const reply = await libraries.perform({ call, choice: choice() } as LibraryCall);
    const { isDone, chosen, state } = reply;
    if (isDone && state !== null) return { chosen, state, count };
  }
}

async function write(name: string, mode: "mono" | "stereo", count: number): Promise<void> {
  await writeTrack(home.path, name, mpegFrames(count, { mode }));
}

describe("what most of a library is", () => {
  const measure = (format: Measure["format"], seconds: number): Measure => ({
    format,
    seconds,
    content: "",
    tags: null,
  });

  test("is what plays longest, not what has most files", () => {
    const jingles = Array.from({ length: 9 }, () => measure(MONO, 10));
    expect(majority([...jingles, measure(STEREO, 100)])).toEqual(STEREO);
    expect(majority([])).toBeNull();
  });

  test("is decided alike whatever the order of its files", () => {
    const both = [measure(MONO, 10), measure(STEREO, 10)];
    expect(majority(both)).toEqual(majority(both.toReversed()));
  });

  test("gives way only to what plays a quarter longer", () => {
    const others = (seconds: number) => [measure(MONO, 100), measure(STEREO, seconds)];
    expect(isOutdone(MONO, STEREO, others(124))).toBe(false);
    expect(isOutdone(MONO, STEREO, others(126))).toBe(true);
    expect(isOutdone(MONO, MONO, others(1000))).toBe(false);
  });
});

test("settings that reloads replaced are forgotten, with the files that only they were about", async () => {
  await write("a.mp3", "stereo", 20);
  const libraries = new Libraries();
  const countWith = async (more: Partial<Choice>, call: "look" | "measure") => {
    const given = { ...choice(), ...more };
    for (;;) {
      const { isDone, state } = await libraries.perform({ call, choice: given } as LibraryCall);
      if (isDone && state !== null) return state.count;
    }
  };
  const extensions = (i: number) => ({ extensions: [".mp3", `.x${i}`] });
  const another = { mount: "/another", ...extensions(0) };
  expect(await countWith(extensions(0), "look")).toBe(1);
  expect(await countWith(extensions(1), "look")).toBe(1);
  expect(await countWith(extensions(0), "measure")).toBe(1);
  expect(await countWith(extensions(2), "look")).toBe(1);
  expect(await countWith(extensions(1), "measure")).toBe(1);
  // Nothing is known of it any more.
  expect(await countWith(extensions(0), "measure")).toBe(0);
  expect(await countWith(another, "look")).toBe(1);
  for (let i = 3; i < 6; i++) await countWith(extensions(i), "look");
  expect(await countWith(another, "measure")).toBe(1);
});

describe("a mount", () => {
  test("plays the format of most of the playing time, whatever the first file is, and says why others do not", async () => {
    for (let i = 0; i < 9; i++) await write(`${i} odd.mp3`, "mono", 10);
    await write("9 even.mp3", "stereo", 200);
    const libraries = new Libraries();
    await ask(libraries, "look");
    const { chosen, state } = await ask(libraries, "next");
    expect(basename(chosen?.path ?? "")).toBe("9 even.mp3");
    const why = "it is MP3 44.1 kHz mono, the mount is MP3 44.1 kHz stereo";
    expect(state.format).toEqual(STEREO);
    expect(state.skipped.map(([, reason]) => reason)).toEqual(Array(9).fill(why));
    const names = [0, 1, 2, 3, 4].map((i) => `${i} odd.mp3`);
    expect(state.newlySkipped).toEqual([{ why, count: 9, names }]);
  });

  test("changes its format when all is measured and the first files have misled it", async () => {
    for (let i = 0; i < 25; i++) await write(`a${i}.mp3`, "mono", 4);
    const libraries = new Libraries(() => 0.5);
    await ask(libraries, "look");
    expect((await ask(libraries, "next")).state.format).toEqual(MONO);
    for (let i = 0; i < 25; i++) await write(`b${i}.mp3`, "stereo", 40);
    await ask(libraries, "look");
    await ask(libraries, "measure");
    const { state, chosen } = await ask(libraries, "next");
    expect(state.format).toEqual(STEREO);
    expect(basename(chosen?.path ?? "")).toBe("b0.mp3");
    expect(state.skippedCount).toBe(25);
  });
});

describe("a library too large for one call", () => {
  test("is scanned in several, and its state stays small", async () => {
    const FILES = 2000;
    for (let i = 0; i < FILES; i++) await Bun.write(join(home.path, `${i}.mp3`), "");
    // Every look at the clock is a millisecond later than the last.
    let nowMs = 0;
    jest.spyOn(systemClock, "nowMs").mockImplementation(() => (nowMs += 1));
    const libraries = new Libraries();
    expect((await ask(libraries, "look")).count).toBeGreaterThan(1);
    const { count, state } = await ask(libraries, "measure");
    expect(count).toBeGreaterThan(FILES / 50);
    const told: LibraryState = { ...state, skipped: state.skipped.slice(0, 1) };
    expect(state.skippedCount).toBe(FILES);
    expect(state.skipped.length).toBe(200);
    expect(told).toMatchObject({
      count: 0,
      skipped: [["0.mp3", "it is empty"]],
      newlySkipped: [{ why: "it is empty", count: FILES, names: { length: 5 } }],
    });
  });

  test("is gone through the more rarely the longer that takes", async () => {
    await write("a.mp3", "stereo", 40);
    let nowMs = 0;
    jest.spyOn(systemClock, "nowMs").mockImplementation(() => nowMs);
    const libraries = new Libraries();
    await ask(libraries, "look");
    await ask(libraries, "measure");
    let tookMs = 0;
    const { follow } = Selection.prototype;
    const wentThrough = jest.spyOn(Selection.prototype, "follow").mockImplementation(function (
      this: Selection,
    ) {
      nowMs += tookMs;
      return follow.call(this);
    });
    /** How often in a minute, at a call each 100 ms. */
    const timesInAMinute = async () => {
      wentThrough.mockClear();
      for (const endMs = nowMs + 60_000; nowMs < endMs; nowMs += 100)
        await ask(libraries, "measure");
      return wentThrough.mock.calls.length;
    };
    expect(await timesInAMinute()).toBe(59);
    tookMs = 500;
    // 0.5 s of each 10.5 s.
    expect(await timesInAMinute()).toBe(6);
  });
});
