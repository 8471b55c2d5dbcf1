// Who may listen, by what a mount's `listeners` block names: a signature in the address, a file of users, or a back end.
import type { MountConfig } from "../config/config.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { verifyHash } from "./crypt/verify.ts";
import { PasswordChecks } from "./password-checks.ts";
import { type Ruling, sessionOf } from "./ruling.ts";
import { type SignatureFault, signedUser } from "./signed-address.ts";
import type { BackEnds } from "./back-ends.ts";
import { type LoadText, UserFile } from "./user-file.ts";
import type { Judge } from "./verdict.ts";
import type { Reading, Visit } from "./visit.ts";

type ListenersConfig = MountConfig["listeners"];

/** The gate's view of a mount. */
export interface GuardedMount {
  readonly config: Pick<MountConfig, "listeners">;
  readonly listeners: number;
}

export interface ListenerGateContext {
  find(path: string): GuardedMount | undefined;
  readonly load: LoadText;
  readonly backEnds: BackEnds;
  readonly clock: Clock;
  readonly wall: Clock;
  readonly log: Log;
}

const FAULTS: Readonly<Record<SignatureFault, string>> = {
  unsigned: "This stream needs a signed address.",
  wrong: "The signature of this address is wrong.",
  expired: "This address has expired.",
  elsewhere: "This address was made for another one.",
};

export class ListenerGate {
  readonly #checks = new PasswordChecks(verifyHash);
  readonly #files = new Map<string, UserFile>();

  constructor(private readonly context: ListenerGateContext) {}

  /** Not everybody may listen to this mount. */
  guards(path: string): boolean {
    const { file, url, key } = this.context.find(path)?.config.listeners ?? {};
    return Boolean(file) || Boolean(url?.reveal()) || Boolean(key?.reveal());
  }

  /** Decides a visit of somebody who wants to listen. Rejects if too many passwords are being checked. */
  readonly decide: Judge = async (visit, signal) => {
    const mount = this.context.find(visit.path);
    if (mount === undefined) return true;
    const { listeners } = mount.config;
    const signed = this.#bySignature(listeners, visit);
    if (signed !== null) return signed;
    const [hasFile, hasBackEnd] = [listeners.file !== "", listeners.url.reveal() !== ""];
    const known = hasFile ? await this.#byFile(listeners.file, visit) : null;
    if (known?.kind === "admit" || !hasBackEnd) return known ?? false;
    return this.context.backEnds.askListener(visit, mount, signal);
  };

  /** null: the signature decides nothing. */
  #bySignature({ key, previousKey, file, url }: ListenersConfig, visit: Visit): Ruling | null {
    const keys = [key, previousKey].map((one) => one.reveal()).filter((one) => one !== "");
    if (keys.length === 0) return null;
    const { path, caller } = visit;
    const nowSeconds = this.context.wall.nowMs() / 1000;
    const query = new URLSearchParams(visit.query ?? "");
    const result = signedUser(keys, query, { path, address: caller.address, nowSeconds });
    if ("user" in result) return { kind: "admit", reading: null, session: sessionOf(result.user) };
    const isOnly = file === "" && url.reveal() === "";
    if (result.fault === "unsigned" && !isOnly) return null;
    return { kind: "forbid", sentence: FAULTS[result.fault] };
  }

  /** null: the credentials are wrong. */
  async #byFile(path: string, { readings }: Visit): Promise<Ruling | null> {
    const users = await this.#file(path).users(this.context.clock.nowMs());
    if (users === null) return { kind: "unavailable" };
    if (readings.length === 0) return { kind: "challenge" };
    for (const reading of readings)
      if (await this.#isRight(users, reading))
        return { kind: "admit", reading, session: sessionOf(reading.credentials.user) };
    return null;
  }

  /** An unknown user is checked against another's hash: the time of a refusal does not show which names there are. */
  async #isRight(users: ReadonlyMap<string, string>, { credentials }: Reading) {
    const hash = users.get(credentials.user);
    const checked = hash ?? users.values().next().value;
    if (checked === undefined) return false;
    const isRight = await this.#checks.check(checked, credentials.password);
    return isRight && hash !== undefined;
  }

  #file(path: string): UserFile {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const { load, log } = this.context;
    const file = new UserFile(path, load, log);
    this.#files.set(path, file);
    return file;
  }
}
