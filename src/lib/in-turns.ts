// Long work in slices: between two of them the loop turns, and with it everything else.

/** So many listeners take 1 to 2 ms to tell of. */
const SLICE = 500;

/** All the items, each made in its own slice where they are made one by one. */
export async function inTurns<T>(items: Iterable<T>, slice = SLICE): Promise<T[]> {
  const all: T[] = [];
  for (const item of items) {
    all.push(item);
    if (all.length % slice === 0) await Bun.sleep(0);
  }
  return all;
}
