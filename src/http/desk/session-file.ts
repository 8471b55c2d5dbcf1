// Keeps the desk's sessions in a file across restarts. Nobody can sign in by what is in it: the tokens are not.
import { join } from "node:path";
import { KeptState } from "../../disk/kept-state.ts";
import { type StateDisk, StateFile } from "../../disk/state-file.ts";
import type { Log } from "../../lib/log.ts";
import { MAX_SESSIONS, type DeskSession, type Sessions } from "./sessions.ts";

const NAME = "desk-sessions.json";

/** As many sessions of users with long names are smaller. */
const MAX_BYTES = 1 << 17;

const TERMS = {
  maxBytes: MAX_BYTES,
  contents: "sessions at the desk",
  consequence: ", and everybody has to sign in again",
} as const;

export class SessionFile {
  readonly #state: KeptState;

  constructor(folder: string, disk: StateDisk, log: Log) {
    this.#state = new KeptState(new StateFile(join(folder, NAME), TERMS, disk, log));
  }

  /** Keeps these sessions from now on. Resolves when those of an earlier run are among them; never rejects. */
  follow(sessions: Sessions): Promise<void> {
    sessions.onChange = () => this.#state.save(() => textOf(sessions.list()));
    return this.#state.load<readonly DeskSession[]>(sessionsIn, [], (kept) =>
      sessions.restore(kept),
    );
  }

  /** When what was to be saved is written, or could not be. */
  settled(): Promise<void> {
    return this.#state.settled();
  }
}

function textOf(sessions: readonly DeskSession[]): string {
  return `${JSON.stringify({ sessions }, null, 1)}\n`;
}

/** Throws SyntaxError. */
function sessionsIn(text: string): DeskSession[] {
  const file: unknown = JSON.parse(text);
  const all = typeof file === "object" && file !== null ? Reflect.get(file, "sessions") : null;
  if (!Array.isArray(all)) throw new SyntaxError("it has no list of sessions");
  return all.slice(-MAX_SESSIONS).map((one: unknown) => {
    if (!isSession(one)) throw new SyntaxError("one of its sessions is none");
    return one;
  });
}

const TYPES = {
  digest: "string",
  user: "string",
  signature: "string",
  usedMs: "number",
} as const satisfies Record<keyof DeskSession, string>;

function isSession(value: unknown): value is DeskSession {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(TYPES).every(([name, type]) => typeof Reflect.get(value, name) === type);
}
