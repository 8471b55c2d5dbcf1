// Keys whose value is a list of strings.
import { isAddressRange } from "../lib/address-ranges.ts";
import { type About, type Key, key, type ScopeOf } from "./key.ts";

const EXTENSION = /^\.?[a-z0-9_-]{1,16}$/;

const MAX_EXTENSIONS = 32;
const MAX_RANGES = 64;

/** null if it is no list of strings. */
function readStrings(value: unknown): readonly string[] | null {
  if (!Array.isArray(value)) return null;
  const strings = value.filter((item) => typeof item === "string");
  return strings.length === value.length ? strings : null;
}

/** File extensions, lower-cased, with their dot. */
export function extensions<const A extends About<readonly string[]>>(
  about: A,
): Key<readonly string[], ScopeOf<A>> {
  const expected = `a list of 1 to ${MAX_EXTENSIONS} file name endings like ".mp3"`;
  return key(about, { type: "list", expected, read: readExtensions });
}

function readExtensions(value: unknown): readonly string[] | null {
  const endings = readStrings(value)?.map((item) => item.toLowerCase()) ?? [];
  if (endings.length === 0 || endings.length > MAX_EXTENSIONS) return null;
  if (!endings.every((ending) => EXTENSION.test(ending))) return null;
  return [...new Set(endings.map((ending) => (ending.startsWith(".") ? ending : `.${ending}`)))];
}

/** Addresses and ranges in CIDR notation. */
export function addressRanges<const A extends About<readonly string[]>>(
  about: A,
  max = MAX_RANGES,
): Key<readonly string[], ScopeOf<A>> {
  const expected = `a list of at most ${max} addresses or ranges like "10.0.0.0/8"`;
  return key(about, { type: "list", expected, read: (value) => readRanges(value, max) });
}

function readRanges(value: unknown, max: number): readonly string[] | null {
  const ranges = readStrings(value);
  if (ranges === null || ranges.length > max) return null;
  return ranges.every(isAddressRange) ? [...new Set(ranges)] : null;
}

const MAX_PATTERNS = 64;
const MAX_PATTERN_LENGTH = 128;

/** Patterns with * and ?, in lower case: they are compared with lower-cased text. */
export function patterns<const A extends About<readonly string[]>>(
  about: A,
): Key<readonly string[], ScopeOf<A>> {
  const expected = `a list of at most ${MAX_PATTERNS} patterns of at most ${MAX_PATTERN_LENGTH} characters`;
  return key(about, { type: "list", expected, read: readPatterns });
}

function readPatterns(value: unknown): readonly string[] | null {
  const texts = readStrings(value);
  if (texts === null || texts.length > MAX_PATTERNS) return null;
  const areFit = texts.every(({ length }) => length > 0 && length <= MAX_PATTERN_LENGTH);
  return areFit ? [...new Set(texts.map((text) => text.toLowerCase()))] : null;
}
