// Keeps the numbers of playlists in a file across restarts.
import { join } from "node:path";
import { type StateDisk, StateFile } from "../disk/state-file.ts";
import type { Log } from "../lib/log.ts";
import type { NotedNumbers, Numbering } from "./numbering.ts";

const NAME = "hls.json";

/** Thousands of mounts with long paths are smaller. */
const MAX_BYTES = 4 << 20;

const TERMS = { maxBytes: MAX_BYTES, contents: "the numbers of HLS playlists" } as const;

type NumbersByPath = ReadonlyMap<string, NotedNumbers>;

const NOTHING: NumbersByPath = new Map();

export class NumbersFile {
  readonly #file: StateFile;
  readonly #restored: Promise<void>;
  #isStale = false;
  #writing: Promise<void>;
  #isWriting = true;

  /** Reads the file, and writes it when the numbers change. */
  constructor(
    folder: string,
    disk: StateDisk,
    log: Log,
    private readonly numbering: Numbering,
  ) {
    this.#file = new StateFile(join(folder, NAME), TERMS, disk, log);
    numbering.onChange = () => this.#save();
    this.#restored = this.#restore();
    this.#writing = this.#restored.then(() => this.#write());
  }

  /** When the numbers of earlier runs are known, or cannot be. Never rejects. */
  async restored(): Promise<void> {
    await this.#restored;
  }

  /** When everything is written, or could not be. Never rejects. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #restore(): Promise<void> {
    this.numbering.restore(await this.#file.read(numbersIn, NOTHING));
  }

  #save(): void {
    this.#isStale = true;
    if (!this.#isWriting) this.#writing = this.#write();
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#isStale) {
      this.#isStale = false;
      await this.#file.write(`${JSON.stringify(Object.fromEntries(this.numbering.noted))}\n`);
    }
    this.#isWriting = false;
  }
}

/** Throws SyntaxError. */
function numbersIn(text: string): NumbersByPath {
  const file: unknown = JSON.parse(text);
  if (typeof file !== "object" || file === null) throw new SyntaxError("it has no numbers");
  return new Map(
    Object.entries(file).map(([path, value]: [string, unknown]) => {
      if (!areNumbers(value)) throw new SyntaxError("one of its numbers is none");
      return [path, value];
    }),
  );
}

function areNumbers(value: unknown): value is NotedNumbers {
  if (typeof value !== "object" || value === null) return false;
  const parts: unknown[] = ["segment", "discontinuity"].map((name) => Reflect.get(value, name));
  if ("stoppedMs" in value) parts.push(value.stoppedMs);
  return parts.every((part) => Number.isSafeInteger(part) && Number(part) >= 0);
}
