// What a client asks for, on any port, in the form that admission decides on.
import { basicCredentials, type Credentials } from "../wire/basic.ts";
import { SOURCE_USER } from "../config/account-keys.ts";
import type { Account, Need } from "./account.ts";
import type { NamedAccounts } from "./accounts.ts";
import type { AccountName } from "./attempts.ts";
import type { Caller } from "./client-identity.ts";

/** One way to read what a client offers: as credentials of an account. */
export interface Reading {
  readonly credentials: Credentials;
  /** null if only a judge knows the account, as for listeners. */
  readonly account: Account | null;
  /** A failure counts as an attempt on this account. */
  readonly counted: AccountName;
  /** What the client sent: all readings of one text together count as one wrong password. */
  readonly text: string;
  /** The mount that this reading leads to, if the credentials name one themselves. */
  readonly path?: string;
  /** Sent in the Authorization header, which browsers add on their own to requests of any page. */
  readonly isBasic?: boolean;
}

/** A command that may have been sent by a page in a browser. */
export interface PageCommand {
  /** Our own name in the request. */
  readonly host: string | undefined;
  /** It changes the station: read-only requests need no proof of which page sent them. */
  readonly isChange: boolean;
}

export interface Visit {
  readonly action: "source" | "listen" | "title" | "admin";
  /** What a command of the action "admin" needs; else it needs the mount. */
  readonly need?: Need;
  readonly caller: Caller;
  /** Path of the mount; "" if the request names none that exists. */
  readonly path: string;
  /** Of a listener's request, with its "?"; "" for none. */
  readonly query?: string;
  /** Tried in this order. Empty: the client offers no credentials. */
  readonly readings: readonly Reading[];
  /** The client is a listener already, and counted as one. */
  readonly isCounted?: boolean;
  /** It looks like a local request, and may still have come through a proxy. */
  readonly mayBeProxied?: boolean;
  /** null if no browser sends such requests. */
  readonly command: PageCommand | null;
}

const NOBODY: NamedAccounts = new Map();

/** Every offer as credentials of every account, and of the account that it names. The first account is the endpoint's
 * own. */
export function readingsOf(
  offered: readonly Credentials[],
  accounts: readonly [Account, ...Account[]],
  named: NamedAccounts = NOBODY,
): Reading[] {
  const pairs = [
    ...accounts.flatMap((account) => offered.map((credentials) => ({ account, credentials }))),
    ...offered.flatMap((credentials) => {
      const account = named.get(credentials.user);
      return account === undefined ? [] : [{ account, credentials }];
    }),
  ];
  return pairs.map(({ account, credentials }) => {
    const counted = named.get(credentials.user)?.name ?? triedAccount(credentials, accounts);
    return { credentials, account, counted, text: textOf(credentials) };
  });
}

/** A bearer token as credentials of every token. */
export function tokenReadings(
  authorization: string | undefined,
  tokens: readonly Account[],
): Reading[] {
  const [, token = ""] = /^bearer +([\w.~+/-]{1,512}=*)$/i.exec(authorization?.trim() ?? "") ?? [];
  if (token === "") return [];
  return tokens.map((account) => ({
    credentials: { user: account.user, password: token },
    account,
    counted: account.name,
    text: token,
  }));
}

/** The account whose password the credentials try. */
function triedAccount(
  { user }: Credentials,
  accounts: readonly [Account, ...Account[]],
): AccountName {
  const named = accounts.find((account) => account.user === user);
  if (named !== undefined) return named.name;
  return user === SOURCE_USER ? "source" : accounts[0].name;
}

function textOf({ user, password }: Credentials): string {
  return `${user}:${password}`;
}

const NO_READINGS: readonly Reading[] = [];

/** A listener of the mount at `path`, which it asked for by `target`. Most send no credentials. */
export function listenerVisit(path: string, caller: Caller, target: string): Visit {
  const authorization = caller.headers.get("authorization") ?? undefined;
  const readings = authorization === undefined ? NO_READINGS : listenerReadings(authorization);
  const query = target.includes("?") ? target.slice(target.indexOf("?")) : "";
  return { action: "listen", caller, path, query, readings, command: null };
}

function listenerReadings(authorization: string): readonly Reading[] {
  const credentials = basicCredentials(authorization);
  if (credentials === null) return NO_READINGS;
  return [{ credentials, account: null, counted: "listener", text: textOf(credentials) }];
}
