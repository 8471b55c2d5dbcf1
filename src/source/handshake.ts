// Pure: the bytes a source client opens with, to a request head; what follows the head is audio and kept.

const MAX_HEAD_BYTES = 8192;
const MAX_HEADER_LINES = 64;

export interface RequestHead {
  readonly method: string;
  /** As sent, query included. */
  readonly target: string;
  /** "HTTP/1.0", "HTTP/1.1", "ICE/1.0": encoders mean the same by all of them. */
  readonly version: string;
  /** Names in lower case; of a repeated header the last. */
  readonly headers: ReadonlyMap<string, string>;
}

export type HeadResult =
  | { readonly kind: "more" }
  | { readonly kind: "bad"; readonly reason: string }
  | { readonly kind: "head"; readonly head: RequestHead; readonly rest: Uint8Array };

const MORE: HeadResult = { kind: "more" };

function bad(reason: string): HeadResult {
  return { kind: "bad", reason };
}

/** Collects chunks until the head is complete. After "head" or "bad" it is done. */
export class HeadReader {
  #held: Uint8Array = new Uint8Array(0);

  push(chunk: Uint8Array): HeadResult {
    const from = Math.max(0, this.#held.length - LONGEST_END);
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const end = headEnd(bytes, from);
    if (end === null) return this.#hold(bytes);
    if (end > MAX_HEAD_BYTES) return bad("the request head is too long");
    return parseHead(bytes.subarray(0, end), bytes.subarray(end));
  }

  /** A copy, which a Buffer's slice() is not: the chunk's memory is the socket's. */
  #hold(bytes: Uint8Array): HeadResult {
    if (bytes.length > MAX_HEAD_BYTES) return bad("the request head is too long");
    this.#held = new Uint8Array(bytes);
    return MORE;
  }
}

/** A head ends at the first empty line, whatever ends the lines: CRLF, LF (DarkIce, AltaCast), CR CR LF
 * (old Winamp plug-ins). */
const HEAD_ENDS = ["\n\n", "\n\r\n", "\n\r\r\n"].map((end) => Buffer.from(end));
const LONGEST_END = 4;

/** The position after the head, or null while it is incomplete. */
function headEnd(bytes: Uint8Array, from: number): number | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let earliest: number | null = null;
  for (const end of HEAD_ENDS) {
    const at = view.indexOf(end, from);
    if (at >= 0 && (earliest === null || at + end.length < earliest)) earliest = at + end.length;
  }
  return earliest;
}

function parseHead(bytes: Uint8Array, rest: Uint8Array): HeadResult {
  const lines = textOf(bytes).split(/\r*\n/);
  const request = /^([A-Z]+) (\S+) ((?:HTTP|ICE)\/\d\.\d)$/.exec(lines[0] ?? "");
  if (request === null) return bad("the first line is no request");
  const fields = lines.slice(1).filter((line) => line !== "");
  if (fields.length > MAX_HEADER_LINES) return bad("the request has too many headers");
  const [, method = "", target = "", version = ""] = request;
  return { kind: "head", head: { method, target, version, headers: parseHeaders(fields) }, rest };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const windows1252 = new TextDecoder("windows-1252");

/** Encoders send UTF-8, or what their Windows speaks: bytes that cannot be the first are the second. */
function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}

/** Lines without a colon are no headers and are passed over, as Icecast does. */
function parseHeaders(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (name !== "") headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** The user and password of an Authorization header, or null when it is absent or not Basic. */
export function basicCredentials(header: string | undefined): Credentials | null {
  const encoded = /^basic +([a-z0-9+/=_-]+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return null;
  const text = textOf(Buffer.from(encoded, "base64"));
  const colon = text.indexOf(":");
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
