// Limits on wrong passwords, one budget per account and client. A correct password costs nothing, and a repeated
// wrong one costs once: an encoder with an outdated password is not guessing.
import { createHmac, randomBytes } from "node:crypto";
import type { ClientIdentity } from "./client-identity.ts";

/** Failures on one account never count against another. */
export type AccountName = "admin" | "source" | "listener";

/** More failures than this is guessing, not a typo: from here on the client must wait. */
export const SLIPS = 5;

/** `capacity`: wrong passwords in a row before all are refused, right or wrong; one more is allowed every
 * `refillMs`. */
interface Limit {
  readonly capacity: number;
  readonly refillMs: number;
}

/** 2880 guesses a day at most. */
export const STRANGER: Limit = { capacity: 20, refillMs: 30_000 };

/** Many listeners may share an address. */
export const LISTENERS: Limit = { capacity: 200, refillMs: 10_000 };

/** For clients that logged in recently, so that strangers behind the same address cannot use up their budget. */
export const ACQUAINTANCE: Limit = { capacity: 60, refillMs: 10_000 };

/** All clients behind one proxy: if it forwards X-Forwarded-For unchecked, clients choose their own names. */
export const PROXY: Limit = { capacity: 200, refillMs: 1000 };

/** How long a successful login is remembered. */
export const KNOWN_MS = 7 * 24 * 3600 * 1000;

/** Beyond this many budgets or known clients, the least recently used is forgotten. */
export const MAX_REMEMBERED = 1024;

/** Wrong passwords per client that are recognised when repeated. */
const MAX_DIGESTS = 32;

/** Wrong passwords are often nearly right, so only digests are kept, under a key that dies with the process. */
const digestKey = randomBytes(32);

function digest(text: string): string {
  return createHmac("sha256", digestKey).update(text).digest("base64").slice(0, 16);
}

class Budget {
  readonly #wrong = new Set<string>();
  /** When the budget is full again. */
  #fullAtMs = 0;
  /** Logins without a verdict yet. */
  pending = 0;
  /** The exhausted budget has been logged. */
  isReported = false;

  constructor(private readonly limit: Limit) {}

  spent(nowMs: number): number {
    return Math.max(0, Math.ceil((this.#fullAtMs - nowMs) / this.limit.refillMs));
  }

  isOpen(nowMs: number): boolean {
    return this.spent(nowMs) + this.pending < this.limit.capacity;
  }

  /** Whole seconds until the next attempt is allowed, at least 1. */
  waitSeconds(nowMs: number): number {
    const { refillMs } = this.limit;
    const restMs = (this.#fullAtMs - nowMs) % refillMs || refillMs;
    return Math.max(1, Math.ceil(restMs / 1000));
  }

  charge(wrong: string, nowMs: number): void {
    if (this.#wrong.has(wrong)) return;
    const [oldest] = this.#wrong;
    if (this.#wrong.size >= MAX_DIGESTS && oldest !== undefined) this.#wrong.delete(oldest);
    this.#wrong.add(wrong);
    this.#fullAtMs = Math.max(this.#fullAtMs, nowMs) + this.limit.refillMs;
  }
}

/** One login, whose verdict may come later; until then it counts as failed. Settle it exactly once. */
export interface Attempt {
  /** Seconds until this client may try again; 0 if it may now. Correct passwords are refused too, or guessing
   * would be free. */
  readonly waitSeconds: number;
  right(): void;
  /** Returns the seconds the client must wait, or 0. */
  wrong(passwords: readonly string[]): number;
  /** Ends the login without a verdict. */
  drop(): void;
}

const NOTHING = () => undefined;

function refusedFor(waitSeconds: number): Attempt {
  return { waitSeconds, right: NOTHING, wrong: () => waitSeconds, drop: NOTHING };
}

/** A login attempt. */
interface Login {
  readonly account: AccountName;
  readonly client: ClientIdentity;
  readonly nowMs: number;
}

export class Attempts {
  readonly #budgets = new Map<string, Budget>();
  /** Time of each known client's last login. */
  readonly #known = new Map<string, number>();

  /** `onSpent` is called when a budget has just run out. */
  constructor(
    private readonly onSpent: (
      account: AccountName,
      waitSeconds: number,
      client: ClientIdentity,
    ) => void,
  ) {}

  get remembered(): number {
    return Math.max(this.#budgets.size, this.#known.size);
  }

  /** Starts a login. */
  open(account: AccountName, client: ClientIdentity, nowMs: number): Attempt {
    const budgets = this.#budgetsOf(account, client, nowMs);
    const closed = budgets.find((budget) => !budget.isOpen(nowMs));
    if (closed !== undefined) return refusedFor(closed.waitSeconds(nowMs));
    const drop = () => budgets.forEach((budget) => budget.pending--);
    budgets.forEach((budget) => budget.pending++);
    return {
      waitSeconds: 0,
      drop,
      right: () => {
        drop();
        this.know(account, client, nowMs);
      },
      wrong: (passwords) => {
        drop();
        return this.#charge(budgets, passwords.map(digest), { account, client, nowMs });
      },
    };
  }

  /** The client has just logged in to the account, or uses its session. */
  know(account: AccountName, client: ClientIdentity, nowMs: number): void {
    put(this.#known, agentKey(account, client), nowMs);
  }

  #charge(budgets: readonly Budget[], wrong: readonly string[], login: Login): number {
    for (const budget of budgets) {
      if (budget.spent(login.nowMs) <= SLIPS) budget.isReported = false;
      for (const one of wrong) budget.charge(one, login.nowMs);
      this.#report(budget, login);
    }
    const [own] = budgets;
    return own !== undefined && own.spent(login.nowMs) > SLIPS ? own.waitSeconds(login.nowMs) : 0;
  }

  /** Reports once, until the budget has recovered. */
  #report(budget: Budget, { account, client, nowMs }: Login): void {
    if (budget.isReported || budget.isOpen(nowMs)) return;
    budget.isReported = true;
    this.onSpent(account, budget.waitSeconds(nowMs), client);
  }

  /** The client's own budget comes first. */
  #budgetsOf(account: AccountName, client: ClientIdentity, nowMs: number): readonly Budget[] {
    const key = agentKey(account, client);
    const knownMs = this.#known.get(key);
    if (knownMs !== undefined && nowMs - knownMs < KNOWN_MS)
      return [this.#budget(key, ACQUAINTANCE)];
    const limit = account === "listener" ? LISTENERS : STRANGER;
    const own = this.#budget(`${account} ${client.network}`, limit);
    if (client.proxy === null) return [own];
    return [own, this.#budget(`${account} by ${client.proxy}`, PROXY)];
  }

  #budget(key: string, limit: Limit): Budget {
    const budget = this.#budgets.get(key) ?? new Budget(limit);
    put(this.#budgets, key, budget);
    return budget;
  }
}

/** The user agent proves nothing, but a stranger has to know it to use up this budget. */
function agentKey(account: AccountName, { network, agent }: ClientIdentity): string {
  return `${account} ${network} as ${agent}`;
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  const [oldest] = map.keys();
  if (map.size >= MAX_REMEMBERED && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
