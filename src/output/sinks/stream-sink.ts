// The body of an HTTP response that is written as it happens: the source of a direct stream of Bun's, and the sink that
// writes it.
import type { SinkOwner, SinkState } from "../../mount/roles.ts";

/** What Bun hands to pull() of a direct stream. Its types say number; a blocked write is a Promise. */
export interface DirectController {
  write(bytes: Uint8Array<ArrayBuffer>): number | Promise<number>;
  end(): void;
  close(error?: Error): void;
}

/** Begins to write; returns a function to call when the client has gone, or null to end at once. */
export type Open = (sink: StreamSink) => (() => void) | null;

export class StreamSink {
  readonly type = "direct";
  owner: Pick<SinkOwner, "onDrain"> | null = null;
  /** Bytes of the body. The core writes to the connection directly; its bytes are added here. */
  sentBytes = 0;
  /** Called once, with sentBytes, when the stream has ended. */
  onEnd: ((sentBytes: number) => void) | null = null;
  #controller: DirectController | null = null;
  /** Settles the promise that pull() returned: Bun keeps the response open until then. */
  #settle: (() => void) | null = null;
  #onGone: (() => void) | null = null;
  #isOver = false;

  constructor(private open: Open | null) {}

  /** Called by Bun, once. */
  pull(controller: DirectController): Promise<void> {
    return new Promise<void>((settle) => {
      this.#controller = controller;
      this.#settle = settle;
      this.#onGone = this.open?.(this) ?? null;
      // What it refers to is not needed any more.
      this.open = null;
      if (this.#onGone === null) this.end();
    });
  }

  /** Called by Bun when the client has gone, even if it has not pulled. */
  cancel(): void {
    const onGone = this.#onGone;
    this.#onGone = null;
    onGone?.();
    this.#ended();
  }

  /** The controller's write() returns the bytes accepted, 0 if the connection is gone, or a promise while the send
   * buffer is full; the bytes are accepted (copied) then too. */
  write(span: Uint8Array<ArrayBuffer>): SinkState {
    const taken = this.#isOver ? 0 : this.#controller?.write(span);
    if (taken === undefined || taken === 0) return "gone";
    this.sentBytes += span.length;
    if (typeof taken === "number") return "open";
    // Bun reports a broken connection by cancel().
    void taken.finally(() => this.owner?.onDrain()).catch(() => (this.#isOver = true));
    return "blocked";
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller?.end();
    this.#close();
  }

  /** end() would wait for a client that does not read; closing with an error resets the connection. */
  abort(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller?.close(new Error("The listener does not read"));
    this.#close();
  }

  #close(): void {
    this.#ended();
    this.#settle?.();
  }

  #ended(): void {
    const { onEnd } = this;
    this.onEnd = null;
    onEnd?.(this.sentBytes);
  }
}
