// Admits clients or refuses them, on every port: sources, listeners, title updates, admin commands and the desk.
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { fits, mayGoLive, reaches } from "./account.ts";
import { Accounts } from "./accounts.ts";
import { type AccountName, Attempts } from "./attempts.ts";
import { type Caller, type ClientIdentity, identify } from "./client-identity.ts";
import { isOpenToAll } from "./default-password.ts";
import { errorOf, outcomeOf, type JudgeOutcome } from "./outcome.ts";
import type { Rule, RuleName, RuleRefusal } from "./rule.ts";
import { isFromElsewhere, isUnproven } from "./same-site.ts";
import { PasswordChecks } from "./password-checks.ts";
import { memberSession, type Ruling } from "./ruling.ts";
import { Tries } from "./tries.ts";
import type { Decision, Judge, Verdict } from "./verdict.ts";
import type { Reading, Visit } from "./visit.ts";

/** A client that waits longer for its first byte gives up. */
const LIMIT_MS = 10_000;

/** Decisions that may be pending at a time: a rush of listeners within a second or two. */
const MAX_PENDING = 4096;

const NO_NEED: Verdict = { kind: "admitted", reading: null };
const CHALLENGE: Verdict = { kind: "challenge" };
const ELSEWHERE: Verdict = { kind: "elsewhere" };
const UNAVAILABLE: Verdict = { kind: "unavailable" };
const GONE: Verdict = { kind: "gone" };

/** Decides by the configured passwords. Everybody may listen. Plain passwords are compared before any hash is checked,
 * which may take a while. */
export function byPassword(
  { action, readings }: Visit,
  checks: PasswordChecks,
): Decision | Promise<Decision> {
  if (action === "listen") return true;
  const pending: Promise<Decision>[] = [];
  for (const reading of readings) {
    const { account, credentials } = reading;
    const isRight = account !== null && fits(account, credentials, checks);
    if (isRight === true) return reading;
    if (isRight !== false) pending.push(isRight.then((isIt) => isIt && reading));
  }
  return pending.length === 0 ? false : firstRight(pending);
}

async function firstRight(pending: readonly Promise<Decision>[]): Promise<Decision> {
  const decisions = await Promise.all(pending);
  return decisions.find((decision) => decision !== false) ?? false;
}

/** Knows more about some mounts than the configured passwords say. */
export interface MountGate {
  /** It has something to say about this mount. */
  guards(path: string): boolean;
  readonly decide: Judge;
}

export interface AdmissionLimits {
  /** How long a judge may take. */
  readonly limitMs: number;
  readonly maxPending: number;
}

export interface TokenTry {
  readonly isRight: boolean;
  /** How long a client with too many failures must wait, or 0. */
  readonly waitSeconds: number;
}

function memberVerdict(): Verdict {
  return { kind: "admitted", reading: null, session: memberSession() };
}

export class Admission {
  /** Decides in place of everything that is configured; null: that decides. */
  judge: Judge | null = null;
  /** Asked before any credentials are looked at, in this order. */
  rules: readonly Rule[] = [];
  /** The visit is that of a server of the cluster: no rule holds for it. */
  isMember: (visit: Visit) => boolean = () => false;
  /** Visits refused since the start, by the rule that refused them. */
  readonly refused: Partial<Record<RuleName, number>> = {};
  readonly checks = new PasswordChecks();
  /** Decides who may listen; null: everybody. */
  gate: MountGate | null = null;
  /** Decides about sources and titles whose password is not a configured one; null: they are refused. */
  sourceGate: MountGate | null = null;
  /** Failed or refused logins since the start. */
  readonly failed: Record<AccountName, number> = { admin: 0, source: 0, listener: 0 };
  /** HTTP requests refused for their credentials, whichever account they tried. */
  failedRequests = 0;
  readonly #attempts: Attempts;
  #pending = 0;

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly limits: AdmissionLimits = { limitMs: LIMIT_MS, maxPending: MAX_PENDING },
    readonly accounts = new Accounts(),
  ) {
    this.#attempts = new Attempts((account, seconds, client) =>
      this.#report(account, seconds, client),
    );
  }

  /** Visits whose decision is pending. */
  get pending(): number {
    return this.#pending;
  }

  /** Decides at once unless the judge answers later. `gone` gives a signal that aborts when the client leaves; it is
   * asked for only if somebody has to wait. Never throws, never rejects. */
  admit(visit: Visit, gone: () => AbortSignal): Verdict | Promise<Verdict> {
    const { action, command, caller, readings } = visit;
    if (action === "listen" && this.isMember(visit)) return memberVerdict();
    const refusal = this.ruledOut(visit);
    if (refusal !== null) return { kind: "refused", refusal };
    if (action === "listen" && this.isOpen(visit.path)) return NO_NEED;
    if (command !== null && isFromElsewhere(caller.headers, command.host)) return ELSEWHERE;
    if (readings.length === 0 && action !== "listen") return CHALLENGE;
    const client = identify(caller);
    const open = (name: AccountName) => this.#attempts.open(name, client, this.clock.nowMs());
    const tries = new Tries(readings, open);
    const allowed = tries.allowed;
    if (readings.length > 0 && allowed.length === 0) return this.#settle(visit, tries, false);
    return this.#decide({ ...visit, readings: allowed }, tries, gone);
  }

  /** The client is still using its session, or has just left the air. */
  know(account: AccountName, caller: Caller): void {
    this.#attempts.know(account, identify(caller), this.clock.nowMs());
  }

  /** Checks a token that a program offers. Failures count as those of the admin's password do. */
  tryToken(isRight: (token: string) => boolean, offered: string, caller: Caller): TokenTry {
    const attempt = this.#attempts.open("admin", identify(caller), this.clock.nowMs());
    const { waitSeconds } = attempt;
    if (waitSeconds > 0) return { isRight: false, waitSeconds };
    if (!isRight(offered)) {
      this.failed.admin++;
      return { isRight: false, waitSeconds: attempt.wrong([offered]) };
    }
    attempt.drop();
    return { isRight: true, waitSeconds: 0 };
  }

  /** The first rule against a visit, which counts as refused then; null for none. */
  ruledOut(visit: Visit): RuleRefusal | null {
    for (const rule of this.rules) {
      const refusal = rule(visit);
      if (refusal === null) continue;
      this.note(refusal, visit.caller.address);
      return refusal;
    }
    return null;
  }

  /** Counts and logs a refusal by a rule. */
  note({ rule, logged }: RuleRefusal, address: string): void {
    this.refused[rule] = (this.refused[rule] ?? 0) + 1;
    this.log.repeated(`${address} was refused: ${logged}`);
  }

  #decide(visit: Visit, tries: Tries, gone: () => AbortSignal): Verdict | Promise<Verdict> {
    const judge = this.judge ?? this.#judgeOf(visit);
    if (judge !== null && this.#pending >= this.limits.maxPending) {
      return this.#settle(visit, tries, new Error("too many decisions are pending"));
    }
    const stop = new AbortController();
    const decision =
      judge === null ? byPassword(visit, this.checks) : askJudge(judge, visit, stop.signal);
    if (!(decision instanceof Promise)) return this.#settle(visit, tries, decision);
    this.#pending++;
    return outcomeOf(decision, this.limits.limitMs, gone()).then((outcome) => {
      this.#pending--;
      stop.abort();
      return this.#settle(visit, tries, outcome);
    });
  }

  /** null: the configured passwords alone decide. */
  #judgeOf({ action, path }: Visit): Judge | null {
    if (action === "listen") return this.gate?.decide ?? null;
    const { sourceGate } = this;
    if (action === "admin" || sourceGate?.guards(path) !== true) return null;
    return async (visit, signal) => {
      const own = await byPassword(visit, this.checks);
      return own === false ? sourceGate.decide(visit, signal) : own;
    };
  }

  /** Everybody may listen to this mount. */
  isOpen(path: string): boolean {
    return this.judge === null && this.gate?.guards(path) !== true;
  }

  #settle(visit: Visit, tries: Tries, outcome: JudgeOutcome): Verdict {
    if (outcome === false) {
      return { kind: "wrong", waitSeconds: this.#charge(tries) };
    }
    if (outcome === "gone" || outcome === "late" || outcome instanceof Error) {
      tries.drop();
      return outcome === "gone" ? GONE : this.#unavailable(outcome);
    }
    if (outcome !== true && "kind" in outcome) return this.#rule(tries, outcome);
    tries.right(outcome === true ? null : outcome.counted);
    return outcome === true ? NO_NEED : admitted(visit, outcome);
  }

  /** Counts what was offered as wrong; returns the seconds that the client must wait. */
  #charge(tries: Tries): number {
    return tries.wrong((name) => this.failed[name]++);
  }

  #rule(tries: Tries, ruling: Ruling): Verdict {
    if (ruling.kind === "admit") tries.right(ruling.reading?.counted ?? null);
    else if (ruling.kind === "forbid") this.#charge(tries);
    else tries.drop();
    return verdictOf(ruling);
  }

  #unavailable(outcome: "late" | Error): Verdict {
    const why = outcome === "late" ? "no answer in time" : outcome.message;
    this.log.repeated(`a login could not be checked: ${why}`);
    return UNAVAILABLE;
  }

  #report(account: AccountName, waitSeconds: number, { network, proxy }: ClientIdentity): void {
    const by = proxy === null ? network : `${network} (through ${proxy})`;
    this.log.repeated(
      `too many wrong ${account} passwords from ${by}: none is looked at for ${waitSeconds} s`,
    );
  }
}

function askJudge(
  judge: Judge,
  visit: Visit,
  signal: AbortSignal,
): JudgeOutcome | Promise<Decision> {
  try {
    return judge(visit, signal);
  } catch (error) {
    return errorOf(error);
  }
}

function verdictOf(ruling: Ruling): Verdict {
  switch (ruling.kind) {
    case "admit":
      return { kind: "admitted", reading: ruling.reading, session: ruling.session };
    case "challenge":
      return CHALLENGE;
    case "forbid":
      return { kind: "forbidden", sentence: ruling.sentence };
    case "redirect":
      return { kind: "redirected", location: ruling.location };
    case "unavailable":
      return UNAVAILABLE;
  }
}

/** The credentials are right; the rest depends on where they come from. */
function admitted(visit: Visit, reading: Reading): Verdict {
  if (isOpenToAll(reading, visit)) return { kind: "default_password", reading };
  if (!mayDo(reading, visit)) return { kind: "not_allowed", reading };
  const { command, caller } = visit;
  const isDoubtful = command !== null && command.isChange && reading.isBasic === true;
  if (isDoubtful && isUnproven(caller.headers, command.host)) return { kind: "unproven", reading };
  return { kind: "admitted", reading };
}

function mayDo({ account, path }: Reading, { action, need, path: asked }: Visit): boolean {
  if (account === null) return true;
  return action === "admin" ? reaches(account, need ?? "admin") : mayGoLive(account, path ?? asked);
}
