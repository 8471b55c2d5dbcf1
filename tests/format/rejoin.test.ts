// A stream that goes on after listeners have heard something else.
import { describe, expect, test } from "bun:test";
import { createParser } from "../../src/format/create-parser.ts";
import { FRAME_WORDS, type FrameParser, type Frames } from "../../src/format/frame.ts";
import { copyFrames, sliceFrames, splitFrames } from "../../src/format/frame-slice.ts";
import { Rejoin } from "../../src/format/rejoin.ts";
import { concat } from "./mpeg-builder.ts";
import { oggChain, opusHead, opusPacket, opusTags } from "./ogg-builder.ts";
import { block, clusterHead, timestamp, webmHeader } from "./webm-builder.ts";

/** What the first push of a parser gives. */
function firstFrames(container: "ogg" | "webm", bytes: Uint8Array): Frames {
  return copyFrames(parserOf(container).push(bytes));
}

function parserOf(container: "ogg" | "webm"): FrameParser {
  const parser = createParser(container);
  if (parser === null) throw new Error(`no parser of ${container}`);
  return parser;
}

const flagsOf = ({ table, count }: Frames) =>
  Array.from({ length: count }, (_, at) => table[at * FRAME_WORDS + 2] ?? 0);

const pages = Array.from({ length: 30 }, (_, i) => [opusPacket(40, i)]);
const OPUS = concat(...oggChain({ serial: 1, headers: [opusHead(), opusTags([])], pages }));

describe("a stream", () => {
  test("that was heard all the time passes as it is", () => {
    const frames = firstFrames("ogg", OPUS);
    expect(new Rejoin().pass(frames, "opus")).toBe(frames);
  });

  test("of Ogg goes on behind its headers, which last no time", () => {
    const rejoin = new Rejoin();
    const half = OPUS.length / 2;
    const parser = parserOf("ogg");
    rejoin.miss(copyFrames(parser.push(OPUS.subarray(0, half))), "opus");
    const rest = copyFrames(parser.push(OPUS.subarray(half)));
    const heard = rejoin.pass(rest, "opus");
    const [first, ...others] = splitFrames(heard);
    expect(first).toMatchObject({ bytes: rest.preamble, micros: 0, flags: 0, samples: 0 });
    expect(Buffer.compare(concat(...others.map(({ bytes }) => bytes)), rest.bytes)).toBe(0);
    expect(heard.seconds).toBeCloseTo(rest.seconds, 9);
    expect(rejoin.pass(rest, "opus")).toBe(rest);
  });

  test("of WebM begins at a cluster, however many blocks come before", () => {
    const cluster = (time: number) => concat(clusterHead(), timestamp(time), block(0), block(20));
    const bytes = concat(webmHeader(), cluster(0), cluster(40), cluster(80), cluster(120));
    const frames = firstFrames("webm", bytes);
    const starts = flagsOf(frames).flatMap((flag, at) => (flag === 1 ? [at] : []));
    const rejoin = new Rejoin();
    const cut = starts[1]! + 1;
    const single = splitFrames(frames);
    rejoin.part();
    const tail = sliceFrames(frames, cut);
    const heard = splitFrames(rejoin.pass(tail, "webm-opus"));
    expect(heard[1]!.flags).toBe(1);
    expect(heard.length).toBe(single.length - starts[2]! + 1);
  });
});
