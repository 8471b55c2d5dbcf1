// Access to a folder or file on one disk: queues calls in the lane of its file system and reports a disk that hangs.
import { systemClock } from "../lib/clock.ts";
import { type Append, LINE_FILE_MODE } from "../lib/line-file.ts";
import type { Log } from "../lib/log.ts";
import { type OpenFile, openInside } from "../lib/open-file.ts";
import { isInside } from "../lib/shipped.ts";
import type { Call, FileCall, FileStat, OpenedFile, Reply } from "./call.ts";
import type { Lane } from "./lane.ts";

/** A disk without an answer for this long is reported. */
export const SILENT_MS = 5000;

/** The file system's error, from the thread. */
export class DiskError extends Error {
  override readonly name = "DiskError";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export class Disk {
  #waiting = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silentMs: number | null = null;

  constructor(
    /** For log lines such as "… does not answer". */
    private readonly what: string,
    public lane: Lane,
    private readonly log: Log,
  ) {}

  /** Seconds without an answer; 0 while it answers. */
  get silentSeconds(): number {
    return this.#silentMs === null ? 0 : (systemClock.nowMs() - this.#silentMs) / 1000;
  }

  /** Rejects with a DiskError. May never settle: a network share answers when it likes. */
  ask(call: Call, isUrgent: boolean): Promise<unknown> {
    return this.#ask(call, isUrgent, (value) => value);
  }

  /** Rejects with a DiskError. */
  async open(path: string): Promise<OpenFile> {
    if (isInside(path)) return openInside(path);
    const opened = (await this.#file({ call: "open", path })) as OpenedFile;
    return new DiskFile(opened, (call, into) => this.#file(call, into));
  }

  /** Opens the file and appends; resolves with the bytes written. Rejects with a DiskError. */
  async append(path: string, bytes: Uint8Array, mode: number): Promise<number> {
    return (await this.#file({ call: "append", path, bytes, mode })) as number;
  }

  /** Writes a whole file, complete and on disk or not at all; makes its folder. Rejects with a DiskError. */
  async replace(path: string, bytes: Uint8Array, mode: number): Promise<void> {
    await this.#file({ call: "replace", path, bytes, mode });
  }

  /** Rejects with a DiskError. */
  async rename(from: string, to: string): Promise<void> {
    await this.#file({ call: "rename", from, to });
  }

  /** Sets the file's date to now. Rejects with a DiskError. */
  async touch(path: string): Promise<void> {
    await this.#file({ call: "touch", path });
  }

  #file(call: FileCall, into?: Uint8Array): Promise<unknown> {
    return this.#ask(call, true, (value, shared) => {
      if (into !== undefined) into.set(shared.subarray(0, Number(value)));
      return value;
    });
  }

  #ask(
    call: Call,
    isUrgent: boolean,
    take: (value: unknown, shared: Uint8Array) => unknown,
  ): Promise<unknown> {
    if (this.#waiting++ === 0) this.#listen();
    return new Promise((resolve, reject) => {
      const settle = (reply: Reply, shared: Uint8Array) => {
        this.#answered();
        if ("value" in reply) resolve(take(reply.value, shared));
        else reject(new DiskError(reply.code, reply.message));
      };
      this.lane.add({ owner: this, call, isUrgent, settle });
    });
  }

  #listen(): void {
    const sinceMs = systemClock.nowMs();
    this.#timer = setTimeout(() => {
      this.#silentMs = sinceMs;
      this.log.warn(`${this.what} does not answer`);
    }, SILENT_MS);
    this.#timer.unref();
  }

  #answered(): void {
    this.#waiting--;
    clearTimeout(this.#timer);
    if (this.#silentMs !== null) this.log.info(`${this.what} answers again`);
    this.#silentMs = null;
    if (this.#waiting > 0) this.#listen();
  }
}

/** Appends lines to one file, readable only by its owner and group: the lines have addresses. */
export function appendBy(disk: Disk): Append {
  return (file, bytes) => disk.append(file, bytes, LINE_FILE_MODE);
}

type AskFile = (call: FileCall, into?: Uint8Array) => Promise<unknown>;

class DiskFile implements OpenFile {
  readonly #fd: number;
  #first: FileStat | null;
  #closing: Promise<unknown> | null = null;

  constructor(
    { fd, ...stat }: OpenedFile,
    private readonly ask: AskFile,
  ) {
    this.#fd = fd;
    this.#first = stat;
  }

  /** The first call is free: its result came with open. */
  async stat(): ReturnType<OpenFile["stat"]> {
    const known = this.#first;
    this.#first = null;
    const { isFile, size, mtimeMs } =
      known ?? ((await this.ask({ call: "stat", fd: this.#fd })) as FileStat);
    return { isFile: () => isFile, size, mtimeMs };
  }

  async read(into: Uint8Array, offset: number, length: number, position: number) {
    let bytesRead = 0;
    while (bytesRead < length) {
      const part = into.subarray(offset + bytesRead, offset + length);
      const count = await this.#readPart(part, position + bytesRead);
      if (count === 0) break;
      bytesRead += count;
    }
    return { bytesRead };
  }

  async #readPart(into: Uint8Array, position: number): Promise<number> {
    // Another file may have the closed number by now.
    if (this.#closing !== null) throw new DiskError("EBADF", "the file is closed");
    const call = { call: "read", fd: this.#fd, length: into.length, position } as const;
    return Number(await this.ask(call, into));
  }

  async close(): Promise<void> {
    this.#closing ??= this.ask({ call: "close", fd: this.#fd });
    await this.#closing;
  }
}
