// A small document of a master, with bounds on its size and its time.
import { bodyDecoder } from "../../wire/body.ts";
import type { MasterUrl } from "./master-url.ts";
import { MasterRequest, type RequestContext } from "./master-request.ts";

/** A thousand mounts with their titles. */
const MAX_BYTES = 1 << 20;

export class TextFetch {
  readonly #request: MasterRequest;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #body: ReturnType<typeof bodyDecoder> = null;
  #isOver = false;
  readonly #deadlineMs: number;

  /** Calls one of `done` and `failed`, once, unless close() comes first. `why`: a sentence without its end, "it …". */
  constructor(
    url: MasterUrl,
    context: RequestContext,
    now: () => number,
    private readonly done: (text: string) => void,
    private readonly failed: (why: string) => void,
  ) {
    this.#deadlineMs = now() + 3 * context.timeoutMs;
    this.#request = new MasterRequest(
      url,
      context,
      {
        onAnswer: ({ headers }) => void (this.#body = bodyDecoder(headers)),
        onBody: (bytes) => this.#onBody(bytes),
        onOver: (why) => this.#onOver(why),
      },
      now,
    );
  }

  /** To be called about once a second. */
  check(nowMs: number): void {
    this.#request.check(nowMs);
    if (nowMs >= this.#deadlineMs) this.#fail("its answer does not end");
  }

  close(): void {
    this.#isOver = true;
    this.#request.close();
  }

  #onBody(bytes: Uint8Array): void {
    const part = this.#body?.push(bytes);
    if (part === undefined) return this.#fail("it uses an unknown transfer coding");
    // The memory is the socket's.
    this.#parts.push(new Uint8Array(part.data));
    this.#bytes += part.data.length;
    if (this.#bytes > MAX_BYTES) this.#fail("its answer is too long");
    else if (part.state === "done") this.#finish();
  }

  /** An answer without a length ends with the connection. */
  #onOver(why: string): void {
    if (this.#body === null || this.#body.owedBytes > 0) this.#fail(why);
    else this.#finish();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.close();
    this.done(Buffer.concat(this.#parts).toString("utf8"));
  }

  #fail(why: string): void {
    if (this.#isOver) return;
    this.close();
    this.failed(why);
  }
}
