// Makes a token for the API: the token itself, shown once, and the block that lets it in.
import { randomBytes } from "node:crypto";
import { digestOf } from "./account.ts";

const TOKEN_BYTES = 32;

const NAME = /^[\w.-]{1,64}$/;

export interface NewToken {
  readonly token: string;
  /** For the configuration. */
  readonly block: string;
}

/** null if the name cannot be a token's. */
export function newToken(name: string): NewToken | null {
  if (!NAME.test(name)) return null;
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const block = `token "${name}" {\n  hash  = "${digestOf(token)}"\n  scope = "read"\n}`;
  return { token, block };
}
