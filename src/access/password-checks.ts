// Checks passwords against their hashes, in threads of the runtime: a few at a time, because each takes a core and up to
// hundreds of MiB for a while.
import { createHmac, randomBytes } from "node:crypto";

/** Checks at a time. */
const MAX_RUNNING = 2;

/** Checks that may wait; each takes about 0.1 s. */
const MAX_WAITING = 64;

/** Right passwords that are recognised without another check: titles and API calls bring theirs each time. */
const MAX_KNOWN = 256;

/** Only digests are kept, under a key that dies with the process. */
const digestKey = randomBytes(32);

function digest(hash: string, password: string): string {
  return createHmac("sha256", digestKey).update(`${hash}\0${password}`).digest("base64");
}

type Verify = (password: string, hash: string) => Promise<boolean>;

export class PasswordChecks {
  /** Digests of passwords that were right, the least recently used first. */
  readonly #known = new Set<string>();
  /** Running or waiting, by digest: an encoder that tries again waits for the same check. */
  readonly #pending = new Map<string, Promise<boolean>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(
    private readonly verify: Verify = (password, hash) => Bun.password.verify(password, hash),
  ) {}

  /** At once if this password is known to be right. Rejects if too many checks wait, or the hash cannot be read. */
  check(hash: string, password: string): boolean | Promise<boolean> {
    const key = digest(hash, password);
    if (this.#known.delete(key)) {
      this.#known.add(key);
      return true;
    }
    return this.#pending.get(key) ?? this.#begin(key, hash, password);
  }

  #begin(key: string, hash: string, password: string): Promise<boolean> {
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(new Error("too many passwords are being checked"));
    }
    const checked = this.#run(key, hash, password).finally(() => this.#pending.delete(key));
    this.#pending.set(key, checked);
    return checked;
  }

  async #run(key: string, hash: string, password: string): Promise<boolean> {
    if (this.#running >= MAX_RUNNING) {
      await new Promise<void>((go) => this.#waiting.push(go));
    } else this.#running++;
    try {
      const isRight = await this.verify(password, hash);
      if (isRight) this.#remember(key);
      return isRight;
    } finally {
      // The next one takes over the place.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #remember(key: string): void {
    const [oldest] = this.#known;
    if (this.#known.size >= MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    this.#known.add(key);
  }
}
