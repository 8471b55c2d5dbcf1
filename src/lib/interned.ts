// Strings that many clients send alike, such as the name of a player, kept once for all of them.

const MOST = 1024;

/** A longer string is hardly sent twice. */
const MOST_LENGTH = 256;

const kept = new Map<string, string>();

/** An equal string: the first such one, as long as not too many others came since. */
export function interned(text: string): string {
  const known = kept.get(text);
  if (known !== undefined || text.length > MOST_LENGTH) return known ?? text;
  if (kept.size >= MOST) kept.clear();
  kept.set(text, text);
  return text;
}
