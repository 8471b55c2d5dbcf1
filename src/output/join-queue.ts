// Lets a few listeners join in each turn of the event loop; others wait for later turns, in the order in which they came. So
// a rush of them delays neither those who are there nor the pages.

/** A join takes a fraction of a millisecond. */
const MOST = 8;

export class JoinQueue {
  #places = MOST;
  #isScheduled = false;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly later: (next: () => void) => unknown = setImmediate) {}

  /** null: the listener may join at once; else it may when the promise resolves. */
  turn(): Promise<void> | null {
    this.#schedule();
    if (this.#places === 0) return new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#places--;
    return null;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.later(() => this.#next());
  }

  #next(): void {
    this.#isScheduled = false;
    const next = this.#waiting.splice(0, MOST);
    this.#places = MOST - next.length;
    if (next.length > 0) this.#schedule();
    for (const join of next) join();
  }
}

/** All ports and mounts share the event loop. */
export const joins = new JoinQueue();
