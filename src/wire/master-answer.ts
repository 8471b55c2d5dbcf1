// Pure: reads a server's first bytes as the head of an answer, SHOUTcast's "ICY 200 OK" included.
import { FieldReader, type Fields, MAX_HEAD_BYTES } from "./fields.ts";
import { decodeText } from "../lib/text.ts";

export interface AnswerHead {
  readonly status: number;
  readonly headers: Fields;
}

export type AnswerResult =
  | { readonly kind: "more" }
  | { readonly kind: "bad"; readonly reason: string }
  | { readonly kind: "answer"; readonly head: AnswerHead; readonly rest: Uint8Array };

const MORE: AnswerResult = { kind: "more" };
const TOO_LONG: AnswerResult = { kind: "bad", reason: "the head of its answer is too long" };
const NO_ANSWER: AnswerResult = { kind: "bad", reason: "its answer is not HTTP" };

const LF = 10;

/** Some servers leave out the reason. */
const STATUS = /^(?:HTTP\/\d(?:\.\d)?|ICY) +(\d{3})(?: .*)?$/;

/** Collects bytes until the head is complete. Push nothing more after any result but "more". */
export class MasterAnswer {
  #held: Uint8Array = new Uint8Array(0);
  /** null until the status line is complete. */
  #status: number | null = null;
  #fields = new FieldReader();

  push(chunk: Uint8Array): AnswerResult {
    if (this.#status !== null) return this.#read(this.#status, chunk);
    const bytes = Buffer.concat([this.#held, chunk]);
    const end = bytes.indexOf(LF);
    if ((end < 0 ? bytes.length : end + 1) > MAX_HEAD_BYTES) return TOO_LONG;
    if (end >= 0) return this.#open(bytes, end + 1);
    this.#held = bytes;
    return MORE;
  }

  #open(bytes: Buffer, end: number): AnswerResult {
    const line = decodeText(bytes.subarray(0, end - 1)).replace(/\r+$/, "");
    const status = STATUS.exec(line)?.[1];
    if (status === undefined) return NO_ANSWER;
    this.#status = Number(status);
    this.#fields = new FieldReader(MAX_HEAD_BYTES - end);
    return this.#read(this.#status, bytes.subarray(end));
  }

  #read(status: number, chunk: Uint8Array): AnswerResult {
    const result = this.#fields.push(chunk);
    if (result.kind === "more") return MORE;
    if (result.kind === "bad") return TOO_LONG;
    return { kind: "answer", head: { status, headers: result.fields }, rest: result.rest };
  }
}
