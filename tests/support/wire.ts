// Clients made of bare sockets: they send exactly what a test says and keep every byte that comes back.
import { connect, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { until } from "./station.ts";

const HEAD_END = Buffer.from("\r\n\r\n");

export class Wire implements Disposable {
  #received: Buffer[] = [];
  #length = 0;
  #isClosed = false;

  private constructor(readonly socket: Socket) {
    socket.on("data", (data) => {
      const bytes = Buffer.from(data);
      this.#received.push(bytes);
      this.#length += bytes.length;
    });
    socket.on("close", () => (this.#isClosed = true));
    socket.on("error", () => (this.#isClosed = true));
  }

  /** `from`: the address that it connects from; null: the system chooses. */
  static async open(port: number, host = "127.0.0.1", from: string | null = null): Promise<Wire> {
    const socket = connect({ port, host, ...(from !== null && { localAddress: from }) });
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new Wire(socket);
  }

  /** The same over TLS, whoever the certificate is for. */
  static async secure(port: number, host = "127.0.0.1"): Promise<Wire> {
    const socket = connectSecurely({ port, host, rejectUnauthorized: false });
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => {
      socket.once("secureConnect", resolve);
      socket.once("error", reject);
    });
    return new Wire(socket);
  }

  /** TLS from here on, over a connection that is there, whoever the certificate is for. */
  static inside({ socket }: Wire): Wire {
    return new Wire(connectSecurely({ socket, rejectUnauthorized: false }));
  }

  /** Asks for a mount in HTTP/1.0, whose answer is the bare stream. */
  static async listen(
    port: number,
    path: string,
    headers = "",
    open: Open = Wire.open,
  ): Promise<Wire> {
    const wire = await open(port);
    wire.send(`GET ${path} HTTP/1.0\r\nHost: test\r\n${headers}\r\n`);
    await until(`${path} answers`, () => wire.#headEnd() >= 0 || wire.isClosed);
    return wire;
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get length(): number {
    return this.#length;
  }

  /** Everything received so far. */
  get bytes(): Buffer {
    const [first = Buffer.alloc(0), ...more] = this.#received;
    const all = more.length === 0 ? first : Buffer.concat(this.#received);
    this.#received = [all];
    return all;
  }

  get text(): string {
    return this.bytes.toString("latin1");
  }

  /** What came before the first empty line. */
  get head(): string {
    const end = this.#headEnd();
    return this.bytes.subarray(0, end < 0 ? this.#length : end).toString("latin1");
  }

  /** What came after it. */
  get body(): Buffer {
    const end = this.#headEnd();
    return end < 0 ? Buffer.alloc(0) : this.bytes.subarray(end + HEAD_END.length);
  }

  #headEnd(): number {
    return this.bytes.indexOf(HEAD_END);
  }

  async closed(): Promise<void> {
    await until("the connection closes", () => this.#isClosed);
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** Wire.open, or Wire.secure. */
export type Open = (port: number) => Promise<Wire>;

/** A source client that is logged in; send() goes on with the body. */
export async function goLive(
  port: number,
  { path = "/stream", password = "spell-of-the-test", headers = "", open = Wire.open as Open } = {},
): Promise<Wire> {
  const wire = await open(port);
  const login = Buffer.from(`source:${password}`).toString("base64");
  wire.send(
    `SOURCE ${path} HTTP/1.0\r\nAuthorization: Basic ${login}\r\nContent-Type: audio/mpeg\r\n${headers}\r\n`,
  );
  await until("the source is answered", () => wire.length > 0 || wire.isClosed);
  return wire;
}
