// The body of an HTTP response that is written as it happens: Bun's direct stream.
import type { SinkState } from "../../mount/roles.ts";

/** What Bun hands to pull() of a direct stream. Its types say number; a blocked write is a Promise. */
export interface DirectController {
  write(bytes: Uint8Array<ArrayBuffer>): number | Promise<number>;
  end(): void;
  close(error?: Error): void;
}

export class StreamSink {
  onDrain: () => void = () => undefined;
  /** Bytes of the body. The core writes to the connection directly; its bytes are added here. */
  sentBytes = 0;
  #isOver = false;

  constructor(
    private readonly controller: DirectController,
    /** Settles the promise that pull() returned: Bun keeps the response open until then. */
    private readonly settle: () => void,
  ) {}

  /** The controller's write() returns the bytes accepted, 0 if the connection is gone, or a promise while the send
   * buffer is full; the bytes are accepted (copied) then too. */
  write(span: Uint8Array<ArrayBuffer>): SinkState {
    if (this.#isOver) return "gone";
    const taken = this.controller.write(span);
    if (taken === 0) return "gone";
    this.sentBytes += span.length;
    if (typeof taken === "number") return "open";
    // A broken connection is reported by the request's abort signal.
    void taken.finally(() => this.onDrain()).catch(() => this.#over());
    return "blocked";
  }

  end(): void {
    if (this.#isOver) return;
    this.#over();
    this.controller.end();
    this.settle();
  }

  /** end() would wait for a client that does not read; closing with an error resets the connection. */
  abort(): void {
    if (this.#isOver) return;
    this.#over();
    this.controller.close(new Error("The listener does not read"));
    this.settle();
  }

  #over(): void {
    this.#isOver = true;
  }
}
