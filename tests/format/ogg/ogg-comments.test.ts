import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { COMMENT_MAX_BYTES, OggComments } from "../../../src/format/ogg/ogg-comments.ts";
import { concat, garbage } from "../mpeg-builder.ts";
import { comments, u32 } from "../ogg-builder.ts";

/** Read whole, byte by byte and split at every point; all must agree. */
function read(packet: Uint8Array): OggComments {
  const whole = readPieces([packet]);
  const cuts = Array.from({ length: packet.length + 1 }, (_, i) => i);
  const ways = cuts.map((cut) => [packet.subarray(0, cut), packet.subarray(cut)]);
  for (const pieces of [...ways, cuts.map((i) => packet.subarray(i, i + 1))]) {
    const parts = readPieces(pieces);
    expect(parts.bytes).toEqual(whole.bytes);
    expect(parts.metadata).toEqual(whole.metadata);
  }
  return whole;
}

function readPieces(pieces: readonly Uint8Array[]): OggComments {
  const reader = new OggComments();
  for (const piece of pieces) reader.push(piece);
  return reader;
}

const metadataOf = (...list: (string | Uint8Array)[]) => read(comments(list)).metadata;

describe("the metadata of comments", () => {
  test("is artist and title, by keys of any case", () => {
    const wanted = { artist: "A", title: "T" };
    expect(metadataOf("ARTIST=A", "TITLE=T")).toEqual(wanted);
    expect(metadataOf("DATE=1999", "Title=T", "artist=A", "ARTISTS=no")).toEqual(wanted);
  });

  test("joins several artists and takes the first title", () => {
    const list = ["artist=A", "title=T", "artist=B = C", "title=U"];
    expect(metadataOf(...list)).toEqual({ artist: "A, B = C", title: "T" });
  });

  test("is null without both, and may lack one", () => {
    expect(metadataOf()).toBeNull();
    expect(metadataOf("ALBUM=x", "TITLE", "TITLE=", "ARTIST=  ")).toBeNull();
    expect(metadataOf("TITLE=T")).toEqual({ artist: "", title: "T" });
    expect(metadataOf("ARTIST=A")).toEqual({ artist: "A", title: "" });
  });

  test("is split where the title alone holds both", () => {
    expect(metadataOf("TITLE=A - B - C")).toEqual({ artist: "A", title: "B - C" });
    expect(metadataOf("TITLE=A - B", "ARTIST=C")).toEqual({ artist: "C", title: "A - B" });
  });

  test("is UTF-8, or else Windows-1252, without control characters", () => {
    expect(metadataOf("title=\u590f \u2013 \u00e9")?.title).toBe("\u590f \u2013 \u00e9");
    const latin1 = concat(new TextEncoder().encode("title=caf"), Uint8Array.of(0xe9));
    expect(metadataOf(latin1)?.title).toBe("caf\u00e9");
    expect(metadataOf("title=\r\none\0two\u0085\n")?.title).toBe("one two");
  });
});

describe("comments", () => {
  test("come out as they were", () => {
    const packet = comments(["A=1", "", "no key", "TITLE=x", ""], "");
    expect(read(packet).bytes).toEqual(packet);
  });

  test("lose what is too long, and what stands behind them", () => {
    const long = garbage(COMMENT_MAX_BYTES + 1);
    const longest = garbage(COMMENT_MAX_BYTES);
    const behind = concat(u32(7), new TextEncoder().encode("TITLE=y"));
    const reader = readPieces([concat(comments(["A=1", long, longest, "TITLE=x"]), behind)]);
    expect(reader.bytes).toEqual(comments(["A=1", longest, "TITLE=x"]));
    expect(readPieces([comments(["A=1"], "v".repeat(5000))]).bytes).toEqual(comments(["A=1"], ""));
  });

  test("are kept up to a sum that joiners can wait for", () => {
    const list = Array.from({ length: 3000 }, (_, i) => `KEY=${i}${"x".repeat(200)}`);
    const { bytes } = readPieces([comments(list)]);
    expect(bytes.length).toBeGreaterThan(15_000);
    expect(bytes.length).toBeLessThan(17_000);
  });

  test("cut off or lying about their lengths keep what is whole", () => {
    const packet = comments(["TITLE=x", "ARTIST=y"]);
    expect(read(packet.subarray(0, -1)).bytes).toEqual(comments(["TITLE=x"]));
    const endless = concat(u32(0), u32(-1), u32(7), new TextEncoder().encode("TITLE=x"), u32(-1));
    expect(read(concat(endless, garbage(50))).bytes).toEqual(comments(["TITLE=x"], ""));
    expect(read(u32(-1)).bytes).toEqual(comments([], ""));
  });

  test("of whatever bytes are some comments, however they are cut", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (packet) => {
        const { bytes } = read(packet);
        expect(read(bytes).bytes).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });
});
