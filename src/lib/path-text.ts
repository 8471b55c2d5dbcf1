// Paths that are not UTF-8: on Linux a name is bytes, and a lossy decoding cannot be opened. An undecodable byte
// becomes a lone surrogate (U+DC00 + byte), so that paths stay strings.

const strict = new TextDecoder("utf-8", { fatal: true });
/** An undecodable byte: not half of a surrogate pair. */
const BYTES = /(?<![\ud800-\udbff])[\udc80-\udcff]/;

const western = new TextDecoder("windows-1252");

/** A folder entry's name as a string that systemPath() turns back into the same bytes. */
export function nameOfBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) =>
      String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte),
    ).join("");
  }
}

/** Joins a folder and a name; node:path would lose undecodable bytes. */
export function pathIn(folder: string, name: string): string {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

/** The path for the file system: the string itself unless it has undecodable bytes. */
export function systemPath(path: string): string | Buffer {
  return BYTES.test(path) ? bytesOf(path) : path;
}

/** For display: names that are not UTF-8 are read as Windows-1252, the usual origin of such names. */
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
