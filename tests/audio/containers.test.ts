// WAV, AIFF and Ogg give the same audio wherever their bytes are split, and no bytes make them fail otherwise than with a
// reason.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { decodeAiff, decodeWav } from "../../src/audio/decode-pcm.ts";
import { oggPackets } from "../../src/audio/ogg-packets.ts";
import { AudioError } from "../../src/audio/pcm.ts";
import { oggPagesOf } from "../../src/format/ogg/ogg-page.ts";

const AUDIO = Uint8Array.from({ length: 24 }, (_, i) => i * 9);

function chunk(name: string, body: Uint8Array, isLittle: boolean): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, "latin1");
  if (isLittle) head.writeUInt32LE(body.length, 4);
  else head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

function wav(): Buffer {
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(2, 2);
  format.writeUInt32LE(8000, 4);
  format.writeUInt16LE(24, 14);
  const tags = chunk("LIST", Buffer.from("INFOsomething"), true);
  const body = [chunk("fmt ", format, true), tags, chunk("data", AUDIO, true), tags];
  return Buffer.concat([Buffer.from("RIFF\0\0\0\0WAVE"), ...body]);
}

function aiff(): Buffer {
  const common = Buffer.alloc(18);
  common.writeUInt16BE(2, 0);
  common.writeUInt16BE(24, 6);
  common.writeUInt16BE(16_383 + 12, 8);
  common.writeBigUInt64BE(8000n << 51n, 10);
  const sound = Buffer.concat([Buffer.alloc(8), AUDIO]);
  const body = [
    chunk("NAME", Buffer.from("odd"), false),
    chunk("COMM", common, false),
    chunk("SSND", sound, false),
  ];
  return Buffer.concat([Buffer.from("FORM\0\0\0\0AIFF"), ...body]);
}

function* split(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    if (at < bytes.length) yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function samples(decode: typeof decodeWav, bytes: Uint8Array, sizes: readonly number[]) {
  const all: number[][] = [];
  for await (const { sampleRate, channels } of decode(split(bytes, sizes))) {
    expect(sampleRate).toBe(8000);
    for (const [at, part] of channels.entries()) (all[at] ??= []).push(...part);
  }
  return all;
}

const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 40 });

test.each([
  ["WAV", decodeWav, wav(), true],
  ["AIFF", decodeAiff, aiff(), false],
] as const)("%s is split anywhere", async (_, decode, bytes, isLittle) => {
  const sample = (at: number) => {
    const three = Buffer.from(AUDIO.subarray(at * 3, at * 3 + 3));
    return (isLittle ? three.readIntLE(0, 3) : three.readIntBE(0, 3)) / 2 ** 23;
  };
  const wanted = [0, 1].map((channel) => [0, 1, 2, 3].map((at) => sample(at * 2 + channel)));
  await fc.assert(
    fc.asyncProperty(sizes, async (parts) => {
      expect(await samples(decode, bytes, parts)).toEqual(wanted);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["WAV", decodeWav, wav()],
  ["AIFF", decodeAiff, aiff()],
] as const)("damaged %s ends with a reason or with audio", async (_, decode, bytes) => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(bytes.length - 13),
      fc.integer({ min: 0, max: 255 }),
      async (at, value) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at + 12] = value;
        try {
          for await (const { channels } of decode([damaged]))
            expect(channels.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(AudioError);
        }
      },
    ),
  );
});

test("Ogg's packets come out whole, between garbage and other streams, split anywhere", () => {
  const packets = [30, 255, 70_000, 0, 700].map((length, i) => new Uint8Array(length).fill(i + 1));
  const pages = packets.flatMap((packet, i) =>
    oggPagesOf(packet, {
      flags: i === 0 ? 2 : i === 4 ? 4 : 0,
      granule: i * 100,
      serial: 7,
      sequence: i,
    }),
  );
  const other = oggPagesOf(new Uint8Array(50), { flags: 0, granule: 1, serial: 8, sequence: 0 });
  const bytes = Buffer.concat([
    Buffer.from("OggSnoise"),
    ...pages.slice(0, 2),
    ...other,
    ...pages.slice(2),
  ]);
  const cuts = fc.array(fc.integer({ min: 1, max: 30_000 }), { maxLength: 10 });
  fc.assert(
    fc.property(cuts, (parts) => {
      const got = [...oggPackets(split(bytes, parts))];
      expect(got.map((packet) => packet.bytes.length)).toEqual([30, 255, 70_000, 0, 700]);
      expect(got.map((packet) => packet.granule)).toEqual([0, 100, 200, 300, 400]);
      expect(got.map((packet) => packet.isLast)).toEqual([false, false, false, false, true]);
      expect(got.every((packet, i) => packet.bytes.every((byte) => byte === i + 1))).toBe(true);
    }),
    { numRuns: 20 },
  );
});
