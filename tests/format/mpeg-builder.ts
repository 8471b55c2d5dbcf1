// Builds MPEG audio for tests, with tables written down apart from the parser's so that a slip shows in one of them.

export interface FrameOptions {
  version?: 1 | 2 | 2.5;
  layer?: 1 | 2 | 3;
  /** kbit/s */
  bitrate?: number;
  /** Hz; must belong to the version */
  sampleRate?: number;
  mode?: "stereo" | "joint" | "dual" | "mono";
  padding?: boolean;
  crc?: boolean;
  /** noise never holds a sync byte; nasty is full of headers that agree with the frame's own, in the wrong places. */
  payload?: "noise" | "nasty" | "zero";
  seed?: number;
}

const modes = ["stereo", "joint", "dual", "mono"];
const firstRate = { 1: [44100, 48000, 32000], 2: [22050, 24000, 16000], 2.5: [11025, 12000, 8000] };

const steps = (first: number, last: number, step: number): number[] =>
  Array.from({ length: (last - first) / step + 1 }, (_, i) => first + i * step);

/** kbit/s at header index 1..14. */
export function validBitrates(version: 1 | 2 | 2.5, layer: 1 | 2 | 3): number[] {
  const low = [...steps(8, 64, 8), ...steps(80, 160, 16)];
  if (version !== 1) return layer === 1 ? [32, 48, 56, ...steps(64, 192, 16), 224, 256] : low;
  if (layer === 1) return steps(32, 448, 32);
  const upper = [...steps(48, 64, 8), ...steps(80, 128, 16), ...steps(160, 256, 32), 320];
  return layer === 2 ? [32, ...upper, 384] : [32, 40, ...upper];
}

export function validRates(version: 1 | 2 | 2.5): number[] {
  return firstRate[version];
}

export function samplesPerFrame(version: 1 | 2 | 2.5, layer: 1 | 2 | 3): number {
  if (layer === 1) return 384;
  return layer === 2 || version === 1 ? 1152 : 576;
}

/** One valid frame; the defaults are MPEG 1 layer III, 128 kbit/s, 44.1 kHz, joint stereo. */
export function mpegFrame(options: FrameOptions = {}): Uint8Array<ArrayBuffer> {
  const { version = 1, layer = 3, mode = "joint", padding = false, crc = false } = options;
  const {
    bitrate = 128,
    sampleRate = firstRate[version][0]!,
    payload = "noise",
    seed = 1,
  } = options;
  const bitrateIndex = validBitrates(version, layer).indexOf(bitrate) + 1;
  const rateIndex = firstRate[version].indexOf(sampleRate);
  if (bitrateIndex === 0 || rateIndex < 0) throw new Error("no such bitrate or sample rate");

  const pad = padding ? 1 : 0;
  const bits = samplesPerFrame(version, layer) * bitrate * 1000;
  const length =
    layer === 1
      ? (Math.floor(bits / 32 / sampleRate) + pad) * 4
      : Math.floor(bits / 8 / sampleRate) + pad;
  const frame = new Uint8Array(length);
  const versionBits = version === 1 ? 3 : version === 2 ? 2 : 0;
  frame[0] = 255;
  frame[1] = 224 + versionBits * 8 + (4 - layer) * 2 + (crc ? 0 : 1);
  frame[2] = bitrateIndex * 16 + rateIndex * 4 + pad * 2;
  frame[3] = modes.indexOf(mode) * 64;
  if (payload === "noise") frame.set(garbage(length - 4, seed), 4);
  if (payload === "nasty") fillNasty(frame, seed);
  return frame;
}

/** count frames, each with its own payload; vary says what differs from frame to frame (bitrate, padding, mode). */
export function mpegFrames(
  count: number,
  options: FrameOptions = {},
  vary: (index: number) => FrameOptions = () => ({}),
): Uint8Array<ArrayBuffer>[] {
  const seed = options.seed ?? 1;
  return Array.from({ length: count }, (_, i) =>
    mpegFrame({ ...options, seed: seed + i, ...vary(i) }),
  );
}

/** Deterministic bytes without 0xFF and without "I": nothing in them can be taken for a frame or a tag. */
export function garbage(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.max(0, length));
  const next = random(seed);
  for (let i = 0; i < bytes.length; i++) {
    const byte = next();
    bytes[i] = byte === 255 || byte === 73 ? 0 : byte;
  }
  return bytes;
}

/** An ID3v2 tag with size bytes of contents (default: noise), footer included when asked for. */
export function id3v2(
  size: number,
  { footer = false, contents = garbage(size, 9), version = 4 } = {},
): Uint8Array<ArrayBuffer> {
  const rest = [version, 0, footer ? 16 : 0, ...[21, 14, 7, 0].map((bits) => (size >> bits) & 127)];
  const ascii = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));
  const tail = footer ? [...ascii("3DI"), ...rest] : [];
  return concat(Uint8Array.from([...ascii("ID3"), ...rest]), contents, Uint8Array.from(tail));
}

/** Puts a player's table into a frame: its magic at the given offset. */
export function withMagic(
  frame: Uint8Array,
  offset: number,
  magic: string,
): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(frame);
  copy.set(new TextEncoder().encode(magic), offset);
  return copy;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Headers like the frame's own every few bytes, tag heads and runs of sync bytes. */
function fillNasty(frame: Uint8Array, seed: number): void {
  const next = random(seed);
  const header = frame.slice(0, 4);
  const pieces = [
    header,
    Uint8Array.of(255, 255, 255),
    new TextEncoder().encode("ID3TAG"),
    garbage(5, seed),
  ];
  for (let at = 4; at < frame.length;) {
    const piece = pieces[next() % pieces.length]!.subarray(0, frame.length - at);
    frame.set(piece, at);
    at += piece.length;
  }
}

function random(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 9) & 255;
  };
}
