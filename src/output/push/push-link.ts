// A connection to another server, plain or over TLS.
import type { PushTarget } from "../../config/push-url.ts";

const CONNECT_MS = 10_000;

export interface LinkEvents {
  /** Ready for the first bytes. */
  onOpen(): void;
  onData(bytes: Uint8Array): void;
  onDrain(): void;
  /** Once; the connection is over, and was not closed by close(). */
  onEnd(why: string): void;
}

/** What a session needs of a connection. */
export interface Link {
  /** Returns the bytes that the kernel took; negative if the connection is over. */
  write(bytes: Uint8Array): number;
  /** Sends what was taken, then closes. */
  close(): void;
}

export type OpenLink = (target: PushTarget, isVerified: boolean, events: LinkEvents) => Link;

export const openLink: OpenLink = (target, isVerified, events) =>
  new PushLink(target, isVerified, events);

type LinkSocket = Bun.Socket<undefined>;

class PushLink implements Link {
  #socket: LinkSocket | null = null;
  #isOver = false;
  readonly #timer: ReturnType<typeof setTimeout>;

  constructor(
    private readonly target: PushTarget,
    private readonly isVerified: boolean,
    private readonly events: LinkEvents,
  ) {
    this.#timer = setTimeout(() => this.#end("it does not accept the connection"), CONNECT_MS);
    void this.#connect();
  }

  write(bytes: Uint8Array): number {
    return this.#socket === null || this.#isOver ? -1 : this.#socket.write(bytes);
  }

  close(): void {
    this.#over();
    this.#socket?.end();
  }

  async #connect(): Promise<void> {
    const { host: hostname, port, isSecure } = this.target;
    const { isVerified } = this;
    const tls = isSecure ? { rejectUnauthorized: isVerified, serverName: hostname } : false;
    try {
      await Bun.connect({ hostname, port, tls, socket: this.#handlers() });
    } catch (error) {
      this.#end(reasonOf(error));
    }
  }

  #handlers(): Bun.SocketHandler<undefined> {
    return {
      open: (socket) => this.#opened(socket),
      handshake: (_, isDone, error) => this.#shook(isDone, error),
      data: (_, bytes) => this.events.onData(bytes),
      drain: () => this.#drained(),
      close: () => this.#end("the connection was lost"),
      error: (_, error) => this.#end(reasonOf(error)),
      connectError: (_, error) => this.#end(reasonOf(error)),
    };
  }

  #opened(socket: LinkSocket): void {
    this.#socket = socket;
    if (this.#isOver) socket.terminate();
    else if (!this.target.isSecure) this.#ready();
  }

  /** Bun calls a handshake failed when the certificate is for another name; without verification it is done all the
   * same. */
  #shook(isDone: boolean, error: Error | null): void {
    const isTrusted = !this.isVerified || (isDone && error === null);
    if (isTrusted) this.#ready();
    else this.#end(`TLS failed: ${error === null ? "no agreement" : reasonOf(error)}`);
  }

  #drained(): void {
    if (!this.#isOver) this.events.onDrain();
  }

  #ready(): void {
    if (this.#isOver) return;
    clearTimeout(this.#timer);
    this.events.onOpen();
  }

  #end(why: string): void {
    if (this.#isOver) return;
    this.#over();
    this.#socket?.terminate();
    this.events.onEnd(why);
  }

  #over(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}

/** Never with the address, which has a password. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "the connection failed";
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
