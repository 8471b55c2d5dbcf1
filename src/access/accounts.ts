// The configured accounts, found by what they are used for.
import type { Config } from "../config/config.ts";
import { type Account, adminAccount, namedAccount, tokenAccount } from "./account.ts";

export type AccountConfig = Pick<Config, "account" | "token"> & {
  readonly server: Pick<Config["server"], "admin">;
};

/** By user name. */
export type NamedAccounts = ReadonlyMap<string, Account>;

interface Found {
  readonly config: AccountConfig;
  /** For whom wrong passwords count as a source's. */
  readonly sources: NamedAccounts;
  /** For whom they count as an admin's. */
  readonly operators: NamedAccounts;
  readonly admin: Account | null;
  readonly tokens: readonly Account[];
}

const NOBODY: AccountConfig = { account: [], token: [], server: { admin: null } };

export class Accounts {
  #found: Found | null = null;

  /** `config`: the one in force. */
  constructor(private readonly config: () => AccountConfig = () => NOBODY) {}

  /** Named accounts as sources use them. */
  get sources(): NamedAccounts {
    return this.#now.sources;
  }

  /** Named accounts as the desk and its commands use them. */
  get operators(): NamedAccounts {
    return this.#now.operators;
  }

  get tokens(): readonly Account[] {
    return this.#now.tokens;
  }

  /** The account of server.admin_user. */
  get admin(): Account | null {
    return this.#now.admin;
  }

  /** Somebody may use the desk and its commands. */
  get hasOperators(): boolean {
    const { admin, operators, tokens } = this.#now;
    const mayOperate = ({ reach }: Account) => reach !== null;
    return admin !== null || tokens.length > 0 || operators.values().some(mayOperate);
  }

  /** The account by which this user signs in at the desk. */
  operator(user: string): Account | null {
    const { admin, operators } = this.#now;
    return admin?.user === user ? admin : (operators.get(user) ?? null);
  }

  /** The account is configured as it was when it logged in, whatever its role is now. */
  current({ user, password, isToken }: Account): Account | null {
    const { tokens } = this.#now;
    const account = isToken ? tokens.find((token) => token.user === user) : this.operator(user);
    return account?.password.equals(password.reveal()) === true ? account : null;
  }

  get #now(): Found {
    const config = this.config();
    if (this.#found?.config !== config) this.#found = find(config);
    return this.#found;
  }
}

function find(config: AccountConfig): Found {
  const { admin } = config.server;
  const named = (name: "source" | "admin") =>
    new Map(config.account.map((one) => [one.label, namedAccount(one, name)]));
  return {
    config,
    sources: named("source"),
    operators: named("admin"),
    admin: admin === null ? null : adminAccount(admin),
    tokens: config.token.map(tokenAccount),
  };
}
