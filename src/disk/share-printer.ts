// Standard output or error in a file on a share: a disk thread writes it, so that a share that hangs holds up nothing else.
import { type Print, RETRY_MS } from "../lib/outlet.ts";
import type { FileCall, Reply } from "./call.ts";
import type { Thread } from "./thread.ts";

/** Bytes that may wait for the thread; the outlet keeps further ones. */
const MAX_PENDING_BYTES = 64 * 1024;

export class SharePrinter {
  #pending = new Uint8Array(0);
  #isWriting = false;
  #onFlushed: () => void = () => undefined;

  constructor(
    private readonly thread: Thread,
    private readonly descriptor: number,
  ) {
    thread.onReply = (reply) => this.#written(reply);
  }

  readonly print: Print = (bytes) => {
    if (this.#pending.length + bytes.length > MAX_PENDING_BYTES) return 0;
    this.#pending = Buffer.concat([this.#pending, bytes]);
    if (!this.#isWriting) this.#write();
    return bytes.length;
  };

  /** Resolves when everything has been written: never, if the share hangs for ever. */
  flush(): Promise<void> {
    if (this.#pending.length === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#onFlushed = resolve));
  }

  #write(): void {
    this.#isWriting = true;
    const call: FileCall = { call: "write", fd: this.descriptor, bytes: this.#pending };
    this.thread.post(call);
  }

  /** A full disk is tried again. */
  #written(reply: Reply): void {
    this.#isWriting = false;
    this.#pending = this.#pending.subarray("value" in reply ? Number(reply.value) : 0);
    if (this.#pending.length === 0) this.#onFlushed();
    else if ("value" in reply) this.#write();
    else this.#writeLater();
  }

  #writeLater(): void {
    this.#isWriting = true;
    setTimeout(() => this.#write(), RETRY_MS).unref();
  }
}
