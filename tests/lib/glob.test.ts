// Patterns with * and ?, held to a regular expression that means the same.
import fc from "fast-check";
import { expect, test } from "bun:test";
import { matchesGlob } from "../../src/lib/glob.ts";

test.each([
  ["*", "", true],
  ["", "", true],
  ["", "a", false],
  ["?", "", false],
  ["*wget*", "wget/1.21", true],
  ["*wget*", "curl/8", false],
  ["https://example.org/*", "https://example.org/", true],
  ["https://example.org/*", "https://example.org.evil.net/", false],
  ["*.org/", "https://a.org/", true],
  ["a?c", "abc", true],
  ["a.c", "abc", false],
])("%s and %j: %p", (pattern, text, isMatch) => {
  expect(matchesGlob(pattern, text)).toBe(isMatch);
});

test("a text of few characters matches as by a regular expression", () => {
  const some = (letters: string[]) =>
    fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });
  fc.assert(
    fc.property(some(["a", "b", "*", "?"]), some(["a", "b"]), (pattern, text) => {
      const meant = pattern.replaceAll("*", ".*").replaceAll("?", ".");
      expect(matchesGlob(pattern, text)).toBe(new RegExp(`^${meant}$`).test(text));
    }),
  );
});

test("the worst pattern costs no more than the product of both lengths", () => {
  let steps = 0;
  const text = new Proxy(Object("a".repeat(512)) as object, {
    get(target, name) {
      if (typeof name === "string" && /^\d+$/.test(name)) steps++;
      return Reflect.get(target, name, target) as unknown;
    },
  }) as unknown as string;
  expect(matchesGlob(`${"*a".repeat(63)}*b`, text)).toBe(false);
  expect(steps).toBeLessThan(128 * 512);
});
