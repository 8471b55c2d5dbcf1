// Text from outside becomes one clean line, whatever its bytes are.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  decodeText,
  decodeUtf16,
  MAX_TEXT_LENGTH,
  plainText,
  printable,
} from "../../src/lib/text.ts";
import { splitTitle, titledOf, titleLine } from "../../src/lib/titled.ts";

const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");

const UNWANTED = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}\ufeff]/u;

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("\u202e", "\u2066", "\ud83d", "\ude00", "\n", " ", "-", "a") }),
);

describe("the charset", () => {
  test.each([
    ["UTF-8", Buffer.from("Größe 😀"), "", "Größe 😀"],
    ["UTF-8 declared as Latin-1", Buffer.from("Größe"), "iso-8859-1", "Größe"],
    ["Windows-1252", latin1("caf\xe9 \x93x\x94"), "", "café “x”"],
    ["what was declared", latin1("\xcf\xe5\xf1\xed\xff"), "windows-1251", "Песня"],
    ["Windows-1252 for a charset nobody knows", latin1("\xe8"), "klingon", "è"],
    ["Windows-1252 for bytes the declared charset lacks", latin1("\xe8"), "utf-8", "è"],
  ])("is %s", (_, bytes, charset, wanted) => {
    expect(decodeText(bytes, charset)).toBe(wanted);
  });

  test.each([
    ["its mark", "\xff\xfeA\0\xe4\0", "be", "\ufeffAä"],
    ["its mark", "\xfe\xff\0A\0\xe4", "le", "\ufeffAä"],
    ["the order that is assumed", "A\0", "le", "A"],
    ["the order that is assumed", "\0A", "be", "A"],
    ["its mark, without an odd byte at the end", "\xff\xfeA\0\0", "le", "\ufeffA"],
    ["nothing", "", "le", ""],
    ["nothing", "x", "be", ""],
  ] as const)("of UTF-16 is told by %s (%j)", (_, bytes, order, wanted) => {
    expect(decodeUtf16(latin1(bytes), order)).toBe(wanted);
  });
});

describe("a line of text", () => {
  test.each([
    ["one\r\ntwo\0three\u2028four", "one two three four"],
    ["  \t A  B \n", "A B"],
    ["\ufeffEnd\u202e gnp.exe\u2066x\u2069\u200f", "End gnp.exex"],
    ["half \ud83d", "half \ufffd"],
    ["family 👨‍👩‍👧 and کتاب‌ها", "family 👨‍👩‍👧 and کتاب‌ها"],
    ["曲名　副題", "曲名　副題"],
  ])("%j is %j", (text, wanted) => {
    expect(plainText(text)).toBe(wanted);
  });

  test("has no control, no bidi character and no lone surrogate, is short, and is clean already", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const line = plainText(text, limit);
        expect(line).not.toMatch(UNWANTED);
        expect(line.trim()).toBe(line);
        expect(line.length).toBeLessThanOrEqual(limit);
        expect(plainText(line, limit)).toBe(line);
      }),
    );
    expect(plainText("x".repeat(5000)).length).toBe(MAX_TEXT_LENGTH);
    expect(plainText("ab😀", 3)).toBe("ab");
  });

  test("whatever its bytes were", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom("le", "be"), (bytes, order) => {
        expect(plainText(decodeText(bytes))).not.toMatch(UNWANTED);
        expect(plainText(decodeUtf16(bytes, order))).not.toMatch(UNWANTED);
      }),
    );
  });

  test("for a terminal keeps its length, with masks for what moves the cursor", () => {
    expect(printable("a\x1b[2J\x9b\n\u202eb")).toBe("a?[2J???b");
    fc.assert(
      fc.property(anyText, (text) => !/[\p{Cc}\p{Bidi_Control}\p{Cs}]/u.test(printable(text))),
    );
  });
});

describe("artist and title", () => {
  test.each([
    [["A"], "T", { artist: "A", title: "T" }],
    [["A", "", "B", "A"], "T", { artist: "A, B", title: "T" }],
    [[], "A - T - U", { artist: "A", title: "T - U" }],
    [[], "A\n-\nT", { artist: "A", title: "T" }],
    [["B"], "A - T", { artist: "B", title: "A - T" }],
    [[], "T -", { artist: "", title: "T -" }],
    [["A"], " ", { artist: "A", title: "" }],
  ])("of %j and %j are %j", (artists, title, wanted) => {
    expect(titledOf(artists, title)).toEqual(wanted);
  });

  test("are nothing when both are blank", () => {
    expect(titledOf(["\0", " "], "\u202e")).toBeNull();
  });

  test("split from one line are that line again", () => {
    const lines = fc.oneof(fc.string(), fc.stringMatching(/^[ab -]*$/));
    fc.assert(fc.property(lines, (line) => titleLine(splitTitle(line)) === line));
  });
});
