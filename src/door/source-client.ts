// A live source on its connection: passes what it sends to its session, and decides when it ends.
import { ACCEPTED, type Counted, type Refusal, refusalAnswer } from "../wire/answers.ts";
import type { Admitted } from "./source-login.ts";
import type { Pushed } from "../input/live/paced-feed.ts";
import { SourceSession } from "./session.ts";
import type { Turn } from "../lib/turn.ts";

/** The connection of a source client. */
export interface SourceConnection {
  /** The client's address. */
  readonly address: string;
  /** Shared by all sources. */
  readonly turn: Turn;
  /** Stops reading until resume(). */
  pause(): void;
  resume(): void;
  count(what: Counted): void;
  /** Ends the source and closes both directions at once. */
  close(why: string): void;
  /** Ends the source and lets the client read `answer`, which is "" if it expects none. */
  dismiss(why: string, answer: string): void;
}

export class SourceClient {
  readonly #session: SourceSession;
  /** When it last sent something, or was last paused. */
  #heardMs: number;
  /** It has closed its half, and held bytes are still to be played. */
  #hasEnded = false;

  /** `program`: used if the client sends no User-Agent. */
  constructor(
    admitted: Admitted,
    program: string,
    private readonly connection: SourceConnection,
    nowMs: number,
  ) {
    const close = (why: string) => connection.close(why);
    const { address, turn } = connection;
    const goOn = (atMs: number) => this.#goOn(atMs);
    this.#session = new SourceSession(admitted, { address, program, close, turn, goOn }, nowMs);
    this.#heardMs = nowMs;
  }

  onData(bytes: Uint8Array, nowMs: number): void {
    this.#heardMs = nowMs;
    this.#follow(this.#session.push(bytes, nowMs));
    if (this.#session.isAhead) this.connection.pause();
  }

  /** It has closed its half, possibly before the announced length. */
  onEnd(): void {
    this.#hasEnded = true;
    if (this.#session.isAhead) return;
    const { owedBytes } = this.#session;
    if (owedBytes === 0) this.connection.close("it closed the connection");
    else this.#breakOff("cut_short", `it closed ${owedBytes} bytes before its end`);
  }

  /** Idempotent. */
  onClose(why: string, nowMs: number): void {
    this.#session.end(why, nowMs);
  }

  /** Part of the announced length has not come. */
  get isOwing(): boolean {
    return this.#session.owedBytes > 0;
  }

  /** It is ahead of its time, and goes on with the next checkTimeout that finds it is not. */
  get isHeld(): boolean {
    return this.#session.isAhead;
  }

  checkTimeout(nowMs: number): void {
    const session = this.#session;
    if (session.isAhead) return this.#goOn(nowMs);
    const { timeout } = session;
    if (session.isSoundless(nowMs)) {
      this.#breakOff("no_audio", `it sends no audio for ${timeout} s`);
    } else if (nowMs - this.#heardMs >= timeout * 1000) {
      this.connection.close(`it sent nothing for ${timeout} s`);
    }
  }

  /** A paused source is not silent. */
  #goOn(nowMs: number): void {
    if (this.#session.isOver) return;
    this.#heardMs = nowMs;
    this.#follow(this.#session.goOn(nowMs));
    if (this.#session.isOver || this.#session.isAhead) return;
    if (this.#hasEnded) this.onEnd();
    else this.connection.resume();
  }

  #follow(pushed: Pushed): void {
    if (pushed.kind === "broken") this.#breakOff(pushed.refusal, pushed.why);
    else if (pushed.kind === "done") this.#complete();
  }

  /** Ends a source that cannot be played. A client that expects an answer gets one; any other sees the end of the
   * connection. */
  #breakOff(refusal: Refusal, why: string): void {
    this.connection.count(refusal);
    const answer = refusalAnswer(refusal, `Broken off: ${why}`);
    this.connection.dismiss(why, this.#session.isExpecting ? answer : "");
  }

  /** The body is complete. After 100 Continue the client expects a final answer. */
  #complete(): void {
    const why = "it has sent everything";
    if (this.#session.isExpecting) this.connection.dismiss(why, ACCEPTED);
    else this.connection.close(why);
  }
}
