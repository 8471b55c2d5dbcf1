// Mounts of Opus and FLAC by HLS: what their segmenter makes of the pages of Ogg.
import { describe, expect, test } from "bun:test";
import { createOggParser } from "../../src/format/ogg/ogg.ts";
import type { GrowingSegment, MediaSegment } from "../../src/hls/media-segment.ts";
import { Segmenter } from "../../src/hls/segmenter.ts";
import {
  comments,
  flacBlock,
  flacHead,
  flacPacket,
  oggChain,
  oggPage,
  opusHead,
  opusPacket,
  opusTags,
} from "../format/ogg-builder.ts";
import { mp4Fragments, mp4Init } from "../support/mp4-boxes.ts";

const EPOCH_MS = 1_700_000_000_000;

/** Feeds pages one by one, each when it has played, into segments of 6 s unless told. */
function segmentsOf(
  inputs: readonly (readonly Uint8Array[])[],
  partMs = 0,
  onPart: (segment: GrowingSegment) => void = () => undefined,
  segmentMs = 6000,
): MediaSegment[] {
  const segments: MediaSegment[] = [];
  let number = 0;
  const segmenter = new Segmenter({
    run: "run",
    segmentMs,
    partMs,
    epochMs: EPOCH_MS,
    positionAt: (ms) => ms / 1000,
    group: null,
    nextNumber: () => number++,
    onSegment: (segment) => segments.push(segment),
    onPart,
  });
  let seconds = 0;
  for (const pages of inputs) {
    const parser = createOggParser();
    for (const page of pages)
      for (let frames = parser.push(page); frames.count > 0; frames = parser.next()) {
        const nowMs = EPOCH_MS + 1000 + seconds * 1000;
        seconds += frames.seconds;
        segmenter.prepare(parser.format!, nowMs);
        segmenter.add({ format: parser.format!, frames, position: 0, nowMs });
      }
  }
  segmenter.flush();
  return segments;
}

/** A second on each page. */
function opusSeconds(count: number, seed: number): Uint8Array[][] {
  return Array.from({ length: count }, (_, page) =>
    Array.from({ length: 50 }, (_, i) => opusPacket(20, seed + page * 50 + i)),
  );
}

function opusChain(seconds: number, serial: number, gain = 0): Uint8Array[] {
  const head = opusHead({ preSkip: 312 });
  head[16] = gain;
  const headers = [head, opusTags([`TITLE=${serial}`])];
  return oggChain({ serial, headers, pages: opusSeconds(seconds, serial * 1000), hasEnd: false });
}

/** FLAC whose packets go on over pages all the time, as ffmpeg's do. */
function flacPages(count: number): Uint8Array[] {
  const headers = [flacHead(), flacBlock(4, comments([]), true)];
  const packet = flacPacket(765);
  const [first, rest] = [packet.subarray(0, 255), packet.subarray(255)];
  const [head, tags] = oggChain({ headers, pages: [] });
  const pages = Array.from({ length: count }, (_, i) => {
    const packets = i === 0 ? [first] : [rest, first];
    const granule = i === 0 ? -1 : i * 4608;
    return oggPage({ packets, flags: i && 1, sequence: 2 + i, granule, isOpen: true });
  });
  return [head!, tags!, ...pages];
}

function samplesIn({ file }: MediaSegment): string[] {
  return mp4Fragments(file!).flatMap(({ samples }) => samples.map(({ bytes }) => bytes.toHex()));
}

function secondsOf({ samples, format }: MediaSegment): number {
  return samples / format.sampleRate;
}

describe("segments of Opus", () => {
  test("are cut between packets at the grid, though the pages are longer", () => {
    const segments = segmentsOf([opusChain(20, 1)]);
    expect(segments.map(secondsOf).map((s) => Number(s.toFixed(2)))).toEqual([5.01, 6, 6, 2.98]);
    const wanted = opusSeconds(20, 1000).flat();
    expect(segments.flatMap(samplesIn)).toEqual(wanted.map((packet) => packet.toHex()));
  });

  test("are no longer than the grid and a packet, though each page is longer than two of them", () => {
    const headers = [opusHead(), opusTags([])];
    const pages = Array.from({ length: 3 }, (_, page) =>
      Array.from({ length: 250 }, (_, i) => opusPacket(20, page * 250 + i)),
    );
    const chain = oggChain({ headers, pages, hasEnd: false });
    const segments = segmentsOf([chain], 0, () => undefined, 2000);
    const lengths = segments.map(secondsOf);
    expect(lengths.length).toBe(8);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(2.02);
    expect(segments.map(({ isDiscontinuous }) => isDiscontinuous)).not.toContain(true);
    const wanted = pages.flat().map((packet) => packet.toHex());
    expect(segments.flatMap(samplesIn)).toEqual(wanted);
  });

  test("have the decode times of one clock", () => {
    const segments = segmentsOf([opusChain(20, 1)]);
    const fragments = segments.map(({ file }) => mp4Fragments(file!)[0]!);
    const { mediaTime } = mp4Init(segments[0]!.init!.bytes);
    expect(mediaTime).toBe(312);
    let next = segments[0]!.start.in(48_000);
    for (const { decodeTime, samples } of fragments) {
      expect(decodeTime).toBe(next);
      next += samples.reduce((sum, { duration }) => sum + duration, 0);
    }
    expect(fragments.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3]);
  });

  test("go on over chains of one setup without a discontinuity", () => {
    const segments = segmentsOf([[...opusChain(8, 1), ...opusChain(8, 2), ...opusChain(8, 3)]]);
    expect(segments.map(({ isDiscontinuous }) => isDiscontinuous)).not.toContain(true);
    expect(new Set(segments.map(({ init }) => init)).size).toBe(1);
    expect(segments.map(secondsOf).reduce((sum, s) => sum + s)).toBeCloseTo(24, 1);
  });

  test("get another initialization segment behind a discontinuity where the gain changes", () => {
    const segments = segmentsOf([[...opusChain(8, 1), ...opusChain(8, 2, 99)]]);
    expect(segments.map(({ isDiscontinuous }) => isDiscontinuous)).toEqual([
      false,
      false,
      true,
      false,
    ]);
    expect(segments.map(({ init }) => init?.index)).toEqual([0, 0, 1, 1]);
    const [, before, after] = segments;
    expect(after!.wallMs).toBeCloseTo(before!.wallMs + secondsOf(before!) * 1000, 3);
  });
});

describe("parts of Opus", () => {
  const all = [[...opusChain(14, 1), ...opusChain(8, 2, 99)]];

  test("are fragments in order, which one after the other are the segment, sample for sample that without parts", () => {
    const [whole, cut] = [segmentsOf(all), segmentsOf(all, 1000)];
    for (const { file, parts } of cut)
      expect(Buffer.concat(parts.map((part) => part.file!)).equals(file!)).toBe(true);
    expect(cut.flatMap(samplesIn)).toEqual(whole.flatMap(samplesIn));
    const fragments = cut.flatMap(({ file }) => mp4Fragments(file!));
    for (const [i, { sequence }] of fragments.entries())
      if (i > 0) expect(sequence).toBeGreaterThan(fragments[i - 1]!.sequence);
    expect(cut.map(({ parts }) => parts.length)).toEqual([5, 6, 3, 3, 5]);
  });

  test("are there while their segment grows, behind the initialization segment that they need", () => {
    const grown: GrowingSegment[] = [];
    const cut = segmentsOf(all, 1000, (segment) => grown.push(segment));
    expect(grown.map(({ init }) => init?.index)).toContain(1);
    for (const { number, parts } of grown) {
      const complete = cut.find((one) => one.number === number)?.parts ?? [];
      expect(parts.map(({ file }) => file?.toHex())).toEqual(
        complete.slice(0, parts.length).map(({ file }) => file?.toHex()),
      );
    }
  });
});

describe("segments of FLAC", () => {
  test("have whole packets, though no page begins with one", () => {
    const segments = segmentsOf([flacPages(200)]);
    expect(segments.length).toBeGreaterThan(3);
    const packets = segments.flatMap(samplesIn);
    expect(packets).toHaveLength(199);
    expect(new Set(packets)).toEqual(new Set([flacPacket(765).toHex()]));
    for (const segment of segments.slice(1, -1))
      expect(Math.abs(secondsOf(segment) - 6)).toBeLessThan(4608 / 44_100);
  });
});
