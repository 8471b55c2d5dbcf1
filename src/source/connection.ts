// One socket of the source port: head, login, body; then what is left of it is read away and closed.
import type { Socket } from "bun";
import { codecOfContentType } from "../format/detect.ts";
import { isLoopback } from "../lib/address.ts";
import { normaliseMount } from "../lib/mount-path.ts";
import type { Mount } from "../mount/mount.ts";
import { ACCEPTED, CONTINUE, type Refusal, refusalAnswer } from "./answers.ts";
import { type BodyDecoder, bodyDecoder } from "./body.ts";
import { basicCredentials, HeadReader, type RequestHead } from "./handshake.ts";
import type { Ingest } from "./ingest.ts";
import { LiveSource } from "./live.ts";

const HEAD_TIMEOUT_MS = 15_000;

/** After an answer the client may still be sending: closing at once would reset the connection, and
 * the answer with it. */
const LINGER_MS = 2000;

interface Streaming {
  readonly source: LiveSource;
  readonly body: BodyDecoder;
  readonly mount: Mount;
  /** It was told to go on, and is owed an answer when its body ends. */
  readonly isOwed200: boolean;
}

export class Connection {
  readonly address: string;
  #head: HeadReader | null = new HeadReader();
  #streaming: Streaming | null = null;
  /** When it last did what it was waited for: opened, sent audio, was answered. */
  #sinceMs: number;

  constructor(
    private readonly socket: Socket<Connection>,
    private readonly ingest: Ingest,
  ) {
    this.address = socket.remoteAddress;
    this.#sinceMs = ingest.clock.nowMs();
  }

  get isSource(): boolean {
    return this.#streaming !== null;
  }

  onData(bytes: Uint8Array): void {
    if (this.#streaming !== null) this.#onBody(this.#streaming, bytes);
    else if (this.#head !== null) this.#onHead(this.#head, bytes);
  }

  /** The client has closed its half. */
  onEnd(): void {
    this.#endSource("it closed the connection");
    this.socket.end();
  }

  onClose(): void {
    this.#endSource("its connection was lost");
    this.#head = null;
  }

  checkTimeout(nowMs: number): void {
    const waitedMs = nowMs - this.#sinceMs;
    if (this.#streaming !== null) {
      const { sourceTimeout } = this.#streaming.mount.config;
      if (waitedMs < sourceTimeout * 1000) return;
      this.#endSource(`it sent nothing for ${sourceTimeout} s`);
      this.socket.end();
    } else if (waitedMs >= (this.#head === null ? LINGER_MS : HEAD_TIMEOUT_MS)) {
      this.socket.end();
    }
  }

  /** Answers, counts and tells it, then lets the client read the answer before the connection closes. */
  refuse(refusal: Refusal, sentence: string): void {
    this.ingest.count(refusal);
    this.ingest.log.repeated(`a source client at ${this.address} was refused: ${sentence}`);
    this.#finish(refusalAnswer(refusal, sentence));
  }

  #finish(answer: string): void {
    this.#head = null;
    this.#sinceMs = this.ingest.clock.nowMs();
    this.socket.write(answer);
    this.socket.shutdown();
  }

  #onHead(reader: HeadReader, bytes: Uint8Array): void {
    const result = reader.push(bytes);
    if (result.kind === "more") return;
    if (result.kind === "bad") return this.refuse("bad_request", `Bad request: ${result.reason}`);
    this.#head = null;
    this.#login(result.head);
    // What came behind the head in the same read is audio already.
    if (this.#streaming !== null && result.rest.length > 0) this.onData(result.rest);
  }

  /** In Icecast's order: a wrong password must not learn whether a mount exists or is in use. */
  #login(head: RequestHead): void {
    if (head.method !== "SOURCE" && head.method !== "PUT") {
      return this.refuse(
        "not_a_source",
        "unknown request: this port is for sources, see the listen port",
      );
    }
    const mount = this.#mountOf(head);
    const password = (mount ?? this.ingest.firstMount).config.sourcePassword;
    const credentials = basicCredentials(head.headers.get("authorization"));
    const isRight = credentials?.user === "source" && password.equals(credentials.password);
    if (!isRight) return this.#challenge(credentials !== null);
    if (password.isDefault && !isLoopback(this.address)) {
      return this.refuse(
        "default_password",
        "The default password is accepted from this machine only: set server.source_password",
      );
    }
    if (mount === undefined) return this.refuse("no_such_mount", "No such mount on this station");
    if (mount.live !== null) return this.refuse("in_use", "Mountpoint in use");
    this.#admit(mount, head);
  }

  /** libshout asks without credentials first: that is no failed login and is not told. */
  #challenge(hasTried: boolean): void {
    const sentence = "You need to authenticate";
    if (hasTried) this.refuse("unauthorized", sentence);
    else this.#finish(refusalAnswer("unauthorized", sentence));
  }

  #admit(mount: Mount, head: RequestHead): void {
    const type = head.headers.get("content-type");
    if (type === undefined && head.method === "PUT") {
      return this.refuse("content_type", "No Content-type given");
    }
    if (codecOfContentType(type ?? "audio/mpeg") !== "mp3") {
      return this.refuse("content_type", `Content-type not supported: ${type}; send audio/mpeg`);
    }
    const body = bodyDecoder(head.headers);
    if (body === null) return this.refuse("transfer_coding", "Unknown transfer coding");
    this.#start(mount, head, body);
  }

  #start(mount: Mount, head: RequestHead, body: BodyDecoder): void {
    const source = new LiveSource(mount, {
      address: this.address,
      userAgent: head.headers.get("user-agent") ?? "",
      showName: head.headers.get("ice-name") ?? head.headers.get("icy-name") ?? "",
    });
    const isOwed200 = /100-continue/i.test(head.headers.get("expect") ?? "");
    this.#streaming = { source, body, mount, isOwed200 };
    this.#sinceMs = this.ingest.clock.nowMs();
    mount.attach(source);
    mount.log.info(`${source.name} has logged in`);
    this.ingest.count("accepted");
    this.socket.write(isOwed200 ? CONTINUE : ACCEPTED);
  }

  #onBody(streaming: Streaming, bytes: Uint8Array): void {
    const nowMs = this.ingest.clock.nowMs();
    this.#sinceMs = nowMs;
    const { data, state } = streaming.body.push(bytes);
    for (const part of data) {
      const why = streaming.source.push(part, nowMs);
      if (why !== null) return this.#stop(why);
    }
    if (state === "bad") this.#stop("its chunks are broken");
    if (state === "done") this.#complete(streaming);
  }

  #stop(why: string): void {
    this.#endSource(why);
    this.socket.end();
  }

  /** A body that ended by its own word. */
  #complete(streaming: Streaming): void {
    this.#endSource("it has sent everything");
    if (streaming.isOwed200) this.#finish(ACCEPTED);
    else this.socket.end();
  }

  #endSource(why: string): void {
    const streaming = this.#streaming;
    if (streaming === null) return;
    this.#streaming = null;
    streaming.source.end(this.ingest.clock.nowMs());
    const { name, receivedBytes, garbageBytes } = streaming.source;
    streaming.mount.log.info(
      `${name} has left: ${why} (${receivedBytes} bytes, ${garbageBytes} of them garbage)`,
    );
  }

  #mountOf(head: RequestHead): Mount | undefined {
    const path = normaliseMount(head.target.split("?")[0] ?? "");
    return path === null ? undefined : this.ingest.mounts.get(path);
  }
}
