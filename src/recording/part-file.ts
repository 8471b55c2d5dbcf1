// A file that grows on a disk which may be slow, full, read-only or gone: nobody waits for it. It is named .part until it is
// complete and on disk.
import type { FileCall, OpenedFile } from "../disk/call.ts";
import { concatBytes } from "../format/parts/bytes.ts";

export const PART = ".part";

/** Audio that waits for the disk; what comes beyond is lost. */
export const MAX_PENDING_BYTES = 2 << 20;

/** A crash of the machine loses at most this much. */
const SYNC_MS = 10_000;

/** A disk that refused is asked again after this long. */
const RETRY_MS = 5000;

/** Names that are tried when one is taken. */
const MAX_NAMES = 1000;

const AUDIO_MODE = 0o644;
const DOCUMENT_MODE = 0o640;

/** Resolves with the reply; rejects with the disk's error. May never settle. */
export type AskDisk = (call: FileCall) => Promise<unknown>;

export interface Texts {
  /** By ending, in place of the audio file's own. */
  readonly [ending: string]: string;
}

/** The last writes of a file. */
export interface Ending {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  /** Written beside it. `path`: of the audio, without its ending. */
  readonly texts: (path: string) => Texts;
}

export interface PartNews {
  /** The system's code; null when the disk takes it again. */
  onState(code: string | null): void;
  /** The file was deleted or cannot be found any more: what is written is lost. */
  onGone(): void;
  /** It has its name. */
  onDone(path: string): void;
}

/** What is written to a deleted file goes nowhere, without an error of the system's. */
class GoneError extends Error {
  readonly code = "ENOENT";
}

export class PartFile {
  /** The audio's path without its ending; settled when the file was made. */
  #path: string;
  /** The name that it gets at its end, if that is another. */
  #wanted: string | null = null;
  #isMade = false;
  #fd: number | null = null;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #position = 0;
  #isBusy = false;
  #retryMs = 0;
  #syncedMs = 0;
  #unsynced = 0;
  #ending: Ending | null = null;
  #texts: (() => Texts) | null = null;
  #isOver = false;
  #isWhole = false;

  constructor(
    private readonly ask: AskDisk,
    path: string,
    /** Ending of the audio's name, with its dot. */
    readonly suffix: string,
    private readonly news: PartNews,
  ) {
    this.#path = path;
  }

  /** The audio's path without its ending. */
  get path(): string {
    return this.#path;
  }

  /** The audio's path as it is now. */
  get audioPath(): string {
    return this.#path + this.suffix + (this.#isWhole ? "" : PART);
  }

  /** Bytes of the file that the disk has taken. */
  get writtenBytes(): number {
    return this.#position;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** False if the disk is so far behind that these bytes are lost. Keeps them: they are not to be changed. */
  take(bytes: Uint8Array): boolean {
    if (this.#pendingBytes + bytes.length > MAX_PENDING_BYTES) return false;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    return true;
  }

  /** Gives it another name at its end. */
  rename(path: string): void {
    if (this.#isMade) this.#wanted = path;
    else this.#path = path;
  }

  /** Writes these beside the audio with the next work. */
  note(texts: () => Texts): void {
    this.#texts = texts;
  }

  /** Nothing follows. */
  finish(ending: Ending): void {
    this.#ending = ending;
    this.#retryMs = 0;
  }

  /** Does what there is to do. `nowMs`: never goes back. Never rejects. */
  async work(nowMs: number): Promise<void> {
    if (this.#isBusy || this.#isOver || nowMs < this.#retryMs) return;
    this.#isBusy = true;
    try {
      await this.#write(nowMs);
      if (this.#ending !== null) await this.#complete(this.#ending);
      this.news.onState(null);
    } catch (error) {
      await this.#failed(error, nowMs);
    } finally {
      this.#isBusy = false;
    }
  }

  async #write(nowMs: number): Promise<void> {
    const fd = await this.#opened();
    while (this.#pending.length > 0) await this.#writeSome(fd);
    if (this.#texts !== null) await this.#writeTexts(this.#path, this.#texts());
    this.#texts = null;
    if (this.#unsynced === 0 || nowMs - this.#syncedMs < SYNC_MS) return;
    this.#syncedMs = nowMs;
    this.#unsynced = 0;
    await this.ask({ call: "sync", fd });
    if (await this.ask({ call: "isFree", path: this.audioPath })) throw new GoneError();
  }

  async #writeSome(fd: number): Promise<void> {
    // A new array: a message between threads copies all of a view's buffer.
    const bytes = concatBytes(this.#pending);
    const count = this.#pending.length;
    const position = this.#position;
    const taken = Number(await this.ask({ call: "writeAt", fd, bytes, position }));
    const rest = taken < bytes.length ? [bytes.subarray(taken)] : [];
    this.#pending = [...rest, ...this.#pending.slice(count)];
    this.#pendingBytes -= taken;
    this.#position += taken;
    this.#unsynced += taken;
  }

  async #opened(): Promise<number> {
    if (this.#fd !== null) return this.#fd;
    if (!this.#isMade) return (this.#fd = await this.#made());
    const opened = await this.ask({ call: "edit", path: this.audioPath });
    return (this.#fd = (opened as OpenedFile).fd);
  }

  /** Under the first name that is free. */
  async #made(): Promise<number> {
    const wanted = this.#path;
    for (let number = 1; ; number++) {
      this.#path = numbered(wanted, number);
      const path = this.#path + this.suffix;
      try {
        const fd = await this.ask({ call: "create", path, ending: PART, mode: AUDIO_MODE });
        this.#isMade = true;
        return fd as number;
      } catch (error) {
        if (codeOf(error) === "EEXIST" && number < MAX_NAMES) continue;
        this.#path = wanted;
        throw error;
      }
    }
  }

  async #writeTexts(base: string, texts: Texts): Promise<void> {
    for (const [ending, text] of Object.entries(texts)) {
      const [path, bytes] = [base + ending, new TextEncoder().encode(text)];
      await this.ask({ call: "replace", path, bytes, mode: DOCUMENT_MODE });
    }
  }

  /** Each step may fail and be done again. */
  async #complete(ending: Ending): Promise<void> {
    const fd = await this.#opened();
    const size = this.#position + ending.tail.length;
    await this.#put(fd, ending.tail, this.#position);
    await this.#put(fd, ending.head, 0);
    await this.ask({ call: "truncate", fd, size });
    await this.ask({ call: "sync", fd });
    await this.#settle(ending);
    this.#isOver = true;
    this.news.onDone(this.audioPath);
    await this.#close();
  }

  /** Gives the file its name, once what stands beside it is on disk. */
  async #settle(ending: Ending): Promise<void> {
    const [from, old] = [this.audioPath, this.#path];
    const path = this.#wanted === null ? old : await this.#freePath(this.#wanted);
    const texts = ending.texts(path);
    await this.#writeTexts(path, texts);
    await this.ask({ call: "settle", from, to: path + this.suffix });
    this.#path = path;
    this.#isWhole = true;
    if (path === old) return;
    const paths = Object.keys(texts).map((end) => old + end);
    await this.ask({ call: "remove", paths, upTo: "" });
  }

  async #freePath(wanted: string): Promise<string> {
    for (let number = 1; number < MAX_NAMES; number++) {
      const path = numbered(wanted, number);
      if (await this.ask({ call: "isFree", path: path + this.suffix })) return path;
    }
    return this.#path;
  }

  async #put(fd: number, bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const part = bytes.slice(done);
      const at = position + done;
      done += Number(await this.ask({ call: "writeAt", fd, bytes: part, position: at }));
    }
  }

  async #failed(error: unknown, nowMs: number): Promise<void> {
    this.#retryMs = nowMs + RETRY_MS;
    const isGone = this.#isMade && codeOf(error) === "ENOENT";
    await this.#close();
    if (!isGone) return this.news.onState(codeOf(error));
    this.#isOver = true;
    this.news.onGone();
  }

  /** A share that comes back wants its files opened again. */
  async #close(): Promise<void> {
    const fd = this.#fd;
    this.#fd = null;
    if (fd !== null) await this.ask({ call: "close", fd }).catch(() => undefined);
  }
}

function numbered(path: string, number: number): string {
  return number === 1 ? path : `${path} (${number})`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
