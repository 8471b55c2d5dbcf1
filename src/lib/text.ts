// Text from outside: which characters its bytes mean, and one clean line of it. Every door takes titles through here.

/** UTF-16 units of an artist or a title, of a show's or a program's name. */
export const MAX_TEXT_LENGTH = 1000;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const windows1252 = new TextDecoder("windows-1252");

/**
 * Valid UTF-8 wins over any declared charset, since programs send it whatever they declare. Then the charset, if
 * the bytes are valid in it; then Windows-1252, in which all bytes are.
 */
export function decodeText(bytes: Uint8Array, charset = ""): string {
  return decodeAs(bytes, utf8) ?? decodeNamed(bytes, charset) ?? windows1252.decode(bytes);
}

/** UTF-16 with the order of its byte-order mark, else `order`; an odd byte at the end is dropped. */
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

/** Characters that turn the direction of writing, and the byte-order mark. */
const INVISIBLE = /[\p{Bidi_Control}\ufeff]/gu;

/**
 * One line without control or bidi characters, blanks at its ends or lone surrogates, of at most `limit` UTF-16
 * units. Applying it again changes nothing.
 */
export function plainText(text: string, limit = MAX_TEXT_LENGTH): string {
  const line = text.toWellFormed().replace(INVISIBLE, "").replace(BREAKS, " ").trim();
  return cut(line, limit).trimEnd();
}

/** Never cuts a character of two units in half. */
function cut(text: string, limit: number): string {
  const short = text.slice(0, limit);
  return short.isWellFormed() ? short : short.slice(0, -1);
}

/** For logs and terminals: characters that would move the cursor, forge a line or turn its direction are masked. */
export function printable(text: string, mask = "?"): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, mask).toWellFormed();
}
