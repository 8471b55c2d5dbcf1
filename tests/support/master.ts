// A server of streams on a real socket, made for relays: it answers as it is said to, sends frames with a burst of the past to
// new clients, and can be stopped and started on the same port.
import { createServer, type Server, type Socket } from "node:net";

export interface StreamOptions {
  /** The first lines of the answer, without the empty line. */
  readonly head?: string;
  /** Audio between two titles, for clients that ask for them; 0: none. */
  readonly metaint?: number;
  readonly isChunked?: boolean;
}

const HEAD = "HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\nServer: Master";

/** What a client of the master gets: frames, with titles and chunks where they belong. */
class MasterStream {
  #untilBlock: number;
  #title: string | null = null;

  constructor(
    private readonly socket: Socket,
    private readonly options: StreamOptions,
    request: string,
  ) {
    const { head = HEAD, metaint = 0, isChunked = false } = options;
    const wants = /^icy-metadata: 1\r?$/im.test(request);
    this.#untilBlock = wants && metaint > 0 ? metaint : Number.POSITIVE_INFINITY;
    const lines = [head];
    if (wants && metaint > 0) lines.push(`icy-metaint:${metaint}`);
    if (isChunked) lines.push("Transfer-Encoding: chunked");
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  }

  title(text: string): void {
    this.#title = text;
  }

  send(audio: Uint8Array): void {
    const bytes = this.#withBlocks(audio);
    if (this.options.isChunked !== true) this.socket.write(bytes);
    else
      this.socket.write(
        Buffer.concat([
          Buffer.from(`${bytes.length.toString(16)}\r\n`),
          bytes,
          Buffer.from("\r\n"),
        ]),
      );
  }

  #withBlocks(audio: Uint8Array): Buffer {
    const parts: Uint8Array[] = [];
    let rest = audio;
    while (rest.length >= this.#untilBlock) {
      parts.push(rest.subarray(0, this.#untilBlock), this.#block());
      rest = rest.subarray(this.#untilBlock);
      this.#untilBlock = this.options.metaint ?? 0;
    }
    this.#untilBlock -= rest.length;
    return Buffer.concat([...parts, rest]);
  }

  #block(): Buffer {
    if (this.#title === null) return Buffer.of(0);
    const text = Buffer.from(`StreamTitle='${this.#title}';`);
    this.#title = null;
    const units = Math.ceil(text.length / 16);
    return Buffer.concat([Buffer.of(units), text, Buffer.alloc(units * 16 - text.length)]);
  }
}

export class Master implements AsyncDisposable {
  /** The heads of all requests. */
  readonly requests: string[] = [];
  /** Frames that a new client gets at once. */
  burst = 0;
  /** A whole answer to a request, or null for the stream. */
  answer: (request: string) => string | null = () => null;
  #server: Server | null = null;
  #port = 0;
  readonly #sockets = new Set<Socket>();
  readonly #streams = new Set<MasterStream>();
  #sent: Uint8Array[] = [];
  #title = "";

  constructor(private readonly options: StreamOptions = {}) {}

  static async start(options: StreamOptions = {}): Promise<Master> {
    const master = new Master(options);
    await master.listen();
    return master;
  }

  get port(): number {
    return this.#port;
  }

  url(path = "/live"): string {
    return `http://127.0.0.1:${this.#port}${path}`;
  }

  get clients(): number {
    return this.#streams.size;
  }

  /** Again on the port that it had, after stop(). */
  async listen(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, "127.0.0.1", resolve);
    });
    const address = server.address();
    if (address !== null && typeof address !== "string") this.#port = address.port;
  }

  /** Its clients are cut off, and nobody answers at its port. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.cut();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  /** Cuts its clients off. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  title(text: string): void {
    this.#title = text;
    for (const stream of this.#streams) stream.title(text);
  }

  play(...frames: readonly Uint8Array[]): void {
    this.#sent.push(...frames);
    for (const stream of this.#streams) stream.send(Buffer.concat(frames));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
    let request = "";
    socket.on("data", (bytes) => {
      request += String(bytes);
      if (request.endsWith("\r\n\r\n")) this.#reply(socket, request);
    });
  }

  #reply(socket: Socket, request: string): void {
    this.requests.push(request);
    const answer = this.answer(request);
    if (answer !== null) return void socket.end(answer);
    const stream = new MasterStream(socket, this.options, request);
    this.#streams.add(stream);
    socket.on("close", () => this.#streams.delete(stream));
    if (this.#title !== "") stream.title(this.#title);
    const burst = this.burst === 0 ? [] : this.#sent.slice(-this.burst);
    if (burst.length > 0) stream.send(Buffer.concat(burst));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
