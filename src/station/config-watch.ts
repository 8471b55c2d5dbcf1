// What differs between the configuration file and what runs. To read the file costs a process, so that is done only when
// its date or size, or what runs, has changed.
import { stat } from "node:fs/promises";
import type { Config } from "../config/config.ts";
import type { ConfigDiff } from "../config/diff.ts";
import { ConfigError, type Problem } from "../config/problem.ts";
import { problemsOf, type Reloader } from "./reload.ts";

export interface PendingChanges {
  /** As in ConfigDiff. */
  readonly applied: readonly string[];
  readonly atRestart: readonly string[];
  /** Why a reload would be refused: a sentence, or null. */
  readonly error: string | null;
  readonly problems: readonly Problem[];
}

const NOTHING: PendingChanges = { applied: [], atRestart: [], error: null, problems: [] };

export class ConfigWatch {
  #found: PendingChanges | null = null;
  /** What was compared last. */
  #stamp: string | null = null;
  #config: Config | null = null;
  #isLooking = false;

  constructor(
    private readonly reloader: Pick<Reloader, "pending">,
    private readonly running: () => Config,
  ) {}

  /** As of the last look; null before the first. */
  get found(): PendingChanges | null {
    return this.#found;
  }

  /** Other settings run than at the last look. */
  get isStale(): boolean {
    return this.#config !== this.running();
  }

  /** Reads the file if it has changed. One look at a time, since its disk may hang: others return at once. Never
   * rejects. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#look(this.running());
    } finally {
      this.#isLooking = false;
    }
  }

  async #look(config: Config): Promise<void> {
    const stamp = await stampOf(config.file);
    if (stamp === this.#stamp && config === this.#config) return;
    this.#found = await this.reloader.pending().then(changed, refused);
    [this.#stamp, this.#config] = [stamp, config];
  }
}

/** Without a file the station runs on defaults. */
async function stampOf(file: string): Promise<string> {
  try {
    const { size, mtimeMs, ctimeMs, ino } = await stat(file);
    return `${ino}:${size}:${mtimeMs}:${ctimeMs}`;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "";
  }
}

function changed({ applied, atRestart }: ConfigDiff): PendingChanges {
  return { ...NOTHING, applied, atRestart };
}

function refused(error: unknown): PendingChanges {
  const problems = error instanceof ConfigError ? error.problems : [];
  return { ...NOTHING, error: problemsOf(error), problems };
}
