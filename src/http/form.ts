// Query strings and forms as raw bytes; the charset is decided field by field.
import { decodeText } from "../lib/text.ts";

/** Well-meaning programs send fewer fields. */
const MAX_FIELDS = 100;

/** By name, without empty fields; the first of several with one name. */
export type Form = ReadonlyMap<string, Uint8Array>;

/** Decodes `+` and %XX; anything else stays. `text` holds one byte per character. */
function unescape(text: string): Uint8Array {
  const plain = text
    .replaceAll("+", " ")
    .replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, "latin1");
}

export function parseForm(bytes: Uint8Array): Form {
  const form = new Map<string, Uint8Array>();
  const fields = Buffer.from(bytes).toString("latin1").split("&", MAX_FIELDS);
  for (const field of fields) {
    const at = field.indexOf("=");
    if (at < 0) continue;
    const [name, value] = [unescape(field.slice(0, at)), unescape(field.slice(at + 1))];
    const key = new TextDecoder().decode(name);
    if (value.length > 0 && !form.has(key)) form.set(key, value);
  }
  return form;
}

/** The query of a request as it was sent, without "?". Without a Host header, the URL begins with the path: `new URL`
 * refuses it. */
export function queryText({ url }: Request): string {
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at + 1);
}

export function queryOf(request: Request): Form {
  return parseForm(new TextEncoder().encode(queryText(request)));
}

/** A field as text, or "". */
export function field(form: Form, name: string, charset = ""): string {
  const bytes = form.get(name);
  return bytes === undefined ? "" : decodeText(bytes, charset);
}
