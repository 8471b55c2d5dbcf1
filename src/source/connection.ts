// One socket of the source port: its opening, then a source's body or a guest; what is left is read away and closed.
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Mount } from "../mount/mount.ts";
import {
  ACCEPTED,
  CONTINUE,
  type Counted,
  type Refusal,
  refusalAnswer,
  WELCOME,
} from "./answers.ts";
import { FieldReader } from "./fields.ts";
import type { Guest, Guests, Line } from "./guest.ts";
import { HeadReader, type RequestHead } from "./handshake.ts";
import { type Admitted, type Door, judge, type Refused, refused } from "./login.ts";
import { type Pushed, Session } from "./session.ts";
import { admitShoutcast, judgePassword, shoutcastRefusal } from "./shoutcast.ts";
import { askedByHead, askedByPassword, codeOf, type WatchedSocket } from "./watched-socket.ts";

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
  count(what: Counted): void;
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
  readonly localAddress: string;
  readonly localPort: number;
  readonly visit;
  #stage: Stage = { kind: "head", reader: new HeadReader() };
  /** When it last did what it was waited for: opened, sent audio, was answered. */
  #sinceMs: number;
  /** It has closed its half, and what it sent before is still to be played. */
  #hasEnded = false;

  constructor(
    private readonly socket: WatchedSocket,
    private readonly port: Port,
  ) {
    this.address = socket.remoteAddress;
    this.localAddress = socket.localAddress;
    this.localPort = socket.localPort;
    this.visit = socket.visit;
    this.#sinceMs = port.clock.nowMs();
  }

  get descriptor(): number {
    return this.socket.descriptor;
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
    const stage = this.#stage;
    if (stage.kind === "guest") stage.guest.onEnd();
    else if (stage.kind === "source") this.#endBody(stage.session);
    else this.close("it closed the connection");
  }

  onClose(error: Error | undefined): void {
    const code = error === undefined ? "" : ` (${codeOf(error)})`;
    const stage = this.#stage;
    if (stage.kind === "source" && stage.session.owedBytes > 0) this.port.count("cut_short");
    this.#leave(`its connection was lost${code}`);
  }

  checkTimeout(nowMs: number): void {
    const stage = this.#stage;
    const waitedMs = this.waitedMs(nowMs);
    if (stage.kind === "guest") stage.guest.checkTimeout(nowMs);
    else if (stage.kind === "source") this.#checkSource(stage.session, nowMs);
    else if (stage.kind === "over" && waitedMs >= LINGER_MS) this.close("it was answered");
    else if (waitedMs >= HEAD_TIMEOUT_MS) {
      this.port.count("login_timeout");
      this.close("it did not log in");
    }
  }

  #checkSource(session: Session, nowMs: number): void {
    if (session.isAhead) return this.#goOn(session, nowMs);
    const { timeout } = session;
    if (session.isSoundless(nowMs)) {
      this.#breakOff(session, "no_audio", `it sends no audio for ${timeout} s`);
    } else if (this.waitedMs(nowMs) >= timeout * 1000) {
      this.close(`it sent nothing for ${timeout} s`);
    }
  }

  /** It was made to wait, so it was not silent. */
  #goOn(session: Session, nowMs: number): void {
    this.#sinceMs = nowMs;
    this.#follow(session, session.goOn(nowMs));
    if (this.#stage.kind !== "source" || session.isAhead) return;
    if (this.#hasEnded) this.#endBody(session);
    else this.socket.resume();
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
    // What is not read would end the connection with a reset, and the answer with it.
    this.socket.resume();
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
    if (result.kind === "bad") return this.#refuse(badRequest(result.reason));
    if (result.kind === "password") this.#onPassword(result.line);
    else this.#onRequest(result.head);
    // What came behind it in the same read is headers or audio already.
    if (result.rest.length > 0) this.onData(result.rest);
  }

  #onRequest(head: RequestHead): void {
    this.visit.asked = askedByHead(head);
    const { guests } = this.port;
    const isSource = head.method === "SOURCE" || head.method === "PUT";
    if (!isSource && guests !== null) return this.#welcome(guests, head);
    const verdict = judge(head, this.address, this.port);
    if (verdict.kind === "refused") return this.#refuse(verdict);
    this.visit.user = "source";
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
    this.visit.asked = askedByPassword(verdict);
    if (verdict.kind === "refused") return this.#refuseShoutcast(verdict);
    this.#stage = { kind: "fields", reader: new FieldReader(), mount: verdict.mount };
    this.socket.write(WELCOME);
  }

  #onFields(reader: FieldReader, mount: Mount, bytes: Uint8Array): void {
    const result = reader.push(bytes);
    if (result.kind === "more") return;
    if (result.kind === "bad") return this.#refuseShoutcast(badRequest(result.reason));
    const verdict = admitShoutcast(result.fields, mount);
    if (verdict.kind === "refused") return this.#refuseShoutcast(verdict);
    this.#goLive(verdict, "SHOUTcast v1");
    if (result.rest.length > 0) this.onData(result.rest);
  }

  /** One of its kind would not read an answer of HTTP. */
  #refuseShoutcast(verdict: Refused): void {
    this.#refuse(verdict, shoutcastRefusal(verdict.sentence));
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
    const nowMs = this.port.clock.nowMs();
    const close = (why: string) => this.close(why);
    const session = new Session(admitted, { address, program, close }, nowMs);
    this.#stage = { kind: "source", session };
    this.#sinceMs = nowMs;
    this.port.settle(this);
    this.port.count("accepted");
  }

  #onBody(session: Session, bytes: Uint8Array): void {
    const nowMs = this.port.clock.nowMs();
    this.#sinceMs = nowMs;
    this.#follow(session, session.push(bytes, nowMs));
    if (session.isAhead) this.socket.pause();
  }

  #follow(session: Session, pushed: Pushed): void {
    if (pushed.kind === "broken") this.#breakOff(session, pushed.refusal, pushed.why);
    else if (pushed.kind === "done") this.#complete(session);
  }

  /** The client has closed its half, be it in the midst of what it announced. */
  #endBody(session: Session): void {
    this.#hasEnded = true;
    if (session.isAhead) return;
    if (session.owedBytes === 0) return this.close("it closed the connection");
    this.#breakOff(session, "cut_short", `it closed ${session.owedBytes} bytes before its end`);
  }

  /** What it sends is not wanted. One who waits for an answer gets it; another sees an end, and time to read it. */
  #breakOff(session: Session, refusal: Refusal, why: string): void {
    this.port.count(refusal);
    this.#leave(why);
    if (session.isExpecting) this.#answerLast(refusalAnswer(refusal, `Broken off: ${why}`));
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

function badRequest(reason: string): Refused {
  return refused("bad_request", `Bad request: ${reason}`);
}
