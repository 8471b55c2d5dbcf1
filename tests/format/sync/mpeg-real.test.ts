import { describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { detectCodec } from "../../../src/format/detect.ts";
import { audioExtent } from "../../../src/format/tags/extent.ts";
import { createMpegParser, isInfoFrame } from "../../../src/format/sync/mpeg.ts";
import { requireProgram } from "../../support/programs.ts";
import { feed, feedEveryWay, type Parsed } from "../feed.ts";

const ffmpeg = requireProgram("ffmpeg");
const ffprobe = requireProgram("ffprobe");

async function run(command: string[], stdin?: Uint8Array): Promise<Uint8Array> {
  const child = Bun.spawn(command, { stdin: stdin ?? "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, complaints, code] = await Promise.all([
    child.stdout.bytes(),
    child.stderr.text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(complaints);
  return out;
}

async function withFile<T>(encoding: string[], use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "format-"));
  try {
    const path = join(folder, encoding.includes("mp2") ? "tone.mp2" : "tone.mp3");
    const tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=3"];
    await run([ffmpeg!, "-v", "error", ...tone, "-metadata", "title=Tone", ...encoding, path]);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function probe(path: string): Promise<{ packets: number; rate: number; channels: number }> {
  const wanted = "stream=nb_read_packets,sample_rate,channels";
  const flags = ["-v", "error", "-count_packets", "-show_entries", wanted, "-of", "json"];
  const answer = JSON.parse(Buffer.from(await run([ffprobe!, ...flags, path])).toString());
  const stream = answer.streams[0];
  return {
    packets: Number(stream.nb_read_packets),
    rate: Number(stream.sample_rate),
    channels: stream.channels,
  };
}

async function parseFile(
  path: string,
): Promise<{ parsed: Parsed; audio: Uint8Array; file: Uint8Array }> {
  const file = await Bun.file(path).bytes();
  const reader = async (at: number, length: number) => file.subarray(at, at + length);
  const { start, end } = await audioExtent(reader, file.length);
  const audio = file.subarray(start, end);
  return { parsed: feed(createMpegParser(), [audio]), audio, file };
}

const encodings: [string, string[], { bitrate?: number; hasInfo: boolean }][] = [
  ["CBR 128", ["-c:a", "libmp3lame", "-b:a", "128k", "-ac", "2"], { bitrate: 128, hasInfo: true }],
  ["VBR", ["-c:a", "libmp3lame", "-q:a", "4", "-ac", "2"], { hasInfo: true }],
  [
    "48 kHz mono 320",
    ["-c:a", "libmp3lame", "-b:a", "320k", "-ar", "48000"],
    { bitrate: 320, hasInfo: true },
  ],
  ["22.05 kHz", ["-c:a", "libmp3lame", "-ar", "22050", "-ac", "2"], { hasInfo: true }],
  [
    "8 kHz mono",
    ["-c:a", "libmp3lame", "-ar", "8000", "-b:a", "16k"],
    { bitrate: 16, hasInfo: true },
  ],
  [
    "without Xing, with ID3v1",
    ["-c:a", "libmp3lame", "-write_xing", "0", "-write_id3v1", "1"],
    { hasInfo: false },
  ],
  ["MP2", ["-c:a", "mp2", "-b:a", "192k", "-ac", "2"], { bitrate: 192, hasInfo: false }],
];

const canRun = ffmpeg !== null && ffprobe !== null;

describe.skipIf(!canRun)("a file of ffmpeg's", () => {
  test.each(encodings)(
    "%s has the frames ffprobe counts",
    async (_, encoding, { bitrate, hasInfo }) => {
      await withFile(encoding, async (path) => {
        const probed = await probe(path);
        const { parsed, file } = await parseFile(path);
        expect(parsed.frames.map(isInfoFrame).filter(Boolean)).toHaveLength(hasInfo ? 1 : 0);
        expect(isInfoFrame(parsed.frames[0]!)).toBe(hasInfo);
        // ffprobe does not count the info frame.
        expect(parsed.frames.length - (hasInfo ? 1 : 0)).toBe(probed.packets);
        expect(parsed.garbageBytes).toBe(0);
        expect(parsed.format).toMatchObject({ sampleRate: probed.rate, channels: probed.channels });
        const { length } = parsed.frames;
        expect(parsed.seconds).toBeCloseTo((length * parsed.samples[0]!) / probed.rate, 9);
        expect(Math.abs(parsed.seconds - 3)).toBeLessThan(0.25);
        if (bitrate !== undefined)
          expect(Math.abs(parsed.bitrate - bitrate)).toBeLessThanOrEqual(1);
        expect(detectCodec(file)).toBe("mp3");
      });
    },
  );

  test("is parsed alike in every cut", async () => {
    const encoding = ["-t", "0.5", "-c:a", "libmp3lame", "-ar", "16000", "-b:a", "24k"];
    await withFile(encoding, async (path) => {
      const { frames, garbageBytes } = feedEveryWay(createMpegParser, await Bun.file(path).bytes());
      expect(frames.length).toBeGreaterThan(10);
      expect(garbageBytes).toBeLessThan(200); // the ID3 tag
    });
  });

  test("streamed live starts with its ID3 tag, and comes out as frames only", async () => {
    const tone = ["-f", "lavfi", "-i", "sine=duration=1", "-metadata", "title=Live"];
    const live = await run([
      ffmpeg!,
      "-v",
      "error",
      ...tone,
      "-c:a",
      "libmp3lame",
      "-f",
      "mp3",
      "-",
    ]);
    expect(Buffer.from(live.subarray(0, 3)).toString()).toBe("ID3");
    const { start } = await audioExtent(async (at, n) => live.subarray(at, at + n), live.length);
    const parsed = feed(createMpegParser(), [live]);
    expect(parsed.garbageBytes).toBe(start);
    expect(parsed.seconds).toBeGreaterThan(1);
  });
});
