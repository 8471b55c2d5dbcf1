import { describe, expect, test } from "bun:test";
import type { FrameParser } from "../../../src/format/frame.ts";
import { createOggParser } from "../../../src/format/ogg/ogg.ts";
import { oggPagesOf } from "../../../src/format/ogg/ogg-page.ts";
import { feed, feedEveryWay, type Parsed } from "../feed.ts";
import { describeFormat, sameFormat } from "../../../src/format/frame.ts";
import { concat, garbage } from "../mpeg-builder.ts";
import {
  BOS,
  comments,
  CONTINUED,
  EOS,
  flacBlock,
  flacHead,
  flacPacket,
  oggChain,
  oggPage,
  opusHead,
  opusPacket,
  opusTags,
  sealed,
  speexHead,
  vorbisComments,
  vorbisId,
  vorbisSetup,
} from "../ogg-builder.ts";

/** Gives the chains the serials 100, 101, ... */
function create(): FrameParser {
  let serial = 100;
  return createOggParser({ nextSerial: () => serial++ });
}

const everyWay = (...parts: Uint8Array[]): Parsed => feedEveryWay(create, concat(...parts));

function expectFrames(parsed: Parsed, frames: readonly Uint8Array[], garbageBytes = 0): void {
  expect(parsed.frames.map((f) => f.toHex())).toEqual(frames.map((f) => f.toHex()));
  expect(parsed.garbageBytes).toBe(garbageBytes);
}

const bytes = (pages: readonly Uint8Array[]): number => concat(...pages).length;
const own = oggChain();
const ours = oggChain({ serial: 100 });

describe("a chain", () => {
  test("comes out under a serial of our own, page by page", () => {
    const parsed = everyWay(...own);
    expectFrames(parsed, ours);
    expect(parsed.format).toEqual({ codec: "opus", sampleRate: 48000, channels: 2 });
    expect(parsed.foreignFormat).toBeNull();
    expect(parsed.flags).toEqual([0, 0, 1, 1, 1]);
    expect(parsed.samples).toEqual([0, 0, 1920 - 312, 1920, 1920]);
    expect(parsed.seconds).toBeCloseTo((5760 - 312) / 48000, 12);
    expect(parsed.bitrate).toBe(Math.round((bytes(own) * 8) / parsed.seconds / 1000));
  });

  test("has its header pages as preamble, from its first frame on", () => {
    const { chains } = everyWay(...own);
    expect(chains).toEqual([
      { firstFrame: 0, preamble: concat(ours[0]!, ours[1]!), metadata: null },
    ]);
  });

  test("without a last page gets one", () => {
    const cut = oggChain({ hasEnd: false });
    const end = oggPage({ flags: EOS, granule: 5760, serial: 100, sequence: 5 });
    const parsed = everyWay(...cut);
    expectFrames(parsed, [...oggChain({ serial: 100, hasEnd: false }), end]);
    expect(parsed.flags.at(-1)).toBe(0);
    expect(parsed.samples.at(-1)).toBe(0);
    // Half a page behind it makes no difference.
    expectFrames(everyWay(...cut, own[3]!.subarray(0, 40)), parsed.frames, 40);
  });

  test("without a last page gets one with the latest granule", () => {
    const granules = [1920, -1, -1];
    const { frames } = everyWay(...oggChain({ granules, hasEnd: false }));
    const end = oggPage({ flags: EOS, granule: 1920, serial: 100, sequence: 5 });
    expect(frames.at(-1)).toEqual(end);
  });

  test("is numbered behind its headers, and lost pages leave their gap", () => {
    const late = own.map((page, i) => (i < 2 ? page : sealed(page.with(19, 1))));
    expectFrames(everyWay(...late), ours);
    expectFrames(everyWay(...own.toSpliced(3, 1)), ours.toSpliced(3, 1));
    expectFrames(everyWay(...own.toSpliced(3, 1, own[3]!.with(40, 1))), ours.toSpliced(3, 1), 50);
  });

  test("plays on where a packet spans pages, and a decoder starts at packets only", () => {
    const start = { packets: [opusPacket(12), opusPacket(255)], isOpen: true, sequence: 2 };
    const middle = { packets: [garbage(255)], flags: CONTINUED, isOpen: true, sequence: 3 };
    const rest = { packets: [garbage(7), opusPacket(9)], flags: CONTINUED, sequence: 4 };
    const pages = [
      oggPage({ ...start, granule: 960 }),
      oggPage({ ...middle, granule: -1 }),
      oggPage({ ...rest, granule: 2880 }),
    ];
    const parsed = feed(create(), [...own.slice(0, 2), ...pages]);
    expect(parsed.samples).toEqual([0, 0, 960 - 312, 0, 1920, 0]);
    expect(parsed.flags).toEqual([0, 0, 1, 0, 0, 0]);
  });

  test("is over with its last page: what follows under its serial is garbage", () => {
    expectFrames(everyWay(...own, own[3]!), ours, own[3]!.length);
  });

  test("is not changed in the chunk it came in", () => {
    const input = concat(...own);
    const copy = input.slice();
    create().push(input);
    expect(input).toEqual(copy);
  });
});

describe("chains one after another", () => {
  const second = oggChain({ headers: [opusHead(), opusTags(["TITLE=Two"])] });
  const two = oggChain({ serial: 101, headers: [opusHead(), opusTags(["TITLE=Two"])] });

  test("have serials, preambles and metadata of their own, even if they came with one serial", () => {
    const parsed = everyWay(...own, ...second);
    expectFrames(parsed, [...ours, ...two]);
    expect(parsed.samples).toEqual([0, 0, 1608, 1920, 1920, 0, 0, 1608, 1920, 1920]);
    expect(parsed.chains.map(({ firstFrame }) => firstFrame)).toEqual([0, 5]);
    expect(parsed.chains[1]?.preamble).toEqual(concat(two[0]!, two[1]!));
    expect(parsed.chains[1]?.metadata).toEqual({ artist: "", title: "Two" });
  });

  test("never share a batch, and next() returns them without another push", () => {
    const parser = create();
    const first = parser.push(concat(...own, ...second, ...own));
    const preambles = [first.preamble];
    expect(first.count).toBe(5);
    for (let batch = parser.next(); batch.count > 0; batch = parser.next()) {
      expect(batch.count).toBe(5);
      preambles.push(batch.preamble);
    }
    expect(new Set(preambles).size).toBe(3);
    expect(parser.next().count).toBe(0);
  });

  test("are not lost when nobody calls next()", () => {
    const parser = create();
    expect(parser.push(concat(...own, ...second)).count).toBe(5);
    expect(parser.push(new Uint8Array(0)).count).toBe(5);
    expect(parser.end().count).toBe(0);
  });

  test("keep the same preamble and metadata object in all batches of a chain", () => {
    const parser = create();
    const batches = second.map((page) => parser.push(page)).filter(({ count }) => count > 0);
    expect(batches).toHaveLength(4);
    for (const { preamble, metadata } of batches) {
      expect(preamble).toBe(batches[0]!.preamble!);
      expect(metadata).toBe(batches[0]!.metadata!);
    }
  });

  test("end the one before even if it did not end itself", () => {
    const cut = oggChain({ hasEnd: false });
    const end = oggPage({ flags: EOS, granule: 5760, serial: 100, sequence: 5 });
    const parsed = everyWay(...cut, ...second);
    expectFrames(parsed, [...oggChain({ serial: 100, hasEnd: false }), end, ...two]);
    expect(parsed.chains.map(({ firstFrame }) => firstFrame)).toEqual([0, 6]);
  });

  test("of another format are garbage, and reported as foreign until the first format returns", () => {
    const mono = oggChain({ serial: 9, headers: [opusHead({ channels: 1 }), opusTags()] });
    const parsed = everyWay(...own, ...mono);
    expectFrames(parsed, ours, bytes(mono));
    expect(parsed.foreignFormat).toEqual({ codec: "opus", sampleRate: 48000, channels: 1 });
    const back = everyWay(...own, ...mono, ...second);
    expectFrames(back, [...ours, ...two], bytes(mono));
    expect(back.foreignFormat).toBeNull();
  });

  test("of an unknown codec are garbage, and the next known one plays", () => {
    const kate = oggChain({ serial: 9, headers: [garbage(64), garbage(5)] });
    expectFrames(everyWay(...kate, ...own, ...kate), ours, 2 * bytes(kate));
  });
});

describe("streams that begin together", () => {
  const skeleton = (serial: number, sequence: number, flags: number) =>
    oggPage({ packets: [new Uint8Array(Buffer.from("fishead\0"))], flags, serial, sequence });

  test("play the first known audio, in whatever order they begin; the others are garbage", () => {
    const video = oggPage({
      packets: [new Uint8Array(Buffer.from("\x80theora", "latin1"))],
      flags: BOS,
      serial: 8,
    });
    const more = oggPage({ packets: [garbage(30)], serial: 8, sequence: 1 });
    const [head, tags, ...rest] = own;
    const first = [skeleton(7, 0, BOS), video, head!, tags!, more, skeleton(7, 1, EOS)];
    const after = [head!, skeleton(7, 0, BOS), video, more, tags!, skeleton(7, 1, EOS)];
    const others = bytes([skeleton(7, 0, BOS), video, more, skeleton(7, 1, EOS)]);
    expectFrames(everyWay(...first, ...rest), ours, others);
    expectFrames(everyWay(...after, ...rest), ours, others);
  });

  test("play the first of two of audio", () => {
    const other = oggChain({ serial: 2, headers: [vorbisId(), vorbisComments(), vorbisSetup()] });
    const [head, ...rest] = own;
    expectFrames(everyWay(head!, ...other, ...rest), ours, bytes(other));
  });
});

describe("damage", () => {
  test("before, between and behind pages is dropped and counted", () => {
    const [a, b, c, d, e] = own;
    const magic = new Uint8Array(Buffer.from("OggS"));
    const junk = [garbage(30), magic, oggPage({ packets: [garbage(40)] }).with(30, 0)];
    const input = [junk[0]!, a!, junk[1]!, b!, c!, junk[2]!, d!, e!, magic, magic.subarray(0, 2)];
    expectFrames(everyWay(...input), ours, bytes(junk) + 6);
  });

  test("that announces a long page hides the next ones only until its checksum fails", () => {
    const promise = oggPage({ packets: [garbage(250)] }).subarray(0, 28);
    expectFrames(everyWay(promise, ...own), ours, 28);
    expectFrames(everyWay(...own.slice(0, 3), promise, ...own.slice(3)), ours, 28);
  });

  test("of a header page costs the chain, not the next one", () => {
    const headers = [vorbisId(), vorbisComments(), vorbisSetup()];
    const chain = oggChain({ headers });
    const broken = chain.with(2, chain[2]!.with(30, 1));
    expectFrames(everyWay(...broken, ...chain), oggChain({ headers, serial: 100 }), bytes(chain));
  });

  test("of the comments of Opus costs no more than the title", () => {
    const parsed = everyWay(own[0]!, own[1]!.with(30, 1), ...own.slice(2));
    expectFrames({ ...parsed, frames: parsed.frames.slice(2) }, ours.slice(2), own[1]!.length);
    expect(parsed.chains[0]?.metadata).toBeNull();
  });

  test("is everything that comes before the first chain begins", () => {
    expectFrames(everyWay(...own.slice(2), ...own), ours, bytes(own.slice(2)));
    expectFrames(everyWay(...own.slice(1)), [], bytes(own.slice(1)));
  });

  test("of nothing at all is fine", () => {
    const parsed = feed(create(), []);
    expectFrames(parsed, []);
    expect(parsed.format).toBeNull();
    expect(parsed.bitrate).toBe(0);
  });
});

describe("the headers", () => {
  const titled = ["ARTIST=Bj\u00f6rk", "title=J\u00f3ga", "ALBUM=Homogenic"];

  test("of FLAC have the bits per sample, which two streams must share", () => {
    const formatOf = (bits: number) => {
      const headers = [flacHead({ bits }), flacBlock(4, comments(titled), true)];
      return everyWay(...oggChain({ headers, pages: [[flacPacket()]] })).format;
    };
    const [deep, flat] = [formatOf(24), formatOf(16)];
    expect([deep?.bitsPerSample, flat?.bitsPerSample]).toEqual([24, 16]);
    if (deep === null || flat === null) throw new Error("no format");
    expect([sameFormat(deep, flat), sameFormat(deep, { ...deep })]).toEqual([false, true]);
    expect(describeFormat(deep)).toBe("Ogg FLAC 44.1 kHz 24 bit stereo");
  });

  test("of every codec become preamble, format and metadata", () => {
    const vorbis = [vorbisId({ channels: 1 }), vorbisComments(titled), vorbisSetup()];
    const speex = [speexHead(), comments(titled)];
    const flac = [flacHead(), flacBlock(4, comments(titled), true)];
    const cases = [
      [vorbis, { codec: "vorbis", sampleRate: 44100, channels: 1 }, opusPacket()],
      [speex, { codec: "speex", sampleRate: 16000, channels: 1 }, opusPacket()],
      [flac, { codec: "flac", sampleRate: 44100, channels: 2, bitsPerSample: 16 }, flacPacket()],
    ] as const;
    for (const [headers, format, packet] of cases) {
      const options = { headers, pages: [[packet], [packet]] };
      const parsed = everyWay(...oggChain(options));
      expectFrames(parsed, oggChain({ ...options, serial: 100 }));
      expect(parsed.format).toEqual(format);
      expect(parsed.chains[0]?.metadata).toEqual({ artist: "Bj\u00f6rk", title: "J\u00f3ga" });
    }
  });

  test("may share a page or span several", () => {
    const headers = [vorbisId(), vorbisComments(titled), vorbisSetup(700)];
    const pages = [[opusPacket()]];
    const wanted = oggChain({ headers, pages, serial: 100 });
    const [id, , , audio] = oggChain({ headers, pages });
    const together = oggPage({ packets: headers.slice(1), serial: 1, sequence: 1 });
    const setup = headers[2]!;
    const start = [headers[1]!, setup.subarray(0, 255)];
    const split = [
      oggPage({ packets: start, isOpen: true, granule: -1, sequence: 1 }),
      oggPage({ packets: [setup.subarray(255, 510)], isOpen: true, flags: CONTINUED, granule: -1 }),
      oggPage({ packets: [setup.subarray(510)], flags: CONTINUED }),
    ];
    expectFrames(everyWay(id!, together, audio!), wanted);
    expectFrames(everyWay(id!, ...split, audio!), wanted);
  });

  test("lose pictures and lyrics, however many pages they fill, and keep the rest", () => {
    const picture = concat(
      new Uint8Array(Buffer.from("METADATA_BLOCK_PICTURE=")),
      garbage(200_000),
    );
    const tags = opusTags([titled[0]!, picture, titled[1]!]);
    const headers = [opusHead(), opusTags([titled[0]!, titled[1]!])];
    const most = 255 * 255;
    const spread = Array.from({ length: 4 }, (_, i) => {
      const part = tags.subarray(i * most, (i + 1) * most);
      const flags = i > 0 ? CONTINUED : 0;
      return oggPage({
        packets: [part],
        flags,
        isOpen: i < 3,
        granule: i < 3 ? -1 : 0,
        sequence: i + 1,
      });
    });
    const input = concat(own[0]!, ...spread, ...own.slice(2));
    const chunks = Array.from({ length: Math.ceil(input.length / 999) }, (_, i) =>
      input.subarray(i * 999, i * 999 + 999),
    );
    const parsed = feed(create(), chunks);
    expectFrames(parsed, oggChain({ headers, serial: 100 }));
    expect(parsed.chains[0]?.metadata).toEqual({ artist: "Bj\u00f6rk", title: "J\u00f3ga" });
  });

  test("of FLAC are cut to its comments, whatever else there is and however they are counted", () => {
    const blocks = [
      flacBlock(4, comments(titled)),
      flacBlock(6, garbage(90)),
      flacBlock(1, garbage(9)),
    ];
    const pages = [[flacPacket()], [flacPacket()]];
    const granules = [4608, 9216];
    const cut = [flacHead(), flacBlock(4, comments(titled), true)];
    const wanted = oggChain({ headers: cut, pages, granules, serial: 100 });
    const last = blocks.with(2, flacBlock(1, garbage(9), true));
    const unmarked = [flacHead({ headers: 0 }), ...blocks];
    const counted = [flacHead({ headers: 3 }), ...blocks];
    for (const headers of [counted, [flacHead({ headers: 0 }), ...last], unmarked]) {
      const chain = oggChain({ headers, pages, granules });
      const parsed = everyWay(...chain);
      expectFrames(parsed, wanted);
      // Told by count or by the last block's flag, their end is known before the audio comes.
      const early = create().push(concat(...chain.slice(0, 4))).count;
      expect(early).toBe(headers === unmarked ? 0 : 2);
      expect(parsed.samples).toEqual([0, 0, 4608, 4608]);
    }
    const bare = everyWay(...oggChain({ headers: [flacHead({ isLast: true })], pages, granules }));
    expect(bare.frames).toHaveLength(4);
    expect(bare.frames[0]).toEqual(oggChain({ headers: [flacHead()], serial: 100 })[0]!);
    expect(bare.chains[0]?.metadata).toBeNull();
  });

  test("of Speex may be more than two", () => {
    const headers = [speexHead({ extra: 2 }), comments([]), garbage(9), garbage(4)];
    const parsed = everyWay(...oggChain({ headers }));
    expectFrames(parsed, oggChain({ headers, serial: 100 }));
    expect(parsed.chains[0]?.preamble).toHaveLength(bytes(oggChain({ headers }).slice(0, 4)));
  });

  test("that a decoder could not start with refuse the chain", () => {
    const pages = [[opusPacket()]];
    const withoutSetup = oggChain({ headers: [vorbisId(), vorbisComments()], pages });
    expectFrames(everyWay(...withoutSetup), [], bytes(withoutSetup));
    const late = oggPage({ packets: [vorbisSetup()], sequence: 4 });
    expectFrames(everyWay(...withoutSetup.slice(0, 3), late), [], bytes([...withoutSetup, late]));
  });

  test("that are too many to be sent to joiners are refused", () => {
    const setupOf = (length: number) =>
      oggPagesOf(vorbisSetup(length), { flags: 0, granule: 0, serial: 1, sequence: 2 });
    for (const length of [131_040, 131_100, 260_100]) {
      const input = [
        oggPage({ packets: [vorbisId()], flags: BOS }),
        oggPage({ packets: [vorbisComments()], sequence: 1 }),
        ...setupOf(length),
        oggPage({ packets: [opusPacket()], sequence: 9, flags: EOS }),
      ];
      expectFrames(feed(create(), [...input, ...own]), ours, bytes(input));
    }
  });

  test("that never end are refused before the next comes", () => {
    const tags = oggPagesOf(opusTags([new Uint8Array(17 << 20)]), {
      flags: 0,
      granule: 0,
      serial: 1,
      sequence: 1,
    });
    const parser = create();
    const { frames, garbageBytes } = feed(parser, [own[0]!, ...tags, ...own]);
    expect(frames).toHaveLength(5);
    expect(garbageBytes).toBe(own[0]!.length + tags.reduce((sum, page) => sum + page.length, 0));
  });

  const impossible: [string, Uint8Array][] = [
    ["Vorbis of no rate", vorbisId({ rate: 0 })],
    ["Vorbis of no channels", vorbisId({ channels: 0 })],
    ["Opus of another major version", opusHead({ version: 16 })],
    ["Opus of no channels", opusHead({ channels: 0 })],
    ["a short OpusHead", opusHead().subarray(0, 18)],
    ["FLAC of no rate", flacHead({ rate: 0 })],
    ["Speex of absurd frames", speexHead({ frame: 1e6 })],
    ["Speex of endless headers", speexHead({ extra: 1000 })],
    ["an empty packet", new Uint8Array(0)],
  ];
  test.each(impossible)("of %s are those of no codec", (_, head) => {
    const chain = oggChain({ headers: [head, opusTags()] });
    expectFrames(feed(create(), chain), [], bytes(chain));
  });
});
