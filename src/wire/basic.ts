// Basic authentication, for every port.
import { decodeText } from "../lib/text.ts";

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Reads an Authorization header; null if it is absent or not Basic. */
export function basicCredentials(header: string | undefined): Credentials | null {
  const encoded = /^basic +([a-z0-9+/=_-]+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return null;
  const text = decodeText(Buffer.from(encoded, "base64"));
  const colon = text.indexOf(":");
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
