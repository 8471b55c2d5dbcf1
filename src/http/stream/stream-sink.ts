// The body of an HTTP response that somebody goes on writing: Bun's direct stream.
import type { SinkState } from "../../mount/roles.ts";
import { exchangeOf } from "../exchange.ts";

/** What Bun hands to pull() of a direct stream. Its types say number; a blocked write is a Promise. */
interface DirectController {
  write(bytes: Uint8Array<ArrayBuffer>): number | Promise<number>;
  end(): void;
  close(error?: Error): void;
}

export class StreamSink {
  onDrain: () => void = () => undefined;
  /** Of its body; whoever writes past this sink says so here. */
  sentBytes = 0;
  #isOver = false;

  constructor(
    private readonly controller: DirectController,
    /** Settles the promise that pull() returned: Bun keeps the response open until then. */
    private readonly settle: () => void,
  ) {}

  /** write() answers bytes taken, 0 when the connection is gone, or a promise while the kernel is
   * full; the bytes are taken (copied) in that case too. */
  write(span: Uint8Array<ArrayBuffer>): SinkState {
    if (this.#isOver) return "gone";
    const taken = this.controller.write(span);
    if (taken === 0) return "gone";
    this.sentBytes += span.length;
    if (typeof taken === "number") return "open";
    // Settled either way: of a connection that broke, the request's abort signal tells.
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

/**
 * A response whose body is written by whoever `open` hands the sink to. `open` runs when the response is
 * pulled, never for HEAD, and must write at once: Bun completes the header block with the first body
 * byte (oven-sh/bun#33660). It returns what to do when the client has gone, or null to end at once.
 */
export function streamResponse(
  headers: Record<string, string>,
  request: Request,
  open: (sink: StreamSink) => (() => void) | null,
): Response {
  const { signal } = request;
  let sentBytes = () => 0;
  const { promise: ended, resolve } = Promise.withResolvers<number>();
  const over = () => resolve(sentBytes());
  let onGone: (() => void) | null = null;
  const gone = () => {
    onGone?.();
    over();
  };
  exchangeOf(request).streamed = ended;
  // A client that has gone may never be pulled for.
  if (signal.aborted) over();
  else signal.addEventListener("abort", gone, { once: true });
  const body: Bun.DirectUnderlyingSource<Uint8Array> = {
    type: "direct",
    pull(controller) {
      return new Promise<void>((settle) => {
        const sink = new StreamSink(controller, () => {
          over();
          settle();
        });
        sentBytes = () => sink.sentBytes;
        onGone = open(sink);
        if (onGone === null) sink.end();
      });
    },
  };
  return new Response(new ReadableStream(body), { headers });
}
