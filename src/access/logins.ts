// Decides every login: Icecast and SHOUTcast sources, title updates, admin commands, the desk.
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Secret } from "../lib/secret.ts";
import type { Credentials } from "../wire/basic.ts";
import { type AccountName, type Attempt, Attempts } from "./attempts.ts";
import { type Caller, type Client, clientOf } from "./client-identity.ts";

export interface Account {
  readonly name: AccountName;
  readonly user: string;
  readonly password: Secret;
}

/** The user name of all sources, as in Icecast. */
export const SOURCE_USER = "source";

export function sourceAccount(password: Secret): Account {
  return { name: "source", user: SOURCE_USER, password };
}

/** `waitSeconds`: how long a client with too many failures must wait, or 0. */
export type Verdict =
  | { readonly kind: "right"; readonly account: Account }
  | { readonly kind: "wrong"; readonly waitSeconds: number };

/** The message for a client that has to wait. */
export function tooMany(waitSeconds: number): string {
  return `Too many wrong passwords from this address: try again in ${waitSeconds} s.`;
}

/** Compares both parts, so that timing does not reveal the user name. */
export function fits(account: Account, offered: Credentials): boolean {
  const isRight = account.password.equals(offered.password);
  return account.user === offered.user && isRight;
}

export class Logins {
  /** Failed or refused logins since the start. */
  readonly failed: Record<AccountName, number> = { admin: 0, source: 0 };
  readonly #attempts: Attempts;

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.#attempts = new Attempts((account, seconds, client) =>
      this.#report(account, seconds, client),
    );
  }

  /** Finds the first account that any of the credentials match; the first account is the endpoint's own. */
  judge(
    caller: Caller,
    offered: readonly Credentials[],
    accounts: readonly [Account, ...Account[]],
  ): Verdict {
    const client = clientOf(caller);
    const tries = offered.map((tried) => ({ tried, account: addressee(tried, accounts) }));
    const names = [...new Set(tries.map(({ account }) => account))];
    const opened = new Map(names.map((name) => [name, this.open(name, client)]));
    const isLookedAt = ({ account }: { account: AccountName }) =>
      opened.get(account)?.waitSeconds === 0;
    const looked = tries.filter(isLookedAt);
    const found = accounts.find((account) => looked.some(({ tried }) => fits(account, tried)));
    return found === undefined ? this.#wrong(tries, opened) : right(found, opened);
  }

  /** Starts a login whose verdict the caller decides, now or later. */
  open(account: AccountName, client: Client): Attempt {
    return this.#attempts.open(account, client, this.clock.nowMs());
  }

  /** The caller is still using its session. */
  know(account: AccountName, caller: Caller): void {
    this.#attempts.know(account, clientOf(caller), this.clock.nowMs());
  }

  #wrong(tries: readonly Try[], opened: ReadonlyMap<AccountName, Attempt>): Verdict {
    let waitSeconds = 0;
    for (const [name, attempt] of opened) {
      this.failed[name]++;
      const own = tries.filter(({ account }) => account === name);
      const wrong = own.map(({ tried }) => `${tried.user}:${tried.password}`);
      waitSeconds = Math.max(waitSeconds, attempt.wrong(wrong));
    }
    return { kind: "wrong", waitSeconds };
  }

  #report(account: AccountName, waitSeconds: number, { network, proxy }: Client): void {
    const by = proxy === null ? network : `${network} (through ${proxy})`;
    this.log.repeated(
      `too many wrong ${account} passwords from ${by}: none is looked at for ${waitSeconds} s`,
    );
  }
}

interface Try {
  readonly tried: Credentials;
  readonly account: AccountName;
}

/** The account whose password the credentials try. */
function addressee({ user }: Credentials, accounts: readonly [Account, ...Account[]]): AccountName {
  const named = accounts.find((account) => account.user === user);
  if (named !== undefined) return named.name;
  return user === SOURCE_USER ? "source" : accounts[0].name;
}

function right(account: Account, opened: ReadonlyMap<AccountName, Attempt>): Verdict {
  for (const [name, attempt] of opened) {
    if (name === account.name) attempt.right();
    else attempt.drop();
  }
  return { kind: "right", account };
}
