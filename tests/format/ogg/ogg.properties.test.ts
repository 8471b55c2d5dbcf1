import { expect, test } from "bun:test";
import fc from "fast-check";
import { sameFormat } from "../../../src/format/frame.ts";
import { createOggParser } from "../../../src/format/ogg/ogg.ts";
import { OGG_PAGE_MAX_BYTES, parseOggPage, piecesOf } from "../../../src/format/ogg/ogg-page.ts";
import { expectSame, feed, type Parsed } from "../feed.ts";
import { concat, garbage } from "../mpeg-builder.ts";
import {
  type ChainOptions,
  comments,
  EOS,
  oggChain,
  oggPage,
  opusHead,
  opusPacket,
  opusTags,
  sealed,
  speexHead,
  vorbisComments,
  vorbisId,
  vorbisSetup,
} from "../ogg-builder.ts";

function create() {
  let serial = 100;
  return createOggParser({ nextSerial: () => serial++ });
}

const headersOf = fc.constantFrom(
  [opusHead(), opusTags(["TITLE=one"])],
  [opusHead(), opusTags()],
  [opusHead({ channels: 1, preSkip: 9000 }), opusTags()],
  [vorbisId(), vorbisComments(["ARTIST=two"]), vorbisSetup()],
  [speexHead(), comments([])],
);

const chainOf: fc.Arbitrary<ChainOptions> = fc.record({
  serial: fc.nat(3),
  headers: headersOf,
  pages: fc.array(
    fc.array(
      fc.nat(300).map((length) => opusPacket(length + 1, length)),
      { maxLength: 4 },
    ),
    { maxLength: 5 },
  ),
  granules: fc.array(fc.oneof(fc.nat(9000), fc.constantFrom(-1, -9, 2 ** 40, 2 ** 62)), {
    minLength: 5,
    maxLength: 5,
  }),
  hasEnd: fc.boolean(),
});

/** Chains with pages lost, doubled, damaged and strewn with garbage. */
const hostileBytes = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: chainOf.map((options) => concat(...oggChain(options))) },
      chainOf.chain((options) => {
        const pages = oggChain(options);
        return fc.shuffledSubarray(pages, { minLength: 1 }).map((some) => concat(...some));
      }),
      fc.tuple(chainOf, fc.nat(60)).map(([options, at]) => {
        const [first, ...rest] = oggChain(options);
        return concat(
          first!,
          ...rest.map((page) => sealed(new Uint8Array(page).fill(0xff, at % 27, (at % 27) + 1))),
        );
      }),
      fc.uint8Array({ maxLength: 60 }),
      fc.constant(new TextEncoder().encode("OggS")),
      fc.nat(40).map((n) => oggPage({ packets: [garbage(200)] }).subarray(0, n)),
    ),
    { maxLength: 6 },
  )
  .map((parts) => concat(...parts));

function chunksOf(input: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < input.length; i++) {
    const size = sizes[i % sizes.length]!;
    chunks.push(input.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const sizesOf = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 8 });

/** What libogg checks: chains one after another, each with its own serial, a first and a last page. */
function expectWellFormed({ frames, samples, flags, chains }: Parsed): void {
  const pages = frames.map((frame) => parseOggPage(frame)!);
  const starts = chains.map(({ firstFrame }) => firstFrame);
  for (const [i, from] of starts.entries()) {
    const chain = pages.slice(from, starts[i + 1]);
    const { preamble } = chains[i]!;
    expect(chain.map((p) => p.serial)).toEqual(chain.map(() => 100 + i));
    expect(chain.map((p) => p.flags & 2)).toEqual(chain.map((_, j) => (j === 0 ? 2 : 0)));
    expect(chain.map((p) => p.flags & EOS)).toEqual(
      chain.map((_, j) => (j === chain.length - 1 ? EOS : 0)),
    );
    const start = concat(...chain.map((p) => p.bytes)).subarray(0, preamble.length);
    expect(start.toHex()).toBe(preamble.toHex());
  }
  for (const [i, page] of pages.entries()) {
    expect(samples[i]).toBeLessThanOrEqual(60 * 48000);
    if (flags[i] === 1) expect([...piecesOf(page)][0]?.isStart).toBe(true);
  }
}

test("whatever the bytes: well-formed chains of one format come out, and little is held", () => {
  fc.assert(
    fc.property(hostileBytes, sizesOf, (input, sizes) => {
      const parsed = feed(create(), chunksOf(input, sizes));
      expectWellFormed(parsed);
      expect(parsed.garbageBytes).toBeLessThanOrEqual(input.length);
      expect(parsed.heldBytes).toBeLessThanOrEqual(OGG_PAGE_MAX_BYTES + 4000);
      if (parsed.foreignFormat !== null && parsed.format !== null) {
        expect(sameFormat(parsed.foreignFormat, parsed.format)).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});

test("whatever the bytes: how they are cut makes no difference", () => {
  fc.assert(
    fc.property(hostileBytes, sizesOf, (input, sizes) => {
      expectSame(feed(create(), chunksOf(input, sizes)), feed(create(), [input]));
    }),
    { numRuns: 300 },
  );
});

test("what came out comes out again just so, but for the serials", () => {
  fc.assert(
    fc.property(fc.array(chainOf, { maxLength: 4 }), (list) => {
      const once = feed(create(), list.flatMap(oggChain));
      const again = feed(create(), once.frames);
      const clean = { garbageBytes: 0, foreignFormat: null };
      expectSame(again, { ...once, ...clean });
    }),
    { numRuns: 200 },
  );
});
