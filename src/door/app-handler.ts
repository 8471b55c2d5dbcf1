// Any other request of the source port: collects its form, passes it to the HTTP app, and writes the response with its
// length.
import { RawSink } from "../output/sinks/raw-sink.ts";
import { type BodyDecoder, bodyDecoder, hasPlainLength } from "../wire/body.ts";
import type { ConnectionHandler, ClientConnection } from "./handler.ts";
import type { RequestHead } from "../wire/request-head.ts";
import { appRequest } from "./app-request.ts";

const MAX_BODY_BYTES = 64 << 10;

/** Time for the next part of a form to arrive, or of a response to be read. */
const STALL_MS = 15_000;

export type App = (request: Request) => Response | Promise<Response>;

/** Writes responses as the source port does. */
export interface Responder {
  nowMs(): number;
  refuse(status: number, sentence: string): Response;
  /** `length`: of the body; null: as the response's own header says, if it has one. */
  head(response: Response, length: number | null): Uint8Array;
  failed(error: unknown): void;
}

export class AppHandler implements ConnectionHandler {
  readonly #sink: RawSink;
  readonly #gone = new AbortController();
  readonly #form: Uint8Array[] = [];
  #formLength = 0;
  /** null unless the form is incomplete. */
  #body: BodyDecoder | null = null;
  #stage: "form" | "asked" | "answered" | "stream" = "form";
  /** The time of its last progress. */
  #sinceMs: number;
  #onDrained: () => void = () => undefined;

  constructor(
    private readonly head: RequestHead,
    private readonly connection: ClientConnection,
    private readonly responder: Responder,
    private readonly app: App,
  ) {
    this.#sink = new RawSink(connection);
    this.#sink.owner = { onDescriptor: () => undefined, onDrain: () => this.#onDrained() };
    this.#sinceMs = responder.nowMs();
    this.#begin();
  }

  onData(bytes: Uint8Array): void {
    if (this.#body === null) return;
    const { data, state } = this.#body.push(bytes);
    if (data.length > 0) this.#collect(data);
    if (this.#formLength > MAX_BODY_BYTES) this.#tooLong();
    else if (state === "done") this.#ask();
    else if (state === "bad") this.#refuse(400, "The form's chunks are broken");
  }

  onDrain(): void {
    this.#sinceMs = this.responder.nowMs();
    this.#sink.drain();
  }

  /** A client may close its half after a complete request and wait for the response. */
  onEnd(): void {
    if (this.#stage === "asked" || this.#stage === "answered") return;
    this.onClose();
    this.connection.finish();
  }

  onClose(): void {
    this.#body = null;
    this.#sink.gone();
    this.#gone.abort();
    this.#onDrained();
  }

  checkTimeout(nowMs: number): void {
    const isOurTurn =
      this.#stage === "asked" || (this.#stage === "stream" && !this.#sink.isBlocked);
    if (isOurTurn) this.#sinceMs = nowMs;
    else if (nowMs - this.#sinceMs >= STALL_MS) this.#cut();
  }

  #cut(): void {
    this.onClose();
    this.connection.drop();
  }

  #begin(): void {
    const { method, headers } = this.head;
    if (method !== "POST") return this.#ask();
    const isFramed = headers.has("content-length") || headers.has("transfer-encoding");
    if (!isFramed || headers.get("content-length") === "0") return this.#ask();
    if (!hasPlainLength(headers)) return this.#refuse(400, "Bad request: its length is no number");
    this.#body = bodyDecoder(headers);
    if (this.#body === null) return this.#refuse(501, "Unknown transfer coding");
    if (Number(headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return this.#tooLong();
    if (/100-continue/i.test(headers.get("expect") ?? "")) {
      this.#sink.write(Buffer.from("HTTP/1.1 100 Continue\r\n\r\n"));
    }
  }

  /** Copies: the memory is the socket's. */
  #collect(part: Uint8Array): void {
    this.#formLength += part.length;
    if (this.#formLength <= MAX_BODY_BYTES) this.#form.push(new Uint8Array(part));
  }

  #tooLong(): void {
    this.#refuse(413, "The form is too long");
  }

  #ask(): void {
    this.#body = null;
    this.#stage = "asked";
    const request = this.#request();
    if (request === null) this.#refuse(400, "Bad request: its target is no address");
    else void this.#converse(request);
  }

  #request(): Request | null {
    const body = this.#form.length === 0 ? null : Buffer.concat(this.#form);
    try {
      return appRequest(this.head, body, this.connection, this.#gone.signal);
    } catch (error) {
      if (error instanceof TypeError) return null;
      throw error;
    }
  }

  /** An exception of ours costs this connection only, and is logged. */
  async #converse(request: Request): Promise<void> {
    try {
      const answer = await this.app(request);
      await this.#reply(answer);
    } catch (error) {
      this.responder.failed(error);
      // The client has the head, and would take another for data.
      if (this.#stage === "stream") return this.#cut();
      await this.#reply(
        this.responder.refuse(500, "Something went wrong on our side; it is in the log."),
      );
    }
  }

  #refuse(status: number, sentence: string): void {
    this.#body = null;
    void this.#reply(this.responder.refuse(status, sentence));
  }

  /** Passes on a stream of events as it comes; sends anything else whole. */
  async #reply(response: Response): Promise<void> {
    const { body } = response;
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
    if (isStream && body !== null) return this.#pass(response, body);
    // A client would take the body after HEAD for the next response.
    const isHead = this.head.method === "HEAD";
    const blob = isHead ? new Blob() : await response.blob();
    // The type of a file is known only now.
    if (blob.size > 0 && !response.headers.has("content-type"))
      response.headers.set("content-type", blob.type);
    const head = this.responder.head(response, isHead ? null : blob.size);
    this.#stage = "answered";
    this.#sinceMs = this.responder.nowMs();
    this.#sink.write(Buffer.concat([head, await blob.bytes()]));
    this.#sink.end();
  }

  async #pass(response: Response, body: ReadableStream<Uint8Array>): Promise<void> {
    this.#stage = "stream";
    this.connection.settle();
    let state = this.#sink.write(this.responder.head(response, null));
    const reader = body.getReader();
    // A stream that has failed refuses to be cancelled.
    this.#gone.signal.addEventListener("abort", () => reader.cancel().catch(() => undefined));
    while (state !== "gone") {
      if (state === "blocked") await new Promise<void>((resume) => (this.#onDrained = resume));
      const { value, done } = await reader.read();
      if (done) break;
      state = this.#sink.write(value);
    }
    this.#gone.abort();
    this.#sink.end();
  }
}
