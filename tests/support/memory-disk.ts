// A disk in memory for tests: with a size, that can be full, read-only, hang, and come back.
import { answer } from "../../src/disk/answer-calls.ts";
import type { Call, FileCall } from "../../src/disk/call.ts";
import { SHARED_BYTES } from "../../src/disk/call.ts";
import { Disks } from "../../src/disk/disks.ts";
import type { Thread } from "../../src/disk/thread.ts";

interface MemoryFile {
  bytes: Uint8Array;
  size: number;
  mtimeMs: number;
}

/** `done`: the files that got their names, in order. */
export class MemoryDisk {
  readonly files = new Map<string, MemoryFile>();
  /** Bytes. */
  capacity = Number.POSITIVE_INFINITY;
  /** Files of another user. */
  readonly unreadable = new Set<string>();
  /** Nothing can be deleted. */
  isLocked = false;
  /** Calls fail with this code. */
  failure: string | null = null;
  /** Calls are not answered before it is false again. */
  #isHanging = false;
  #held: (() => void)[] = [];
  readonly done: string[] = [];
  readonly #open = new Map<number, string>();
  #fds = 100;

  constructor(readonly nowMs: () => number) {}

  set isHanging(isHanging: boolean) {
    this.#isHanging = isHanging;
    if (isHanging) return;
    for (const call of this.#held.splice(0)) call();
  }

  get usedBytes(): number {
    return [...this.files.values()].reduce((sum, { size }) => sum + size, 0);
  }

  get openCount(): number {
    return this.#open.size;
  }

  text(path: string): string {
    return Buffer.from(this.read(path)).toString();
  }

  read(path: string): Uint8Array {
    const { bytes, size } = this.#at(path);
    return bytes.subarray(0, size);
  }

  disks(): Disks {
    return new Disks(() => this.#thread());
  }

  #thread(): Thread {
    const shared = new Uint8Array(SHARED_BYTES);
    const thread: Thread = {
      shared,
      onReply: () => undefined,
      post: (call) => {
        const run = () =>
          void answer((one) => this.#perform(one as FileCall, shared), call, shared).then((reply) =>
            thread.onReply(reply),
          );
        if (this.#isHanging) this.#held.push(run);
        else run();
      },
      close: () => undefined,
    };
    return thread;
  }

  #fail(code: string): never {
    throw Object.assign(new Error(code), { code });
  }

  #at(path: string): MemoryFile {
    return this.files.get(path) ?? this.#fail("ENOENT");
  }

  #ofFd(fd: number): MemoryFile {
    return this.#at(this.#open.get(fd) ?? "");
  }

  #opened(path: string): number {
    this.#open.set(++this.#fds, path);
    return this.#fds;
  }

  #put(file: MemoryFile, bytes: Uint8Array, position: number): number {
    const free = this.capacity - this.usedBytes + Math.max(0, file.size - position);
    const count = Math.min(bytes.length, free);
    if (count <= 0 && bytes.length > 0) this.#fail("ENOSPC");
    const end = position + count;
    if (end > file.bytes.length) {
      const larger = new Uint8Array(end * 2);
      larger.set(file.bytes.subarray(0, file.size));
      file.bytes = larger;
    }
    file.bytes.set(bytes.subarray(0, count), position);
    file.size = Math.max(file.size, end);
    file.mtimeMs = this.nowMs();
    return count;
  }

  #perform(call: FileCall & Call, shared: Uint8Array): unknown {
    if (this.failure !== null && call.call !== "close") this.#fail(this.failure);
    switch (call.call) {
      case "create": {
        const path = call.path + call.ending;
        if (this.files.has(path) || this.files.has(call.path)) this.#fail("EEXIST");
        this.files.set(path, { bytes: new Uint8Array(1024), size: 0, mtimeMs: this.nowMs() });
        return this.#opened(path);
      }
      case "open":
      case "edit": {
        if (this.unreadable.has(call.path)) this.#fail("EACCES");
        const { size, mtimeMs } = this.#at(call.path);
        return { fd: this.#opened(call.path), isFile: true, size, mtimeMs };
      }
      case "read": {
        const { bytes, size } = this.#ofFd(call.fd);
        const length = Math.min(call.length, shared.length);
        const part = bytes.subarray(call.position, Math.min(size, call.position + length));
        shared.set(part);
        return part.length;
      }
      case "writeAt":
        return this.#put(this.#ofFd(call.fd), call.bytes, call.position);
      case "truncate":
        return void (this.#ofFd(call.fd).size = call.size);
      case "close":
        return this.#open.delete(call.fd);
      case "settle": {
        const file = this.#at(call.from);
        this.files.delete(call.from);
        this.files.set(call.to, file);
        for (const [fd, path] of this.#open) if (path === call.from) this.#open.set(fd, call.to);
        return void this.done.push(call.to);
      }
      case "replace": {
        const file = { bytes: new Uint8Array(0), size: 0, mtimeMs: this.nowMs() };
        this.#put(file, call.bytes, 0);
        if (file.size < call.bytes.length) this.#fail("ENOSPC");
        return void this.files.set(call.path, file);
      }
      case "remove":
        if (this.isLocked) this.#fail("EPERM");
        return call.paths.forEach((path) => this.files.delete(path));
      case "isFree":
        return !this.files.has(call.path);
      case "link":
        return void this.files.set(call.to, this.#at(call.from));
      case "find":
        return [...this.files]
          .filter(([path]) => path.startsWith(`${call.path}/`))
          .filter(([path]) => call.endings.some((ending) => path.endsWith(ending)))
          .map(([path, { size, mtimeMs }]) => ({ path, size, mtimeMs }));
      case "documents":
        return call.paths.map((path) => {
          if (!this.files.has(path)) return null;
          const whole = JSON.parse(this.text(path)) as object;
          const isWanted = (key: string) => call.keys.length === 0 || call.keys.includes(key);
          return Object.fromEntries(Object.entries(whole).filter(([key]) => isWanted(key)));
        });
      case "space": {
        const totalBytes = Number.isFinite(this.capacity) ? this.capacity : 1e12;
        return { freeBytes: totalBytes - this.usedBytes, totalBytes };
      }
      case "sync":
        return undefined;
      default:
        throw new Error(`no ${call.call} here`);
    }
  }
}
