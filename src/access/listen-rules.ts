// The configured rules for listeners: by address, player and page.
import type { MountConfig } from "../config/config.ts";
import { AddressRanges } from "../lib/address-ranges.ts";
import { matchesGlob } from "../lib/glob.ts";
import type { Rule, RuleName, RuleRefusal } from "./rule.ts";
import type { Caller } from "./client-identity.ts";

export type RulesConfig = MountConfig["rules"];

/** Longer headers are compared up to here. */
const MAX_TEXT = 512;

/** null: nothing against the client. */
type Check = (caller: Caller) => RuleRefusal | null;

/** `rulesOf`: those of a mount by its path; undefined if there is no such mount. */
export function listenRules(rulesOf: (path: string) => RulesConfig | undefined): Rule {
  const known = new WeakMap<RulesConfig, readonly Check[]>();
  return ({ action, path, caller }) => {
    const rules = action === "listen" ? rulesOf(path) : undefined;
    if (rules === undefined) return null;
    const checks = known.get(rules) ?? checksOf(rules);
    known.set(rules, checks);
    for (const check of checks) {
      const refusal = check(caller);
      if (refusal !== null) return refusal;
    }
    return null;
  };
}

function checksOf(rules: RulesConfig): readonly Check[] {
  return [
    ...rangeChecks(rules),
    ...patternChecks(rules.denyAgents, ({ headers }) => headers.get("user-agent"), AGENT),
    ...patternChecks(rules.denyReferers, refererOf, REFERER),
    ...(rules.allowReferers.length === 0 ? [] : [onlyOn(rules.allowReferers)]),
  ];
}

const ADDRESS = refusalOf("address", "your address", "its address may not listen (rules)");
const AGENT = refusalOf("agent", "your player", "its player may not listen (rules.deny_agents)");
const REFERER = refusalOf("referer", "this page", "its page may not play the stream (rules)");

function refusalOf(rule: RuleName, whose: string, logged: string): RuleRefusal {
  return { rule, status: 403, sentence: `This stream is not available to ${whose}.`, logged };
}

function rangeChecks({ allow, deny }: RulesConfig): Check[] {
  const [allowed, denied] = [new AddressRanges(allow), new AddressRanges(deny)];
  if (allow.length + deny.length === 0) return [];
  const isAllowed = (address: string) => allow.length === 0 || allowed.has(address);
  return [({ address }) => (denied.has(address) || !isAllowed(address) ? ADDRESS : null)];
}

function patternChecks(
  patterns: readonly string[],
  read: (caller: Caller) => string | null | undefined,
  refusal: RuleRefusal,
): Check[] {
  if (patterns.length === 0) return [];
  return [(caller) => (matchesAny(patterns, read(caller) ?? "") ? refusal : null)];
}

/** Programs and hardware players name no page. */
function onlyOn(patterns: readonly string[]): Check {
  return (caller) => {
    const page = refererOf(caller) ?? "";
    return page === "" || matchesAny(patterns, page) ? null : REFERER;
  };
}

function refererOf({ headers }: Caller): string | null | undefined {
  return headers.get("referer");
}

/** `patterns`: in lower case. */
function matchesAny(patterns: readonly string[], text: string): boolean {
  const lower = text.slice(0, MAX_TEXT).toLowerCase();
  return patterns.some((pattern) => matchesGlob(pattern, lower));
}
