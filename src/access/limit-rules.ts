// Rules that count: listeners at one address, and the bandwidth of all.
import { isLoopback } from "../lib/address.ts";
import { isForwarded } from "./local.ts";
import type { Rule, RuleRefusal } from "./rule.ts";
import type { Visit } from "./visit.ts";

export interface PerAddress {
  /** 0 is no limit. */
  readonly limit: number;
  /** Listeners at the client's address. */
  readonly count: number;
}

/** A proxy on this machine that is not trusted brings many clients with its own address: they are not limited. */
export function isAnonymous({ address, headers }: Visit["caller"]): boolean {
  return isLoopback(address) && isForwarded(headers);
}

/** `of`: those of a mount, or of the station, at an address. */
export function perAddressRule(of: (path: string, address: string) => PerAddress): Rule {
  return ({ action, path, caller, isCounted = false }) => {
    if (action !== "listen") return null;
    const { limit, count } = of(path, caller.address);
    const others = isCounted ? count - 1 : count;
    const isOver = limit > 0 && others >= limit && !isAnonymous(caller);
    return isOver ? tooMany(limit) : null;
  };
}

function tooMany(limit: number): RuleRefusal {
  return {
    rule: "per_address",
    status: 403,
    sentence: `Too many listeners at your address: at most ${limit} ${limit === 1 ? "is" : "are"} allowed.`,
    logged: "too many listeners at its address (listeners_per_address)",
  };
}

export interface Bandwidth {
  /** In kbit/s; 0 is no limit. */
  readonly limit: number;
  /** What the listeners of all mounts get, and what one more of the mount would. */
  readonly used: number;
  readonly more: number;
}

const NO_BANDWIDTH: RuleRefusal = {
  rule: "bandwidth",
  status: 503,
  sentence: "The station's bandwidth is used up. Please try again in a minute.",
  logged: "the bandwidth is used up (limits.max_bandwidth)",
};

export function bandwidthRule(of: (path: string) => Bandwidth): Rule {
  return ({ action, path, isCounted = false }) => {
    if (action !== "listen" || isCounted) return null;
    const { limit, used, more } = of(path);
    return limit > 0 && used + more > limit ? NO_BANDWIDTH : null;
  };
}
