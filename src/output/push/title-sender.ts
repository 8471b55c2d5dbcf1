// Titles for another server, beside the audio: the latest one, until it has arrived.
import type { PushTarget } from "../../config/push-url.ts";
import { sentenceOf } from "./answer-reader.ts";
import { authorization, secretsOf, titleUrl } from "./push-request.ts";

const ANSWER_MS = 10_000;

/** A server knows a source only shortly after it has accepted it. */
const RETRY_MS = [500, 2000, 8000];

export class TitleSender {
  #wanted: string | null = null;
  #isBusy = false;
  #isClosed = false;

  constructor(
    private readonly target: PushTarget,
    private readonly isVerified: boolean,
    private readonly onFailed: (why: string) => void,
  ) {}

  /** Takes the place of one that has not arrived. */
  send(song: string): void {
    this.#wanted = song;
    if (!this.#isBusy) void this.#deliver();
  }

  close(): void {
    this.#isClosed = true;
    this.#wanted = null;
  }

  async #deliver(): Promise<void> {
    this.#isBusy = true;
    for (let song = this.#wanted; song !== null && !this.#isClosed; song = this.#wanted) {
      const why = await this.#tryAll(song);
      if (this.#wanted === song) this.#wanted = null;
      if (why !== null && !this.#isClosed) this.onFailed(why);
    }
    this.#isBusy = false;
  }

  /** Why it was not taken; null if it was, or another is wanted by now. */
  async #tryAll(song: string): Promise<string | null> {
    let why = await this.#try(song);
    for (const ms of RETRY_MS) {
      if (why === null || this.#wanted !== song || this.#isClosed) return null;
      await Bun.sleep(ms);
      why = await this.#try(song);
    }
    return why;
  }

  async #try(song: string): Promise<string | null> {
    try {
      const answer = await fetch(titleUrl(this.target, song), {
        headers: { authorization: authorization(this.target) },
        redirect: "manual",
        signal: AbortSignal.timeout(ANSWER_MS),
        tls: { rejectUnauthorized: this.isVerified },
      });
      await answer.body?.cancel();
      return answer.ok
        ? null
        : sentenceOf(`${answer.status} ${answer.statusText}`, secretsOf(this.target));
    } catch {
      return "no answer";
    }
  }
}
