import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describeFormat } from "../../../src/format/frame.ts";
import { createWebmParser } from "../../../src/format/webm/webm.ts";
import { WEBM_HEADER_MAX_BYTES } from "../../../src/format/webm/webm-header.ts";
import { requireProgram } from "../../support/programs.ts";
import { expectSame, feed, feedEveryWay, type Parsed } from "../feed.ts";
import { concat, garbage } from "../mpeg-builder.ts";
import { block, clusterHead, element, size, timestamp, webmHeader } from "../webm-builder.ts";

const everyWay = (...parts: Uint8Array[]): Parsed =>
  feedEveryWay(createWebmParser, concat(...parts));

function expectFrames(parsed: Parsed, frames: readonly Uint8Array[], garbageBytes = 0): void {
  expect(parsed.frames.map((f) => f.toHex())).toEqual(frames.map((f) => f.toHex()));
  expect(parsed.garbageBytes).toBe(garbageBytes);
}

/** A cluster of unknown size in the pieces it leaves in. */
const cluster = (time: number, ...blocks: Uint8Array[]): Uint8Array[] => [
  concat(clusterHead(), timestamp(time), blocks[0]!),
  ...blocks.slice(1),
];

const header = webmHeader();
const first = cluster(0, block(0), block(20), block(40));
const second = cluster(60, block(0), block(20, { grouped: true }), block(40));
const voidElement = element(0xec, garbage(30));

describe("WebM", () => {
  test("leaves as preamble and clusters, a block at a time, and is joined at clusters", () => {
    const parsed = everyWay(header, ...first, ...second);
    expectFrames(parsed, [header, ...first, ...second]);
    expect(parsed.flags).toEqual([0, 1, 0, 0, 1, 0, 0]);
    expect(parsed.samples).toEqual([0, 0, 960, 960, 960, 960, 960]);
    expect(parsed.format).toEqual({ codec: "webm-opus", sampleRate: 48000, channels: 2 });
    expect(parsed.chains).toEqual([{ firstFrame: 0, preamble: header, metadata: null }]);
  });

  test("starts nowhere but at the head of a cluster", () => {
    const late = timestamp(100);
    const parsed = everyWay(header, first[0]!, late, first[1]!);
    expectFrames(parsed, [header, first[0]!, first[1]!], late.length);
    expect(parsed.flags).toEqual([0, 1, 0]);
  });

  test("does not wait for the end of a cluster", () => {
    const parser = createWebmParser();
    expect(parser.push(header).count).toBe(0);
    expect(parser.push(first[0]!).count).toBe(2);
    expect(parser.push(first[1]!).count).toBe(1);
    expect(parser.push(first[2]!.subarray(0, -1)).count).toBe(0);
    expect(parser.push(first[2]!.subarray(-1)).count).toBe(1);
    expect(parser.end().count).toBe(0);
  });

  test("loses known sizes, and with them what only serves seeking", () => {
    const known = webmHeader({ segmentSize: 4000 });
    const length = concat(...first).length - 5;
    const sized = clusterHead(8, length);
    const head = concat(clusterHead(8), first[0]!.subarray(5));
    const input = [known, sized, voidElement, first[0]!.subarray(5), first[1]!, first[2]!];
    const parsed = everyWay(...input, voidElement, ...second, element(0x1c53bb6b, garbage(200)));
    expectFrames(parsed, [header, head, ...first.slice(1), ...second], 32 * 2 + 207);
  });

  test("has title and artist", () => {
    const named = webmHeader({ title: "J\u00f3ga", artist: "Bj\u00f6rk" });
    expect(feed(createWebmParser(), [named, ...first]).chains[0]?.metadata).toEqual({
      artist: "Bj\u00f6rk",
      title: "J\u00f3ga",
    });
  });

  test.each([
    [
      { name: "Track Name", artist: ["A", "B"] },
      { artist: "A, B", title: "Track Name" },
    ],
    [{ name: "A - T" }, { artist: "A", title: "T" }],
    [
      { name: "Stereo", title: "T", artist: "A" },
      { artist: "A", title: "T" },
    ],
  ])("tells by %j that it is %j", (options, wanted) => {
    const named = webmHeader(options);
    expect(feed(createWebmParser(), [named, ...first]).chains[0]?.metadata).toEqual(wanted);
  });

  test("counts time by its own scale, of its track only", () => {
    const fine = webmHeader({ scale: 500_000, rate: 44100, channels: 1, types: [2, 2] });
    const other = block(500, { track: 2 });
    const parsed = everyWay(fine, ...cluster(0, block(0), other, block(40), block(80)));
    expect(parsed.samples).toEqual([0, 0, 0, 882, 882]);
    expect(parsed.format).toEqual({ codec: "webm-opus", sampleRate: 44100, channels: 1 });
  });

  test("plays nothing where its time goes back or jumps, and goes on from there", () => {
    const jumps = [cluster(90_000, block(0), block(20)), cluster(7, block(0), block(20))];
    const parsed = everyWay(header, ...cluster(5000, block(0), block(20)), ...jumps.flat());
    expect(parsed.samples).toEqual([0, 0, 960, 0, 960, 0, 960]);
  });

  test("counts no time by a timestamp of more bytes than a number has", () => {
    const endless = concat(clusterHead(), element(0xe7, new Uint8Array(126).fill(0xfe)));
    const parsed = everyWay(header, ...first, endless, block(0), block(20), ...second);
    expect(parsed.seconds).toBeCloseTo(0.08, 9);
  });

  test("that begins anew is another chain", () => {
    const named = webmHeader({ title: "Two" });
    const parsed = everyWay(header, ...first, named, ...second);
    expectFrames(parsed, [header, ...first, named, ...second]);
    expect(parsed.chains.map(({ firstFrame }) => firstFrame)).toEqual([0, 4]);
    expect(parsed.chains[1]?.metadata?.title).toBe("Two");
  });

  test("that restarts in another format is garbage, and reported as foreign", () => {
    const mono = [webmHeader({ channels: 1 }), ...second];
    const parsed = everyWay(header, ...first, ...mono);
    expectFrames(parsed, [header, ...first], concat(...mono).length);
    expect(parsed.foreignFormat).toEqual({ codec: "webm-opus", sampleRate: 48000, channels: 1 });
  });

  const refused: [string, Uint8Array][] = [
    ["with video beside", webmHeader({ types: [1, 2] })],
    ["without a track", webmHeader({ types: [] })],
    ["of an unknown codec", webmHeader({ codec: "A_OPUSX" })],
    ["of no rate", webmHeader({ rate: 0 })],
    ["of no channels", webmHeader({ channels: 0 })],
    ["that counts no time", webmHeader({ scale: 0 })],
    [
      "with a header that never ends",
      webmHeader({ extra: element(0xec, garbage(WEBM_HEADER_MAX_BYTES)) }),
    ],
  ];
  test.each(refused)("%s is garbage", (_, head) => {
    const input = concat(head, ...first);
    expectFrames(feed(createWebmParser(), [input]), [], input.length);
  });

  test("is garbage before its header and from damage to the next cluster or header", () => {
    const damage = [garbage(20), block(5).with(0, 0), Uint8Array.of(0x1a, 0x45, 0xdf, 0x1f, 0x43)];
    const lost = concat(...damage).length;
    expectFrames(everyWay(...damage, header, ...first), [header, ...first], lost);
    const parsed = everyWay(header, ...first, ...damage, first[1]!, ...second);
    expectFrames(parsed, [header, ...first, ...second], lost + first[1]!.length);
    const headless = everyWay(...first, ...second);
    expectFrames(headless, [], concat(...first, ...second).length);
  });

  test("is not muted by an element of absurd size", () => {
    const sizes = [size(2 ** 40, 8), size(null, 8), size(null)];
    for (const absurd of sizes.flatMap((s) => [0xec, 0xa3].map((id) => [id, ...s]))) {
      const endless = Uint8Array.from(absurd);
      const parsed = everyWay(header, ...first, endless, ...second);
      expectFrames(parsed, [header, ...first, ...second], endless.length);
    }
  });

  test("drops a cluster without blocks and a block that is cut off", () => {
    const empty = concat(clusterHead(), timestamp(9));
    const parsed = everyWay(header, empty, ...first, second[0]!.subarray(0, -1));
    expectFrames(parsed, [header, ...first], empty.length + second[0]!.length - 1);
  });

  test("of whatever bytes yields the same however it is cut", () => {
    const piece = fc.oneof(
      fc.constantFrom(header, webmHeader({ channels: 1 }), webmHeader({ title: "x" })),
      fc.constantFrom(...first, ...second, clusterHead(), voidElement, header.subarray(0, 30)),
      fc.uint8Array({ maxLength: 20 }),
      fc
        .constantFrom([0x1a, 0x45], [0x1f, 0x43, 0xb6], [0xa3, 0xff])
        .map((b) => Uint8Array.from(b)),
    );
    const inputs = fc.array(piece, { maxLength: 12 }).map((parts) => concat(header, ...parts));
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 60 }), (input, step) => {
        const chunks = Array.from({ length: Math.ceil(input.length / step) }, (_, i) =>
          input.subarray(i * step, i * step + step),
        );
        expectSame(feed(createWebmParser(), chunks), feed(createWebmParser(), [input]));
      }),
      { numRuns: 300 },
    );
  });
});

const ffmpeg = requireProgram("ffmpeg");
const kinds = [
  ["opus.webm", "WebM Opus 48 kHz stereo", 48000, ["-c:a", "libopus", "-ac", "2"]],
  ["vorbis.webm", "WebM Vorbis 44.1 kHz mono", 44100, ["-c:a", "libvorbis"]],
  ["flac.mka", "Matroska FLAC 44.1 kHz mono", 44100, ["-c:a", "flac"]],
] as const;
const seconds = 4.2;
let folder = "";

async function run(command: string[], stdin?: Uint8Array): Promise<[Uint8Array, string]> {
  const child = Bun.spawn(command, { stdin: stdin ?? "ignore", stdout: "pipe", stderr: "pipe" });
  return Promise.all([child.stdout.bytes(), child.stderr.text()]);
}

async function decodedSamples(rate: number, input: Uint8Array): Promise<number> {
  const output = ["-f", "s16le", "-ac", "1", "-ar", String(rate), "-"];
  const [pcm, said] = await run([ffmpeg!, "-v", "warning", "-i", "-", ...output], input);
  expect(said).toBe("");
  return pcm.length / 2;
}

describe.skipIf(ffmpeg === null)("a file of ffmpeg's", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "format-"));
    const tone = ["-f", "lavfi", "-i", `sine=duration=${seconds}`];
    const more = ["-metadata", "title=Tone", "-cluster_time_limit", "1000"];
    const outputs = kinds.flatMap(([name, , , encoding]) => [
      ...more,
      ...encoding,
      join(folder, name),
    ]);
    const [, said] = await run([ffmpeg!, "-v", "error", ...tone, ...outputs]);
    expect(said).toBe("");
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(kinds)(
    "%s comes out as it went in, and can be joined at its last cluster",
    async (name, format, rate) => {
      const file = await Bun.file(join(folder, name)).bytes();
      const parsed = feed(createWebmParser(), [file]);
      const { frames, flags, samples, chains } = parsed;
      expect(describeFormat(parsed.format!)).toBe(format);
      expect(chains[0]?.metadata?.title).toBe("Tone");
      expect(parsed.garbageBytes).toBeLessThan(200);
      // The last block's own duration is never told.
      expect(Math.abs(parsed.seconds - seconds)).toBeLessThan(0.12);
      const [whole, again] = await Promise.all([
        decodedSamples(rate, file),
        decodedSamples(rate, concat(...frames)),
      ]);
      expect(again).toBe(whole);
      const place = flags.lastIndexOf(1);
      const joined = await decodedSamples(
        rate,
        concat(chains[0]!.preamble, ...frames.slice(place)),
      );
      const wanted = samples.slice(place + 1).reduce((a, b) => a + b, 0);
      expect(place).toBeGreaterThan(1);
      expect(Math.abs(joined - wanted) / rate).toBeLessThan(0.12);
    },
  );
});
