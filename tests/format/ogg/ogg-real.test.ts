import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAdtsParser } from "../../../src/format/sync/adts.ts";
import { detectCodec } from "../../../src/format/detect.ts";
import { describeFormat } from "../../../src/format/frame.ts";
import { createOggParser } from "../../../src/format/ogg/ogg.ts";
import { requireProgram } from "../../support/programs.ts";
import { feed, feedEveryWay, type Parsed } from "../feed.ts";
import { concat } from "../mpeg-builder.ts";

const ffmpeg = requireProgram("ffmpeg");
const ffprobe = requireProgram("ffprobe");
const canRun = ffmpeg !== null && ffprobe !== null;

async function run(command: string[], stdin?: Uint8Array): Promise<[Uint8Array, string]> {
  const child = Bun.spawn(command, { stdin: stdin ?? "ignore", stdout: "pipe", stderr: "pipe" });
  const { stdout, stderr, exited } = child;
  const [out, said, code] = await Promise.all([stdout.bytes(), stderr.text(), exited]);
  if (code !== 0) throw new Error(said);
  return [out, said];
}

interface Kind {
  readonly name: string;
  readonly encoding: readonly string[];
  readonly format: string;
  readonly rate: number;
}

const kind = (name: string, format: string, rate: number, ...encoding: string[]): Kind => ({
  name,
  format,
  rate,
  encoding,
});

const kinds = [
  kind("v.ogg", "Ogg Vorbis 44.1 kHz stereo", 44100, "-c:a", "libvorbis", "-ac", "2"),
  kind("low.oga", "Ogg Vorbis 22.05 kHz mono", 22050, "-c:a", "libvorbis", "-ar", "22050"),
  kind("o.opus", "Ogg Opus 48 kHz stereo", 48000, "-c:a", "libopus", "-ac", "2"),
  kind("short.opus", "Ogg Opus 48 kHz mono", 48000, "-c:a", "libopus", "-page_duration", "20000"),
  kind("f.oga", "Ogg FLAC 44.1 kHz 16 bit mono", 44100, "-c:a", "flac", "-f", "ogg"),
  kind("s.spx", "Ogg Speex 16 kHz mono", 16000, "-c:a", "libspeex", "-ar", "16000"),
];
const named = kinds.map((k) => [k.name, k] as const);

const seconds = 3.3;
let folder = "";

beforeAll(async () => {
  if (!canRun) return;
  folder = await mkdtemp(join(tmpdir(), "format-"));
  const tone = ["-f", "lavfi", "-i", `sine=frequency=440:duration=${seconds}`];
  const tags = ["-metadata", "title=Tone \u00e9", "-metadata", "artist=Generator"];
  const outputs = kinds.flatMap(({ name, encoding }) => [...tags, ...encoding, join(folder, name)]);
  const aac = ["-c:a", "aac", "-f", "adts", join(folder, "a.aac")];
  await run([ffmpeg!, "-v", "error", ...tone, ...outputs, ...aac]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const fileOf = (name: string): Promise<Uint8Array> => Bun.file(join(folder, name)).bytes();

/** Chunks as a socket brings them. */
function parse(bytes: Uint8Array): Parsed {
  const chunks = Array.from({ length: Math.ceil(bytes.length / 1400) }, (_, i) =>
    bytes.subarray(i * 1400, i * 1400 + 1400),
  );
  return feed(createOggParser(), chunks);
}

/** Samples of the decoded sound; complaints of the decoder fail. */
async function decode({ rate }: Kind, input: Uint8Array): Promise<number> {
  const output = ["-f", "s16le", "-ac", "1", "-ar", String(rate), "-"];
  const [pcm, said] = await run([ffmpeg!, "-v", "warning", "-i", "-", ...output], input);
  // That time begins anew with each chain disturbs the writer of the samples, not the decoder.
  const complaints = said.replace(/.*(Guessed Channel Layout|\[s16le .* dts to muxer).*\n/g, "");
  expect(complaints).toBe("");
  return pcm.length / 2;
}

async function probeSeconds(name: string): Promise<number> {
  const wanted = ["-show_entries", "format=duration", "-of", "csv=p=0"];
  const [out] = await run([ffprobe!, "-v", "error", ...wanted, join(folder, name)]);
  return Number(Buffer.from(out).toString());
}

describe.skipIf(!canRun)("a file of ffmpeg's", () => {
  test.each(named)("%s comes out whole, timed and named", async (name, { format }) => {
    const file = await fileOf(name);
    const parsed = parse(file);
    expect(detectCodec(file)).toBe("ogg");
    expect(describeFormat(parsed.format!)).toBe(format);
    expect(parsed.garbageBytes).toBe(0);
    expect(parsed.chains).toHaveLength(1);
    expect(parsed.chains[0]?.metadata).toEqual({ artist: "Generator", title: "Tone \u00e9" });
    expect(Math.abs(parsed.seconds - seconds)).toBeLessThan(0.02);
    expect(Math.abs(parsed.seconds - (await probeSeconds(name)))).toBeLessThan(0.02);
  });

  test.each(named)("%s decodes as the file itself does", async (name, kind) => {
    const file = await fileOf(name);
    const samples = await decode(kind, concat(...parse(file).frames));
    expect(samples).toBe(await decode(kind, file));
    expect(Math.abs(samples / kind.rate - seconds)).toBeLessThan(0.02);
  });

  test.each(named)("%s can be joined at any sync page with its preamble", async (name, kind) => {
    const { frames, flags, samples, chains } = parse(await fileOf(name));
    const places = flags.flatMap((flag, i) => (flag === 1 ? [i] : []));
    expect(places.length).toBeGreaterThan(2);
    const some = new Set([places[1]!, places.at(-2)!]);
    await Promise.all(
      [...some].map(async (place) => {
        const decoded = await decode(kind, concat(chains[0]!.preamble, ...frames.slice(place)));
        const wanted = samples.slice(place).reduce((a, b) => a + b);
        // A decoder drops the pre-skip of Opus again and loses the first block of Vorbis.
        expect(decoded).toBeLessThanOrEqual(wanted);
        expect(decoded).toBeGreaterThan(wanted - kind.rate * 0.05);
      }),
    );
  });

  test.each(named)("%s cut off anywhere still ends properly", async (name, kind) => {
    const file = await fileOf(name);
    const { frames, seconds } = parse(file.subarray(0, file.length * 0.7));
    const decoded = await decode(kind, concat(...frames));
    expect(Math.abs(decoded / kind.rate - seconds)).toBeLessThan(0.2);
    expect(frames.at(-1)![5]! & 4).toBe(4);
  });

  test.each(named)("%s chained with itself plays twice, under two serials", async (name, kind) => {
    const file = await fileOf(name);
    const { frames, chains, ...parsed } = parse(concat(file, file));
    expect(chains).toHaveLength(2);
    expect(parsed.seconds).toBeCloseTo(2 * parse(file).seconds, 6);
    const serials = frames.map((frame) => Buffer.from(frame).readUInt32LE(14));
    expect(new Set(serials).size).toBe(2);
    // ffmpeg 5.1 takes the comments of a second chain of Speex for audio, in files put together too.
    if (name === "s.spx") return;
    const decoded = await decode(kind, concat(...frames));
    expect(Math.abs(decoded / kind.rate - 2 * seconds)).toBeLessThan(0.02);
  });

  test("with a cover has a preamble without it", async () => {
    const picture = `METADATA_BLOCK_PICTURE=${"A".repeat(100_000)}`;
    const args = [
      "-i",
      join(folder, "o.opus"),
      "-c",
      "copy",
      "-metadata",
      picture,
      "-f",
      "ogg",
      "-",
    ];
    const [file] = await run([ffmpeg!, "-v", "error", ...args]);
    const parsed = parse(file);
    expect(file.length).toBeGreaterThan(110_000);
    expect(parsed.chains[0]?.preamble.length).toBeLessThan(500);
    expect(parsed.chains[0]?.metadata?.title).toBe("Tone \u00e9");
    expect(await decode(kinds[2]!, concat(...parsed.frames))).toBe(seconds * 48000);
  });

  test("with video and a skeleton beside plays its sound", async () => {
    const video = ["-f", "lavfi", "-i", "color=size=64x64:rate=5:duration=2"];
    const tone = ["-f", "lavfi", "-i", "sine=duration=2"];
    const codecs = ["-c:v", "libtheora", "-c:a", "libvorbis", "-f", "ogg", "-"];
    const [file] = await run([ffmpeg!, "-v", "error", ...video, ...tone, ...codecs]);
    const parsed = parse(file);
    expect(parsed.garbageBytes).toBeGreaterThan(1000);
    expect(parsed.seconds).toBeCloseTo(2, 2);
    expect(await decode(kinds[0]!, concat(...parsed.frames))).toBe(88200);
  });

  test("in AAC has the frames ffprobe counts", async () => {
    const path = join(folder, "a.aac");
    const count = ["-count_packets", "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0"];
    const [out] = await run([ffprobe!, "-v", "error", ...count, path]);
    const file = await fileOf("a.aac");
    const parsed = feedEveryWay(createAdtsParser, file.subarray(0, 1200));
    expect(parsed.frames.length).toBeGreaterThan(3);
    const all = feed(createAdtsParser(), [file]);
    expect(all.frames).toHaveLength(Number(Buffer.from(out).toString()));
    expect(all.garbageBytes).toBe(0);
    expect(describeFormat(all.format!)).toBe("AAC 44.1 kHz mono");
    expect(Math.abs(all.seconds - seconds)).toBeLessThan(0.1);
  });
});
