// Lines for standard output or error: never blocks, keeps their order while the output is full, drops and counts
// lines beyond a bound.

/** Queued while a pipe or a disk is full; a few thousand lines. */
export const MAX_WAITING_BYTES = 256 * 1024;

export const RETRY_MS = 250;

/** Writes without blocking: returns the bytes taken, 0 if full, negative on failure. */
export type Print = (bytes: Uint8Array) => number;

export class Outlet {
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #lost = 0;
  #retry: ReturnType<typeof setTimeout> | null = null;

  /** Calls `onLost` with the number of dropped lines as soon as lines are accepted again. */
  constructor(
    private readonly print: Print,
    private readonly onLost: (lines: number) => void = () => undefined,
  ) {}

  /** `line` ends with its line break. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      this.#lost++;
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#retry === null) this.#flush();
  }

  #flush(): void {
    while (this.#waiting.length > 0) {
      if (!this.#printFirst()) return this.#retryLater();
    }
    this.#reportLost();
  }

  /** False if the line was not written completely. */
  #printFirst(): boolean {
    const [first = new Uint8Array(0)] = this.#waiting;
    const taken = Math.max(0, this.print(first));
    this.#waitingBytes -= taken;
    if (taken === first.length) this.#waiting.shift();
    else this.#waiting[0] = first.subarray(taken);
    return taken > 0;
  }

  #retryLater(): void {
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#flush();
    }, RETRY_MS);
    this.#retry.unref();
  }

  #reportLost(): void {
    const lost = this.#lost;
    this.#lost = 0;
    if (lost > 0) this.onLost(lost);
  }
}
