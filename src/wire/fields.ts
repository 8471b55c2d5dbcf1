// Pure: reads header lines up to the empty line that ends them, and returns what follows.
import { decodeText } from "../lib/text.ts";

export const MAX_HEAD_BYTES = 8192;
const MAX_FIELDS = 64;

/** Names in lower case; the last value of a repeated header, or all of them where each proxy adds one. */
export type Fields = ReadonlyMap<string, string>;

export type FieldResult =
  | { readonly kind: "more" }
  | { readonly kind: "bad"; readonly reason: string }
  | { readonly kind: "fields"; readonly fields: Fields; readonly rest: Uint8Array };

export const TOO_LONG = { kind: "bad", reason: "the request head is too long" } as const;
const TOO_MANY = { kind: "bad", reason: "the request has too many headers" } as const;

const LF = 10;

/** Headers end at the first empty line. Lines end with CRLF, LF (DarkIce, AltaCast) or CR CR LF (old Winamp plug-ins). */
const ENDS = ["\n\n", "\n\r\n", "\n\r\r\n"].map((end) => Buffer.from(end));
const LONGEST_END = 4;

/** Collects bytes until the headers are complete. Push nothing more after "fields" or "bad". */
export class FieldReader {
  /** Starts with the previous line's end: the first line may be the empty one. */
  #held: Uint8Array = new Uint8Array([LF]);

  /** `limit`: bytes, the empty line included. */
  constructor(private readonly limit = MAX_HEAD_BYTES) {}

  push(chunk: Uint8Array): FieldResult {
    const from = Math.max(0, this.#held.length - LONGEST_END);
    const bytes = Buffer.concat([this.#held, chunk]);
    const end = endOf(bytes, from);
    if ((end ?? bytes.length) - 1 > this.limit) return TOO_LONG;
    if (end !== null) return parse(bytes.subarray(0, end), bytes.subarray(end));
    this.#held = bytes;
    return { kind: "more" };
  }
}

/** The position after the empty line; null if it has not come. */
function endOf(bytes: Buffer, from: number): number | null {
  let earliest: number | null = null;
  for (const end of ENDS) {
    const at = bytes.indexOf(end, from);
    if (at >= 0 && (earliest === null || at + end.length < earliest)) earliest = at + end.length;
  }
  return earliest;
}

function parse(bytes: Uint8Array, rest: Uint8Array): FieldResult {
  const lines = decodeText(bytes)
    .split(/\r*\n/)
    .filter((line) => line !== "");
  return lines.length > MAX_FIELDS ? TOO_MANY : { kind: "fields", fields: fieldsOf(lines), rest };
}

/** Each proxy adds an entry, some on a line of its own. */
const LISTS: ReadonlySet<string> = new Set(["x-forwarded-for"]);

/** Lines without a colon are skipped, as in Icecast. */
function fieldsOf(lines: readonly string[]): Fields {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (name === "") continue;
    const value = line.slice(colon + 1).trim();
    const before = LISTS.has(name) ? fields.get(name) : undefined;
    fields.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return fields;
}
