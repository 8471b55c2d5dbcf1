// Sessions at the desk: random tokens, of which only digests are kept, and only a bounded number.
import { randomBytes } from "node:crypto";

export const IDLE_MS = 12 * 3600 * 1000;
export const MAX_SESSIONS = 64;

const TOKEN_BYTES = 32;

function digest(token: string): string {
  return new Bun.CryptoHasher("sha256").update(token).digest("hex");
}

export class Sessions {
  /** Last use by digest, the longest idle first. */
  readonly #usedMs = new Map<string, number>();

  get count(): number {
    return this.#usedMs.size;
  }

  /** Opens a session. Returns its token, which is stored nowhere; if there are too many, the longest idle one ends. */
  open(nowMs: number): string {
    const [oldest] = this.#usedMs.keys();
    if (this.#usedMs.size >= MAX_SESSIONS && oldest !== undefined) this.#usedMs.delete(oldest);
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    this.#usedMs.set(digest(token), nowMs);
    return token;
  }

  /** Whether the session is open; does not count as a use. */
  isOpen(token: string, nowMs: number): boolean {
    const usedMs = this.#usedMs.get(digest(token));
    return usedMs !== undefined && nowMs - usedMs < IDLE_MS;
  }

  /** Whether the session is open; if so, extends it. */
  use(token: string, nowMs: number): boolean {
    const isOpen = this.isOpen(token, nowMs);
    const key = digest(token);
    this.#usedMs.delete(key);
    if (isOpen) this.#usedMs.set(key, nowMs);
    return isOpen;
  }

  close(token: string): void {
    this.#usedMs.delete(digest(token));
  }
}
