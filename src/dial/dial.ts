// Outgoing connections, plain or TLS. A certificate is checked before the first byte is sent.
import type { Socket } from "bun";

export interface Destination {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

export interface Trust {
  /** false: any certificate is accepted. */
  readonly verify: boolean;
  /** Certificates in PEM in place of the system's; null: the system's. */
  readonly ca: string | null;
}

export const SYSTEM_TRUST: Trust = { verify: true, ca: null };

export interface LineHandler {
  /** It may be written to. */
  onOpen(): void;
  /** The memory is the socket's. */
  onData(bytes: Uint8Array): void;
  onDrain?(): void;
  /** Once, unless close() came first; also if it never opened. `why`: a sentence without its end, "it …". */
  onClose(why: string): void;
}

/** One connection. */
export interface Line {
  /** Its number in this process; -1 if it is not open. */
  readonly descriptor: number;
  /** Returns how many bytes the kernel took; -1 if it is not open. */
  write(bytes: string | Uint8Array): number;
  pause(): void;
  resume(): void;
  /** Sends what was taken, then ends it; the handler is not called any more. */
  end(): void;
  /** Ends it at once; the handler is not called any more. */
  close(): void;
}

export type Dial = (to: Destination, trust: Trust, handler: LineHandler) => Line;

export const dial: Dial = (to, trust, handler) => new DialledLine(to, trust, handler);

/** What the system's codes mean, after "it". */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "it refuses connections",
  ECONNRESET: "it reset the connection",
  EHOSTUNREACH: "it cannot be reached from here",
  ENETUNREACH: "it cannot be reached from here",
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "its name is not known",
  ETIMEDOUT: "it does not answer",
};

const CLOSED = "it closed the connection";

function reasonOf(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  const reason = REASONS[code] ?? "it cannot be reached";
  return code === "" ? reason : `${reason} (${code})`;
}

class DialledLine implements Line {
  #socket: Socket | null = null;
  #isOpen = false;
  #isOver = false;

  constructor(
    private readonly to: Destination,
    private readonly trust: Trust,
    private readonly handler: LineHandler,
  ) {
    this.#connect().catch((error: unknown) => {
      this.#end(error instanceof Error ? reasonOf(error) : CLOSED);
    });
  }

  async #connect(): Promise<void> {
    const { host, port, isSecure } = this.to;
    await Bun.connect({
      hostname: host,
      port,
      ...(isSecure && { tls: this.#tls }),
      socket: {
        open: (socket) => this.#onOpen(socket),
        handshake: (_, isDone, error) => this.#onHandshake(isDone, error),
        data: (_, bytes) => this.#onData(bytes),
        drain: () => this.#onDrain(),
        close: (_, error) => this.#end(error === undefined ? CLOSED : reasonOf(error)),
        error: (_, error) => this.#fail(reasonOf(error)),
        connectError: (_, error) => this.#end(reasonOf(error)),
      },
    });
  }

  get #tls() {
    const { verify, ca } = this.trust;
    return { rejectUnauthorized: verify, ...(ca !== null && { ca }) };
  }

  #onOpen(socket: Socket): void {
    this.#socket = socket;
    if (this.#isOver) socket.terminate();
    else if (!this.to.isSecure) this.#opened();
  }

  /** Without verification the handshake is done all the same, and the error names what is wrong. */
  #onHandshake(isDone: boolean, error: Error | null): void {
    if (this.#isOver || this.#isOpen) return;
    if (isDone || !this.trust.verify) return this.#opened();
    this.#fail(`its certificate is not accepted: ${error?.message ?? "the handshake failed"}`);
  }

  #opened(): void {
    this.#isOpen = true;
    this.handler.onOpen();
  }

  #onData(bytes: Uint8Array): void {
    if (!this.#isOver) this.handler.onData(bytes);
  }

  #onDrain(): void {
    if (!this.#isOver) this.handler.onDrain?.();
  }

  #fail(why: string): void {
    this.#end(why);
    this.#socket?.terminate();
  }

  #end(why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.handler.onClose(why);
  }

  get descriptor(): number {
    return this.#isOpen && !this.#isOver ? descriptorOf(this.#socket) : -1;
  }

  write(bytes: string | Uint8Array): number {
    return this.#isOpen && !this.#isOver ? (this.#socket?.write(bytes) ?? -1) : -1;
  }

  pause(): void {
    if (!this.#isOver) this.#socket?.pause();
  }

  resume(): void {
    if (!this.#isOver) this.#socket?.resume();
  }

  end(): void {
    this.#isOver = true;
    this.#socket?.end();
  }

  close(): void {
    this.#isOver = true;
    this.#socket?.terminate();
  }
}

/** Bun's types do not know it. */
function descriptorOf(socket: Socket | null): number {
  const descriptor: unknown = socket === null ? null : Reflect.get(socket, "fd");
  return typeof descriptor === "number" ? descriptor : -1;
}
