// What must hold for the bytes of segments, and from one to the next.
import type { FrameParser } from "../../../src/format/frame.ts";
import { createAdtsParser } from "../../../src/format/sync/adts.ts";
import { createMpegParser } from "../../../src/format/sync/mpeg.ts";
import { mp4Boxes, mp4Fragments, type Mp4Init, mp4Init } from "../mp4-boxes.ts";
import type { Segment } from "./playlist-text.ts";
import type { Report } from "./problem.ts";

const OWNER = "com.apple.streaming.transportStreamTimestamp\0";
const TIMESCALE = 90_000;
const TIMESTAMPS = 2 ** 33;

/** EXTINF may be rounded, and a decoder's start costs a few milliseconds. */
const ROUNDED_SECONDS = 0.015;
/** A tick of the timescale is lost by rounding. */
const ROUNDED_TICKS = 1;

interface Measured {
  /** CODECS must name one of them. */
  readonly codecs: readonly string[];
  readonly seconds: number;
  /** Ticks of the first sample, and behind the last one. */
  readonly from: number;
  readonly to: number;
  readonly scale: number;
  readonly range: number;
  readonly format: string;
}

export class Segments {
  #last: { readonly segment: Segment; readonly measured: Measured } | null = null;
  /** That of the last fragment, behind the initialization segment of this address. */
  #sequence = -1;
  #sequenceMap = "";
  readonly #inits = new Map<string, Mp4Init>();

  constructor(private readonly report: Report) {}

  hasInit(url: string): boolean {
    return this.#inits.has(url);
  }

  addInit(url: string, bytes: Uint8Array): void {
    try {
      this.#inits.set(url, this.#readInit(url, bytes));
    } catch (error) {
      this.report("init", `${url}: ${String(error)}`);
    }
  }

  #readInit(url: string, bytes: Uint8Array): Mp4Init {
    const types = mp4Boxes(bytes).map(({ type }) => type);
    if (types[0] !== "ftyp" || types[1] !== "moov" || types.length !== 2)
      this.report("init", `${url}: ${types.join(" ")}`);
    const init = mp4Init(bytes);
    if (init.samples > 0 || !init.isFragmented) this.report("init", `${url}: not of fragments`);
    return init;
  }

  /** The codecs of the segment; none if it cannot be read. In the order of their numbers; some may be left out. */
  add(segment: Segment, bytes: Uint8Array): readonly string[] {
    const measured =
      segment.map === null
        ? this.#measurePacked(segment, bytes)
        : this.#measureFragments(segment, segment.map, bytes);
    if (measured === null) return [];
    if (Math.abs(measured.seconds - segment.duration) > ROUNDED_SECONDS)
      this.report("length", `${segment.url}: ${measured.seconds} s, EXTINF ${segment.duration}`);
    if (this.#last?.segment.number === segment.number - 1) this.#compare(segment, measured);
    this.#last = { segment, measured };
    return measured.codecs;
  }

  #compare(segment: Segment, measured: Measured): void {
    const last = this.#last;
    if (last === null || last.segment.discontinuity !== segment.discontinuity) return;
    const { url } = segment;
    if (last.measured.format !== measured.format)
      this.report("frames", `${url}: ${last.measured.format} -> ${measured.format}`);
    const apart = (measured.from - last.measured.to + measured.range) % measured.range;
    const ticks = Math.min(apart, measured.range - apart);
    if (ticks > ROUNDED_TICKS)
      this.report("segment-times", `${url}: ${ticks / measured.scale} s apart`);
  }

  #measurePacked({ url }: Segment, bytes: Uint8Array): Measured | null {
    const tag = readTag(bytes);
    if (tag === null || tag.timestamp >= TIMESTAMPS) {
      this.report("timestamp", `${url}: ${tag?.timestamp}`);
      return null;
    }
    const isAac = new URL(url).pathname.endsWith(".aac");
    const parsed = parseWhole(isAac ? createAdtsParser() : createMpegParser(), tag.audio);
    if (parsed === null) {
      this.report("frames", url);
      return null;
    }
    const { seconds, format } = parsed;
    const codecs = isAac ? ["mp4a.40.2", "mp4a.40.5", "mp4a.40.29"] : ["mp4a.40.34"];
    const [from, scale, range] = [tag.timestamp, TIMESCALE, TIMESTAMPS];
    return { codecs, seconds, format, from, to: from + Math.round(seconds * scale), scale, range };
  }

  #measureFragments({ url }: Segment, map: string, bytes: Uint8Array): Measured | null {
    const init = this.#inits.get(map);
    if (init === undefined) return null;
    try {
      return this.#measureAll(url, map, init, bytes);
    } catch (error) {
      this.report("tfdt", `${url}: ${String(error)}`);
      return null;
    }
  }

  #measureAll(url: string, map: string, init: Mp4Init, bytes: Uint8Array): Measured {
    const fragments = mp4Fragments(bytes);
    if (map !== this.#sequenceMap) this.#sequence = -1;
    this.#sequenceMap = map;
    let next = fragments[0]?.decodeTime ?? Number.NaN;
    const from = next;
    for (const { sequence, decodeTime, samples } of fragments) {
      if (decodeTime !== next) this.report("tfdt", `${url}: ${decodeTime}, not ${next}`);
      if (sequence <= this.#sequence) this.report("tfdt", `${url}: sequence ${sequence}`);
      this.#sequence = sequence;
      next = decodeTime + samples.reduce((sum, { duration }) => sum + duration, 0);
    }
    const { timescale: scale, codec, channels } = init;
    const seconds = (next - from) / scale;
    const format = `${map} ${codec} ${channels}`;
    return { codecs: [codec], seconds, format, from, to: next, scale, range: 2 ** 53 };
  }
}

/** The timestamp in ticks, and what follows the tag; null without one. */
export function readTag(bytes: Uint8Array): { timestamp: number; audio: Uint8Array } | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 73));
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10);
  const length = 10 + a * 2 ** 21 + b * 2 ** 14 + c * 2 ** 7 + d;
  const isTag = text.subarray(0, 3).equals(Buffer.from("ID3")) && length <= bytes.length;
  const isFirst = text.subarray(10, 14).equals(Buffer.from("PRIV"));
  const at = 20 + OWNER.length;
  if (!isTag || !isFirst || !text.subarray(20, at).equals(Buffer.from(OWNER))) return null;
  return { timestamp: Number(text.readBigUInt64BE(at)), audio: bytes.subarray(length) };
}

/** null if there is anything but whole frames. */
function parseWhole(
  parser: FrameParser,
  audio: Uint8Array,
): { seconds: number; format: string } | null {
  const frames = parser.push(audio);
  let { seconds } = frames;
  let taken = frames.bytes.length;
  const last = parser.end();
  seconds += last.seconds;
  taken += last.bytes.length;
  const isWhole = taken === audio.length && parser.garbageBytes === 0;
  return isWhole ? { seconds, format: JSON.stringify(parser.format) } : null;
}
