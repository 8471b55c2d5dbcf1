// Builds Ogg pages and chains for tests; the checksum is computed bit by bit, apart from the parser's table.
import { concat, garbage } from "./mpeg-builder.ts";

export interface PageOptions {
  packets?: readonly Uint8Array[];
  flags?: number;
  granule?: number;
  serial?: number;
  sequence?: number;
  /** The last packet goes on on the next page; its length here must be a multiple of 255. */
  isOpen?: boolean;
}

export const CONTINUED = 1;
export const BOS = 2;
export const EOS = 4;

export function oggPage(options: PageOptions = {}): Uint8Array<ArrayBuffer> {
  const {
    packets = [],
    flags = 0,
    granule = 0,
    serial = 1,
    sequence = 0,
    isOpen = false,
  } = options;
  const lacing = packets.flatMap((packet, i) => {
    const full = Array(Math.floor(packet.length / 255)).fill(255);
    return isOpen && i === packets.length - 1 ? full : [...full, packet.length % 255];
  });
  if (lacing.length > 255) throw new Error("too much for one page");
  const head = Buffer.alloc(27);
  head.write("OggS");
  head[5] = flags;
  head.writeBigInt64LE(BigInt(granule), 6);
  head.writeUInt32LE(serial, 14);
  head.writeUInt32LE(sequence, 18);
  head[26] = lacing.length;
  return sealed(concat(head, Uint8Array.from(lacing), ...packets));
}

/** The page with the checksum that it should have. */
export function sealed(page: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = Buffer.from(page);
  copy.writeUInt32LE(0, 22);
  copy.writeUInt32LE(crc(copy), 22);
  return new Uint8Array(copy);
}

/** Polynomial division, most significant bit first, as the specification words it. */
function crc(bytes: Uint8Array): number {
  let rest = 0n;
  for (const byte of bytes) {
    rest ^= BigInt(byte) << 24n;
    for (let bit = 0; bit < 8; bit++) {
      rest <<= 1n;
      if (rest >> 32n) rest ^= 0x104c11db7n;
    }
  }
  return Number(rest);
}

const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export function u32(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8, value >> 16, value >> 24);
}

export function comments(list: readonly (string | Uint8Array)[], vendor = "tester"): Uint8Array {
  const texts = [vendor, ...list].map((text) => (typeof text === "string" ? utf8(text) : text));
  const counted = texts.map((text) => concat(u32(text.length), text));
  return concat(counted[0]!, u32(list.length), ...counted.slice(1));
}

export function opusHead({ channels = 2, preSkip = 312, version = 1 } = {}): Uint8Array {
  const rest = [version, channels, preSkip & 255, preSkip >> 8, 0x80, 0xbb, 0, 0, 0, 0, 0];
  return concat(ascii("OpusHead"), Uint8Array.from(rest));
}

export const opusTags = (list: readonly (string | Uint8Array)[] = []): Uint8Array =>
  concat(ascii("OpusTags"), comments(list));

/** 20 ms of nothing: 960 samples. */
export function opusPacket(length = 12, seed = 1): Uint8Array<ArrayBuffer> {
  const packet = garbage(length, seed);
  packet[0] = 31 << 3;
  return packet;
}

export function vorbisId({ rate = 44100, channels = 2, blocks = [8, 11] } = {}): Uint8Array {
  const sizes = blocks[0]! | (blocks[1]! << 4);
  const tail = [...Array(12).fill(0), sizes, 1];
  const head = concat(ascii("\x01vorbis"), u32(0), Uint8Array.of(channels), u32(rate));
  return concat(head, Uint8Array.from(tail));
}

export const vorbisComments = (list: readonly string[] = []): Uint8Array =>
  concat(ascii("\x03vorbis"), comments(list), Uint8Array.of(1));

export const vorbisSetup = (length = 40): Uint8Array =>
  concat(ascii("\x05vorbis"), garbage(length));

export function flacHead({
  rate = 44100,
  channels = 2,
  bits = 16,
  headers = 1,
  isLast = false,
} = {}): Uint8Array {
  const packet = Buffer.alloc(51);
  packet.write("\x7fFLAC\x01\0", "latin1");
  packet.writeUInt16BE(headers, 7);
  packet.write("fLaC", 9);
  packet[13] = isLast ? 0x80 : 0;
  packet[16] = 34;
  packet.writeUInt16BE(4608, 17);
  packet.writeUInt16BE(4608, 19);
  packet.writeUInt32BE(rate * 4096 + (channels - 1) * 512 + (bits - 1) * 16, 27);
  return new Uint8Array(packet);
}

export function flacBlock(type: number, contents: Uint8Array, isLast = false): Uint8Array {
  const { length } = contents;
  const head = [type + (isLast ? 128 : 0), length >> 16, (length >> 8) & 255, length & 255];
  return concat(Uint8Array.from(head), contents);
}

/** 4608 samples, by its block size code. */
export const flacPacket = (length = 14): Uint8Array =>
  concat(Uint8Array.of(0xff, 0xf8, 0x59, 0x18, 0), garbage(length - 5));

export function speexHead({
  rate = 16000,
  channels = 1,
  frame = 320,
  perPacket = 1,
  extra = 0,
} = {}) {
  const packet = Buffer.alloc(80);
  packet.write("Speex   1.2");
  for (const [at, value] of [
    [32, 80],
    [36, rate],
    [48, channels],
    [56, frame],
    [64, perPacket],
    [68, extra],
  ] as const) {
    packet.writeUInt32LE(value, at);
  }
  return new Uint8Array(packet);
}

export interface ChainOptions {
  serial?: number;
  headers?: readonly Uint8Array[];
  /** Packets on each page of audio. */
  pages?: readonly (readonly Uint8Array[])[];
  /** Of each page of audio; default: as the packets of 960 samples add up. */
  granules?: readonly number[];
  hasEnd?: boolean;
}

/** An Opus chain unless told otherwise: each header on a page, then pages of two packets. */
export function oggChain(options: ChainOptions = {}): Uint8Array<ArrayBuffer>[] {
  const { serial = 1, headers = [opusHead(), opusTags()], hasEnd = true } = options;
  const { pages = Array.from({ length: 3 }, (_, i) => [opusPacket(12, i), opusPacket(9, i)]) } =
    options;
  let sum = 0;
  const sums = pages.map((packets) => (sum += packets.length * 960));
  const { granules = sums } = options;
  const first = headers.map((packet, i) =>
    oggPage({ packets: [packet], flags: i === 0 ? BOS : 0, serial, sequence: i }),
  );
  const rest = pages.map((packets, i) => {
    const flags = hasEnd && i === pages.length - 1 ? EOS : 0;
    const sequence = headers.length + i;
    return oggPage({ packets, flags, granule: granules[i] ?? -1, serial, sequence });
  });
  return [...first, ...rest];
}
