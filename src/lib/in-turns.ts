// Long work in slices, with a turn of the event loop between them.

/** Rendering this many listeners takes 1 to 2 ms. */
const SLICE = 500;

/** Collects all items; a lazy iterable makes each one within its slice. */
export async function inTurns<T>(items: Iterable<T>, slice = SLICE): Promise<T[]> {
  const all: T[] = [];
  for (const item of items) {
    all.push(item);
    if (all.length % slice === 0) await Bun.sleep(0);
  }
  return all;
}
