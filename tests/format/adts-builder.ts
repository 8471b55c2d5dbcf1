// Builds AAC frames in ADTS for tests; their payload is noise or looks like headers, nothing decodes it.
import { garbage } from "./mpeg-builder.ts";

export interface AdtsOptions {
  /** Bytes, header included. */
  length?: number;
  /** Hz */
  sampleRate?: number;
  /** As the header counts: 7 stands for eight channels, 0 for "in the frame itself". */
  configuration?: number;
  blocks?: 1 | 2 | 3 | 4;
  crc?: boolean;
  mpeg2?: boolean;
  /** 0 main, 1 LC, 2 SSR, 3 LTP */
  profile?: 0 | 1 | 2 | 3;
  payload?: "noise" | "nasty";
  seed?: number;
}

export const adtsRates = [
  96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
];

/** One frame; the defaults are AAC LC, 44.1 kHz, stereo, one block, 60 bytes. */
export function adtsFrame(options: AdtsOptions = {}): Uint8Array<ArrayBuffer> {
  const { length = 60, sampleRate = 44100, configuration = 2, blocks = 1 } = options;
  const { crc = false, mpeg2 = false, profile = 1, payload = "noise", seed = 1 } = options;
  const fields: [number, number][] = [
    [0xfff, 12],
    [mpeg2 ? 1 : 0, 1],
    [0, 2],
    [crc ? 0 : 1, 1],
    [profile, 2],
    [adtsRates.indexOf(sampleRate), 4],
    [0, 1],
    [configuration, 3],
    [0, 4],
    [length, 13],
    [0x7ff, 11],
    [blocks - 1, 2],
  ];
  const bits = fields.map(([value, width]) => value.toString(2).padStart(width, "0")).join("");
  const head = Array.from({ length: 7 }, (_, i) =>
    Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2),
  );
  const frame = new Uint8Array(length);
  frame.set(garbage(length, seed));
  if (payload === "nasty") for (let at = 9; at + 7 <= length; at += 11) frame.set(head, at);
  frame.set(head);
  return frame;
}

export function adtsFrames(
  count: number,
  options: AdtsOptions = {},
  vary: (index: number) => AdtsOptions = () => ({}),
): Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: count }, (_, i) => adtsFrame({ ...options, seed: i, ...vary(i) }));
}
