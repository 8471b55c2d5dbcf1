// One socket of the source port: its opening, then a source's body or a guest; what is left is read away and closed.
import type { Socket } from "bun";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Mount } from "../mount/mount.ts";
import {
  ACCEPTED,
  CONTINUE,
  INVALID_PASSWORD,
  type Refusal,
  refusalAnswer,
  WELCOME,
} from "./answers.ts";
import { FieldReader } from "./fields.ts";
import type { Guest, Guests, Line } from "./guest.ts";
import { HeadReader, type RequestHead } from "./handshake.ts";
import { type Admitted, type Door, judge, type Refused, refused } from "./login.ts";
import { Session } from "./session.ts";
import { admitShoutcast, judgePassword } from "./shoutcast.ts";

const HEAD_TIMEOUT_MS = 15_000;

/** After an answer the client may still be sending: closing at once would reset the connection, and
 * the answer with it. */
const LINGER_MS = 2000;

/** The source port, as its connections see it. */
export interface Port extends Door {
  readonly clock: Clock;
  readonly log: Log;
  /** Who serves what is no source; null: such requests are refused. */
  readonly guests: Guests | null;
  count(what: Refusal | "accepted"): void;
  /** It has become a source or a stream, and is not waiting for its turn any more. */
  settle(connection: Connection): void;
}

/** over: it was answered, and what it still sends is not wanted. */
type Stage =
  | { readonly kind: "head"; readonly reader: HeadReader }
  | { readonly kind: "fields"; readonly reader: FieldReader; readonly mount: Mount }
  | { readonly kind: "source"; readonly session: Session }
  | { readonly kind: "guest"; readonly guest: Guest }
  | { readonly kind: "over" };

const OVER: Stage = { kind: "over" };

export class Connection implements Line {
  readonly address: string;
  #stage: Stage = { kind: "head", reader: new HeadReader() };
  /** When it last did what it was waited for: opened, sent audio, was answered. */
  #sinceMs: number;

  constructor(
    private readonly socket: Socket<Connection>,
    private readonly port: Port,
  ) {
    this.address = socket.remoteAddress;
    this.#sinceMs = port.clock.nowMs();
  }

  get localAddress(): string {
    return this.socket.localAddress;
  }

  get localPort(): number {
    return this.socket.localPort;
  }

  onData(bytes: Uint8Array): void {
    const stage = this.#stage;
    if (stage.kind === "source") this.#onBody(stage.session, bytes);
    else if (stage.kind === "head") this.#onHead(stage.reader, bytes);
    else if (stage.kind === "fields") this.#onFields(stage.reader, stage.mount, bytes);
    else if (stage.kind === "guest") stage.guest.onData(bytes);
  }

  onDrain(): void {
    if (this.#stage.kind === "guest") this.#stage.guest.onDrain();
  }

  /** The client has closed its half: a guest may still be waiting for its answer. */
  onEnd(): void {
    if (this.#stage.kind === "guest") this.#stage.guest.onEnd();
    else this.close("it closed the connection");
  }

  onClose(error: Error | undefined): void {
    const code = error === undefined ? "" : ` (${codeOf(error)})`;
    this.#leave(`its connection was lost${code}`);
  }

  checkTimeout(nowMs: number): void {
    const stage = this.#stage;
    const waitedMs = this.waitedMs(nowMs);
    if (stage.kind === "guest") stage.guest.checkTimeout(nowMs);
    else if (stage.kind === "source") {
      const { timeout } = stage.session;
      if (waitedMs >= timeout * 1000) this.close(`it sent nothing for ${timeout} s`);
    } else if (waitedMs >= (stage.kind === "over" ? LINGER_MS : HEAD_TIMEOUT_MS)) {
      this.close("it did not log in");
    }
  }

  waitedMs(nowMs: number): number {
    return nowMs - this.#sinceMs;
  }

  /** Another needs its place more. */
  makeRoom(): void {
    if (this.#stage.kind !== "over") {
      this.port.count("too_many_connections");
      this.port.log.repeated("too many connections are logging in: the oldest are closed");
      this.socket.write(refusalAnswer("too_many_connections", "Too many connections; try again"));
    }
    this.close("others need its place");
  }

  /** Ends whatever it is and closes both directions at once, unlike TCP's half-close. */
  close(why: string): void {
    try {
      this.#leave(why);
    } finally {
      this.socket.end();
    }
  }

  write(bytes: Uint8Array): number {
    return this.socket.write(bytes);
  }

  finish(): void {
    this.#stage = OVER;
    this.#sinceMs = this.port.clock.nowMs();
    this.socket.shutdown();
  }

  drop(): void {
    this.#stage = OVER;
    this.socket.terminate();
  }

  settle(): void {
    this.port.settle(this);
  }

  #onHead(reader: HeadReader, bytes: Uint8Array): void {
    const result = reader.push(bytes);
    if (result.kind === "more") return;
    if (result.kind === "bad") return this.#refuseBad(result.reason);
    if (result.kind === "password") this.#onPassword(result.line);
    else this.#onRequest(result.head);
    // What came behind it in the same read is headers or audio already.
    if (result.rest.length > 0) this.onData(result.rest);
  }

  #onRequest(head: RequestHead): void {
    const { guests } = this.port;
    const isSource = head.method === "SOURCE" || head.method === "PUT";
    if (!isSource && guests !== null) return this.#welcome(guests, head);
    const verdict = judge(head, this.address, this.port);
    if (verdict.kind === "refused") return this.#refuse(verdict);
    this.#goLive(verdict, "");
    this.socket.write(verdict.isExpecting ? CONTINUE : ACCEPTED);
  }

  #welcome(guests: Guests, head: RequestHead): void {
    const guest = guests.receive(head, this);
    // It may have been answered already.
    if (this.#stage.kind === "head") this.#stage = { kind: "guest", guest };
  }

  /** Headers may come before the answer or after it. */
  #onPassword(line: string): void {
    const verdict = judgePassword(line, this.address, this.port);
    if (verdict.kind === "refused") {
      const isWrong = verdict.refusal === "unauthorized";
      return this.#refuse(verdict, isWrong ? INVALID_PASSWORD : undefined);
    }
    this.#stage = { kind: "fields", reader: new FieldReader(), mount: verdict.mount };
    this.socket.write(WELCOME);
  }

  #onFields(reader: FieldReader, mount: Mount, bytes: Uint8Array): void {
    const result = reader.push(bytes);
    if (result.kind === "more") return;
    if (result.kind === "bad") return this.#refuseBad(result.reason);
    const verdict = admitShoutcast(result.fields, mount);
    if (verdict.kind === "refused") return this.#refuse(verdict);
    this.#goLive(verdict, "SHOUTcast v1");
    if (result.rest.length > 0) this.onData(result.rest);
  }

  #refuseBad(reason: string): void {
    this.#refuse(refused("bad_request", `Bad request: ${reason}`));
  }

  #refuse({ refusal, sentence, told }: Refused, answer = refusalAnswer(refusal, sentence)): void {
    if (told !== null) {
      this.port.count(refusal);
      this.port.log.repeated(`a source client at ${this.address} was refused: ${told}`);
    }
    this.#answerLast(answer);
  }

  /** Lets the client read the answer before the connection closes. */
  #answerLast(answer: string): void {
    this.socket.write(answer);
    this.finish();
  }

  #goLive(admitted: Admitted, program: string): void {
    const { address } = this;
    const session = new Session(admitted, { address, program, close: (why) => this.close(why) });
    this.#stage = { kind: "source", session };
    this.#sinceMs = this.port.clock.nowMs();
    this.port.settle(this);
    this.port.count("accepted");
  }

  #onBody(session: Session, bytes: Uint8Array): void {
    const nowMs = this.port.clock.nowMs();
    this.#sinceMs = nowMs;
    const pushed = session.push(bytes, nowMs);
    if (pushed.kind === "broken") this.#breakOff(session, pushed.why);
    else if (pushed.kind === "done") this.#complete(session);
  }

  /** What it sends is not wanted. One who waits for an answer gets it; another sees an end, and time to read it. */
  #breakOff(session: Session, why: string): void {
    this.port.count("unplayable");
    this.#leave(why);
    if (session.isExpecting) this.#answerLast(refusalAnswer("unplayable", `Broken off: ${why}`));
    else this.finish();
  }

  /** The body has ended by its own word; a client that was told to go on is owed the answer to it. */
  #complete(session: Session): void {
    if (!session.isExpecting) return this.close("it has sent everything");
    this.#leave("it has sent everything");
    this.#answerLast(ACCEPTED);
  }

  #leave(why: string): void {
    const stage = this.#stage;
    this.#stage = OVER;
    if (stage.kind === "source") stage.session.end(why, this.port.clock.nowMs());
    else if (stage.kind === "guest") stage.guest.onClose();
  }
}

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : error.message;
}
