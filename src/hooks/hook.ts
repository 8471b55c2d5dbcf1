// One web hook: sends its messages one after the other, and again when the receiver does not take them. Its queue, its
// attempts and its waiting are bounded, and nothing in the station waits for it.
import type { Log } from "../lib/log.ts";
import type { Secret } from "../lib/secret.ts";
import { type HookAnswer, type HookRequest, PrivateAddress, type Send } from "./request.ts";
import type { Message } from "./signature.ts";

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

/** taken: by the receiver. refused: the same again would be refused again. failed: later it may be taken, not before
 * `waitMs` from now. */
type Outcome =
  | { readonly kind: "taken" }
  | { readonly kind: "refused" | "failed"; readonly why: string; readonly waitMs?: number };

export interface HookTimes {
  /** Milliseconds since 1970. */
  readonly wall: { nowMs(): number };
  readonly firstWaitMs: number;
  readonly limitMs: number;
}

/** What distinguishes one kind of web hook from another. */
export interface HookKind<Config extends HookConfig> {
  /** The name of its block in the configuration. */
  readonly block: string;
  /** What is sent of a message; null: nothing. */
  request(message: Message, config: Config, nowMs: number): HookRequest | null;
  /** How, to this receiver. */
  send(config: Config): Send;
  /** What waits has changed. */
  onWaiting?(waiting: readonly Message[]): void;
}

const WORTH_ANOTHER = new Set([408, 425, 429]);

export class Hook<Config extends HookConfig = HookConfig> {
  /** The first one is being sent. */
  #waiting: readonly Message[] = [];
  #isSending = false;
  #isClosed = false;
  #wake: () => void = () => undefined;
  readonly #stop = new AbortController();

  constructor(
    private config: Config,
    private readonly kind: HookKind<Config>,
    private readonly log: Log,
    private readonly times: Pick<HookTimes, "wall"> & Partial<HookTimes>,
  ) {}

  /** In force from the next attempt on. */
  reconfigure(config: Config): void {
    this.config = config;
  }

  send(message: Message): void {
    if (this.#isClosed) return;
    this.#put([...this.#waiting, message]);
    if (!this.#isSending) void this.#sendAll();
  }

  /** Messages of an earlier run, which go before those of this one. */
  restore(messages: readonly Message[]): void {
    if (this.#isClosed || messages.length === 0) return;
    const [sending, ...others] = this.#waiting;
    this.#put(sending === undefined ? messages : [sending, ...messages, ...others]);
    if (!this.#isSending) void this.#sendAll();
  }

  /** Ends the attempt that runs, and sends nothing more; what waits is forgotten here. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    this.#stop.abort();
    this.#wake();
  }

  get #name(): string {
    return `${this.kind.block} "${this.config.label}"`;
  }

  #put(waiting: readonly Message[]): void {
    const [sending, ...others] = waiting;
    // The one that is being sent keeps its place, and counts beside those that wait.
    const places = this.#isSending ? MAX_WAITING + 1 : MAX_WAITING;
    const isFull = waiting.length > places;
    const kept = sending === undefined ? [] : [sending, ...others.slice(-(places - 1))];
    this.#waiting = isFull ? (this.#isSending ? kept : waiting.slice(-places)) : waiting;
    if (isFull)
      this.log.repeated(`too many messages wait for ${this.#name}: the oldest are dropped`);
    this.kind.onWaiting?.(this.#waiting);
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      await this.#deliver(next);
      if (this.#isClosed) break;
      this.#waiting = this.#waiting.slice(1);
      this.kind.onWaiting?.(this.#waiting);
    }
    this.#isSending = false;
  }

  async #deliver(message: Message): Promise<void> {
    let waitMs = this.times.firstWaitMs ?? FIRST_WAIT_MS;
    for (let attempt = 1; !this.#isClosed; attempt++) {
      const outcome = await this.#attempt(message);
      if (outcome.kind === "taken" || this.#isClosed) return;
      const isLast = outcome.kind === "refused" || attempt >= MAX_ATTEMPTS;
      if (isLast) return this.log.warn(`${this.#name} was not delivered: ${outcome.why}`);
      this.log.repeated(`${this.#name} is tried again: ${outcome.why}`);
      await this.#pause(Math.min(Math.max(waitMs, outcome.waitMs ?? 0), LONGEST_WAIT_MS));
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

  /** Never rejects. */
  async #attempt(message: Message): Promise<Outcome> {
    const { kind, config, times } = this;
    const limit = AbortSignal.timeout(times.limitMs ?? LIMIT_MS);
    try {
      const request = kind.request(message, config, times.wall.nowMs());
      if (request === null) return { kind: "taken" };
      const signal = AbortSignal.any([limit, this.#stop.signal]);
      return outcomeOf(await kind.send(config)(request, signal));
    } catch (error) {
      if (error instanceof PrivateAddress) return { kind: "refused", why: PRIVATE };
      return { kind: "failed", why: whyOf(error) };
    }
  }
}

const PRIVATE = "the receiver's address is private; allow_private = true permits that";

function outcomeOf({ status, headers }: HookAnswer): Outcome {
  if (status >= 200 && status < 300) return { kind: "taken" };
  const isLater = status >= 500 || WORTH_ANOTHER.has(status);
  const why = `the receiver answered ${status}`;
  return isLater ? { kind: "failed", why, waitMs: askedWaitMs(headers) } : { kind: "refused", why };
}

/** How long the receiver wants to be left alone. */
function askedWaitMs(headers: Headers): number {
  const seconds = Number(headers.get("retry-after") ?? headers.get("x-ratelimit-reset-in") ?? 0);
  return seconds > 0 ? seconds * 1000 : 0;
}

/** Without the URL, which errors may name. */
function whyOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError")
    return "the receiver did not answer in time";
  const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
  return `the receiver cannot be reached${code}`;
}
