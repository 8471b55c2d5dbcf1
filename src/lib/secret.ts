// A value that must never be printed: every textual form of a Secret is "***"; only reveal() returns the value.
import { timingSafeEqual } from "node:crypto";

const MASK = "***";

/** The shipped default password, which is public. */
const SHIPPED_PASSWORD = "hackme";

function digest(text: string): Uint8Array {
  return new Bun.CryptoHasher("sha256").update(text).digest();
}

/** Holds a password or key. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** True when the candidate is the secret. Digests have one length, so the time shows neither length nor prefix. */
  equals(candidate: string): boolean {
    return timingSafeEqual(digest(this.#value), digest(candidate));
  }

  /** True if the secret is still the shipped password. */
  get isDefault(): boolean {
    return this.equals(SHIPPED_PASSWORD);
  }

  /** The value itself, for the code that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  // Used by console.log, Bun.inspect and node's inspect.
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return MASK;
  }
}
