import { expect, test } from "bun:test";
import fc from "fast-check";
import { mp4Fragments } from "../../support/mp4-boxes.ts";
import { concat } from "../mpeg-builder.ts";
import {
  comments,
  flacBlock,
  flacHead,
  flacPacket,
  oggChain,
  opusHead,
  opusPacket,
  opusTags,
  sealed,
} from "../ogg-builder.ts";
import { packetsOf, type Piece, segmentsOf } from "./rewrap.ts";

/** Frames of every length that Opus has, one to three in a packet. */
const opusAudio = fc
  .tuple(fc.nat(31), fc.nat(3), fc.integer({ min: 1, max: 3 }), fc.nat(400))
  .map(([configuration, code, frames, length]) => {
    const packet = opusPacket(length + 2, length);
    packet[0] = (configuration << 3) | code;
    packet[1] = frames;
    return packet;
  });

const opusChain = fc.record({
  serial: fc.nat(3),
  headers: fc
    .tuple(fc.constantFrom(0, 312, 3840), fc.constantFrom(0, 1))
    .map(([preSkip, gain]) => [withGain(opusHead({ preSkip }), gain), opusTags()]),
  pages: fc.array(fc.array(opusAudio, { minLength: 1, maxLength: 6 }), { maxLength: 6 }),
  granules: fc.array(fc.oneof(fc.nat(90_000), fc.constant(-1)), { minLength: 6, maxLength: 6 }),
  hasEnd: fc.boolean(),
});

const flacChain = fc.record({
  serial: fc.nat(3),
  headers: fc.constantFrom(44_100, 48_000).map(flacHeaders),
  pages: fc.array(
    fc.array(
      fc.nat(300).map((length) => flacPacket(length + 6)),
      { minLength: 1, maxLength: 3 },
    ),
    { maxLength: 6 },
  ),
});

function withGain(head: Uint8Array, gain: number): Uint8Array {
  head[16] = gain;
  return head;
}

function flacHeaders(rate: number): Uint8Array[] {
  return [flacHead({ rate }), flacBlock(4, comments([]), true)];
}

const chains = fc.oneof(
  fc.array(opusChain, { minLength: 1, maxLength: 4 }),
  fc.array(flacChain, { minLength: 1, maxLength: 4 }),
);

/** Bits: whether a segment ends behind the packet. */
const cuts = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });

function worth({ track, frames }: Piece): number {
  return track.samplesOf(frames.bytes);
}

test("wherever segments end: their fragments have all packets in order, and the times of a track have no gap", () => {
  fc.assert(
    fc.property(chains, cuts, (list, ends) => {
      const pieces = packetsOf(list.flatMap(oggChain));
      const segments = segmentsOf(pieces, (_, i) => ends[i % ends.length] === true);
      const fragments = segments.flatMap(({ bytes }) => mp4Fragments(bytes));
      const samples = fragments.flatMap((fragment) => fragment.samples);
      expect(samples.map(({ bytes }) => bytes.toHex())).toEqual(
        pieces.map(({ frames }) => frames.bytes.toHex()),
      );
      expect(samples.map(({ duration }) => duration)).toEqual(pieces.map(worth));
      expect(fragments.map(({ sequence }) => sequence)).toEqual(fragments.map((_, i) => i + 1));
      expectNoGap(segments);
    }),
    { numRuns: 200 },
  );
});

function expectNoGap(segments: ReturnType<typeof segmentsOf>): void {
  let [track, next] = [segments[0]?.track, 0];
  for (const segment of segments) {
    const [fragment] = mp4Fragments(segment.bytes);
    if (segment.track !== track) next = segment.position;
    track = segment.track;
    expect(fragment!.decodeTime).toBe(next);
    next += fragment!.samples.reduce((sum, { duration }) => sum + duration, 0);
  }
}

/** Chains with pages lost, doubled, damaged and strewn with garbage. */
const hostile = fc
  .array(
    fc.oneof(
      opusChain.map((options) => concat(...oggChain(options))),
      fc
        .oneof(opusChain, flacChain)
        .chain((options) => fc.shuffledSubarray(oggChain(options), { minLength: 1 }))
        .map((some) => concat(...some)),
      fc
        .tuple(fc.oneof(opusChain, flacChain), fc.nat(60), fc.nat(255))
        .map(([options, at, value]) =>
          concat(
            ...oggChain(options).map((page) =>
              sealed(new Uint8Array(page).fill(value, 27 + at, 28 + at)),
            ),
          ),
        ),
      fc.uint8Array({ maxLength: 60 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => concat(...parts));

test("whatever the bytes: fragments are whole, no packet plays longer than it decodes, and little is held", () => {
  fc.assert(
    fc.property(hostile, cuts, (input, ends) => {
      const pieces = packetsOf([input]);
      for (const piece of pieces)
        expect(piece.frames.samples[0]!).toBeLessThanOrEqual(worth(piece));
      const segments = segmentsOf(pieces, (_, i) => ends[i % ends.length] === true);
      const samples = segments.flatMap(({ bytes }) => mp4Fragments(bytes)[0]!.samples);
      expect(samples).toHaveLength(pieces.length);
      const sum = samples.reduce((all, { bytes }) => all + bytes.length, 0);
      expect(sum).toBeLessThanOrEqual(input.length);
    }),
    { numRuns: 200 },
  );
});
