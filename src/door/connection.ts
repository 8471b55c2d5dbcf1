// One socket of the source port: the request head first, then a source client or a handler; once answered, what is still
// received is discarded until the connection closes.
import type { Caller } from "../access/client-identity.ts";
import { SOURCE_USER } from "../config/account-keys.ts";
import { ACCEPTED, CONTINUE, refusalAnswer, WELCOME } from "../wire/answers.ts";
import { FieldReader } from "../wire/fields.ts";
import { HeadReader, type RequestHead } from "../wire/request-head.ts";
import type { ConnectionHandler } from "./handler.ts";
import { HeldBytes } from "./held-bytes.ts";
import { codeOf, loggedByHead, loggedByPassword } from "./logged-socket.ts";
import {
  admitShoutcast,
  logInByPassword,
  shoutcastRefusal,
  type Welcomed,
} from "./shoutcast-login.ts";
import { badRequest, foreignProtocol, NOT_ENCRYPTED, refusalText } from "./refusals.ts";
import { SocketConnection } from "./socket-connection.ts";
import { SourceClient } from "./source-client.ts";
import { type Admitted, logIn, type Refused } from "./source-login.ts";
import { TlsDialogue } from "./tls-dialogue.ts";

const HEAD_TIMEOUT_MS = 15_000;

/** The client may still be sending after it was answered: closing at once would reset the connection, and the answer
 * would be lost. */
const LINGER_MS = 2000;

/** The verdict is pending, or the turn for a TLS handshake. */
interface Admitting {
  readonly kind: "admitting";
  readonly held: HeldBytes;
}

/** over: it was answered, and what it still sends is discarded. */
type Stage =
  | { readonly kind: "head"; readonly reader: HeadReader }
  | Admitting
  | { readonly kind: "fields"; readonly reader: FieldReader; readonly login: Welcomed }
  | { readonly kind: "source"; readonly client: SourceClient; readonly caller: Caller }
  | { readonly kind: "handler"; readonly handler: ConnectionHandler }
  | { readonly kind: "over" };

const OVER: Stage = { kind: "over" };

function newHead(): Stage {
  return { kind: "head", reader: new HeadReader() };
}

export class Connection extends SocketConnection {
  #stage: Stage = newHead();
  /** When it was opened, or became over. */
  #sinceMs = this.port.clock.nowMs();
  #gone: AbortController | null = null;
  readonly #tls = new TlsDialogue(this.socket, this.port);

  onData(bytes: Uint8Array): void {
    const stage = this.#stage;
    if (stage.kind === "source") stage.client.onData(bytes, this.port.clock.nowMs());
    else if (stage.kind === "head") this.#onHead(stage.reader, bytes);
    else if (stage.kind === "fields") this.#onFields(stage.reader, stage.login, bytes);
    else if (stage.kind === "handler") stage.handler.onData(bytes);
    else if (stage.kind === "admitting") this.hold(stage.held, bytes);
  }

  onDrain(): void {
    if (this.#stage.kind === "handler") this.#stage.handler.onDrain();
  }

  /** The client has closed its half. It may still be waiting for a handler's answer; before that it counts as gone. */
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
    else if (stage.kind === "admitting")
      return; // Admission limits the time.
    else if (stage.kind === "over" && waitedMs >= LINGER_MS) this.close("it was answered");
    else if (waitedMs >= HEAD_TIMEOUT_MS) {
      this.port.count("login_timeout");
      this.close("it did not log in");
    }
  }

  /** The TLS handshake is done. */
  onSecured(): void {
    const asked = this.#tls.answer();
    if (asked !== null) this.#onRequest(asked);
  }

  /** A source that waits for a checkTimeout to go on. */
  get isHeld(): boolean {
    return this.#stage.kind === "source" && this.#stage.client.isHeld;
  }

  waitedMs(nowMs: number): number {
    return nowMs - this.#sinceMs;
  }

  /** Closes the connection because another needs its place. */
  makeRoom(): void {
    if (this.#stage.kind !== "over") {
      this.port.count("too_many_connections");
      this.port.log.repeated("too many connections are logging in: the oldest are closed");
      this.socket.write(refusalAnswer("too_many_connections", "Too many connections; try again"));
    }
    this.close("others need its place");
  }

  /** Ends what runs on it and closes both directions at once, unlike TCP's half-close. */
  close(why: string): void {
    try {
      this.#leave(why);
    } finally {
      this.socket.end();
    }
  }

  finish(): void {
    this.#over();
    // Unread bytes would make the kernel reset the connection, and the answer would be lost.
    this.socket.resume();
    this.socket.shutdown();
  }

  dismiss(why: string, answer: string): void {
    this.#leave(why);
    this.#answerLast(answer);
  }

  drop(): void {
    this.#stage = OVER;
    this.#gone?.abort();
    this.socket.terminate();
  }

  #onHead(reader: HeadReader, bytes: Uint8Array): void {
    const result = reader.push(bytes);
    if (result.kind === "more") return;
    if (this.#tls.isHello(result)) return this.#startTls(result.bytes);
    if (this.#tls.isMissing) return this.#refuse(NOT_ENCRYPTED);
    if (result.kind === "bad") return this.#refuse(badRequest(result.reason));
    if (result.kind === "foreign") return this.#refuse(foreignProtocol(result.opening));
    if (result.kind === "password") this.#onPassword(result.line);
    else this.#onRequest(result.head);
    // The same read may contain headers or audio already.
    if (result.rest.length > 0) this.onData(result.rest);
  }

  /** The time for the head includes the handshake. */
  #startTls(hello: Uint8Array): void {
    const stage: Admitting = { kind: "admitting", held: new HeldBytes() };
    this.#stage = stage;
    stage.held.add(hello);
    this.#tls.start(this, () => {
      if (this.#stage !== stage) return null;
      this.#stage = newHead();
      return this.released(stage.held);
    });
  }

  #onRequest(head: RequestHead): void {
    if (this.#tls.grants(head)) return void (this.#stage = newHead());
    this.record.asked = loggedByHead(head);
    this.record.origin = this.port.proxies.beyond(this.origin, head.headers);
    const { router } = this.port;
    const isSource = head.method === "SOURCE" || head.method === "PUT";
    if (isSource || router === null) {
      const login = logIn(head, this.origin, this.port, () => this.#untilGone());
      this.#whenDecided(login, (verdict) => this.#onLogin(verdict, head));
    } else {
      const handler = router.route(head, this, () => this.#untilGone());
      this.#whenDecided(handler, (known) => this.#hand(known));
    }
  }

  #onLogin(verdict: Admitted | Refused, head: RequestHead): void {
    if (verdict.kind === "refused") {
      if (this.#tls.challenges(verdict, head)) return void (this.#stage = newHead());
      return this.#refuse(verdict);
    }
    this.#goLive(verdict, "");
    this.socket.write(verdict.isExpecting ? CONTINUE : ACCEPTED);
  }

  /** The handler may have answered and finished already. */
  #hand(handler: ConnectionHandler | null): void {
    if (handler !== null && this.#stage !== OVER) this.#stage = { kind: "handler", handler };
  }

  /** Headers may come before the answer or after it. */
  #onPassword(line: string): void {
    const login = logInByPassword(line, this.origin, this.port, () => this.#untilGone());
    this.#whenDecided(login, (verdict) => this.#onShoutcastLogin(verdict));
  }

  #onShoutcastLogin(verdict: Welcomed | Refused): void {
    this.record.asked = loggedByPassword(verdict);
    if (verdict.kind === "refused") return this.#refuseShoutcast(verdict);
    this.#stage = { kind: "fields", reader: new FieldReader(), login: verdict };
    this.socket.write(WELCOME);
  }

  /** Calls `next` at once if the decision is there. Until it is, what the client sends is held. */
  #whenDecided<T>(decision: T | Promise<T>, next: (decided: T) => void): void {
    if (!(decision instanceof Promise)) return next(decision);
    const stage: Admitting = { kind: "admitting", held: new HeldBytes() };
    this.#stage = stage;
    decision
      .then((decided) => this.#goOn(stage, () => next(decided)))
      .catch((error: unknown) => this.port.failed(this, error));
  }

  /** Does nothing if the client has left meanwhile. */
  #goOn(stage: Admitting, next: () => void): void {
    if (this.#stage !== stage) return;
    const bytes = this.released(stage.held);
    next();
    if (bytes.length > 0) this.onData(bytes);
  }

  /** Created only when somebody has to wait. */
  #untilGone(): AbortSignal {
    return (this.#gone ??= new AbortController()).signal;
  }

  #onFields(reader: FieldReader, login: Welcomed, bytes: Uint8Array): void {
    const result = reader.push(bytes);
    if (result.kind === "more") return;
    if (result.kind === "bad") return this.#refuseShoutcast(badRequest(result.reason));
    const verdict = admitShoutcast(result.fields, login);
    if (verdict.kind === "refused") return this.#refuseShoutcast(verdict);
    this.#goLive(verdict, "SHOUTcast v1");
    if (result.rest.length > 0) this.onData(result.rest);
  }

  /** SHOUTcast encoders do not read HTTP. */
  #refuseShoutcast(verdict: Refused): void {
    this.#refuse(verdict, shoutcastRefusal(verdict.sentence));
  }

  #refuse(verdict: Refused, answer = refusalText(verdict)): void {
    const { refusal, logged } = verdict;
    if (logged !== null) {
      this.port.count(refusal);
      const { address } = this;
      this.port.log.repeated(`a source client at ${address} was refused: ${logged}`, { address });
    }
    this.#answerLast(answer);
  }

  /** Lets the client read the answer, if there is one, before the connection closes. */
  #answerLast(answer: string): void {
    if (answer !== "") this.socket.write(answer);
    this.finish();
  }

  #goLive(admitted: Admitted, program: string): void {
    this.record.user = admitted.user || (program === "" ? SOURCE_USER : "");
    const client = new SourceClient(admitted, program, this, this.port.clock.nowMs());
    const caller = { ...this.origin, headers: admitted.headers };
    this.#stage = { kind: "source", client, caller };
    this.port.settle(this);
    this.port.count("accepted");
  }

  #leave(why: string): void {
    const stage = this.#stage;
    if (stage === OVER) return;
    this.#over();
    if (stage.kind === "source") {
      // Its login stays known from the end of the show, however long it was.
      this.port.admission.know("source", stage.caller);
      stage.client.onClose(why, this.#sinceMs);
    } else if (stage.kind === "handler") stage.handler.onClose();
  }

  #over(): void {
    this.#stage = OVER;
    this.#gone?.abort();
    this.#sinceMs = this.port.clock.nowMs();
    this.port.watch(this, true);
  }
}
