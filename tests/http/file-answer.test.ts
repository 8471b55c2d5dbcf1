// Ranges of a file, as players ask for them.
import { expect, test } from "bun:test";
import { fileAnswer, rangeOf } from "../../src/http/file-answer.ts";
import type { OpenFile } from "../../src/lib/open-file.ts";

test.each([
  [null, null],
  ["bytes=0-", { from: 0, to: 100 }],
  ["bytes=0-0", { from: 0, to: 1 }],
  ["bytes=90-500", { from: 90, to: 100 }],
  ["bytes=-10", { from: 90, to: 100 }],
  ["bytes=-500", { from: 0, to: 100 }],
  ["bytes=100-", "none"],
  ["bytes=-0", "none"],
  ["bytes=9-3", null],
  ["bytes=0-1,5-6", null],
  ["bytes=-", null],
  ["pages=1-2", null],
] as const)("%p of 100 bytes is %p", (header, range) => {
  expect(rangeOf(header, 100)).toEqual(range);
});

const CONTENT = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251);

function opened(): OpenFile & { closed: number } {
  const file = {
    closed: 0,
    stat: async () => ({ isFile: () => true, size: CONTENT.length, mtimeMs: 0 }),
    async read(into: Uint8Array, offset: number, length: number, position: number) {
      const part = CONTENT.subarray(position, position + length);
      into.set(part, offset);
      return { bytesRead: part.length };
    },
    close: async () => void file.closed++,
  };
  return file;
}

const ask = (range?: string) =>
  new Request("http://a/", range === undefined ? {} : { headers: { range } });

test("a file comes whole, in part or not at all, and is closed", async () => {
  const file = opened();
  const size = CONTENT.length;
  const whole = fileAnswer(ask(), file, size, {});
  expect(whole.status).toBe(200);
  expect(Buffer.from(await whole.bytes()).equals(CONTENT)).toBe(true);
  const part = fileAnswer(ask("bytes=70000-170000"), file, size, {});
  expect([part.status, part.headers.get("content-range")]).toEqual([
    206,
    "bytes 70000-170000/200000",
  ]);
  expect(Buffer.from(await part.bytes()).equals(CONTENT.subarray(70_000, 170_001))).toBe(true);
  const none = fileAnswer(ask("bytes=200000-"), file, size, {});
  expect([none.status, none.headers.get("content-range")]).toEqual([416, "bytes */200000"]);
  const broken = fileAnswer(ask(), file, size, {});
  await broken.body?.cancel();
  expect(file.closed).toBe(4);
});

test("a file whose disk fails while it is read is closed", async () => {
  const file = opened();
  const failing = { ...file, read: () => Promise.reject(new Error("EIO")), close: file.close };
  const bytes = fileAnswer(ask(), failing, 100, {}).bytes();
  expect(await bytes.catch(String)).toContain("EIO");
  expect(file.closed).toBe(1);
});

test("a file that cannot be closed is nobody's trouble", async () => {
  const close = () => Promise.reject(new Error("EIO"));
  const failing = { ...opened(), close };
  const whole = await fileAnswer(ask(), failing, CONTENT.length, {}).bytes();
  expect(whole.length).toBe(CONTENT.length);
  expect(await fileAnswer(ask(), failing, 100, {}).body?.cancel()).toBeUndefined();
  expect(fileAnswer(ask("bytes=100-"), failing, 100, {}).status).toBe(416);
  await Bun.sleep(0);
});
