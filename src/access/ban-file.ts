// Keeps the bans in a file across restarts. A file that cannot be understood is set aside.
import { join } from "node:path";
import { KeptState } from "../disk/kept-state.ts";
import { type StateDisk, StateFile } from "../disk/state-file.ts";
import type { Log } from "../lib/log.ts";
import { type Ban, banRange, MAX_BANS } from "./ban.ts";

const NAME = "bans.json";

/** A thousand bans with long reasons are smaller. */
const MAX_BYTES = 1 << 20;

const TERMS = {
  maxBytes: MAX_BYTES,
  contents: "bans",
  consequence: ", and no address is banned",
} as const;

export class BanFile {
  readonly #state: KeptState;

  /** `folder` is made when there is something to keep. */
  constructor(folder: string, disk: StateDisk, log: Log) {
    this.#state = new KeptState(new StateFile(join(folder, NAME), TERMS, disk, log));
  }

  /** Calls `take` with the bans of an earlier run. Never rejects. */
  load(take: (bans: readonly Ban[]) => void): Promise<void> {
    return this.#state.load<readonly Ban[]>(bansIn, [], take);
  }

  /** Writes soon; `bans` gives the newest state. */
  save(bans: () => readonly Ban[]): void {
    this.#state.save(() => `${JSON.stringify({ bans: bans().toReversed() }, null, 1)}\n`);
  }

  /** When what was to be saved is written, or could not be. */
  settled(): Promise<void> {
    return this.#state.settled();
  }
}

/** Throws SyntaxError. */
function bansIn(text: string): Ban[] {
  const file: unknown = JSON.parse(text);
  const bans = typeof file === "object" && file !== null ? Reflect.get(file, "bans") : null;
  if (!Array.isArray(bans)) throw new SyntaxError("it has no list of bans");
  return bans.slice(0, MAX_BANS).map((one: unknown) => {
    if (!isBan(one)) throw new SyntaxError("one of its bans is none");
    return one;
  });
}

/** Dates end in the year 275760, and begin as long before 1970. */
const LAST_MS = 8.64e15;

const TYPES = {
  address: "string",
  sinceMs: "number",
  untilMs: "number",
  by: "string",
  reason: "string",
} as const satisfies Record<keyof Ban, string>;

function isBan(value: unknown): value is Ban {
  if (typeof value !== "object" || value === null) return false;
  const hasAll = Object.entries(TYPES).every(
    ([name, type]) => typeof Reflect.get(value, name) === type,
  );
  const address: unknown = Reflect.get(value, "address");
  const areDates = ["sinceMs", "untilMs"].every(
    (name) => Math.abs(Number(Reflect.get(value, name))) < LAST_MS,
  );
  return hasAll && areDates && banRange(String(address)) === address;
}
