// Pure: removes the transfer coding from a source's body, so that no chunk header gets into the audio.
import { JoinedRanges } from "./joined.ts";

/** done: the body is complete; bad: its framing is broken. */
export interface BodyPart {
  /** A view of the pushed bytes. Chunks of one push are joined: each one passed on would cost as much as a packet. */
  readonly data: Uint8Array;
  readonly state: "open" | "done" | "bad";
  /** Bytes that are not audio: broken framing, and everything after it or after the end. */
  readonly garbageBytes: number;
}

export interface BodyDecoder {
  push(bytes: Uint8Array): BodyPart;
  /** Bytes of the announced length still to come; 0 without a length. */
  readonly owedBytes: number;
}

/** A body that lasts until the connection closes. */
export class RawBody implements BodyDecoder {
  readonly owedBytes = 0;

  push(bytes: Uint8Array): BodyPart {
    return { data: bytes, state: "open", garbageBytes: 0 };
  }
}

/** A body of Content-Length bytes, such as a file that curl uploads. */
export class SizedBody implements BodyDecoder {
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  get owedBytes(): number {
    return this.#left;
  }

  push(bytes: Uint8Array): BodyPart {
    const data = bytes.subarray(0, this.#left);
    this.#left -= data.length;
    const garbageBytes = bytes.length - data.length;
    return { data, state: this.#left === 0 ? "done" : "open", garbageBytes };
  }
}

/** Limit of a chunk's size line, extensions included. */
const MAX_LINE_BYTES = 256;
const LF = 10;

/** Transfer-Encoding: chunked (Liquidsoap, curl). Complete at the last chunk's size line: trailers are ignored. */
export class ChunkedBody implements BodyDecoder {
  /** size: reading a size line; data: inside a chunk; gap: its CRLF. */
  #stage: "size" | "data" | "gap" | "done" | "bad" = "size";
  readonly owedBytes = 0;
  #left = 0;
  #line = "";

  push(bytes: Uint8Array): BodyPart {
    const data = new JoinedRanges(bytes);
    let at = 0;
    while (at < bytes.length && this.#stage !== "done" && this.#stage !== "bad") {
      at = this.#stage === "data" ? this.#take(bytes, at, data) : this.#readLine(bytes, at);
    }
    if (this.#stage !== "bad") {
      return { data: data.bytes, state: this.#stage === "done" ? "done" : "open", garbageBytes: 0 };
    }
    const behind = Math.max(0, bytes.length - at);
    return { data: data.bytes, state: "bad", garbageBytes: this.#line.length + behind };
  }

  #take(bytes: Uint8Array, at: number, data: JoinedRanges): number {
    const end = Math.min(bytes.length, at + this.#left);
    data.add(at, end);
    this.#left -= end - at;
    if (this.#left === 0) this.#stage = "gap";
    return end;
  }

  #readLine(bytes: Uint8Array, at: number): number {
    const end = bytes.indexOf(LF, at);
    const stop = end < 0 ? bytes.length : end;
    this.#line += Buffer.from(bytes.subarray(at, stop)).toString("latin1");
    if (this.#line.length > MAX_LINE_BYTES) this.#stage = "bad";
    else if (end >= 0) this.#endLine();
    return stop + 1;
  }

  #endLine(): void {
    const line = this.#line.replace(/\r$/, "");
    if (this.#stage === "size") this.#startChunk(line);
    else this.#stage = line === "" ? "size" : "bad";
    if (this.#stage !== "bad") this.#line = "";
  }

  #startChunk(line: string): void {
    const size = /^\s*([0-9a-f]{1,8})\s*(?:;.*)?$/i.exec(line)?.[1];
    this.#left = size === undefined ? 0 : Number.parseInt(size, 16);
    if (size === undefined) this.#stage = "bad";
    else this.#stage = this.#left === 0 ? "done" : "data";
  }
}

/** Content-Length is absent or a number. */
export function hasPlainLength(headers: ReadonlyMap<string, string>): boolean {
  return /^\d{1,15}$/.test(headers.get("content-length") ?? "0");
}

/** The decoder that the headers call for; null if the transfer coding is unknown. */
export function bodyDecoder(headers: ReadonlyMap<string, string>): BodyDecoder | null {
  const coding = headers.get("transfer-encoding")?.toLowerCase() ?? "identity";
  if (coding === "chunked") return new ChunkedBody();
  if (coding !== "identity") return null;
  // Some encoders send a length of 0 and then stream.
  const length = hasPlainLength(headers) ? Number(headers.get("content-length") ?? 0) : 0;
  return length > 0 ? new SizedBody(length) : new RawBody();
}
