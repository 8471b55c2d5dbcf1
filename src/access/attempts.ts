// Budgets of wrong passwords, one per account and client. A right password costs nothing, and the same wrong one costs
// once: an encoder that repeats an old password is not guessing.
import { createHmac, randomBytes } from "node:crypto";
import type { Client } from "./client.ts";

/** Guesses at one account never count against another. */
export type AccountName = "admin" | "source";

/** Wrong passwords that are answered plainly; further ones are told to wait. */
export const SLIPS = 5;

/** `capacity`: wrong passwords in a row before none is looked at, right or wrong; one more is allowed every `refillMs`. */
interface Limit {
  readonly capacity: number;
  readonly refillMs: number;
}

/** 2880 guesses a day at most. */
export const STRANGER: Limit = { capacity: 20, refillMs: 30_000 };

/** A client that has logged in lately has a budget of its own, so strangers behind the same address cannot spend it. */
export const ACQUAINTANCE: Limit = { capacity: 60, refillMs: 10_000 };

/** All clients that one proxy names: a proxy that passes X-Forwarded-For on unread lets a client name itself. */
export const PROXY: Limit = { capacity: 200, refillMs: 1000 };

/** How long a login is remembered. */
export const KNOWN_MS = 7 * 24 * 3600 * 1000;

/** Of more budgets or known clients, the one unused for longest is forgotten. */
export const MAX_REMEMBERED = 1024;

/** Wrong passwords of one client that are recognised when they come again. */
const MAX_DIGESTS = 32;

/** Wrong passwords are often nearly right ones, so only digests stay, under a key that dies with the process. */
const digestKey = randomBytes(32);

function digest(text: string): string {
  return createHmac("sha256", digestKey).update(text).digest("base64").slice(0, 16);
}

class Budget {
  readonly #wrong = new Set<string>();
  /** When nothing will be spent any more. */
  #fullAtMs = 0;
  /** Logins whose verdict is not there yet. */
  pending = 0;
  /** The log knows that it is spent. */
  isTold = false;

  constructor(private readonly limit: Limit) {}

  spent(nowMs: number): number {
    return Math.max(0, Math.ceil((this.#fullAtMs - nowMs) / this.limit.refillMs));
  }

  isOpen(nowMs: number): boolean {
    return this.spent(nowMs) + this.pending < this.limit.capacity;
  }

  /** Whole seconds until one more attempt is allowed, at least 1. */
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

/** One login, whose verdict may come later: until then it counts as a wrong one. Settle it exactly once. */
export interface Attempt {
  /** 0: look at the password. Else refuse without looking, right or wrong: seconds until the next may be tried. */
  readonly waitSeconds: number;
  right(): void;
  /** Returns 0, or the seconds to tell a client that has been wrong too often. */
  wrong(passwords: readonly string[]): number;
  /** There is no verdict. */
  drop(): void;
}

const NOTHING = () => undefined;

function refusedFor(waitSeconds: number): Attempt {
  return { waitSeconds, right: NOTHING, wrong: () => waitSeconds, drop: NOTHING };
}

/** A login to an account. */
interface Login {
  readonly account: AccountName;
  readonly client: Client;
  readonly nowMs: number;
}

export class Attempts {
  readonly #budgets = new Map<string, Budget>();
  /** When each known client logged in last. */
  readonly #known = new Map<string, number>();

  /** `onSpent`: a budget has just run out. */
  constructor(
    private readonly onSpent: (account: AccountName, waitSeconds: number, client: Client) => void,
  ) {}

  get remembered(): number {
    return Math.max(this.#budgets.size, this.#known.size);
  }

  /** Begins a login. */
  open(account: AccountName, client: Client, nowMs: number): Attempt {
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

  /** The client has just logged in to the account, or uses its login. */
  know(account: AccountName, client: Client, nowMs: number): void {
    put(this.#known, agentKey(account, client), nowMs);
  }

  #charge(budgets: readonly Budget[], wrong: readonly string[], login: Login): number {
    for (const budget of budgets) {
      if (budget.spent(login.nowMs) <= SLIPS) budget.isTold = false;
      for (const one of wrong) budget.charge(one, login.nowMs);
      this.#tell(budget, login);
    }
    const [own] = budgets;
    return own !== undefined && own.spent(login.nowMs) > SLIPS ? own.waitSeconds(login.nowMs) : 0;
  }

  /** Once, until the budget has recovered. */
  #tell(budget: Budget, { account, client, nowMs }: Login): void {
    if (budget.isTold || budget.isOpen(nowMs)) return;
    budget.isTold = true;
    this.onSpent(account, budget.waitSeconds(nowMs), client);
  }

  /** The client's own first. */
  #budgetsOf(account: AccountName, client: Client, nowMs: number): readonly Budget[] {
    const key = agentKey(account, client);
    const knownMs = this.#known.get(key);
    if (knownMs !== undefined && nowMs - knownMs < KNOWN_MS)
      return [this.#budget(key, ACQUAINTANCE)];
    const own = this.#budget(`${account} ${client.network}`, STRANGER);
    if (client.proxy === null) return [own];
    return [own, this.#budget(`${account} by ${client.proxy}`, PROXY)];
  }

  #budget(key: string, limit: Limit): Budget {
    const budget = this.#budgets.get(key) ?? new Budget(limit);
    put(this.#budgets, key, budget);
    return budget;
  }
}

/** What a client of this network calls itself is no proof, but a stranger has to know it to spend its budget. */
function agentKey(account: AccountName, { network, agent }: Client): string {
  return `${account} ${network} as ${agent}`;
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  const [oldest] = map.keys();
  if (map.size >= MAX_REMEMBERED && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
