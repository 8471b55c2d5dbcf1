import { describe, expect, test } from "bun:test";
import { isInfoFrame, parseMpegHeader } from "../../../src/format/sync/mpeg.ts";
import {
  type FrameOptions,
  mpegFrame,
  samplesPerFrame,
  validBitrates,
  validRates,
  withMagic,
} from "../mpeg-builder.ts";

const versions = [1, 2, 2.5] as const;
const layers = [1, 2, 3] as const;
const modes = ["stereo", "joint", "dual", "mono"] as const;

function* everyFrame(): Generator<Required<Omit<FrameOptions, "payload" | "seed">>> {
  for (const version of versions)
    for (const layer of layers)
      for (const bitrate of validBitrates(version, layer))
        for (const sampleRate of validRates(version))
          for (const mode of modes)
            for (const padding of [false, true])
              for (const crc of [false, true])
                yield { version, layer, bitrate, sampleRate, mode, padding, crc };
}

test("every valid header of every version and layer says what was built", () => {
  let seen = 0;
  for (const built of everyFrame()) {
    const frame = mpegFrame({ ...built, payload: "zero" });
    const header = parseMpegHeader(frame);
    const { version, layer, bitrate, sampleRate, mode, padding, crc } = built;
    const channels = mode === "mono" ? 1 : 2;
    expect(header).toEqual({
      version,
      layer,
      bitrate,
      padded: padding,
      hasCrc: crc,
      samples: samplesPerFrame(version, layer),
      length: frame.length,
      signature: expect.any(Number),
      format: { codec: `mp${layer}`, sampleRate, channels },
    });
    seen++;
  }
  expect(seen).toBe(9 * 14 * 3 * 4 * 2 * 2);
});

test("known frame lengths: the longest layer III frame, 128 and 320 kbit/s, layer I slots, the longest of all", () => {
  const length = (options: FrameOptions) => parseMpegHeader(mpegFrame(options))?.length;
  expect(length({ bitrate: 320, sampleRate: 32000, padding: true })).toBe(1441);
  expect(length({ bitrate: 128 })).toBe(417);
  expect(length({ bitrate: 128, padding: true })).toBe(418);
  expect(length({ bitrate: 320 })).toBe(1044);
  expect(length({ layer: 1, bitrate: 384, sampleRate: 44100, padding: true })).toBe(420);
  expect(length({ version: 2.5, layer: 3, bitrate: 8, sampleRate: 8000 })).toBe(72);
  expect(length({ version: 2.5, layer: 2, bitrate: 160, sampleRate: 8000, padding: true })).toBe(
    2881,
  );
});

test("of all 2^21 headers behind the sync bits exactly those with valid fields are accepted", () => {
  const bytes = Uint8Array.of(255, 0, 0, 0);
  let accepted = 0;
  for (let bits = 0; bits < 1 << 21; bits++) {
    bytes[1] = 0xe0 | (bits >> 16);
    bytes[2] = (bits >> 8) & 255;
    bytes[3] = bits & 255;
    if (parseMpegHeader(bytes) !== null) accepted++;
  }
  // versions x layers x crc x bitrates x rates x padding x private x modes x extensions x copyright x original x emphasis
  expect(accepted).toBe(3 * 3 * 2 * 14 * 3 * 2 * 2 * 4 * 4 * 2 * 2 * 3);
});

describe("what cannot start a frame", () => {
  const good = mpegFrame().slice(0, 4);
  const broken = (index: number, value: number): Uint8Array => good.with(index, value);
  const cases: [string, Uint8Array][] = [
    ["no sync byte", broken(0, 0xfe)],
    ["sync bits missing", broken(1, 0xdb)],
    ["the reserved version", broken(1, 0xeb)],
    ["layer bits 00, which is ADTS", broken(1, 0xf9)],
    ["free format", broken(2, 0x00)],
    ["bitrate index 15", broken(2, 0xf0)],
    ["rate index 3", broken(2, 0x9c)],
    ["emphasis 2", broken(3, 0x42)],
    ["three bytes", good.slice(0, 3)],
  ];
  test.each(cases)("%s", (_, bytes) => {
    expect(parseMpegHeader(good)).not.toBeNull();
    expect(parseMpegHeader(bytes)).toBeNull();
  });
  test("a place at or past the end", () => {
    expect(parseMpegHeader(good, 1)).toBeNull();
    expect(parseMpegHeader(good, 100)).toBeNull();
  });
});

describe("an info frame", () => {
  const sideInfo = (version: number, isMono: boolean): number =>
    version === 1 ? (isMono ? 17 : 32) : isMono ? 9 : 17;
  const variants = versions.flatMap((version) => modes.map((mode) => [version, mode] as const));

  test.each(variants)(
    "is known by its magic in MPEG %p %s, with and without CRC",
    (version, mode) => {
      const magicAt = 4 + sideInfo(version, mode === "mono");
      const plain = mpegFrame({ version, mode, payload: "zero", bitrate: 64 });
      const protectedFrame = mpegFrame({ version, mode, payload: "zero", bitrate: 64, crc: true });
      for (const magic of ["Xing", "Info"]) {
        expect(isInfoFrame(withMagic(plain, magicAt, magic))).toBe(true);
        expect(isInfoFrame(withMagic(plain, magicAt + 2, magic))).toBe(false);
        expect(isInfoFrame(withMagic(protectedFrame, magicAt, magic))).toBe(true);
        expect(isInfoFrame(withMagic(protectedFrame, magicAt + 2, magic))).toBe(true);
        expect(isInfoFrame(withMagic(protectedFrame, magicAt + 4, magic))).toBe(false);
      }
      expect(isInfoFrame(withMagic(plain, 36, "VBRI"))).toBe(true);
      expect(isInfoFrame(withMagic(plain, 37, "VBRI"))).toBe(false);
    },
  );

  test("is none when it is ordinary audio, another layer, too short or no frame", () => {
    expect(isInfoFrame(mpegFrame())).toBe(false);
    expect(isInfoFrame(withMagic(mpegFrame({ layer: 2 }), 36, "Xing"))).toBe(false);
    expect(isInfoFrame(withMagic(mpegFrame(), 36, "Xing").slice(0, 38))).toBe(false);
    expect(isInfoFrame(new TextEncoder().encode("Xing"))).toBe(false);
    expect(isInfoFrame(new Uint8Array(0))).toBe(false);
  });
});
