// Accounts that clients log in to, each with one user name and password.
import { randomBytes } from "node:crypto";
import { isHash, type Role, SOURCE_USER } from "../config/account-keys.ts";
import type { ApiToken, NamedAccount } from "../config/config.ts";
import { Secret } from "../lib/secret.ts";
import type { Credentials } from "../wire/basic.ts";
import type { AccountName } from "./attempts.ts";
import type { PasswordChecks } from "./password-checks.ts";

/** What a command needs; each includes those before it. */
export type Need = "read" | "operate" | "admin";

const NEEDS: readonly Need[] = ["read", "operate", "admin"];

export interface Account {
  /** Whose attempts its failures are. */
  readonly name: AccountName;
  /** Its name in the log. Tokens are "token:" and their name, which no user name can be. */
  readonly user: string;
  readonly password: Secret;
  /** The password is a hash, which takes a while to check. */
  readonly isHashed: boolean;
  /** The password is the digest of a token. */
  readonly isToken: boolean;
  /** The commands it may give; null: none. */
  readonly reach: Need | null;
  /** Those it may go live on; null: all. */
  readonly mounts: readonly string[] | null;
  /** Of its sources: a higher one takes over from a lower one. */
  readonly priority: number;
  /** It has a name of its own, unlike the passwords that several people share. */
  readonly isNamed: boolean;
}

const SHARED = {
  isHashed: false,
  isToken: false,
  isNamed: false,
  mounts: null,
  priority: 0,
} as const;

export function sourceAccount(password: Secret): Account {
  return { ...SHARED, name: "source", user: SOURCE_USER, password, reach: null };
}

export function adminAccount(admin: Pick<Account, "user" | "password">): Account {
  return { ...SHARED, name: "admin", ...admin, reach: "admin" };
}

/** Without an admin password nobody has this account: its password is never right. */
export const NO_ADMIN: Account = {
  ...adminAccount({ user: "admin", password: new Secret(randomBytes(32).toString("hex")) }),
  reach: null,
};

const REACH: Readonly<Record<Role, Need | null>> = {
  dj: null,
  operator: "operate",
  admin: "admin",
};

/** `name`: whose attempts its failures are, which depends on what it logs in to. */
export function namedAccount(config: NamedAccount, name: AccountName): Account {
  const { label, password, role, mounts, priority } = config;
  return {
    name,
    user: label,
    password,
    isHashed: isHash(password.reveal()),
    isToken: false,
    reach: REACH[role],
    mounts: mounts.length === 0 ? null : mounts,
    priority,
    isNamed: true,
  };
}

export function tokenAccount({ label, hash, scope }: ApiToken): Account {
  const user = `token:${label}`;
  return { ...SHARED, name: "admin", user, password: hash, isToken: true, reach: scope };
}

/** The account may do what needs this. */
export function reaches({ reach }: Account, need: Need): boolean {
  return reach !== null && NEEDS.indexOf(reach) >= NEEDS.indexOf(need);
}

/** The account may go live on the mount, and send its titles. */
export function mayGoLive({ mounts }: Account, path: string): boolean {
  return mounts === null || mounts.includes(path);
}

/** The form in which a token is configured. */
export function digestOf(token: string): string {
  return `sha256:${new Bun.CryptoHasher("sha256").update(token).digest("hex")}`;
}

/** Compares both parts, so that timing does not reveal the user name; a hash is checked for the right one only. Later
 * for a hash that is new. */
export function fits(
  account: Account,
  offered: Credentials,
  checks: PasswordChecks,
): boolean | Promise<boolean> {
  const { user, password, isHashed, isToken } = account;
  if (isHashed) return user === offered.user && checks.check(password.reveal(), offered.password);
  const isRight = password.equals(isToken ? digestOf(offered.password) : offered.password);
  return user === offered.user && isRight;
}
