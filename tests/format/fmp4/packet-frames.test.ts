import { describe, expect, test } from "bun:test";
import { PacketFrames } from "../../../src/format/fmp4/packet-frames.ts";
import { createOggParser } from "../../../src/format/ogg/ogg.ts";
import { mp4Fragments, mp4Init } from "../../support/mp4-boxes.ts";
import { concat } from "../mpeg-builder.ts";
import {
  type ChainOptions,
  flacBlock,
  flacHead,
  flacPacket,
  comments,
  oggChain,
  oggPage,
  opusHead,
  opusPacket,
  opusTags,
  vorbisComments,
  vorbisId,
  vorbisSetup,
} from "../ogg-builder.ts";
import { packetsOf, type Piece, piecesOf, segmentsOf } from "./rewrap.ts";

/** One packet of 960 samples a page. */
function opusPages(count: number, seed = 0): Uint8Array[][] {
  return Array.from({ length: count }, (_, i) => [opusPacket(20, seed + i)]);
}

function chain(options: ChainOptions): Uint8Array {
  return concat(...oggChain(options));
}

const opus = (head: Parameters<typeof opusHead>[0], title = "one"): Uint8Array[] => [
  opusHead(head),
  opusTags([`TITLE=${title}`]),
];

function bytesOf(pieces: readonly Piece[]): string[] {
  return pieces.map(({ frames }) => frames.bytes.toHex());
}

function samplesOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { frames }) => sum + (frames.samples[0] ?? 0), 0);
}

function tracksOf(pieces: readonly Piece[]): Set<Piece["track"]> {
  return new Set(pieces.map(({ track }) => track));
}

/** Playing time of the mount in samples, by its own frames. */
function clockOf(input: Uint8Array): number {
  const parser = createOggParser();
  let samples = 0;
  for (let frames = parser.push(input); frames.count > 0; frames = parser.next())
    samples += frames.samples.reduce((sum, one) => sum + one, 0);
  return samples;
}

describe("the packets of a mount", () => {
  test("are those of its pages, without headers, each as long as it decodes", () => {
    const pages = [[opusPacket(20, 1), opusPacket(300, 2)], [opusPacket(9, 3)]];
    const pieces = packetsOf([chain({ headers: opus({ preSkip: 0 }), pages })]);
    expect(bytesOf(pieces)).toEqual(pages.flat().map((packet) => packet.toHex()));
    expect(pieces.map(({ frames }) => frames.samples[0])).toEqual([960, 960, 960]);
  });

  test("that go on over pages are joined", () => {
    const packet = opusPacket(1000, 5);
    const parts = [packet.subarray(0, 510), packet.subarray(510, 765), packet.subarray(765)];
    const pages = [
      ...oggChain({ headers: opus({ preSkip: 0 }), pages: [] }),
      oggPage({ packets: [parts[0]!], sequence: 2, granule: -1, isOpen: true }),
      oggPage({ packets: [parts[1]!], flags: 1, sequence: 3, granule: -1, isOpen: true }),
      oggPage({ packets: [parts[2]!], flags: 1, sequence: 4, granule: 960 }),
    ];
    expect(bytesOf(packetsOf(pages))).toEqual([packet.toHex()]);
  });

  test("of which a page is lost are passed over, and the rest is there", () => {
    const packet = opusPacket(1000, 5);
    const pages = [
      ...oggChain({ headers: opus({ preSkip: 0 }), pages: [] }),
      oggPage({ packets: [packet.subarray(0, 510)], sequence: 2, granule: -1, isOpen: true }),
      oggPage({ packets: [packet.subarray(765), opusPacket(8, 6)], flags: 1, sequence: 4 }),
    ];
    expect(bytesOf(packetsOf(pages))).toEqual([opusPacket(8, 6).toHex()]);
  });

  test("of more than a megabyte are damage", () => {
    const part = opusPacket(65_025, 1);
    const pages = Array.from({ length: 20 }, (_, i) =>
      oggPage({ packets: [part], flags: i && 1, sequence: 2 + i, granule: -1, isOpen: true }),
    );
    const last = oggPage({ packets: [part.subarray(0, 9), opusPacket(8)], flags: 1, sequence: 22 });
    const head = oggChain({ headers: opus({ preSkip: 0 }), pages: [], hasEnd: false });
    expect(bytesOf(packetsOf([...head, ...pages, last]))).toEqual([opusPacket(8).toHex()]);
  });

  test.each([
    ["Vorbis", [vorbisId(), vorbisComments(), vorbisSetup()]],
    ["Opus with a matrix of channels", [opusFamily(3, 4), opusTags()]],
    ["Opus whose channels have no table", [opusFamily(1, 0), opusTags()]],
  ])("are none for %s", (_, headers) => {
    expect(packetsOf([chain({ headers })])).toEqual([]);
  });
});

function opusFamily(family: number, tableBytes: number): Uint8Array {
  const head = concat(opusHead({ channels: 4 }), new Uint8Array(tableBytes));
  head[18] = family;
  return head;
}

describe("a track", () => {
  test("begins behind its pre-skip", () => {
    const input = chain({ headers: opus({ preSkip: 1500 }), pages: opusPages(4) });
    const pieces = packetsOf([input]);
    expect(pieces.map(({ frames }) => frames.samples[0])).toEqual([0, 420, 960, 960]);
    expect(samplesOf(pieces)).toBe(clockOf(input));
    expect(mp4Init(pieces[0]!.track.init)).toMatchObject({ mediaTime: 1500, timescale: 48_000 });
    const segments = segmentsOf(pieces, (_, i) => i % 2 === 1);
    expect(segments.map(({ position }) => position)).toEqual([0, 420]);
    const times = segments.map(({ bytes }) => mp4Fragments(bytes)[0]?.decodeTime);
    expect(times).toEqual([0, 1920]);
  });

  test("has what OpusHead says, in the byte order of MP4", () => {
    const head = opusHead({ channels: 1, preSkip: 0x1234 });
    head.set([0x80, 0xbb, 0, 0, 0x12, 0xff], 12);
    const [piece] = packetsOf([chain({ headers: [head, opusTags()], pages: opusPages(9) })]);
    const { codec, channels, specific } = mp4Init(piece!.track.init);
    expect([codec, channels, specific.toHex()]).toEqual(["Opus", 1, "000112340000bb80ff1200"]);
  });

  test("has the STREAMINFO of FLAC without what only the original file is described by", () => {
    const head = flacHead({ rate: 96_000, bits: 24 });
    head.fill(0x77, 21, 27).fill(0x66, 31);
    head[30] = 0x70 | 0x0f;
    const headers = [head, flacBlock(4, comments([]), true)];
    const [piece] = packetsOf([chain({ headers, pages: [[flacPacket()]], granules: [4608] })]);
    const init = mp4Init(piece!.track.init);
    expect(init).toMatchObject({ codec: "fLaC", timescale: 96_000, bitsPerSample: 24 });
    const blockSizes = "12001200";
    const format = Buffer.from(head.slice(27, 30)).toString("hex");
    const info = `${blockSizes}${"00".repeat(6)}${format}70${"00".repeat(20)}`;
    expect(init.specific.toHex()).toBe(`00000000` + `80000022` + info);
  });

  test("goes on with the next chain of one setup, in step with the clock of the mount", () => {
    const inputs = Array.from({ length: 40 }, (_, i) =>
      chain({ serial: i, headers: opus({ preSkip: 312 }, `t${i}`), pages: opusPages(5, i * 9) }),
    );
    const pieces = packetsOf(inputs);
    expect(tracksOf(pieces).size).toBe(1);
    const ahead = samplesOf(pieces) - clockOf(concat(...inputs));
    expect(ahead).toBeGreaterThanOrEqual(0);
    expect(ahead).toBeLessThan(960);
    // Of every three chains, about one lacks its first packet.
    expect(pieces.length).toBe(40 * 5 - Math.floor((39 * 312) / 960));
  });

  test("leaves out packets that the end of a chain is trimmed by", () => {
    const chains = [0, 1].map((i) => ({
      serial: i,
      headers: opus({ preSkip: 0 }),
      pages: [opusPages(1)[0]!, [1, 2, 3].map((seed) => opusPacket(20, seed))],
      granules: [960, 1100],
    }));
    const pieces = packetsOf([...chains].map(chain));
    expect(bytesOf(pieces)).toHaveLength(2 + 1);
    expect(Math.abs(samplesOf(pieces) - 2 * 1100)).toBeLessThan(960);
  });

  test.each([
    ["another gain", opusGain(256)],
    ["other channels in mapping", opusMapping(1, 0)],
  ])("does not go on with a chain of %s, which has one of its own in time", (_, head) => {
    const inputs = [
      chain({ headers: [opusMapping(0, 1), opusTags()], pages: opusPages(3) }),
      chain({ serial: 2, headers: [head, opusTags()], pages: opusPages(3) }),
    ];
    const pieces = packetsOf(inputs);
    expect(tracksOf(pieces).size).toBe(2);
    expect(samplesOf(pieces)).toBe(clockOf(concat(...inputs)));
  });

  test("goes on through FLAC with shorter blocks, not with longer ones", () => {
    const flac = (longest: number, serial: number) => {
      const head = flacHead();
      head.set([0, 192, longest >> 8, longest & 255], 17);
      const headers = [head, flacBlock(4, comments([]), true)];
      return chain({ serial, headers, pages: [[flacPacket()]], granules: [4608] });
    };
    expect(tracksOf(packetsOf([flac(4608, 1), flac(4608, 2), flac(4000, 3)])).size).toBe(1);
    expect(tracksOf(packetsOf([flac(4608, 1), flac(5000, 2)])).size).toBe(2);
  });

  test("that is met in mid-stream has no pre-skip: that was before", () => {
    const parser = createOggParser();
    const packets = new PacketFrames();
    parser.push(concat(...oggChain({ headers: opus({ preSkip: 312 }), pages: opusPages(3) })));
    // What comes later is the first that the consumer sees.
    const [head, tags, ...pages] = oggChain({
      headers: opus({ preSkip: 312 }),
      pages: opusPages(3),
      hasEnd: false,
    });
    const other = createOggParser();
    other.push(concat(head!, tags!, pages[0]!));
    const pieces = piecesOf(packets, other.push(concat(...pages.slice(1))));
    expect(pieces.map(({ frames }) => frames.samples[0])).toEqual([960, 960]);
    expect(mp4Init(pieces[0]!.track.init).mediaTime).toBe(0);
  });
});

function opusGain(gain: number): Uint8Array {
  const head = opusMapping(0, 1);
  head.set([gain & 255, gain >> 8], 16);
  return head;
}

/** Two coupled channels, in this order. */
function opusMapping(first: number, second: number): Uint8Array {
  const head = concat(opusHead({ channels: 2 }), Uint8Array.of(1, 1, first, second));
  head[18] = 1;
  return head;
}
