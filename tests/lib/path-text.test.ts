// Names of files are bytes: each comes back as the same bytes, and is shown as text.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { nameOfBytes, pathIn, shownPath, systemPath } from "../../src/lib/path-text.ts";

test("any name is turned back into its bytes", () => {
  const name = fc.uint8Array({ minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(name, (bytes) => {
      const path = pathIn("/m", nameOfBytes(bytes));
      const system = Buffer.from(systemPath(path) as Buffer);
      expect(system.subarray(3).equals(Buffer.from(bytes))).toBe(true);
    }),
  );
});

test("a name that is UTF-8 is itself, one that is not is shown as Windows-1252", () => {
  const name = nameOfBytes(Buffer.from("Für Élise 😀\u{1f480}.mp3"));
  expect([name, systemPath(name), shownPath(name)]).toEqual(
    Array(3).fill("Für Élise 😀\u{1f480}.mp3"),
  );
  const old = pathIn("/m", nameOfBytes(Buffer.from("M\xfasica", "latin1")));
  expect(shownPath(pathIn(old, "Für.mp3"))).toBe("/m/Música/Für.mp3");
});
