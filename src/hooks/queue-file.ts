// Keeps what waits for the web hooks in a file, so that it outlasts a restart. A file that cannot be understood is set
// aside.
import { join } from "node:path";
import { DiskError } from "../disk/disk.ts";
import type { Log } from "../lib/log.ts";
import type { OpenFile } from "../lib/open-file.ts";
import { MAX_WAITING } from "./hook.ts";
import type { Message } from "./signature.ts";

const NAME = "hooks.json";

/** 16 hooks with full queues of long titles are smaller. */
const MAX_BYTES = 32 << 20;

const MODE = 0o640;

/** Messages that are taken at once never reach the disk. */
const SETTLE_MS = 1000;

/** The part of a disk that is used; each call rejects with a DiskError. */
export interface QueueDisk {
  open(path: string): Promise<OpenFile>;
  /** Writes a file complete or not at all. */
  replace(path: string, bytes: Uint8Array, mode: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}

/** By the hook's label. */
export type Queues = ReadonlyMap<string, readonly Message[]>;

export class QueueFile {
  readonly #path: string;
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
    private readonly disk: QueueDisk,
    private readonly log: Log,
    private readonly settleMs = SETTLE_MS,
  ) {
    this.#path = join(folder, NAME);
  }

  /** What an earlier run left. Never rejects. */
  async load(): Promise<Queues> {
    try {
      const queues = queuesIn(await this.#text());
      this.#isFilled = queues.size > 0;
      return queues;
    } catch (error) {
      if (!(error instanceof DiskError)) await this.#setAside();
      else if (error.code !== "ENOENT") this.#failed("read", error);
      return new Map();
    }
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
      await this.#write().catch((error: unknown) => this.#failed("write", error));
    }
    this.#isWriting = false;
  }

  async #write(): Promise<void> {
    const filled = [...this.#queues()].filter(([, messages]) => messages.length > 0);
    if (filled.length === 0 && !this.#isFilled) return;
    this.#isFilled = filled.length > 0;
    const bytes = Buffer.from(`${JSON.stringify(Object.fromEntries(filled))}\n`);
    await this.disk.replace(this.#path, bytes, MODE);
  }

  /** Throws SyntaxError if it is too large, or no file. */
  async #text(): Promise<string> {
    const file = await this.disk.open(this.#path);
    try {
      const { size, isFile } = await file.stat();
      if (!isFile() || size > MAX_BYTES) throw new SyntaxError("it is too large");
      const bytes = new Uint8Array(size);
      const { bytesRead } = await file.read(bytes, 0, size, 0);
      return Buffer.from(bytes.subarray(0, bytesRead)).toString();
    } finally {
      await file.close();
    }
  }

  async #setAside(): Promise<void> {
    const aside = `${this.#path}.broken`;
    this.log.warn(`${this.#path} is damaged: it is set aside as ${aside}`);
    await this.disk
      .rename(this.#path, aside)
      .catch((error: unknown) => this.#failed("move", error));
  }

  #failed(what: string, error: unknown): void {
    const code = error instanceof DiskError ? error.code : String(error);
    this.log.repeated(
      `cannot ${what} ${this.#path} (${code}): messages to web hooks may be lost at the next start`,
    );
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
