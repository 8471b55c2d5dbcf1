// What a fuzzer works on.
import type { Chance } from "./chance.ts";

export interface Target {
  readonly name: string;
  /** Right inputs, which it damages. */
  readonly seeds: readonly Uint8Array[];
  /** Throws when something about these bytes does not hold. */
  check(bytes: Uint8Array, chance: Chance): void | Promise<void>;
}

/** Throws `otherwise` unless the claim holds. */
export function hold(claim: boolean, otherwise: string): void {
  if (!claim) throw new Error(otherwise);
}
