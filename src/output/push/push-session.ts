// One login at another server, and the connection until its end.
import type { PushTarget } from "../../config/push-url.ts";
import { AnswerReader, type PushAnswer } from "./answer-reader.ts";
import type { Link, OpenLink } from "./push-link.ts";
import { pushHead, secretsOf, type PushedStream, type PushMethod } from "./push-request.ts";

/** A server that says nothing to PUT for this long is sent audio, as libshout does. */
const SILENT_MS = 4000;

/** To SOURCE every server answers. */
const ANSWER_MS = 10_000;

/** Answers of servers that do not know PUT. */
const NO_PUT: ReadonlySet<number> = new Set([0, 400, 404, 405, 501]);

export interface SessionEvents {
  /** Audio may be sent. */
  onAccepted(): void;
  onDrain(): void;
  /** Once. `knowsNoPut`: SOURCE may succeed. */
  onOver(why: string, knowsNoPut: boolean): void;
}

interface Login {
  readonly method: PushMethod;
  readonly target: PushTarget;
  readonly isVerified: boolean;
  readonly stream: PushedStream;
}

export class PushSession {
  readonly #link: Link;
  readonly #answers: AnswerReader;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOpen = false;
  #isAccepted = false;
  #isOver = false;

  constructor(
    private readonly login: Login,
    open: OpenLink,
    private readonly events: SessionEvents,
  ) {
    this.#answers = new AnswerReader(secretsOf(login.target));
    this.#link = open(login.target, login.isVerified, {
      onOpen: () => this.#opened(),
      onData: (bytes) => this.#read(bytes),
      onDrain: () => this.events.onDrain(),
      // Servers that do not know PUT may also close the connection.
      onEnd: (why) => this.#end(why, this.#isOpen && !this.#isAccepted),
    });
  }

  /** Returns the bytes taken. */
  write(bytes: Uint8Array): number {
    return this.#link.write(bytes);
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#link.close();
  }

  #opened(): void {
    this.#isOpen = true;
    const { method, target, stream } = this.login;
    const head = pushHead(method, target, stream);
    if (this.#link.write(head) !== head.length) return this.#end("it takes no request", false);
    const isPut = method === "PUT";
    const silent = () => (isPut ? this.#accept() : this.#end("it does not answer", false));
    this.#timer = setTimeout(silent, isPut ? SILENT_MS : ANSWER_MS);
  }

  #read(bytes: Uint8Array): void {
    for (const answer of this.#answers.push(bytes)) if (!this.#isOver) this.#judge(answer);
  }

  #judge({ status, sentence }: PushAnswer): void {
    if (status === 100 || (status >= 200 && status < 300)) return this.#accept();
    if (status > 0 && status < 200) return;
    this.#end(sentence, NO_PUT.has(status) && !this.#isAccepted);
  }

  #accept(): void {
    clearTimeout(this.#timer);
    if (this.#isAccepted || this.#isOver) return;
    this.#isAccepted = true;
    this.events.onAccepted();
  }

  #end(why: string, knowsNoPut: boolean): void {
    if (this.#isOver) return;
    this.close();
    this.events.onOver(why, knowsNoPut && this.login.method === "PUT");
  }
}
