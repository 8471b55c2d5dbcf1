// Keeps what waits for the web hooks in a file, so that it outlasts a restart. A file that cannot be understood is set
// aside.
import { join } from "node:path";
import { type StateDisk, StateFile } from "../disk/state-file.ts";
import type { Log } from "../lib/log.ts";
import { MAX_WAITING } from "./hook.ts";
import type { Message } from "./signature.ts";

const NAME = "hooks.json";

/** 16 hooks with full queues of long titles are smaller. */
const MAX_BYTES = 32 << 20;

const TERMS = { maxBytes: MAX_BYTES, contents: "messages to web hooks" } as const;

/** Messages that are taken at once never reach the disk. */
const SETTLE_MS = 1000;

/** By the hook's label. */
export type Queues = ReadonlyMap<string, readonly Message[]>;

export class QueueFile {
  readonly #file: StateFile;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  /** What is to be saved has changed since the last write began. */
  #isDue = false;
  #queues: () => Queues = () => new Map();
  /** The file has messages. */
  #isFilled = false;

  /** `folder` is made when there is something to keep. */
  constructor(
    folder: string,
    disk: StateDisk,
    log: Log,
    private readonly settleMs = SETTLE_MS,
  ) {
    this.#file = new StateFile(join(folder, NAME), TERMS, disk, log);
  }

  /** What an earlier run left. Never rejects. */
  async load(): Promise<Queues> {
    const queues = await this.#file.read<Queues>(queuesIn, new Map());
    this.#isFilled = queues.size > 0;
    return queues;
  }

  /** Writes soon; `queues` gives the newest state. */
  save(queues: () => Queues): void {
    this.#queues = queues;
    this.#timer ??= setTimeout(() => void this.flush(), this.settleMs).unref();
  }

  /** Writes what is to be saved. Never rejects. */
  flush(): Promise<void> {
    if (this.#timer === undefined) return this.#writing;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDue = true;
    if (!this.#isWriting) this.#writing = this.#writeAll();
    return this.#writing;
  }

  /** One at a time: behind a disk that hangs only the newest state waits. */
  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#isDue) {
      this.#isDue = false;
      await this.#write();
    }
    this.#isWriting = false;
  }

  async #write(): Promise<void> {
    const filled = [...this.#queues()].filter(([, messages]) => messages.length > 0);
    if (filled.length === 0 && !this.#isFilled) return;
    this.#isFilled = filled.length > 0;
    await this.#file.write(`${JSON.stringify(Object.fromEntries(filled))}\n`);
  }
}

/** Throws SyntaxError. */
function queuesIn(text: string): Queues {
  const file: unknown = JSON.parse(text);
  if (typeof file !== "object" || file === null) throw new SyntaxError("it has no queues");
  const queues = Object.entries(file).map(([label, messages]): [string, Message[]] => {
    if (!Array.isArray(messages)) throw new SyntaxError("a queue is no list");
    return [label, messages.slice(-MAX_WAITING).map(messageOf)];
  });
  return new Map(queues);
}

function messageOf(value: unknown): Message {
  const isObject = typeof value === "object" && value !== null && "id" in value && "body" in value;
  if (!isObject || typeof value.id !== "string" || typeof value.body !== "string")
    throw new SyntaxError("a message is none");
  JSON.parse(value.body);
  return { id: value.id, body: value.body };
}
