// Sessions at the desk: random tokens, of which only digests are kept, and only a bounded number.
import { randomBytes } from "node:crypto";
import type { Account } from "../../access/account.ts";

export const IDLE_MS = 12 * 3600 * 1000;
export const MAX_SESSIONS = 64;

const TOKEN_BYTES = 32;

function digest(token: string): string {
  return new Bun.CryptoHasher("sha256").update(token).digest("hex");
}

interface Session {
  /** As it signed in. */
  readonly account: Account;
  readonly usedMs: number;
}

export class Sessions {
  /** By digest, the longest idle first. */
  readonly #sessions = new Map<string, Session>();

  get count(): number {
    return this.#sessions.size;
  }

  /** Opens a session. Returns its token, which is stored nowhere; if there are too many, the longest idle one ends. */
  open(account: Account, nowMs: number): string {
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= MAX_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    this.#sessions.set(digest(token), { account, usedMs: nowMs });
    return token;
  }

  /** Whether the session is open; does not count as a use. */
  isOpen(token: string, nowMs: number): boolean {
    return this.#find(digest(token), nowMs) !== null;
  }

  /** The account of the session if it is open, which is extended then; else null. */
  use(token: string, nowMs: number): Account | null {
    const key = digest(token);
    const session = this.#find(key, nowMs);
    this.#sessions.delete(key);
    if (session === null) return null;
    const { account } = session;
    this.#sessions.set(key, { account, usedMs: nowMs });
    return account;
  }

  #find(key: string, nowMs: number): Session | null {
    const session = this.#sessions.get(key);
    return session !== undefined && nowMs - session.usedMs < IDLE_MS ? session : null;
  }

  close(token: string): void {
    this.#sessions.delete(digest(token));
  }
}
