// The document beside a recorded file: small enough to be read again whatever a source sends, and checked when it is read.
import { expect, test } from "bun:test";
import { documentOf, summaryIn } from "../../src/recording/document.ts";
import { Segment } from "../../src/recording/segment.ts";
import { CD_QUALITY } from "../mount/fake-input.ts";
import { numbered } from "./studio.ts";

/** What a disk reads of one. */
const MAX_DOCUMENT_BYTES = 8 << 20;

const BELONGS = { mount: "/stream", recording: "shows", station: "A", show: "" };

function documentOfTitles(count: number, length: number) {
  const segment = new Segment(CD_QUALITY, 0);
  const frame = numbered(1);
  for (let i = 0; i < count; i++) {
    const text = String(i).padEnd(length, "\u4e2d");
    segment.title({ artist: text, title: text, source: "live" });
    segment.source({ kind: "live", show: text.slice(0, 200), user: "dj", address: "192.0.2.7" });
    segment.add(frame, i * 26, i * 26 + 26, 0);
  }
  const facts = { segment, belongs: BELONGS, file: "a.mp3", headBytes: 0, offset: () => 0 };
  return documentOf(facts);
}

test("a source that sends thousands of long titles makes no document that cannot be read", () => {
  const document = documentOfTitles(6000, 1000);
  expect(Buffer.byteLength(JSON.stringify(document))).toBeLessThan(MAX_DOCUMENT_BYTES);
  expect(documentOfTitles(3000, 20).titles).toHaveLength(3000);
});

test.each([
  ["start_ms", 1e300],
  ["end_ms", null],
  ["seconds", "1"],
  ["lost_seconds", undefined],
  ["channels", 1.5],
  ["head_bytes", -1],
  ["delay", undefined],
  ["show", undefined],
  ["station", 7],
  ["file", ""],
  ["codec", "banana"],
  ["codec", "toString"],
  ["bits_per_sample", "16"],
  ["hold", "yes"],
])("a document whose %s is %p is none", (key, value) => {
  const document = documentOfTitles(1, 10);
  expect(summaryIn(document)).not.toBeNull();
  expect(summaryIn({ ...document, [key]: value })).toBeNull();
});
