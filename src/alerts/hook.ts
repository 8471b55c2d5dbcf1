// One web hook: sends its messages one after the other, and again when the receiver does not take them. Its queue, its
// attempts and its waiting are bounded, and nothing in the station waits for it.
import type { Log } from "../lib/log.ts";
import type { Secret } from "../lib/secret.ts";
import { SERVER } from "../lib/version.ts";
import { type AlertMessage, signedHeaders } from "./message.ts";

/** Messages that wait; the oldest go first. */
export const MAX_WAITING = 100;

/** An attempt may take this long, its answer included. */
const LIMIT_MS = 10_000;

/** The first wait after a failure; each is twice the one before, up to the longest. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 300_000;

/** All attempts together span about half an hour. */
export const MAX_ATTEMPTS = 14;

export interface HookConfig {
  readonly label: string;
  /** Its path often is a secret of its own. */
  readonly url: Secret;
  /** Empty: messages are not signed. */
  readonly secret: Secret;
}

/** taken: by the receiver. refused: the same again would be refused again. failed: later it may be taken. */
type Outcome =
  { readonly kind: "taken" } | { readonly kind: "refused" | "failed"; readonly why: string };

export interface HookTimes {
  /** Milliseconds since 1970. */
  readonly wall: { nowMs(): number };
  readonly firstWaitMs: number;
  readonly limitMs: number;
}

const WORTH_ANOTHER = new Set([408, 425, 429]);

export class Hook {
  #waiting: AlertMessage[] = [];
  #isSending = false;
  #isClosed = false;
  #wake: () => void = () => undefined;
  readonly #stop = new AbortController();

  constructor(
    private config: HookConfig,
    private readonly log: Log,
    private readonly times: Pick<HookTimes, "wall"> & Partial<HookTimes>,
  ) {}

  /** In force from the next attempt on. */
  reconfigure(config: HookConfig): void {
    this.config = config;
  }

  send(message: AlertMessage): void {
    if (this.#isClosed) return;
    this.#waiting.push(message);
    if (this.#waiting.length > MAX_WAITING) {
      this.#waiting.shift();
      this.log.repeated(`too many alerts wait for ${this.#name}: the oldest are dropped`);
    }
    if (!this.#isSending) void this.#sendAll();
  }

  /** Drops what waits, and ends the attempt that runs. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    this.#stop.abort();
    this.#wake();
  }

  get #name(): string {
    return `alert "${this.config.label}"`;
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      await this.#deliver(next);
    this.#isSending = false;
  }

  async #deliver(message: AlertMessage): Promise<void> {
    let waitMs = this.times.firstWaitMs ?? FIRST_WAIT_MS;
    for (let attempt = 1; !this.#isClosed; attempt++) {
      const outcome = await this.#attempt(message);
      if (outcome.kind === "taken" || this.#isClosed) return;
      const isLast = outcome.kind === "refused" || attempt >= MAX_ATTEMPTS;
      if (isLast) return this.log.warn(`${this.#name} was not delivered: ${outcome.why}`);
      this.log.repeated(`${this.#name} is tried again: ${outcome.why}`);
      await this.#pause(waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Never rejects. A redirect is not followed: a message for one receiver is not for another. */
  async #attempt(message: AlertMessage): Promise<Outcome> {
    const { url, secret } = this.config;
    const limit = AbortSignal.timeout(this.times.limitMs ?? LIMIT_MS);
    try {
      const { status, body } = await fetch(url.reveal(), {
        method: "POST",
        redirect: "manual",
        headers: {
          "content-type": "application/json",
          "user-agent": SERVER,
          ...signedHeaders(message, secret.reveal(), this.times.wall.nowMs()),
        },
        body: message.body,
        signal: AbortSignal.any([limit, this.#stop.signal]),
      });
      // The status is all that counts: an answer may have no end.
      await body?.cancel();
      return outcomeOf(status);
    } catch (error) {
      return { kind: "failed", why: whyOf(error) };
    }
  }
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { kind: "taken" };
  const isLater = status >= 500 || WORTH_ANOTHER.has(status);
  return { kind: isLater ? "failed" : "refused", why: `the receiver answered ${status}` };
}

/** Without the URL, which errors may name. */
function whyOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError")
    return "the receiver did not answer in time";
  const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
  return `the receiver cannot be reached${code}`;
}
