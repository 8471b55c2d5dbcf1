// How a connection comes to TLS: by its first bytes, or by libshout's request for it (RFC 2817).
import { CAPABILITIES, CHALLENGE, SWITCHING } from "../wire/answers.ts";
import { asksForTls, type HeadResult, type RequestHead } from "../wire/request-head.ts";
import type { ClientConnection } from "./handler.ts";
import type { LoggedSocket } from "./logged-socket.ts";
import type { Port } from "./port.ts";
import type { Refused } from "./refused.ts";

export class TlsDialogue {
  /** The request that asked for TLS, which is answered inside. */
  #asked: RequestHead | null = null;

  constructor(
    private readonly socket: LoggedSocket,
    private readonly port: Port,
  ) {}

  /** It must use TLS and does not. */
  get isMissing(): boolean {
    const must = this.socket.mustEncrypt || this.#asked !== null;
    return must && !this.socket.isSecure;
  }

  get #canStart(): boolean {
    return this.port.hasTls && !this.socket.isSecure;
  }

  /** Its first bytes start a handshake that can be answered. */
  isHello(result: HeadResult): result is HeadResult & { kind: "foreign" } {
    return this.#canStart && result.kind === "foreign" && result.opening.kind === "tls";
  }

  /** Begins the handshake, in a later turn if this one's time for handshakes is used up. `take`: the client's bytes so
   * far; null if it has left. */
  start(connection: ClientConnection, take: () => Uint8Array | null): void {
    const { tlsTurn } = this.port;
    if (tlsTurn.isOver) tlsTurn.wait(() => this.#begin(connection, take()));
    else this.#begin(connection, take());
  }

  #begin(connection: ClientConnection, hello: Uint8Array | null): void {
    if (hello === null) return;
    const encrypt = () =>
      this.socket.encrypt((plain) => this.port.startTls(plain, connection, hello));
    try {
      this.port.tlsTurn.spend(encrypt);
    } catch (error) {
      this.port.failed(connection, error);
    }
  }

  /** Grants the request if it is one for TLS: the client's next bytes are the handshake. */
  grants(head: RequestHead): boolean {
    if (!this.#canStart || !asksForTls(head)) return false;
    this.#asked = head;
    this.socket.write(SWITCHING);
    return true;
  }

  /** After the handshake: answers the request that asked for it, or returns it if it has a longer answer. */
  answer(): RequestHead | null {
    if (this.#asked?.method !== "OPTIONS") return this.#asked;
    this.socket.write(CAPABILITIES);
    return null;
  }

  /** Keeps the connection for the credentials, which libshout would otherwise send on a plain one. */
  challenges({ refusal, logged }: Refused, { headers }: RequestHead): boolean {
    const isChallenge = refusal === "unauthorized" && logged === null;
    const isKept = /keep-alive/i.test(headers.get("connection") ?? "");
    const isEmpty = headers.get("content-length") === "0";
    if (this.#asked === null || !isChallenge || !isKept || !isEmpty) return false;
    this.socket.write(CHALLENGE);
    return true;
  }
}
