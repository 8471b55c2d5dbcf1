// A shuffle keeps the tracks of one artist apart where its files allow it, and goes on after a restart.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { ShuffledOrder } from "../../src/library/shuffle.ts";

/** "artist/number": the artist is before the slash. */
const artistOf = (file: string) => file.split("/")[0] ?? "";

/** As many files as an artist has numbers. */
function filesOf(counts: readonly number[]): string[] {
  return counts.flatMap((count, artist) =>
    Array.from({ length: count }, (_, i) => `artist ${artist}/${i}`),
  );
}

function shuffled(files: readonly string[], seed: number, tracks: number): ShuffledOrder {
  const order = new ShuffledOrder(() => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647, {
    tracks,
    artistOf,
  });
  order.update(files);
  return order;
}

const take = (order: ShuffledOrder, count: number) =>
  Array.from({ length: count }, () => order.next() ?? "");

/** Tracks between the two nearest of one artist. */
function nearest(files: readonly string[]): number {
  const last = new Map<string, number>();
  return files.reduce((least, file, at) => {
    const before = last.get(artistOf(file));
    last.set(artistOf(file), at);
    return before === undefined ? least : Math.min(least, at - before - 1);
  }, Infinity);
}

const seeds = fc.integer({ min: 1, max: 2 ** 31 - 2 });

describe("the tracks of one artist", () => {
  test("are kept apart in a round wherever the files allow it", () => {
    const counts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(counts, seeds, fc.integer({ min: 1, max: 3 }), (each, seed, tracks) => {
        const files = filesOf(each);
        const most = Math.max(...each);
        const equal = each.filter((count) => count === most).length;
        const isPossible = (most - 1) * (tracks + 1) + equal <= files.length;
        const round = take(shuffled(files, seed, tracks), files.length);
        expect(round.toSorted()).toEqual(files.toSorted());
        if (isPossible) expect(nearest(round)).toBeGreaterThanOrEqual(tracks);
      }),
      { numRuns: 500 },
    );
  });

  test("of two artists alternate, of one play all the same", () => {
    expect(nearest(take(shuffled(filesOf([5, 5]), 7, 3), 10))).toBe(1);
    expect(take(shuffled(filesOf([4]), 7, 3), 4)).toHaveLength(4);
  });

  test("without a name are not kept apart", () => {
    const order = new ShuffledOrder(() => 0.3, { tracks: 3, artistOf: () => "" });
    order.update(["a", "b", "c"]);
    expect(take(order, 3).toSorted()).toEqual(["a", "b", "c"]);
  });

  test("are not brought together by the seam of two rounds", () => {
    const files = filesOf([2, 2, 2, 2, 2, 2]);
    for (let seed = 1; seed < 50; seed++) {
      expect(nearest(take(shuffled(files, seed, 2), 36))).toBeGreaterThanOrEqual(2);
    }
  });
});

test("what was announced is what plays, whatever comes and goes behind it", () => {
  const order = shuffled(filesOf([3, 3, 3]), 5, 2);
  const announced = order.upcoming(4);
  expect(take(order, 4)).toEqual([...announced]);
});

test("the next round is announced behind the rest of this one, and plays as announced", () => {
  const counts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(counts, seeds, fc.nat(40), (each, seed, played) => {
      const files = filesOf(each);
      const order = shuffled(files, seed, 2);
      take(order, played);
      const given = played === 0 ? 0 : ((played - 1) % files.length) + 1;
      const announced = order.upcoming(1000);
      expect(announced).toHaveLength(2 * files.length - given);
      expect(take(order, announced.length)).toEqual([...announced]);
    }),
  );
});

test("a file that comes or is wanted first changes what was announced of the next round", () => {
  const order = shuffled(["a/1", "b/1"], 5, 0);
  take(order, 1);
  order.upcoming(3);
  order.update(["a/1", "b/1", "c/1"]);
  expect(order.upcoming(5).toSorted()).toEqual(
    ["a/1", "b/1", "c/1"].concat(order.upcoming(2)).toSorted(),
  );
  const [first = ""] = order.upcoming(1);
  order.take(first, true);
  const announced = order.upcoming(4);
  expect(take(order, 4)).toEqual([...announced]);
});

test("an order goes on after a restart: the same rest in the same order, nothing again before", () => {
  const files = filesOf([3, 4, 2, 5]);
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: files.length - 1 }), (seed, count) => {
      const before = shuffled(files, seed, 2);
      const played = take(before, count);
      const after = shuffled([], seed + 1, 2);
      const artists = played.map(artistOf).toReversed();
      after.restore(before.place, new Set(played), artists);
      after.update(files);
      const rest = files.length - count;
      expect(take(after, rest + files.length)).toEqual(take(before, rest + files.length));
    }),
  );
});
