// Segments that are kept ready for the listeners who ask for them next.
import { expect, test } from "bun:test";
import { RecentFiles } from "../../../src/http/hls/recent-files.ts";

const bytes = (size: number) => () => ({ size });
const never = () => {
  throw new Error("it is made twice");
};

test("a file is made once, and given away again", () => {
  const files = new RecentFiles<{ size: number }>(1000);
  const made = files.get("a", bytes(300));
  expect(files.get("a", never)).toBe(made);
  expect(files.get("gone", () => null)).toBeNull();
});

test("the least recently asked for go first, so that the bytes are bounded", () => {
  const files = new RecentFiles<{ size: number }>(1000);
  for (const name of ["a", "b", "c"]) files.get(name, bytes(300));
  files.get("a", never);
  files.get("d", bytes(300));
  for (const name of ["a", "c", "d"]) files.get(name, never);
  expect(files.get("b", () => null)).toBeNull();
  for (let i = 0; i < 100; i++) files.get(`file ${i}`, bytes(i * 7));
  expect(files.bytes).toBeLessThanOrEqual(1000);
});
