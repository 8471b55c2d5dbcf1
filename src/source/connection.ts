// One socket of the source port: head, login, body; then what is left of it is read away and closed.
import type { Socket } from "bun";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { ACCEPTED, CONTINUE, type Refusal, refusalAnswer } from "./answers.ts";
import { HeadReader, type RequestHead } from "./handshake.ts";
import { LiveSource } from "./live.ts";
import { type Admitted, type Door, judge, type Refused } from "./login.ts";

const HEAD_TIMEOUT_MS = 15_000;

/** After an answer the client may still be sending: closing at once would reset the connection, and
 * the answer with it. */
const LINGER_MS = 2000;

/** The source port, as its connections see it. */
export interface Port extends Door {
  readonly clock: Clock;
  readonly log: Log;
  count(what: Refusal | "accepted"): void;
}

interface Streaming extends Admitted {
  readonly source: LiveSource;
}

export class Connection {
  readonly address: string;
  /** Until its head is complete. */
  #head: HeadReader | null = new HeadReader();
  /** While it is a source. Neither: it was answered, and what it still sends is not wanted. */
  #streaming: Streaming | null = null;
  /** When it last did what it was waited for: opened, sent audio, was answered. */
  #sinceMs: number;

  constructor(
    private readonly socket: Socket<Connection>,
    private readonly port: Port,
  ) {
    this.address = socket.remoteAddress;
    this.#sinceMs = port.clock.nowMs();
  }

  get isSource(): boolean {
    return this.#streaming !== null;
  }

  onData(bytes: Uint8Array): void {
    if (this.#streaming !== null) this.#onBody(this.#streaming, bytes);
    else if (this.#head !== null) this.#onHead(this.#head, bytes);
  }

  onClose(error: Error | undefined): void {
    this.#head = null;
    const code = error === undefined ? "" : ` (${codeOf(error)})`;
    this.#endSource(`its connection was lost${code}`);
  }

  checkTimeout(nowMs: number): void {
    const waitedMs = nowMs - this.#sinceMs;
    if (this.#streaming !== null) {
      const { sourceTimeout } = this.#streaming.mount.config;
      if (waitedMs >= sourceTimeout * 1000) this.close(`it sent nothing for ${sourceTimeout} s`);
    } else if (waitedMs >= (this.#head === null ? LINGER_MS : HEAD_TIMEOUT_MS)) {
      this.#hangUp();
    }
  }

  /** Another needs its place more. */
  makeRoom(): void {
    if (this.#head === null) return this.#hangUp();
    this.port.count("too_many_connections");
    this.port.log.repeated("too many connections are logging in: the oldest are closed");
    this.socket.write(refusalAnswer("too_many_connections", "Too many connections; try again"));
    this.#hangUp();
  }

  /** Ends the source, if it is one, and hangs up. */
  close(why: string): void {
    try {
      this.#endSource(why);
    } finally {
      this.#hangUp();
    }
  }

  /** Closes both directions at once, unlike TCP's half-close. */
  #hangUp(): void {
    this.#head = null;
    this.socket.end();
  }

  #onHead(reader: HeadReader, bytes: Uint8Array): void {
    const result = reader.push(bytes);
    if (result.kind === "more") return;
    if (result.kind === "bad") {
      const sentence = `Bad request: ${result.reason}`;
      return this.#refuse({ kind: "refused", refusal: "bad_request", sentence, told: sentence });
    }
    this.#head = null;
    const verdict = judge(result.head, this.address, this.port);
    if (verdict.kind === "refused") return this.#refuse(verdict);
    this.#goLive(verdict, result.head);
    // What came behind the head in the same read is audio already.
    if (result.rest.length > 0) this.onData(result.rest);
  }

  #refuse({ refusal, sentence, told }: Refused): void {
    if (told !== null) {
      this.port.count(refusal);
      this.port.log.repeated(`a source client at ${this.address} was refused: ${told}`);
    }
    this.#answerLast(refusalAnswer(refusal, sentence));
  }

  /** Lets the client read the answer before the connection closes. */
  #answerLast(answer: string): void {
    this.#head = null;
    this.#sinceMs = this.port.clock.nowMs();
    this.socket.write(answer);
    this.socket.shutdown();
  }

  #goLive(admitted: Admitted, head: RequestHead): void {
    const { mount } = admitted;
    const source = new LiveSource(mount, {
      address: this.address,
      userAgent: head.headers.get("user-agent") ?? "",
      showName: head.headers.get("ice-name") ?? head.headers.get("icy-name") ?? "",
    });
    this.#streaming = { ...admitted, source };
    this.#sinceMs = this.port.clock.nowMs();
    mount.attach(source);
    mount.log.info(`${source.name} has logged in`);
    this.port.count("accepted");
    this.socket.write(admitted.isExpecting ? CONTINUE : ACCEPTED);
  }

  #onBody(streaming: Streaming, bytes: Uint8Array): void {
    const nowMs = this.port.clock.nowMs();
    this.#sinceMs = nowMs;
    const { data, state } = streaming.body.push(bytes);
    for (const part of data) {
      const why = streaming.source.push(part, nowMs);
      if (why !== null) return this.close(why);
    }
    if (state === "bad") this.close("its chunks are broken");
    if (state === "done") this.#complete(streaming);
  }

  /** The body has ended by its own word; a client that was told to go on is owed the answer to it. */
  #complete({ isExpecting }: Streaming): void {
    this.#endSource("it has sent everything");
    if (isExpecting) this.#answerLast(ACCEPTED);
    else this.#hangUp();
  }

  #endSource(why: string): void {
    const streaming = this.#streaming;
    if (streaming === null) return;
    this.#streaming = null;
    const { source, mount } = streaming;
    source.end(this.port.clock.nowMs());
    const { name, receivedBytes, garbageBytes } = source;
    const sum = `${receivedBytes} bytes, ${garbageBytes} of them garbage`;
    mount.log.info(`${name} has left: ${why} (${sum})`);
  }
}

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : error.message;
}
