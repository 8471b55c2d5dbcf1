// A title told beside an Ogg stream begins a chain in it: another serial and comments, the same audio.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FRAME_SYNC, FRAME_WORDS, type Frames } from "../../../src/format/frame.ts";
import { createOggParser } from "../../../src/format/ogg/ogg.ts";
import {
  type OggPage,
  oggPageLength,
  parseOggPage,
  piecesOf,
} from "../../../src/format/ogg/ogg-page.ts";
import { requireProgram } from "../../support/programs.ts";
import { concat, garbage } from "../mpeg-builder.ts";
import {
  BOS,
  CONTINUED,
  EOS,
  flacHead,
  flacBlock,
  comments,
  flacPacket,
  oggChain,
  oggPage,
  opusHead,
  opusPacket,
  opusTags,
  vorbisComments,
  vorbisId,
  vorbisSetup,
} from "../ogg-builder.ts";

const TOLD = { artist: "Björk", title: "Jóga" };
const COMMENTS = comments(["TITLE=Jóga", "ARTIST=Björk"]);

/** Frames in, as a mount would put them into the stream. */
class Recording {
  readonly parser = createOggParser();
  readonly bytes: Uint8Array[] = [];
  readonly preambles: Uint8Array[] = [];
  readonly titles: string[] = [];
  seconds = 0;

  push(...chunks: readonly Uint8Array[]): this {
    for (const chunk of chunks) this.#take(this.parser.push(chunk));
    return this;
  }

  end(): this {
    this.#take(this.parser.end());
    return this;
  }

  #take(first: Frames): void {
    for (let frames = first; frames.count > 0; frames = this.parser.next()) {
      const preamble = frames.preamble!;
      if (preamble !== this.preambles.at(-1)) {
        this.preambles.push(preamble);
        this.titles.push(frames.metadata?.title ?? "");
        expect(frames.bytes.subarray(0, preamble.length)).toEqual(preamble);
        expect(frames.table[FRAME_WORDS - 1]! & FRAME_SYNC).toBe(0);
      }
      this.bytes.push(frames.bytes.slice());
      this.seconds += frames.seconds;
    }
  }

  get pages(): OggPage[] {
    return pagesOf(concat(...this.bytes));
  }
}

/** All pages; each with a right checksum, and nothing between them. */
function pagesOf(bytes: Uint8Array): OggPage[] {
  const pages: OggPage[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = oggPageLength(bytes, at)!;
    pages.push(parseOggPage(bytes.subarray(at, at + length))!);
    at += length;
  }
  return pages;
}

const packetsOf = (page: OggPage): Uint8Array[] => [...piecesOf(page)].map(({ bytes }) => bytes);

/** Flags, sequence number and granule of each page, chain by chain. */
function chainsOf(pages: readonly OggPage[]): (readonly [number, number, number])[][] {
  const serials = [...new Set(pages.map(({ serial }) => serial))];
  return serials.map((serial) =>
    pages
      .filter((page) => page.serial === serial)
      .map(({ flags, sequence, granule }) => [flags, sequence, granule] as const),
  );
}

/** One page a second. */
const second = (seed: number, count = 50) =>
  Array.from({ length: count }, (_, i) => opusPacket(12, seed + i));

describe("a title from outside the stream", () => {
  test("Opus ends its chain and begins another, in which no sample is skipped", () => {
    const [head, tags, ...audio] = oggChain({ pages: [second(1), second(60), second(120)] });
    const recording = new Recording().push(head!, tags!, audio[0]!);
    recording.parser.retitle!(TOLD);
    const { pages, titles, seconds } = recording.push(...audio.slice(1));
    expect(titles).toEqual(["", "Jóga"]);
    expect(seconds).toBe(3 - 312 / 48_000);
    expect(chainsOf(pages)).toEqual([
      [
        [BOS, 0, 0],
        [0, 1, 0],
        [0, 2, 48_000],
        [EOS, 3, 48_000],
      ],
      [
        [BOS, 0, 0],
        [0, 1, 0],
        [0, 2, 48_000],
        [EOS, 3, 96_000],
      ],
    ]);
    expect(packetsOf(pages[4]!)).toEqual([opusHead({ preSkip: 0 })]);
    expect(packetsOf(pages[5]!)).toEqual([concat(Buffer.from("OpusTags"), COMMENTS)]);
    expect(packetsOf(pages[6]!)).toEqual(second(60));
  });

  test("Vorbis repeats the packet before, so that the next is heard in full", () => {
    const packets = [1, 2, 3].map((seed) => garbage(300, seed).fill(0, 0, 1));
    const headers = [vorbisId(), vorbisComments(["ALBUM=x"]), vorbisSetup()];
    const [id, comment, setup, ...audio] = oggChain({
      headers,
      pages: packets.map((packet) => [packet]),
      granules: [70_000, 70_500, 71_000],
    });
    const recording = new Recording().push(id!, comment!, setup!, audio[0]!);
    recording.parser.retitle!(TOLD);
    const { pages, preambles } = recording.push(...audio.slice(1));
    expect(chainsOf(pages)[1]).toEqual([
      [BOS, 0, 0],
      [0, 1, 0],
      [0, 2, 0],
      [0, 3, 0],
      [0, 4, 500],
      [EOS, 5, 1000],
    ]);
    const told = concat(Buffer.from("\x03vorbis", "latin1"), COMMENTS, Uint8Array.of(1));
    expect(pages.slice(5).flatMap(packetsOf)).toEqual([headers[0]!, told, headers[2]!, ...packets]);
    expect(pagesOf(preambles[1]!).length).toBe(3);
  });

  test("FLAC leaves out the totals of what came before", () => {
    const first = flacHead();
    first.fill(0xab, 31, 51);
    const headers = [first, flacBlock(4, comments(["TITLE=Old"]), true)];
    const pages = Array.from({ length: 3 }, () => [flacPacket()]);
    const granules = [4608, 9216, 13_824];
    const [id, comment, ...audio] = oggChain({ headers, pages, granules });
    const recording = new Recording().push(id!, comment!, audio[0]!);
    recording.parser.retitle!(TOLD);
    recording.push(...audio.slice(1));
    expect(recording.titles).toEqual(["Old", "Jóga"]);
    const chain = recording.pages.slice(4);
    expect(chain.flatMap(packetsOf)).toEqual([
      flacHead(),
      flacBlock(4, COMMENTS, true),
      flacPacket(),
      flacPacket(),
    ]);
    expect(chain.map(({ granule }) => granule)).toEqual([0, 0, 4608, 9216]);
  });

  test("waits for audio, for a packet that begins on its page, and for a chain's second", () => {
    const head = oggChain({ pages: [] });
    const page = (sequence: number, packets: Uint8Array[], flags = 0, isOpen = false) =>
      oggPage({ packets, flags, granule: (sequence - 1) * 48_000, serial: 1, sequence, isOpen });
    const recording = new Recording().push(...head);
    const titlesAfter = (title: string, next: Uint8Array) => {
      recording.parser.retitle!({ artist: "", title });
      return recording.push(next).titles.join(" ");
    };
    expect(titlesAfter("one", page(2, [...second(1), opusPacket(255)], 0, true))).toBe("");
    expect(titlesAfter("two", page(3, [opusPacket(9), ...second(9)], CONTINUED))).toBe("");
    expect(titlesAfter("three", page(4, second(7, 40)))).toBe(" three");
    expect(titlesAfter("four", page(5, second(7)))).toBe(" three");
    expect(titlesAfter("five", page(6, second(7)))).toBe(" three five");
    expect(titlesAfter("five", page(7, second(7)))).toBe(" three five");
    expect(titlesAfter("late", page(8, [new Uint8Array(0)], EOS))).toBe(" three five");
  });

  test("may begin a chain of one page, the last", () => {
    const pages = oggChain({ pages: [second(1), second(2)] });
    const recording = new Recording().push(...pages.slice(0, 3));
    recording.parser.retitle!(TOLD);
    recording.push(...pages.slice(3)).end();
    expect(chainsOf(recording.pages)[1]!.at(-1)).toEqual([EOS, 2, 48_000]);
  });

  test("gives way to what the next chain says of itself, and holds for one that says nothing", () => {
    const pages = [second(1), second(3), second(5)];
    const old = oggChain({ pages, hasEnd: false });
    const silent = oggChain({ serial: 2, pages });
    const named = oggChain({ serial: 2, headers: [opusHead(), opusTags(["TITLE=Own"])], pages });
    for (const [next, wanted] of [
      [silent, ["", "", "Jóga"]],
      [named, ["", "Own"]],
    ] as const) {
      const recording = new Recording().push(...old);
      recording.parser.retitle!(TOLD);
      expect(recording.push(...next).titles).toEqual([...wanted]);
    }
  });

  test("loses no page and no order, however the input is cut and whenever titles come", () => {
    const pages = Array.from({ length: 12 }, (_, i) => second(i, 30));
    const input = concat(...oggChain({ pages }));
    const cuts = fc.array(fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.boolean()));
    fc.assert(
      fc.property(cuts, (list) => {
        const recording = new Recording();
        let at = 0;
        for (const [length, isTold] of list) {
          if (isTold) recording.parser.retitle!({ artist: "", title: `from ${at}` });
          recording.push(input.subarray(at, at + length));
          at += length;
        }
        recording.push(input.subarray(at)).end();
        const audio = recording.pages.flatMap(packetsOf).filter((packet) => packet[0] === 31 << 3);
        expect(audio).toEqual(pages.flat());
        for (const chain of chainsOf(recording.pages)) {
          expect(chain.map(([, sequence]) => sequence)).toEqual(chain.map((_, i) => i));
          expect(chain.map(([flags]) => flags & EOS).indexOf(EOS)).toBe(chain.length - 1);
          const granules = chain.map(([, , granule]) => granule);
          expect(granules).toEqual([...granules].sort((a, b) => a - b));
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("real streams", () => {
  const ffmpeg = requireProgram("ffmpeg");
  const oggdec = requireProgram("oggdec");
  const canRun = ffmpeg !== null && oggdec !== null;
  const noErrors = ["-v", "error", "-i", "-", "-f", "s16le", "-"];
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "retitle-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function run(command: string[], stdin?: Uint8Array): Promise<[Uint8Array, string]> {
    const child = Bun.spawn(command, { stdin: stdin ?? "ignore", stdout: "pipe", stderr: "pipe" });
    return Promise.all([child.stdout.bytes(), child.stderr.text()]);
  }

  // ffmpeg hears the packet that begins a chain of Vorbis, which plays nothing.
  const kinds: [string, string[], (path: string) => string[]][] = [
    ["Vorbis", ["-c:a", "libvorbis"], (path) => [oggdec!, "-Q", "-R", "-o", "-", path]],
    ["Opus", ["-c:a", "libopus"], () => [ffmpeg!, ...noErrors]],
    ["FLAC", ["-c:a", "flac"], () => [ffmpeg!, ...noErrors]],
  ];

  test.skipIf(!canRun).each(kinds)(
    "%s decodes to the same samples with titles in it",
    async (name, encoding, decoder) => {
      const tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=9"];
      const [input] = await run([ffmpeg!, "-v", "error", ...tone, ...encoding, "-f", "ogg", "-"]);
      const recording = new Recording();
      for (let at = 0, i = 0; at < input.length; at += 997, i++) {
        if (i % 10 === 0) recording.parser.retitle!({ artist: "A", title: `Title ${i}` });
        recording.push(input.subarray(at, at + 997));
      }
      recording.end();
      expect(recording.titles.length).toBeGreaterThan(1);
      const heard = async (bytes: Uint8Array) => {
        const path = join(folder, name);
        await Bun.write(path, bytes);
        return run(decoder(path), bytes);
      };
      const [[before], [after, errors]] = [
        await heard(input),
        await heard(concat(...recording.bytes)),
      ];
      expect(errors).toBe("");
      expect(after.length).toBe(before.length);
      expect(before.length).toBeGreaterThan(700_000);
      if (name !== "Opus") expect(Buffer.compare(after, before)).toBe(0);
    },
  );
});
