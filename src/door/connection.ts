// One socket of the source port: its opening, then a source client or a handler; what is left is read away and closed.
import type { Caller } from "../access/client-identity.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Mount } from "../mount/mount.ts";
import { ACCEPTED, CONTINUE, type Counted, refusalAnswer, WELCOME } from "../wire/answers.ts";
import { FieldReader } from "../wire/fields.ts";
import { type ForeignOpening, TLS_ALERT } from "../wire/foreign-opening.ts";
import type { ConnectionHandler, Router, ClientConnection } from "./handler.ts";
import { HeadReader, type RequestHead } from "../wire/request-head.ts";
import { type Admitted, type Door, judge, type Refused, refused } from "./source-login.ts";
import { admitShoutcast, judgePassword, shoutcastRefusal } from "./shoutcast-login.ts";
import { SourceClient, type SourceConnection } from "./source-client.ts";
import type { Turn } from "./turn.ts";
import { loggedByHead, loggedByPassword, codeOf, type LoggedSocket } from "./logged-socket.ts";

const HEAD_TIMEOUT_MS = 15_000;

/** After an answer the client may still be sending: closing at once would reset the connection, and
 * the answer with it. */
const LINGER_MS = 2000;

/** The source port, as its connections see it. */
export interface Port extends Door {
  readonly clock: Clock;
  readonly log: Log;
  /** Who serves what is no source; null: such requests are refused. */
  readonly router: Router | null;
  count(what: Counted): void;
  /** What all sources may take of the event loop. */
  readonly turn: Turn;
  /** It has become a source or a stream, and is not waiting for its turn any more. */
  settle(connection: Connection): void;
  /** Whether its checkTimeout is to be called. */
  watch(connection: Connection, isWatched: boolean): void;
}

/** over: it was answered, and what it still sends is not wanted. */
type Stage =
  | { readonly kind: "head"; readonly reader: HeadReader }
  | { readonly kind: "fields"; readonly reader: FieldReader; readonly mount: Mount }
  | { readonly kind: "source"; readonly client: SourceClient; readonly caller: Caller }
  | { readonly kind: "handler"; readonly handler: ConnectionHandler }
  | { readonly kind: "over" };

const OVER: Stage = { kind: "over" };

export class Connection implements ClientConnection, SourceConnection {
  readonly address: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly record;
  #stage: Stage = { kind: "head", reader: new HeadReader() };
  /** When it was opened, or became over. */
  #sinceMs: number;

  constructor(
    private readonly socket: LoggedSocket,
    private readonly port: Port,
  ) {
    this.address = socket.record.address;
    this.localAddress = socket.localAddress;
    this.localPort = socket.localPort;
    this.record = socket.record;
    this.#sinceMs = port.clock.nowMs();
  }

  get turn(): Turn {
    return this.port.turn;
  }

  get descriptor(): number {
    return this.socket.descriptor;
  }

  onData(bytes: Uint8Array): void {
    const stage = this.#stage;
    if (stage.kind === "source") stage.client.onData(bytes, this.port.clock.nowMs());
    else if (stage.kind === "head") this.#onHead(stage.reader, bytes);
    else if (stage.kind === "fields") this.#onFields(stage.reader, stage.mount, bytes);
    else if (stage.kind === "handler") stage.handler.onData(bytes);
  }

  onDrain(): void {
    if (this.#stage.kind === "handler") this.#stage.handler.onDrain();
  }

  /** The client has closed its half: a handler may still be waiting for its answer. */
  onEnd(): void {
    const stage = this.#stage;
    if (stage.kind === "handler") stage.handler.onEnd();
    else if (stage.kind === "source") stage.client.onEnd();
    else this.close("it closed the connection");
  }

  onClose(error: Error | undefined): void {
    const code = error === undefined ? "" : ` (${codeOf(error)})`;
    const stage = this.#stage;
    if (stage.kind === "source" && stage.client.isOwing) this.port.count("cut_short");
    this.#leave(`its connection was lost${code}`);
  }

  checkTimeout(nowMs: number): void {
    const stage = this.#stage;
    const waitedMs = this.waitedMs(nowMs);
    if (stage.kind === "handler") stage.handler.checkTimeout(nowMs);
    else if (stage.kind === "source") stage.client.checkTimeout(nowMs);
    else if (stage.kind === "over" && waitedMs >= LINGER_MS) this.close("it was answered");
    else if (waitedMs >= HEAD_TIMEOUT_MS) {
      this.port.count("login_timeout");
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
    this.#over();
    // What is not read would end the connection with a reset, and the answer with it.
    this.socket.resume();
    this.socket.shutdown();
  }

  dismiss(why: string, answer: string): void {
    this.#leave(why);
    this.#answerLast(answer);
  }

  drop(): void {
    this.#stage = OVER;
    this.socket.terminate();
  }

  settle(): void {
    this.port.settle(this);
  }

  release(): void {
    this.port.watch(this, false);
  }

  watch(): void {
    this.port.watch(this, true);
  }

  count(what: Counted): void {
    this.port.count(what);
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  #onHead(reader: HeadReader, bytes: Uint8Array): void {
    const result = reader.push(bytes);
    if (result.kind === "more") return;
    if (result.kind === "bad") return this.#refuse(badRequest(result.reason));
    if (result.kind === "foreign") return this.#refuseForeign(result.opening);
    if (result.kind === "password") this.#onPassword(result.line);
    else this.#onRequest(result.head);
    // What came behind it in the same read is headers or audio already.
    if (result.rest.length > 0) this.onData(result.rest);
  }

  #onRequest(head: RequestHead): void {
    this.record.asked = loggedByHead(head);
    const { router } = this.port;
    const isSource = head.method === "SOURCE" || head.method === "PUT";
    if (!isSource && router !== null) return this.#welcome(router, head);
    const verdict = judge(head, this.address, this.port);
    if (verdict.kind === "refused") return this.#refuse(verdict);
    this.record.user = "source";
    this.#goLive(verdict, "");
    this.socket.write(verdict.isExpecting ? CONTINUE : ACCEPTED);
  }

  #welcome(router: Router, head: RequestHead): void {
    const handler = router.route(head, this);
    // It may have been answered already.
    if (this.#stage.kind === "head") this.#stage = { kind: "handler", handler };
  }

  /** Headers may come before the answer or after it. */
  #onPassword(line: string): void {
    const verdict = judgePassword(line, this.address, this.port);
    this.record.asked = loggedByPassword(verdict);
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

  #refuseForeign({ kind, reason }: ForeignOpening): void {
    const verdict = refused(kind, `Bad request: ${reason}`, reason);
    if (kind === "tls") this.#refuse(verdict, TLS_ALERT);
    else this.#refuse(verdict);
  }

  #refuse(verdict: Refused, answer?: string): void {
    const { refusal, sentence, told, waitSeconds } = verdict;
    if (told !== null) {
      this.port.count(refusal);
      this.port.log.repeated(`a source client at ${this.address} was refused: ${told}`);
    }
    this.#answerLast(answer ?? refusalAnswer(refusal, sentence, waitSeconds));
  }

  /** Lets the client read the answer, if there is one, before the connection closes. */
  #answerLast(answer: string): void {
    if (answer !== "") this.socket.write(answer);
    this.finish();
  }

  #goLive(admitted: Admitted, program: string): void {
    const client = new SourceClient(admitted, program, this, this.port.clock.nowMs());
    const caller = { address: this.address, headers: admitted.headers };
    this.#stage = { kind: "source", client, caller };
    this.port.settle(this);
    this.port.count("accepted");
  }

  #leave(why: string): void {
    const stage = this.#stage;
    if (stage === OVER) return;
    this.#over();
    if (stage.kind === "source") this.#leaveAir(stage.client, stage.caller, why);
    else if (stage.kind === "handler") stage.handler.onClose();
  }

  /** However long it was live, it may log in again. */
  #leaveAir(client: SourceClient, caller: Caller, why: string): void {
    this.port.logins.know("source", caller);
    client.onClose(why, this.#sinceMs);
  }

  #over(): void {
    this.#stage = OVER;
    this.#sinceMs = this.port.clock.nowMs();
    this.port.watch(this, true);
  }
}

function badRequest(reason: string): Refused {
  return refused("bad_request", `Bad request: ${reason}`);
}
