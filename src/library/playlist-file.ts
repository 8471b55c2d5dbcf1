// Pure: the locations that a playlist file lists (M3U, PLS, XSPF), as paths to try in order.
import { extname } from "node:path";
import { nameOfBytes, pathIn, shownPath, systemPath } from "../lib/path-text.ts";
import { decodeText } from "../lib/text.ts";

export const MAX_PLAYLIST_BYTES = 8 << 20;
export const MAX_LISTED = 100_000;

const ENDINGS: ReadonlySet<string> = new Set([".m3u", ".m3u8", ".pls", ".xspf"]);

/** UTF-8's, read as Latin-1. */
const BYTE_ORDER_MARK = /^\xef\xbb\xbf/;

export function isPlaylistFile(name: string): boolean {
  return ENDINGS.has(extname(name).toLowerCase());
}

/** Locations in their order, without comments; at most MAX_LISTED. */
export function listedLocations(name: string, bytes: Uint8Array): string[] {
  const isXml = extname(name).toLowerCase() === ".xspf";
  const isPls = extname(name).toLowerCase() === ".pls";
  const all = isXml ? xspf(decodeText(bytes)) : isPls ? pls(decodeText(bytes)) : m3u(bytes);
  return all.slice(0, MAX_LISTED);
}

/** Each line is decoded by itself: the file may mix encodings, as the names on a disk do. */
function m3u(bytes: Uint8Array): string[] {
  const lines = Buffer.from(bytes)
    .toString("latin1")
    .replace(BYTE_ORDER_MARK, "")
    .split(/[\r\n]+/);
  return lines
    .map((line) => nameOfBytes(Buffer.from(line.trim(), "latin1")))
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** "File12=…", in the order of the numbers. */
function pls(text: string): string[] {
  const found = [...text.matchAll(/^\s*File(\d+)\s*=\s*(.*?)\s*$/gim)];
  const entries = found.map(([, number, location = ""]) => ({ number: Number(number), location }));
  return entries.toSorted((a, b) => a.number - b.number).map(({ location }) => location);
}

function xspf(text: string): string[] {
  return [...text.matchAll(/<location>\s*([^<]*?)\s*<\/location>/g)].map(([, location = ""]) =>
    unescaped(location),
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function unescaped(text: string): string {
  return text.replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
  });
}

/** A stream's address, which is no file. */
export function isAddress(location: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(location) && !/^file:/i.test(location);
}

/** Absolute paths that a location may mean, the likeliest first. `file`: the playlist file. */
export function pathsOf(location: string, file: string): string[] {
  const plain = location.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/i, "");
  const isUrl = plain !== location || file.toLowerCase().endsWith(".xspf");
  const names = isUrl ? [percentDecoded(plain), plain] : [plain, percentDecoded(plain)];
  const forms = names.flatMap((name) => [name, name.replaceAll("\\", "/"), shownPath(name)]);
  const normal = forms.flatMap((name) => [name, name.normalize("NFC"), name.normalize("NFD")]);
  const folder = file.slice(0, file.lastIndexOf("/"));
  return [...new Set(normal.map((name) => absolute(folder, name)))];
}

/** Bytes that are not UTF-8 stay as they are. */
function percentDecoded(text: string): string {
  if (!text.includes("%")) return text;
  const bytes = Buffer.from(systemPath(text)).toString("latin1");
  const plain = bytes.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return nameOfBytes(Buffer.from(plain, "latin1"));
}

/** node:path would lose bytes that are not UTF-8. */
function absolute(folder: string, name: string): string {
  const names: string[] = [];
  for (const part of (name.startsWith("/") ? name : pathIn(folder, name)).split("/")) {
    if (part === "..") names.pop();
    else if (part !== "" && part !== ".") names.push(part);
  }
  return `/${names.join("/")}`;
}
