// Builds WebM for tests: elements, headers, clusters.
import { concat, garbage } from "./mpeg-builder.ts";

const idBytes = (id: number): Uint8Array =>
  Uint8Array.from((id.toString(16).match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));

/** A size of this many bytes; null: unknown. */
export function size(value: number | null, width = 1): Uint8Array {
  const all = value === null ? 2n ** BigInt(7 * width) - 1n : BigInt(value);
  const marked = (1n << BigInt(7 * width)) | all;
  return Uint8Array.from({ length: width }, (_, i) =>
    Number((marked >> BigInt(8 * (width - 1 - i))) & 255n),
  );
}

export function element(id: number, ...contents: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = concat(...contents);
  return concat(idBytes(id), size(body.length, body.length < 127 ? 1 : 3), body);
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

export interface HeaderOptions {
  codec?: string;
  rate?: number;
  channels?: number;
  /** Nanoseconds a unit. */
  scale?: number;
  title?: string;
  artist?: string | string[];
  /** The name of each track. */
  name?: string;
  types?: number[];
  segmentSize?: number | null;
  extra?: Uint8Array;
}

/** Everything before the first cluster. */
export function webmHeader(options: HeaderOptions = {}): Uint8Array<ArrayBuffer> {
  const { codec = "A_OPUS", rate = 48000, channels = 2, scale = 1e6, types = [2] } = options;
  const { title, artist = [], name, segmentSize = null, extra = new Uint8Array(0) } = options;
  const frequency = Buffer.alloc(8);
  frequency.writeDoubleBE(rate);
  const scaleBytes = Uint8Array.of(scale >> 24, scale >> 16, scale >> 8, scale);
  const audio = element(0xe1, element(0xb5, frequency), element(0x9f, Uint8Array.of(channels)));
  const tracks = types.map((type, i) =>
    element(
      0xae,
      element(0xd7, Uint8Array.of(i + 1)),
      element(0x83, Uint8Array.of(type)),
      ...(name === undefined ? [] : [element(0x536e, text(name))]),
      element(0x86, text(codec)),
      audio,
    ),
  );
  const titles = title === undefined ? [] : [element(0x7ba9, text(title))];
  const simple = [artist]
    .flat()
    .map((value) => element(0x67c8, element(0x45a3, text("ARTIST")), element(0x4487, text(value))));
  const tags = simple.length === 0 ? [] : [element(0x1254c367, element(0x7373, ...simple))];
  return concat(
    element(0x1a45dfa3, element(0x4282, text("webm"))),
    idBytes(0x18538067),
    size(segmentSize, 8),
    element(0x1549a966, element(0x2ad7b1, scaleBytes), ...titles),
    element(0x1654ae6b, ...tracks),
    ...tags,
    extra,
  );
}

/** A block at a time relative to its cluster. */
export function block(time: number, { track = 1, length = 9, grouped = false } = {}) {
  const body = concat(size(track), Uint8Array.of(time >> 8, time, 0), garbage(length, time + 1));
  return grouped
    ? element(0xa0, element(0xa1, body), element(0x9b, Uint8Array.of(20)))
    : element(0xa3, body);
}

export const timestamp = (time: number): Uint8Array =>
  element(0xe7, Uint8Array.of(time >> 24, time >> 16, time >> 8, time));

/** The head of a cluster; without contents its size is unknown. */
export function clusterHead(width = 1, contents: number | null = null): Uint8Array {
  return concat(idBytes(0x1f43b675), size(contents, width));
}
