// What bytes cost to look at: the worst input of any format is no dearer than a few times MP3 that comes byte by byte.
// Times are compared with each other on the same machine, never with the clock on the wall.
import { describe, expect, test } from "bun:test";
import { createAdtsParser } from "../../src/format/sync/adts.ts";
import { Detector } from "../../src/format/detect.ts";
import { createMpegParser } from "../../src/format/sync/mpeg.ts";
import { createOggParser } from "../../src/format/ogg/ogg.ts";
import { createWebmParser } from "../../src/format/webm/webm.ts";
import { ChunkedBody } from "../../src/wire/body.ts";
import { InlineTitles } from "../../src/input/live/inline-titles.ts";
import { concat, mpegFrames } from "./mpeg-builder.ts";

const SIZE = 1 << 20;
const MOST = 3;

type Push = (bytes: Uint8Array) => unknown;

function repeated(...parts: readonly (string | readonly number[])[]): Uint8Array {
  const part = concat(
    ...parts.map((bytes) =>
      typeof bytes === "string" ? Buffer.from(bytes, "latin1") : Uint8Array.from(bytes),
    ),
  );
  return Uint8Array.from({ length: SIZE }, (_, i) => part[i % part.length] ?? 0);
}

function behind(head: Uint8Array, rest: Uint8Array): Uint8Array {
  return concat(head, rest).subarray(0, SIZE);
}

const EBML = [0x1a, 0x45, 0xdf, 0xa3, 0x80];
const VOID = [0xec, 0x80];

/** What a new one of each takes, and what costs it most. */
const inputs: readonly [string, () => Push, Uint8Array][] = [
  ["MP3 of false headers", () => pusher(createMpegParser()), repeated([0xff, 0xfb, 0x90, 0])],
  [
    "MP3 of headers that disagree",
    () => pusher(createMpegParser()),
    repeated([0xff, 0xfb, 0x90, 0, 0xff, 0xf3, 0x14, 0xc0, 1]),
  ],
  ["MP3 of tags", () => pusher(createMpegParser()), repeated("ID3", [4, 0, 0, 0, 0, 0, 1, 0])],
  [
    "AAC of false headers",
    () => pusher(createAdtsParser()),
    repeated([0xff, 0xf1, 0x50, 0x80, 0x3f, 0xff, 0xfc, 1]),
  ],
  [
    "Ogg of heads of long pages",
    () => pusher(createOggParser()),
    repeated("OggS", [0, 0], Array(21).fill(255)),
  ],
  ["Ogg of capture patterns", () => pusher(createOggParser()), repeated("OggO")],
  [
    "WebM of headers within headers",
    () => pusher(createWebmParser()),
    behind(Uint8Array.from(EBML), repeated([0xec, 0x85], EBML)),
  ],
  [
    "WebM of an endless header",
    () => pusher(createWebmParser()),
    behind(Uint8Array.from(EBML), repeated(VOID)),
  ],
  ["an opening that says nothing", () => detector(), repeated([0xff])],
  ["an opening of tags", () => detector(), repeated("ID3", [4, 0, 0, 0, 0, 0, 1, 0])],
  ["chunks of one byte", () => chunks(), repeated("1\r\n", [0xff], "\r\n")],
  ["titles behind every byte", () => titles(), repeated([0], [1], "StreamTitle='';\0")],
  [
    "titles that never close",
    () => titles(),
    repeated(
      [0],
      [255],
      Array(17)
        .fill("StreamTitle='StreamTitle='StreamTitle='")
        .join("")
        .padEnd(4080, "'")
        .split("")
        .map((c) => c.charCodeAt(0)),
    ),
  ],
];

function pusher(parser: ReturnType<typeof createMpegParser>): Push {
  return (bytes) => {
    for (let frames = parser.push(bytes); frames.count > 0; frames = parser.next());
  };
}

/** A new one for each opening: an answer is its end. */
function detector(): Push {
  let detecting = new Detector();
  return (bytes) => {
    if (detecting.push(bytes) !== null) detecting = new Detector();
  };
}

function chunks(): Push {
  const body = new ChunkedBody();
  return (bytes) => body.push(bytes);
}

function titles(): Push {
  const inline = new InlineTitles(1);
  return (bytes) => [...inline.push(bytes)];
}

/** Milliseconds, in pieces of that size. */
function cost(push: Push, input: Uint8Array, size: number): number {
  const startedMs = performance.now();
  for (let at = 0; at < input.length; at += size) push(input.subarray(at, at + size));
  return performance.now() - startedMs;
}

const MP3 = behind(new Uint8Array(0), concat(...mpegFrames(2600)));

/** Another program may take the processor from either: what is really dear is so every time. */
const ATTEMPTS = 6;

describe.each(inputs)("%s", (_, create, input) => {
  test.each([
    ["whole", SIZE],
    ["in pieces of 4 KiB", 4096],
    ["byte by byte", 1],
  ] as const)("cost little %s", (_way, size) => {
    let least = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < ATTEMPTS && least >= MOST; attempt++) {
      const mp3Ms = cost(pusher(createMpegParser()), MP3, 1);
      least = Math.min(least, cost(create(), input, size) / mp3Ms);
    }
    expect(least).toBeLessThan(MOST);
  });
});
