// Asks a URL back end: so many questions at a time, with a time limit, and none for a while after it failed.
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { type RawReply, readReply, type Reply } from "./url-reply.ts";

export interface BackEndSettings {
  /** Credentials in it are sent as Basic. */
  readonly url: string;
  /** Seconds for an answer. */
  readonly timeout: number;
  /** What happens while it does not answer. */
  readonly onError: "refuse" | "admit";
}

/** Sends a form, and resolves with what was answered; redirects are not followed. */
export type Post = (
  url: string,
  form: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<RawReply>;

const MAX_RUNNING = 32;
const MAX_WAITING = 2000;

/** Notes that listeners have left wait behind no question; a dead back end loses the oldest. */
const MAX_NOTES = 2000;

/** Milliseconds without questions after a failure, so that a dead back end holds up nobody: KH's. */
const PAUSE_MS = 30_000;

const OPEN: Reply = { kind: "admit", timeLimit: 0, user: "", mount: "" };

export class BackEnd {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #notes = 0;
  #isDown = false;
  #asksAgainMs = -Infinity;

  constructor(
    private readonly settings: BackEndSettings,
    private readonly name: string,
    /** Distinguishes it from others of its name. */
    readonly key: string,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly post: Post = postForm,
  ) {}

  /** A question of strangers that nobody was asked about. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** What it says to a form; null if it does not answer, or too many ask, and the asker is refused. Never rejects. */
  async ask(form: string, signal: AbortSignal): Promise<Reply | null> {
    if (this.clock.nowMs() < this.#asksAgainMs) return this.#withoutAnswer();
    if (this.#waiting.length >= MAX_WAITING) return this.#overrun();
    await this.#turn();
    try {
      if (signal.aborted || this.clock.nowMs() < this.#asksAgainMs) return this.#withoutAnswer();
      return this.#answered(await this.#send(form, signal));
    } catch (error) {
      return signal.aborted ? this.#withoutAnswer() : this.#fail(reasonOf(error));
    } finally {
      this.#leave();
    }
  }

  /** Notifies it of something that needs no answer; left out while it is down or too much is under way. */
  notify(form: string): void {
    if (this.#isDown || this.#notes >= MAX_NOTES) return;
    this.#notes++;
    this.#send(form, new AbortController().signal)
      .catch((error: unknown) => this.#fail(reasonOf(error)))
      .finally(() => this.#notes--);
  }

  async #send(form: string, signal: AbortSignal): Promise<RawReply> {
    const { url, timeout } = this.settings;
    const { address, headers } = withoutCredentials(url);
    const limited = AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000)]);
    const reply = await this.post(address, form, headers, limited);
    if (reply.status >= 500) throw new Error(`it answers ${reply.status}`);
    return reply;
  }

  #answered(reply: RawReply): Reply {
    if (this.#isDown) this.log.info(`${this.name}: the back end answers again`);
    this.#isDown = false;
    return readReply(reply);
  }

  #fail(reason: string): Reply | null {
    if (!this.#isDown) {
      const meanwhile = this.settings.onError === "admit" ? "admitted" : "refused";
      this.log.warn(`${this.name}: the back end fails (${reason}); everybody is ${meanwhile}`);
    }
    this.#isDown = true;
    this.#asksAgainMs = this.clock.nowMs() + PAUSE_MS;
    return this.#withoutAnswer();
  }

  /** The back end may be well: a rush of strangers must neither silence it nor be admitted. */
  #overrun(): null {
    this.log.repeated(`${this.name}: too many questions wait for the back end: some are refused`);
    return null;
  }

  #withoutAnswer(): Reply | null {
    return this.settings.onError === "admit" ? OPEN : null;
  }

  async #turn(): Promise<void> {
    if (this.#running >= MAX_RUNNING) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#running++;
  }

  /** The next one takes over the place. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running--;
    else next();
  }
}

/** Errors of fetch() quote the address, whose path or query may be a secret. */
const ADDRESS = /https?:\/\/[^\s"]+/gi;

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return "no answer in time";
  if (error instanceof Error && "code" in error) return `it cannot be reached: ${error.code}`;
  return error instanceof Error ? error.message.replace(ADDRESS, "its address") : String(error);
}

function withoutCredentials(url: string) {
  const address = new URL(url);
  const { username, password } = address;
  address.username = address.password = "";
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers: Record<string, string> =
    username === "" ? {} : { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
  return { address: address.href, headers };
}

async function postForm(
  url: string,
  form: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<RawReply> {
  const answer = await fetch(url, {
    method: "POST",
    body: form,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    redirect: "manual",
    signal,
  });
  // Only the headers say something; a body without an end must not stay open.
  await answer.body?.cancel();
  return { status: answer.status, headers: answer.headers };
}
