// The edge for a new listener: by weight, and by what it has already.
import fc from "fast-check";
import { expect, test } from "bun:test";
import { chooseEdge } from "../../src/edges/choose-edge.ts";

test("listeners that come one after the other are shared by weight, to within one each", () => {
  const weights = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 400 }), (given, listeners) => {
      const edges = given.map((weight) => ({ weight, load: 0 }));
      for (let i = 0; i < listeners; i++) {
        const edge = chooseEdge(edges);
        if (edge !== null) edge.load++;
      }
      const sum = given.reduce((total, weight) => total + weight, 0);
      if (sum === 0) return expect(edges.every(({ load }) => load === 0)).toBe(true);
      for (const { weight, load } of edges)
        expect(Math.abs(load - (listeners * weight) / sum)).toBeLessThanOrEqual(given.length);
    }),
  );
});

test("one that has lost its listeners is filled up before others get more", () => {
  const [full, empty] = [
    { weight: 1, load: 1000 },
    { weight: 1, load: 0 },
  ];
  expect(chooseEdge([full, empty])).toBe(empty);
});

test("nobody is sent to an edge of weight 0, nor where there is none", () => {
  expect(chooseEdge([{ weight: 0, load: 0 }])).toBeNull();
  expect(chooseEdge([])).toBeNull();
});
