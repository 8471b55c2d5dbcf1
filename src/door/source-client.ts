// A source client that is logged in, on its connection: what it sends goes to its session, and what ends it is decided here.
import { ACCEPTED, type Counted, type Refusal, refusalAnswer } from "../wire/answers.ts";
import type { Admitted } from "./source-login.ts";
import { type Pushed, Session } from "./session.ts";
import type { Turn } from "./turn.ts";

/** The connection of a source client. */
export interface SourceConnection {
  /** The client's. */
  readonly address: string;
  /** Shared by all sources. */
  readonly turn: Turn;
  /** Reads no more until resume(). */
  pause(): void;
  resume(): void;
  count(what: Counted): void;
  /** Ends the source and both directions of the connection at once. */
  close(why: string): void;
  /** Ends the source and lets the client read that; `answer` is "" when it waits for none. */
  dismiss(why: string, answer: string): void;
}

export class SourceClient {
  readonly #session: Session;
  /** When it last sent something, or was made to wait. */
  #heardMs: number;
  /** It has closed its half, and what it sent before is still to be played. */
  #hasEnded = false;

  /** `program`: what it is when it does not say. */
  constructor(
    admitted: Admitted,
    program: string,
    private readonly connection: SourceConnection,
    nowMs: number,
  ) {
    const close = (why: string) => connection.close(why);
    const { address, turn } = connection;
    const goOn = (atMs: number) => this.#goOn(atMs);
    this.#session = new Session(admitted, { address, program, close, turn, goOn }, nowMs);
    this.#heardMs = nowMs;
  }

  onData(bytes: Uint8Array, nowMs: number): void {
    this.#heardMs = nowMs;
    this.#follow(this.#session.push(bytes, nowMs));
    if (this.#session.isAhead) this.connection.pause();
  }

  /** It has closed its half, be it in the midst of what it announced. */
  onEnd(): void {
    this.#hasEnded = true;
    if (this.#session.isAhead) return;
    const { owedBytes } = this.#session;
    if (owedBytes === 0) this.connection.close("it closed the connection");
    else this.#breakOff("cut_short", `it closed ${owedBytes} bytes before its end`);
  }

  /** The connection is gone, for whatever reason. Idempotent. */
  onClose(why: string, nowMs: number): void {
    this.#session.end(why, nowMs);
  }

  /** It has announced more than it has sent. */
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

  /** It was made to wait, so it was not silent. */
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

  /** What it sends is not wanted. One who waits for an answer gets it; another sees an end, and time to read it. */
  #breakOff(refusal: Refusal, why: string): void {
    this.connection.count(refusal);
    const answer = refusalAnswer(refusal, `Broken off: ${why}`);
    this.connection.dismiss(why, this.#session.isExpecting ? answer : "");
  }

  /** The body has ended by its own word; a client that was told to go on is owed the answer to it. */
  #complete(): void {
    const why = "it has sent everything";
    if (this.#session.isExpecting) this.connection.dismiss(why, ACCEPTED);
    else this.connection.close(why);
  }
}
