// A source's body: what the transfer coding put around the audio comes off, and nothing else.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  type BodyDecoder,
  bodyDecoder,
  ChunkedBody,
  RawBody,
  SizedBody,
} from "../../src/wire/body.ts";

interface Decoded {
  readonly audio: Buffer;
  readonly state: "open" | "done" | "bad";
}

function decode(decoder: BodyDecoder, parts: Iterable<Uint8Array>): Decoded {
  const audio: Uint8Array[] = [];
  let state: Decoded["state"] = "open";
  for (const part of parts) {
    const pushed = decoder.push(part);
    audio.push(Buffer.from(pushed.data));
    state = pushed.state;
  }
  return { audio: Buffer.concat(audio), state };
}

/** Whole, byte by byte, and cut in two at every point: all must agree. */
function decodeEveryWay(create: () => BodyDecoder, text: string | Uint8Array): Decoded {
  const input = Buffer.from(text);
  const whole = decode(create(), [input]);
  const ways: Uint8Array[][] = [Array.from(input, (_, i) => input.subarray(i, i + 1))];
  for (let cut = 1; cut < input.length; cut++) {
    ways.push([input.subarray(0, cut), input.subarray(cut)]);
  }
  for (const way of ways) expect(decode(create(), way)).toEqual(whole);
  return whole;
}

const chunked = (text: string | Uint8Array) => decodeEveryWay(() => new ChunkedBody(), text);

describe("a chunked body", () => {
  test.each([
    ["one chunk", "5\r\nhello\r\n0\r\n\r\n", "hello", "done"],
    ["two chunks", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world", "done"],
    ["a size in upper-case hex", "A\r\n0123456789\r\n", "0123456789", "open"],
    ["a size with leading zeros", "0000000a\r\n0123456789\r\n", "0123456789", "open"],
    ["an extension", "5;name=value\r\nhello\r\n", "hello", "open"],
    ["a blank behind the size", "5 \r\nhello\r\n", "hello", "open"],
    ["lines that end with LF", "5\nhello\n0\n\n", "hello", "done"],
    ["trailers", "5\r\nhello\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n", "hello", "done"],
    ["audio that looks like a chunk", "9\r\n\r\n0\r\n\r\nab\r\n", "\r\n0\r\n\r\nab", "open"],
    ["what follows its end", "1\r\nx\r\n0\r\n\r\nSOURCE", "x", "done"],
    ["no end yet", "5\r\nhel", "hel", "open"],
  ])("of %s is its audio", (_, text, audio, state) => {
    const decoded = chunked(text);
    expect(decoded.audio.toString()).toBe(audio);
    expect(decoded.state).toBe(state as Decoded["state"]);
  });

  test.each([
    ["no size", "\r\nhello"],
    ["a size that is none", "xyz\r\nhello"],
    ["a negative size", "-5\r\nhello"],
    ["a size of more than eight digits", "100000000\r\nhello"],
    ["hex with a prefix", "0x5\r\nhello"],
    ["audio instead of a size", "\xff\xfb\x90\x00\n"],
  ])("that begins with %s is bad", (_, text) => {
    expect(chunked(Buffer.from(text, "latin1"))).toEqual({ audio: Buffer.alloc(0), state: "bad" });
  });

  test("whose chunk is longer than its size is bad, the chunk kept", () => {
    expect(chunked("5\r\nhello!\r\n")).toEqual({ audio: Buffer.from("hello"), state: "bad" });
  });

  test("may take 256 bytes for a size, not more, ended or not", () => {
    const line = (size: number) => `5;${"x".repeat(size - 2)}`;
    expect(chunked(`${line(256)}\nhello`).audio.toString()).toBe("hello");
    expect(chunked(`${line(257)}\nhello`).state).toBe("bad");
    expect(decode(new ChunkedBody(), [Buffer.alloc(1 << 20, "5")]).state).toBe("bad");
  });

  test("of any chunks, extensions and trailers, cut anywhere, is the audio that went in", () => {
    const extension = fc.constantFrom("", ";a", ";a=b", ' ; q="x;y"', "  ");
    const chunk = fc.record({
      audio: fc.uint8Array({ minLength: 1, maxLength: 40 }),
      extension,
      zeros: fc.nat(4),
      isUpper: fc.boolean(),
    });
    const trailer = fc.constantFrom("", "X: 1\r\n", "X: 1\r\nY: 2\r\n");
    const cuts = fc.array(fc.nat(600), { maxLength: 10 });
    fc.assert(
      fc.property(fc.array(chunk), trailer, cuts, (chunks, trailers, at) => {
        const encoded = chunks.map(({ audio, extension, zeros, isUpper }) => {
          const hex = "0".repeat(zeros) + audio.length.toString(16);
          const size = isUpper ? hex.toUpperCase() : hex;
          return Buffer.concat([
            Buffer.from(`${size}${extension}\r\n`),
            audio,
            Buffer.from("\r\n"),
          ]);
        });
        const input = Buffer.concat([...encoded, Buffer.from(`0\r\n${trailers}\r\n`)]);
        const edges = [...at.filter((cut) => cut < input.length), 0, input.length];
        edges.sort((a, b) => a - b);
        const parts = edges.slice(1).map((end, i) => input.subarray(edges[i], end));
        const audio = Buffer.concat(chunks.map((chunk) => chunk.audio));
        expect(decode(new ChunkedBody(), parts)).toEqual({ audio, state: "done" });
      }),
    );
  });

  test("of any bytes never throws, and never hands out more than it was given", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 30 })), (parts) => {
        const { audio } = decode(new ChunkedBody(), parts);
        expect(audio.length).toBeLessThanOrEqual(Buffer.concat(parts).length);
      }),
    );
  });
});

describe("a sized body", () => {
  test("ends with its last byte, and what follows is not audio", () => {
    const { audio, state } = decodeEveryWay(() => new SizedBody(5), "hello world");
    expect(audio.toString()).toBe("hello");
    expect(state).toBe("done");
  });

  test("is open until then", () => {
    expect(decodeEveryWay(() => new SizedBody(5), "hell").state).toBe("open");
  });
});

describe("the decoder for a request", () => {
  const of = (...headers: [string, string][]) => bodyDecoder(new Map(headers));

  test.each([
    ["no header of a length", []],
    ["a length of 0, as libshout has it", [["content-length", "0"]]],
    ["a length that is no number", [["content-length", "12abc"]]],
    ["a negative length", [["content-length", "-5"]]],
    ["identity", [["transfer-encoding", "identity"]]],
  ] as [string, [string, string][]][])("takes a body with %s as it is", (_, headers) => {
    expect(of(...headers)).toBeInstanceOf(RawBody);
  });

  test("counts a body with a length", () => {
    expect(of(["content-length", "5"])).toBeInstanceOf(SizedBody);
  });

  test("takes chunks apart, whatever length is said beside", () => {
    expect(of(["transfer-encoding", "Chunked"], ["content-length", "5"])).toBeInstanceOf(
      ChunkedBody,
    );
  });

  test("is none for another coding", () => {
    expect(of(["transfer-encoding", "gzip, chunked"])).toBeNull();
  });
});
