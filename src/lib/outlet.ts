// Lines for standard output or error: never waited for, kept in order while they are not taken, dropped and counted beyond a bound.

/** What waits for a pipe to be read or a disk to have room; a few thousand lines. */
export const MAX_WAITING_BYTES = 256 * 1024;

export const RETRY_MS = 250;

/** Takes some of the bytes without waiting: returns how many, 0 when full, negative when it fails. */
export type Print = (bytes: Uint8Array) => number;

export class Outlet {
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #lost = 0;
  #retry: ReturnType<typeof setTimeout> | null = null;

  /** `onLost` hears how many lines were dropped, as soon as lines are taken again. */
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
    this.#tellLost();
  }

  /** false when it was not taken as a whole. */
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

  #tellLost(): void {
    const lost = this.#lost;
    this.#lost = 0;
    if (lost > 0) this.onLost(lost);
  }
}
