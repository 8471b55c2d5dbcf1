// Text from outside: decodes its bytes and cleans it to one line. All titles pass through here.

/** UTF-16 units of an artist, a title, or the name of a show or a program. */
export const MAX_TEXT_LENGTH = 1000;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const windows1252 = new TextDecoder("windows-1252");

/** Valid UTF-8 wins over any declared charset, since many programs declare the wrong one. Next the charset, if
 * the bytes are valid in it; then Windows-1252, which accepts all bytes. */
export function decodeText(bytes: Uint8Array, charset = ""): string {
  return decodeAs(bytes, utf8) ?? decodeNamed(bytes, charset) ?? windows1252.decode(bytes);
}

/** Decodes UTF-16 by its byte-order mark, else in `order`; an odd byte at the end is dropped. */
export function decodeUtf16(bytes: Uint8Array, order: "le" | "be"): string {
  const [first = 0, second = 0] = bytes;
  const mark = (first << 8) | second;
  const isBig = mark === 0xfeff || (order === "be" && mark !== 0xfffe);
  const whole = bytes.slice(0, bytes.length & ~1);
  const text = Buffer.from(whole.buffer, 0, whole.length);
  return (isBig ? text.swap16() : text).toString("utf16le");
}

function decodeAs(bytes: Uint8Array, decoder: TextDecoder): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null; // The bytes are not valid in this charset.
  }
}

function decodeNamed(bytes: Uint8Array, charset: string): string | null {
  if (charset === "") return null;
  try {
    // Bun's types list three of the labels it accepts.
    return decodeAs(bytes, new TextDecoder(charset as Bun.Encoding, { fatal: true }));
  } catch {
    return null; // Unknown charset.
  }
}

/** Characters that break a line or move a cursor. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp} ]+/gu;

/** Characters that change the writing direction, and the byte-order mark. */
const INVISIBLE = /[\p{Bidi_Control}\ufeff]/gu;

/** One line without control or bidi characters, surrounding blanks or lone surrogates, of at most `limit`
 * UTF-16 units. Idempotent. */
export function plainText(text: string, limit = MAX_TEXT_LENGTH): string {
  const line = text.toWellFormed().replace(INVISIBLE, "").replace(BREAKS, " ").trim();
  return cut(line, limit).trimEnd();
}

/** Cuts without splitting a surrogate pair. */
function cut(text: string, limit: number): string {
  const short = text.slice(0, limit);
  return short.isWellFormed() ? short : short.slice(0, -1);
}

/** For logs and terminals: masks characters that move the cursor, forge a line or change the writing direction. */
export function printable(text: string, mask = "?"): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, mask).toWellFormed();
}

/** As many whole characters from its beginning as fit into so many bytes of UTF-8. */
export function withinBytes(text: string, most: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(most));
  return text.slice(0, read).trimEnd();
}
