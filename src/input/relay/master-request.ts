// One request to a master: connects, follows redirects, reads the head of the answer, and passes on what comes behind it.
import type { Dial, Line, Trust } from "../../dial/dial.ts";
import { SERVER } from "../../lib/version.ts";
import { type AnswerHead, MasterAnswer } from "../../wire/master-answer.ts";
import { type MasterUrl, redirected } from "./master-url.ts";

/** As in Icecast. */
const MAX_REDIRECTS = 10;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface RequestContext {
  readonly dial: Dial;
  readonly trust: Trust;
  /** For the connection, and again for the head of the answer. */
  readonly timeoutMs: number;
  /** Further header lines, without their ends. */
  readonly lines: readonly string[];
}

export interface RequestHandler {
  /** The head of a 2xx answer, and where it came from after redirects. */
  onAnswer(head: AnswerHead, from: MasterUrl): void;
  /** What follows the head, in the socket's memory. */
  onBody(bytes: Uint8Array): void;
  /** Once, unless close() came first. `why`: a sentence without its end, "it …". */
  onOver(why: string): void;
}

export class MasterRequest {
  #line: Line;
  #reader = new MasterAnswer();
  #redirects = 0;
  /** Until the head is complete. */
  #deadlineMs: number;
  #isAnswered = false;
  #isOver = false;
  #isOpen = false;

  constructor(
    private url: MasterUrl,
    private readonly context: RequestContext,
    private readonly handler: RequestHandler,
    private readonly now: () => number,
  ) {
    this.#deadlineMs = this.now() + context.timeoutMs;
    this.#line = this.#dial();
  }

  /** To be called about once a second. */
  check(nowMs: number): void {
    if (this.#isAnswered || nowMs < this.#deadlineMs) return;
    const seconds = this.context.timeoutMs / 1000;
    this.#fail(this.#isOpen ? `it sent no answer within ${seconds} s` : `it does not answer`);
  }

  /** Of its connection; -1 if that is not open. */
  get descriptor(): number {
    return this.#line.descriptor;
  }

  pause(): void {
    this.#line.pause();
  }

  resume(): void {
    this.#line.resume();
  }

  close(): void {
    this.#isOver = true;
    this.#line.close();
  }

  #dial(): Line {
    this.#isOpen = false;
    return this.context.dial(this.url, this.context.trust, {
      onOpen: () => this.#send(),
      onData: (bytes) => this.#onData(bytes),
      onClose: (why) => this.#over(why),
    });
  }

  #send(): void {
    this.#isOpen = true;
    this.#deadlineMs = this.now() + this.context.timeoutMs;
    const text = requestText(this.url, this.context.lines);
    // A new connection takes a few hundred bytes.
    if (this.#line.write(text) < Buffer.byteLength(text)) this.#fail("it took no request");
  }

  #onData(bytes: Uint8Array): void {
    if (this.#isOver) return;
    if (this.#isAnswered) return this.handler.onBody(bytes);
    const result = this.#reader.push(bytes);
    if (result.kind === "bad") this.#fail(result.reason);
    else if (result.kind === "answer") this.#onAnswer(result.head, result.rest);
  }

  #onAnswer(head: AnswerHead, rest: Uint8Array): void {
    if (REDIRECTS.has(head.status)) return this.#follow(head);
    if (head.status < 200 || head.status > 299) return this.#fail(refusalOf(head));
    this.#isAnswered = true;
    this.handler.onAnswer(head, this.url);
    if (rest.length > 0 && !this.#isOver) this.handler.onBody(rest);
  }

  #follow({ status, headers }: AnswerHead): void {
    const to = redirected(this.url, headers.get("location") ?? "");
    if (!headers.has("location") || to === null)
      return this.#fail(`it redirects (${status}) to no address`);
    if (++this.#redirects > MAX_REDIRECTS) return this.#fail("it redirects in circles");
    this.#line.close();
    this.url = to;
    this.#reader = new MasterAnswer();
    this.#deadlineMs = this.now() + this.context.timeoutMs;
    this.#line = this.#dial();
  }

  #fail(why: string): void {
    this.#line.close();
    this.#over(why);
  }

  #over(why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.handler.onOver(why);
  }
}

/** HTTP/1.0, so that no master sends chunks that old ones would get wrong. */
function requestText({ target, authority, credentials }: MasterUrl, lines: readonly string[]) {
  const pair = credentials === null ? "" : `${credentials.user}:${credentials.password}`;
  const basic = `Authorization: Basic ${Buffer.from(pair).toString("base64")}`;
  return [
    `GET ${target} HTTP/1.0`,
    `Host: ${authority}`,
    `User-Agent: ${SERVER}`,
    "Accept: */*",
    ...lines,
    ...(credentials === null ? [] : [basic]),
    "Connection: close",
    "",
    "",
  ].join("\r\n");
}

const REFUSALS: Readonly<Record<number, string>> = {
  401: "it wants other credentials (401)",
  403: "it forbids listening (403)",
  404: "it has no such stream (404)",
  503: "it is full or has no stream now (503)",
};

function refusalOf({ status }: AnswerHead): string {
  return REFUSALS[status] ?? `it answers ${status}`;
}
