// Whether the cache can be written: a full or read-only disk stops conversion for a while, and is logged once.
import { systemClock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";

/** After this long one conversion tries again. */
export const RETRY_MS = 60_000;

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the disk is read-only",
  EACCES: "the station has no write permission",
  EPERM: "the station has no write permission",
};

export class CacheHealth {
  #sentence: string | null = null;
  #retryMs = 0;

  constructor(
    private readonly directory: string,
    private readonly log: Log,
    private readonly clock = systemClock,
  ) {}

  /** Why the last conversion could not be written: a sentence, or null. */
  get trouble(): string | null {
    return this.#sentence;
  }

  /** The same while no other conversion is worth trying. */
  get stopped(): string | null {
    return this.clock.nowMs() < this.#retryMs ? this.#sentence : null;
  }

  /** `code`: the system's, such as ENOSPC. Returns the sentence. */
  failed(code: string): string {
    const why = REASONS[code] ?? code;
    const sentence = `nothing can be converted: ${this.directory} cannot be written, ${why}`;
    if (this.#sentence === null) this.log.warn(sentence);
    this.#sentence = sentence;
    this.#retryMs = this.clock.nowMs() + RETRY_MS;
    return sentence;
  }

  written(): void {
    if (this.#sentence !== null) this.log.info(`${this.directory} can be written again`);
    this.#sentence = null;
    this.#retryMs = 0;
  }
}
