// How many files and connections the system lets this process have, and whether that is nearly all.
import { closeSync, openSync, readFileSync } from "node:fs";

/** Kept free: for the next track, for sources, and for whoever is told that there is no room. */
const SPARE = 40;

/** Ours before anybody has come: ports, the event loop's, files. */
const OWN = 24;

const LIMITS = "/proc/self/limits";

/** The soft limit, which Bun has raised to the hard one; Infinity where the system does not tell it. */
export function descriptorLimit(limits = textOf(LIMITS)): number {
  return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

export class Descriptors {
  constructor(private readonly limit = descriptorLimit()) {}

  /** Listeners that fit, about. */
  get places(): number {
    return Math.max(0, this.limit - SPARE - OWN);
  }

  /** Hardly more than the spare ones are left. A new descriptor is the lowest that is free, so its number
   * tells how many are taken below it. */
  get areShort(): boolean {
    return this.limit !== Number.POSITIVE_INFINITY && lowestFree() >= this.limit - SPARE;
  }
}

function lowestFree(): number {
  try {
    const file = openSync("/dev/null", "r");
    closeSync(file);
    return file;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
