// Places that one client cannot fill.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { FairPlaces, LOCAL } from "../../src/http/fair-places.ts";

describe("fair places", () => {
  test("a client with too many loses its own oldest, and nobody else's", () => {
    const places = new FairPlaces<number>({ total: 10, perClient: 2 });
    expect([places.take(1, "a"), places.take(2, "b"), places.take(3, "a")]).toEqual(
      Array.from({ length: 3 }, () => undefined),
    );
    expect(places.take(4, "a")).toBe(1);
    expect(places.take(5, "a")).toBe(3);
    expect(places.count).toBe(3);
  });

  test("a client that holds all of them makes room for others and for itself", () => {
    const places = new FairPlaces<number>({ total: 4, perClient: 2 });
    for (const holder of [1, 2, 3, 4]) places.take(holder, LOCAL);
    expect([places.hasRoom("b"), places.take(5, "b")]).toEqual([true, 1]);
    expect([places.hasRoom(LOCAL), places.take(6, LOCAL)]).toEqual([true, 2]);
  });

  test("are full when everybody has as few as the one that comes", () => {
    const places = new FairPlaces<string>({ total: 2, perClient: 2 });
    places.take("1", "a");
    places.take("2", "b");
    expect(places.hasRoom("c")).toBe(false);
    places.leave("1");
    places.leave("1");
    expect(places.hasRoom("c")).toBe(true);
  });

  test("are never exceeded, however clients come and go", () => {
    const client = fc.constantFrom("a", "b", "c", "d", LOCAL);
    fc.assert(
      fc.property(fc.array(fc.tuple(client, fc.boolean()), { maxLength: 200 }), (steps) => {
        const places = new FairPlaces<number>({ total: 6, perClient: 3 });
        for (const [step, [name, leaves]] of steps.entries()) {
          if (leaves) places.leave(step - 3);
          else if (places.hasRoom(name)) places.take(step, name);
          expect(places.count).toBeLessThanOrEqual(6);
        }
      }),
    );
  });
});
