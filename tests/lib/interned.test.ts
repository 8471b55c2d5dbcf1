// Strings that are kept once for all who send them.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { interned } from "../../src/lib/interned.ts";

test("every string comes back equal, whatever came before and however long it is", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 600 }), { maxLength: 50 }), (texts) => {
      expect(texts.map(interned)).toEqual(texts);
    }),
  );
  const many = Array.from({ length: 5000 }, (_, at) => `player ${at}`);
  expect(many.map(interned)).toEqual(many);
});
