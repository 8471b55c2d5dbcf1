// Both ways by which the library inside of an executable reaches the system's loader, with the real library.
import { dlopen, suffix } from "bun:ffi";
import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ABI } from "../../src/native/core.ts";
import { loadable, throughFile, throughMemory } from "../../src/native/loadable.ts";
import { requireLinux } from "../support/programs.ts";

const LIBRARY = join(import.meta.dir, "..", "..", "core-c", "build", `libradiocore.${suffix}`);
const library = readFileSync(LIBRARY);

function abi(path: string): number {
  return dlopen(path, { rc_abi: { args: [], returns: "i32" } }).symbols.rc_abi();
}

test("a library that the system can open is loaded from where it is", () => {
  expect(loadable(LIBRARY, (path) => path)).toBe(LIBRARY);
});

test.skipIf(!requireLinux("loading a library from memory"))(
  "through memory, and its descriptor is closed",
  () => {
    const descriptors = () => readdirSync("/proc/self/fd").length;
    const before = descriptors();
    expect(throughMemory(library, abi)).toBe(ABI);
    expect(descriptors()).toBe(before);
  },
);

test("through a temporary file, which is gone afterwards", () => {
  let used = "";
  const load = (path: string) => abi((used = path));
  expect(throughFile("core.so", library, load)).toBe(ABI);
  expect(existsSync(dirname(used))).toBe(false);
});

test("the file is gone too when loading fails", () => {
  let used = "";
  const load = (path: string) => {
    used = path;
    throw new Error("cannot be loaded");
  };
  expect(() => throughFile("core.so", library, load)).toThrow("cannot be loaded");
  expect(existsSync(dirname(used))).toBe(false);
});
