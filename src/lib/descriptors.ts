// How many file descriptors the system allows this process, and whether they are running out.
import { closeSync, openSync, readFileSync, statSync } from "node:fs";

/** Reserved for tracks, sources, and for answering clients that are refused. */
const SPARE = 40;

/** Open before any client connects: ports, the event loop's, files. */
const OWN = 24;

const LIMITS = "/proc/self/limits";
const OPEN = "/proc/self/fd";

/** The soft limit, which Bun has raised to the hard one; Infinity if the system does not report it. */
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
  constructor(readonly limit = descriptorLimit()) {}

  /** An estimate of the listeners that fit. */
  get places(): number {
    return Math.max(0, this.limit - SPARE - OWN);
  }

  /** Descriptors in use. Before Linux 6.2 an estimate: the lowest free number. */
  get used(): number {
    try {
      return statSync(OPEN).size || lowestFree();
    } catch {
      return lowestFree();
    }
  }

  /** Little more than the reserve is free. A new descriptor gets the lowest free number, so its number shows
   * how many are in use below it. */
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
