// The rule that banned addresses get nothing.
import type { Ban, Bans } from "./ban.ts";
import type { Rule, RuleRefusal } from "./rule.ts";

export function banRule(bans: Bans): Rule {
  return ({ caller }) => {
    const ban = bans.of(caller.address);
    return ban === null ? null : banned(ban);
  };
}

export function banned(ban: Ban): RuleRefusal {
  return {
    rule: "banned",
    status: 403,
    sentence: `Your address is banned until ${endOf(ban)}.`,
    logged: `its address is banned until ${endOf(ban)}`,
  };
}

/** To the minute, as in "2026-08-01 10:00 UTC". */
export function endOf({ untilMs }: Ban): string {
  return new Date(untilMs).toISOString().replace(/^(.*)T(\d\d:\d\d).*$/, "$1 $2 UTC");
}
