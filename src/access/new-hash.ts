// Makes the hash of a password that is read from a terminal, which does not show it, or from a pipe.
import type { ReadStream } from "node:tty";

/** More is no password, but a file. */
const MAX_BYTES = 4096;
const MAX_LENGTH = 1024;

const CONTROL = /\p{Cc}/u;

const INTERRUPT = "\u0003";
const END = "\u0004";
const ERASE = new Set(["\u007f", "\b"]);

/** Why a password is none; null if it is one. */
export function whyNoPassword(password: string): string | null {
  if (password === "") return "The password is empty";
  if (password.length > MAX_LENGTH) return `A password has at most ${MAX_LENGTH} characters`;
  return CONTROL.test(password) ? "A password is one line without control characters" : null;
}

/** As accounts and htpasswd files take it: Argon2id with 64 MiB. */
export function newHash(password: string): Promise<string> {
  return Bun.password.hash(password);
}

/** All that comes, without the line break at its end. */
export async function readPiped(input: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of input) {
    parts.push(part);
    length += part.length;
    if (length > MAX_BYTES) break;
  }
  return Buffer.concat(parts)
    .toString()
    .replace(/\r?\n$/, "");
}

/** One line as it is typed; null after Ctrl-C. */
export async function readHidden(
  terminal: Pick<ReadStream, "setRawMode"> & AsyncIterable<string | Uint8Array>,
): Promise<string | null> {
  terminal.setRawMode(true);
  try {
    return await typedLine(terminal);
  } finally {
    terminal.setRawMode(false);
  }
}

async function typedLine(keys: AsyncIterable<string | Uint8Array>): Promise<string | null> {
  let line = "";
  for await (const chunk of keys)
    for (const key of Buffer.from(chunk).toString()) {
      if (key === INTERRUPT) return null;
      if (key === "\r" || key === "\n" || key === END) return line;
      line = ERASE.has(key) ? [...line].slice(0, -1).join("") : line + key;
    }
  return line;
}
