// Pure: reads a client's first bytes as a request head or a SHOUTcast password, and returns what follows.
import { type FieldResult, FieldReader, type Fields, MAX_HEAD_BYTES, TOO_LONG } from "./fields.ts";
import { decodeText } from "../lib/text.ts";
import { type ForeignOpening, foreignLine, foreignOpening } from "./foreign-opening.ts";

export interface RequestHead {
  readonly method: string;
  /** As sent, query included. */
  readonly target: string;
  /** "HTTP/1.0", "HTTP/1.1" or "ICE/1.0", which encoders use alike. */
  readonly version: string;
  readonly headers: Fields;
}

/** password: a line that is not a request, as SHOUTcast encoders send it. foreign: with all bytes pushed so far. */
export type HeadResult =
  | { readonly kind: "more" }
  | { readonly kind: "bad"; readonly reason: string }
  | { readonly kind: "foreign"; readonly opening: ForeignOpening; readonly bytes: Uint8Array }
  | { readonly kind: "password"; readonly line: string; readonly rest: Uint8Array }
  | { readonly kind: "head"; readonly head: RequestHead; readonly rest: Uint8Array };

const MORE: HeadResult = { kind: "more" };
const NO_REQUEST: HeadResult = { kind: "bad", reason: "the first line is no request" };

const LF = 10;

type RequestLine = Omit<RequestHead, "headers">;

/** Some encoders send titles with blanks in the target. */
const REQUEST = /^([A-Z]+) (\S.*) ((?:HTTP|ICE)\/1\.\d)$/;

/** Malformed requests: no password starts like this or contains control characters. */
const NO_PASSWORD = /^(?:SOURCE|PUT|GET|HEAD|POST|OPTIONS|DELETE|PATCH|TRACE|CONNECT) |\p{Cc}|^$/u;

/** Collects bytes until the head is complete. Push nothing more after any result but "more". */
export class HeadReader {
  #held: Uint8Array = new Uint8Array(0);
  /** null until the request line is complete. */
  #line: RequestLine | null = null;
  #fields = new FieldReader();

  push(chunk: Uint8Array): HeadResult {
    if (this.#line !== null) return withLine(this.#line, this.#fields.push(chunk));
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const opening = foreignOpening(bytes);
    if (opening !== null) return { kind: "foreign", opening, bytes };
    const end = bytes.indexOf(LF);
    if ((end < 0 ? bytes.length : end + 1) > MAX_HEAD_BYTES) return TOO_LONG;
    if (end < 0) return this.#hold(bytes);
    return this.#open(decodeText(bytes.subarray(0, end)).replace(/\r+$/, ""), bytes, end + 1);
  }

  /** Copies, which a Buffer's slice() does not: the memory is the socket's. */
  #hold(bytes: Uint8Array): HeadResult {
    this.#held = new Uint8Array(bytes);
    return MORE;
  }

  /** `end`: the position after the first line. */
  #open(line: string, bytes: Uint8Array, end: number): HeadResult {
    const rest = bytes.subarray(end);
    const request = REQUEST.exec(line);
    if (request === null) {
      const opening = foreignLine(line);
      if (opening !== null) return { kind: "foreign", opening, bytes };
      return NO_PASSWORD.test(line) ? NO_REQUEST : { kind: "password", line, rest };
    }
    const [, method = "", target = "", version = ""] = request;
    this.#line = { method, target: target.trimEnd(), version };
    this.#fields = new FieldReader(MAX_HEAD_BYTES - end);
    return withLine(this.#line, this.#fields.push(rest));
  }
}

/** The client asks to go on in TLS on this connection (RFC 2817), as libshout does before it logs in. A request with a
 * body cannot: the body would be in the way. */
export function asksForTls({ method, headers }: RequestHead): boolean {
  const asks = /(?:^|,)\s*TLS\/1\.\d\s*(?:,|$)/i.test(headers.get("upgrade") ?? "");
  return asks && /^(?:OPTIONS|GET|HEAD)$/.test(method);
}

function withLine(line: RequestLine, result: FieldResult): HeadResult {
  if (result.kind !== "fields") return result;
  return { kind: "head", head: { ...line, headers: result.fields }, rest: result.rest };
}
