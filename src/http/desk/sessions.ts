// Sessions at the desk: random tokens, of which only digests are kept, and only a bounded number. They outlast a restart, but
// no change of the account's password: each has a signature of it, whose key is the token itself.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Account } from "../../access/account.ts";

export const IDLE_MS = 12 * 3600 * 1000;
export const MAX_SESSIONS = 64;

/** Uses are written this often. */
const NOTE_MS = 10 * 60_000;

const TOKEN_BYTES = 32;

function digest(token: string): string {
  return new Bun.CryptoHasher("sha256").update(token).digest("hex");
}

function signatureOf({ user, password }: Account, token: string): Buffer {
  return createHmac("sha256", token).update(`${user}\n${password.reveal()}`).digest();
}

export interface DeskSession {
  /** Of its token. */
  readonly digest: string;
  /** Who signed in. */
  readonly user: string;
  /** In hexadecimal. */
  readonly signature: string;
  /** In milliseconds since 1970. */
  readonly usedMs: number;
}

export class Sessions {
  /** By digest, the longest idle first. */
  readonly #sessions = new Map<string, DeskSession>();
  #notedMs = 0;
  /** Called when there is something to keep. */
  onChange: () => void = () => undefined;

  /** `find`: the account that a user signs in by now. */
  constructor(private readonly find: (user: string) => Account | null) {}

  get count(): number {
    return this.#sessions.size;
  }

  /** The longest idle first. */
  list(): readonly DeskSession[] {
    return [...this.#sessions.values()];
  }

  /** Adds those of an earlier run, which are older than all that are open. */
  restore(earlier: readonly DeskSession[]): void {
    const open = this.list();
    this.#sessions.clear();
    for (const one of [...earlier, ...open]) this.#add(one);
  }

  /** Opens a session. Returns its token, which is stored nowhere; if there are too many, the longest idle one ends. */
  open(account: Account, nowMs: number): string {
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const signature = signatureOf(account, token).toString("hex");
    this.#add({ digest: digest(token), user: account.user, signature, usedMs: nowMs });
    this.onChange();
    return token;
  }

  /** Whether the session is open; does not count as a use. */
  isOpen(token: string, nowMs: number): boolean {
    const session = this.#found(token, nowMs);
    return session !== null && this.#holder(session, token) !== null;
  }

  /** The session would be open, had its account not changed since. */
  isRevoked(token: string, nowMs: number): boolean {
    const session = this.#found(token, nowMs);
    return session !== null && this.#holder(session, token) === null;
  }

  /** The account of the session if it is open, which is extended then; else null. */
  use(token: string, nowMs: number): Account | null {
    const session = this.#found(token, nowMs);
    const account = session && this.#holder(session, token);
    if (session === null || account === null) return null;
    this.#add({ ...session, usedMs: nowMs });
    if (nowMs - this.#notedMs >= NOTE_MS) {
      this.#notedMs = nowMs;
      this.onChange();
    }
    return account;
  }

  close(token: string): void {
    if (this.#sessions.delete(digest(token))) this.onChange();
  }

  #found(token: string, nowMs: number): DeskSession | null {
    const session = this.#sessions.get(digest(token));
    return session !== undefined && nowMs - session.usedMs < IDLE_MS ? session : null;
  }

  #holder({ user, signature }: DeskSession, token: string): Account | null {
    const account = this.find(user);
    if (account === null) return null;
    const kept = Buffer.from(signature, "hex");
    const own = signatureOf(account, token);
    return kept.length === own.length && timingSafeEqual(kept, own) ? account : null;
  }

  /** As the one that was used last. */
  #add(session: DeskSession): void {
    this.#sessions.delete(session.digest);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= MAX_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    this.#sessions.set(session.digest, session);
  }
}
