import { describe, expect, test } from "bun:test";
import { createMpegParser } from "../../../src/format/sync/mpeg.ts";
import { feed, feedEveryWay, type Parsed } from "../feed.ts";
import {
  concat,
  type FrameOptions,
  garbage,
  id3v2,
  mpegFrame,
  mpegFrames,
} from "../mpeg-builder.ts";

// Short frames keep splitting at every point affordable.
const small: FrameOptions = { bitrate: 32, sampleRate: 48000 };
const smallBytes = 96;
const mp3 = { codec: "mp3", sampleRate: 48000, channels: 2 } as const;

const everyWay = (...parts: Uint8Array[]): Parsed =>
  feedEveryWay(createMpegParser, concat(...parts));

function expectFrames(parsed: Parsed, frames: readonly Uint8Array[], garbageBytes: number): void {
  expect(parsed.frames.map((f) => f.toHex())).toEqual(frames.map((f) => f.toHex()));
  expect(parsed.garbageBytes).toBe(garbageBytes);
}

describe("a clean stream", () => {
  const kinds: [string, FrameOptions][] = [
    ["MPEG 1 layer III", small],
    ["MPEG 1 layer II", { ...small, layer: 2 }],
    ["MPEG 1 layer I", { ...small, layer: 1, padding: true }],
    ["MPEG 2 layer III mono", { version: 2, bitrate: 8, mode: "mono" }],
    ["MPEG 2 layer II", { version: 2, layer: 2, bitrate: 16 }],
    ["MPEG 2.5 layer III with CRC", { version: 2.5, bitrate: 16, crc: true }],
  ];
  test.each(kinds)("of %s comes out whole, whatever its payload looks like", (_, options) => {
    for (const payload of ["noise", "nasty", "zero"] as const) {
      const frames = mpegFrames(6, { ...options, payload });
      const parsed = everyWay(...frames);
      expectFrames(parsed, frames, 0);
      expect(parsed.flags).toEqual(frames.map(() => 1));
    }
  });

  test("has format, samples, duration and bitrate", () => {
    const parsed = feed(createMpegParser(), mpegFrames(40));
    expect(parsed.format).toEqual({ codec: "mp3", sampleRate: 44100, channels: 2 });
    expect(parsed.samples).toEqual(Array(40).fill(1152));
    expect(parsed.seconds).toBeCloseTo((40 * 1152) / 44100, 12);
    expect(parsed.micros.reduce((a, b) => a + b)).toBe(Math.floor((40 * 1152e6) / 44100));
    expect(parsed.bitrate).toBe(128);
  });

  test("of varying bitrate and padding reports the average bitrate", () => {
    const frames = mpegFrames(8, small, (i) => ({
      bitrate: i % 2 ? 32 : 64,
      padding: i % 3 === 0,
    }));
    const parsed = everyWay(...frames);
    expectFrames(parsed, frames, 0);
    expect(parsed.bitrate).toBe(48);
  });

  test("may mix stereo, joint stereo, dual channel and CRC", () => {
    const modes = ["stereo", "joint", "dual"] as const;
    const frames = mpegFrames(9, small, (i) => ({ mode: modes[i % 3]!, crc: i % 2 === 0 }));
    expectFrames(everyWay(...frames), frames, 0);
  });
});

describe("the lock", () => {
  test("comes with the second agreeing header, and from then a frame leaves with its last byte", () => {
    const parser = createMpegParser();
    const [first, second, third] = mpegFrames(3, small);
    expect(parser.push(concat(first!, second!.subarray(0, 3))).count).toBe(0);
    expect(parser.format).toBeNull();
    expect(parser.push(second!.subarray(3, 4)).count).toBe(1);
    expect(parser.format).toEqual(mp3);
    expect(parser.push(second!.subarray(4, -1)).count).toBe(0);
    expect(parser.push(second!.subarray(-1)).count).toBe(1);
    expect(parser.push(third!).count).toBe(1);
    expect(parser.end().count).toBe(0);
  });

  test("is not given to a lone header", () => {
    const frames = mpegFrames(3, small);
    const lone = mpegFrame({ ...small, sampleRate: 32000 });
    expectFrames(everyWay(lone, ...frames), frames, lone.length);
    expectFrames(everyWay(lone.subarray(0, 50), ...frames), frames, 50);
  });

  test("is not given to free format", () => {
    const free = mpegFrames(4, small).map((frame) => frame.with(2, frame[2]! & 0x0f));
    expectFrames(everyWay(...free), [], 4 * smallBytes);
  });

  const changes: [string, FrameOptions][] = [
    ["version", { version: 2, sampleRate: 24000 }],
    ["layer", { layer: 2 }],
    ["sample rate", { sampleRate: 44100 }],
    ["mono or stereo", { mode: "mono" }],
  ];
  test.each(changes)("is not given to headers that differ in %s", (_, change) => {
    const one = mpegFrame(small);
    const other = mpegFrame({ ...small, ...change });
    expect(everyWay(one, other, one, other, garbage(5)).frames).toEqual([]);
  });

  test("is not given inside a frame the input begins in the middle of", () => {
    const [cut, ...frames] = mpegFrames(5, { ...small, payload: "nasty" });
    expectFrames(everyWay(cut!.subarray(60), ...frames), frames, smallBytes - 60);
  });
});

describe("garbage", () => {
  test("before, between and after frames is dropped and counted", () => {
    const frames = mpegFrames(6, small);
    const parsed = everyWay(
      garbage(70),
      ...frames.slice(0, 3),
      garbage(33),
      ...frames.slice(3),
      garbage(9),
    );
    expectFrames(parsed, frames, 112);
  });

  test("held back is kept when a larger chunk than ever comes", () => {
    const frames = mpegFrames(200, small);
    const input = concat(...frames);
    expectFrames(
      feed(createMpegParser(), [input.subarray(0, 150), input.subarray(150)]),
      frames,
      0,
    );
  });

  test("between frames does not break the batch: its frames stay back to back", () => {
    const frames = mpegFrames(7, small);
    const parser = createMpegParser();
    const input = concat(garbage(8), frames[0]!, frames[1]!, garbage(7), ...frames.slice(2));
    const copy = input.slice();
    const batch = parser.push(input);
    expect(batch.count).toBe(7);
    expect(batch.bytes.toHex()).toBe(concat(...frames).toHex());
    expect(input).toEqual(copy);
  });

  test("with single headers of the own format never comes out", () => {
    const frames = mpegFrames(4, small);
    const header = mpegFrame(small).subarray(0, 4);
    const junk = concat(garbage(20), header, garbage(30), header, garbage(120));
    const parsed = everyWay(frames[0]!, frames[1]!, junk, frames[2]!, frames[3]!);
    expectFrames(parsed, frames, junk.length);
  });

  test("of sync bytes alone, zeros alone or tag starts alone yields nothing", () => {
    for (const text of ["\xff", "\0", "I", "ID", "ID3", "\xff\xe0", "TAG"]) {
      const junk = new Uint8Array(Buffer.from(text.repeat(60), "latin1"));
      expectFrames(everyWay(junk), [], junk.length);
    }
  });

  test("a corrupted header costs its own frame only", () => {
    const frames = mpegFrames(6, small);
    const broken = frames.with(3, frames[3]!.with(0, 0));
    expectFrames(everyWay(...broken), frames.toSpliced(3, 1), smallBytes);
  });

  test("a truncated frame takes only its successor with it", () => {
    const frames = mpegFrames(7, small);
    const parsed = everyWay(...frames.with(2, frames[2]!.subarray(0, 50)));
    expect(parsed.frames.slice(0, 2)).toEqual(frames.slice(0, 2));
    expect(parsed.frames.slice(-3)).toEqual(frames.slice(-3));
    expect(parsed.frames).toHaveLength(6);
  });

  test("an ID3v1 tag at the end is garbage", () => {
    const frames = mpegFrames(3, small);
    const tag = concat(new TextEncoder().encode("TAG"), garbage(125));
    expectFrames(everyWay(...frames, tag), frames, 128);
  });
});

describe("an inline ID3v2 tag", () => {
  const frames = mpegFrames(5, small);
  // A cover full of whole agreeing frames: only the size of the tag tells it from audio.
  const cover = concat(...mpegFrames(6, { bitrate: 40, sampleRate: 44100 }));

  test("before and between frames is skipped by its size, whatever is inside", () => {
    const tag = id3v2(cover.length, { contents: cover });
    const parsed = everyWay(tag, ...frames.slice(0, 2), tag, ...frames.slice(2));
    expectFrames(parsed, frames, 2 * tag.length);
    expect(parsed.format).toEqual(mp3);
  });

  test("may be repeated, empty or carry a footer", () => {
    const tags = [id3v2(0), id3v2(40, { footer: true }), id3v2(7, { version: 3 })];
    expectFrames(everyWay(...tags, ...frames), frames, 10 + 60 + 17);
  });

  test("of megabytes holds no memory", () => {
    const contents = new Uint8Array(5 << 20).fill(0xff);
    const tag = id3v2(contents.length, { contents });
    const input = concat(tag, ...frames);
    const chunks = Array.from({ length: Math.ceil(input.length / 1000) }, (_, i) =>
      input.subarray(i * 1000, i * 1000 + 1000),
    );
    const parsed = feed(createMpegParser(), chunks);
    expectFrames(parsed, frames, tag.length);
    expect(parsed.heldBytes).toBeLessThan(200);
  });

  test("of an absurd size, unknown version or broken size is searched for frames like garbage", () => {
    const head = id3v2(0).with(9, 50); // honoured, it would swallow the first frame
    const damage = [
      [6, 0x7f],
      [3, 9],
      [4, 1],
      [5, 1],
      [9, 0x80],
    ] as const;
    for (const [at, byte] of damage) {
      const broken = head.with(at, byte);
      expectFrames(everyWay(broken, ...frames), frames, 10);
    }
  });

  test("cut off by the end of the input is dropped", () => {
    expectFrames(everyWay(...frames, id3v2(500).subarray(0, 300)), frames, 300);
    expectFrames(everyWay(...frames, id3v2(500).subarray(0, 6)), frames, 6);
  });
});

describe("another format in mid-stream", () => {
  const own = mpegFrames(3, small);
  const changed: FrameOptions = { bitrate: 32, sampleRate: 32000, mode: "mono" };

  test("is never output, and reported after some frames", () => {
    const other = mpegFrames(12, changed);
    const parsed = feed(createMpegParser(), [...own, ...other]);
    expectFrames(parsed, own, concat(...other).length);
    expect(parsed.format).toEqual(mp3);
    expect(parsed.foreignFormat).toEqual({ codec: "mp3", sampleRate: 32000, channels: 1 });
  });

  test("does not bring out what looks like own frames inside it", () => {
    const payload = { ...changed, bitrate: 320 };
    const other = mpegFrames(3, payload).map((frame) => {
      frame.set(concat(...own), 20);
      return frame;
    });
    expectFrames(everyWay(...own, ...other), own, concat(...other).length);
  });

  test("is not reported for a few frames, and forgotten when the first format returns", () => {
    const few = mpegFrames(4, changed);
    expect(feed(createMpegParser(), [...own, ...few]).foreignFormat).toBeNull();
    const many = mpegFrames(12, changed);
    const parsed = feedEveryWay(createMpegParser, concat(...own, ...many, ...own));
    expectFrames(parsed, [...own, ...own], concat(...many).length);
    expect(parsed.foreignFormat).toBeNull();
  });
});

describe("the end of the input", () => {
  const frames = mpegFrames(3, small);

  test("drops a partial last frame", () => {
    expectFrames(everyWay(...frames, mpegFrame(small).subarray(0, 95)), frames, 95);
  });

  test("frees a lone frame that ends exactly there, even without a lock", () => {
    const lone = mpegFrame(small);
    expectFrames(everyWay(lone), [lone], 0);
    expectFrames(everyWay(garbage(11), lone), [lone], 11);
    expectFrames(everyWay(lone, garbage(1)), [], smallBytes + 1);
  });

  test("frees a lone frame of the former lock after garbage", () => {
    const lone = mpegFrame({ ...small, bitrate: 40 });
    expectFrames(everyWay(...frames, garbage(20), lone), [...frames, lone], 20);
    expectFrames(everyWay(...frames, garbage(20), lone, garbage(3)), [...frames, lone], 23);
    const falseStart = mpegFrame({ ...small, bitrate: 320 }).subarray(0, 9);
    const parsed = everyWay(...frames, garbage(20), falseStart, lone);
    expectFrames(parsed, [...frames, lone], 29);
    const foreign = mpegFrame({ ...small, mode: "mono" });
    const cut = foreign.subarray(0, 50);
    expectFrames(everyWay(...frames, garbage(20), cut), frames, 20 + cut.length);
    expectFrames(everyWay(...frames, garbage(20), foreign), frames, 20 + foreign.length);
  });

  test("of nothing at all is fine", () => {
    const parsed = feed(createMpegParser(), []);
    expectFrames(parsed, [], 0);
    expect(parsed.format).toBeNull();
    expect(parsed.bitrate).toBe(0);
    expect(feed(createMpegParser(), [new Uint8Array(0), new Uint8Array(0)]).frames).toEqual([]);
  });
});
