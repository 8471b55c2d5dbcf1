// Pure: the users of an htpasswd file, as Apache and Icecast write it.
import { isKnownHash } from "./crypt/verify.ts";

/** Longer files are no htpasswd files. */
export const MAX_FILE_BYTES = 4 << 20;

export const MAX_USERS = 50_000;

export interface Htpasswd {
  /** Hashes by user name; the last line of a name counts. */
  readonly users: ReadonlyMap<string, string>;
  /** Numbers of the lines that are no user with a hash of a known kind. */
  readonly broken: readonly number[];
}

/** Lines "name:hash", with the last colon between them, as Icecast reads it; "#" begins a comment. */
export function parseHtpasswd(text: string): Htpasswd {
  const users = new Map<string, string>();
  const broken: number[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const content = line.trim();
    if (content === "" || content.startsWith("#")) continue;
    const colon = content.lastIndexOf(":");
    const hash = content.slice(colon + 1);
    if (colon < 1 || !isKnownHash(hash) || users.size >= MAX_USERS) broken.push(i + 1);
    else users.set(content.slice(0, colon), hash);
  }
  return { users, broken };
}
