// The login attempts of one visit: opened together, settled together once it is decided.
import type { AccountName, Attempt } from "./attempts.ts";
import type { Reading } from "./visit.ts";

export class Tries {
  readonly #attempts: ReadonlyMap<AccountName, Attempt>;

  constructor(
    private readonly readings: readonly Reading[],
    open: (account: AccountName) => Attempt,
  ) {
    const names = new Set(readings.map(({ counted }) => counted));
    this.#attempts = new Map([...names].map((name) => [name, open(name)]));
  }

  /** The readings whose account the client may try now. */
  get allowed(): readonly Reading[] {
    return this.readings.filter(({ counted }) => this.#attempts.get(counted)?.waitSeconds === 0);
  }

  /** Remembers the client on the account that admitted it; null: on all. Listeners are too many to be remembered. */
  right(account: AccountName | null): void {
    for (const [name, attempt] of this.#attempts) {
      const isIts = account === null || name === account;
      if (isIts && name !== "listener") attempt.right();
      else attempt.drop();
    }
  }

  /** Charges all texts. Calls `onFailed` for each account; returns the seconds the client must wait, or 0. */
  wrong(onFailed: (account: AccountName) => void): number {
    let waitSeconds = 0;
    for (const [name, attempt] of this.#attempts) {
      onFailed(name);
      const own = this.readings.filter(({ counted }) => counted === name);
      const texts = [...new Set(own.map(({ text }) => text))];
      waitSeconds = Math.max(waitSeconds, attempt.wrong(texts));
    }
    return waitSeconds;
  }

  /** Ends them without a decision. */
  drop(): void {
    for (const attempt of this.#attempts.values()) attempt.drop();
  }
}
