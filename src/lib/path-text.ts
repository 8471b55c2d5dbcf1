// Paths that are not UTF-8: to Linux a name is bytes, and a lossy decoding is no address. A byte that is no text is kept
// as a lone surrogate (U+DC00 + byte), so that a path stays a string everywhere else.

const strict = new TextDecoder("utf-8", { fatal: true });
/** A byte that is no text: no half of a pair. */
const BYTES = /(?<![\ud800-\udbff])[\udc80-\udcff]/;

const western = new TextDecoder("windows-1252");

/** The name that a folder holds, as a string that systemPath() turns back into the same bytes. */
export function nameOfBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) =>
      String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte),
    ).join("");
  }
}

/** A name in a folder. node:path would lose bytes that are no text. */
export function pathIn(folder: string, name: string): string {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

/** What the file system calls it: the string itself unless it holds bytes that are no text. */
export function systemPath(path: string): string | Buffer {
  return BYTES.test(path) ? bytesOf(path) : path;
}

/** For people: a name that is not UTF-8 is read as Windows-1252, which is where most such names come from. */
export function shownPath(path: string): string {
  if (!BYTES.test(path)) return path;
  const names = path.split("/");
  return names.map((name) => (BYTES.test(name) ? western.decode(bytesOf(name)) : name)).join("/");
}

function bytesOf(text: string): Buffer {
  return Buffer.concat(Array.from(text, (char) => bytesOfChar(char)));
}

function bytesOfChar(char: string): Buffer {
  const code = char.charCodeAt(0);
  const isByte = char.length === 1 && code >= 0xdc80 && code <= 0xdcff;
  return isByte ? Buffer.of(code - 0xdc00) : Buffer.from(char);
}
