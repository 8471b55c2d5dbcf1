// Accounts that clients log in to, each with one user name and password.
import type { Secret } from "../lib/secret.ts";
import type { Credentials } from "../wire/basic.ts";
import type { AccountName } from "./attempts.ts";

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

export function adminAccount(admin: Omit<Account, "name">): Account {
  return { name: "admin", ...admin };
}

/** Compares both parts, so that timing does not reveal the user name. */
export function fits(account: Account, offered: Credentials): boolean {
  const isRight = account.password.equals(offered.password);
  return account.user === offered.user && isRight;
}
