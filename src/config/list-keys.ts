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
): Key<readonly string[], ScopeOf<A>> {
  const expected = `a list of at most ${MAX_RANGES} addresses or ranges like "10.0.0.0/8"`;
  return key(about, { type: "list", expected, read: readRanges });
}

function readRanges(value: unknown): readonly string[] | null {
  const ranges = readStrings(value);
  if (ranges === null || ranges.length > MAX_RANGES) return null;
  return ranges.every(isAddressRange) ? [...new Set(ranges)] : null;
}
