// Pure: the signature of a web hook's message, as in Standard Webhooks.
import { createHmac } from "node:crypto";

/** What a receiver gets once: the same id in every attempt, so that it can drop what it has already. */
export interface Message {
  readonly id: string;
  readonly body: string;
}

/** Secrets of Standard Webhooks are base64 behind this; any other is taken as it stands. */
const BASE64 = /^whsec_([A-Za-z0-9+/]+=*)$/;

function keyOf(secret: string): Buffer {
  const encoded = BASE64.exec(secret)?.[1];
  return encoded === undefined ? Buffer.from(secret) : Buffer.from(encoded, "base64");
}

/** The headers of one attempt. Without a secret it is not signed. */
export function signedHeaders(
  { id, body }: Message,
  secret: string,
  nowMs: number,
): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const headers = { "webhook-id": id, "webhook-timestamp": timestamp };
  if (secret === "") return headers;
  const signed = `${id}.${timestamp}.${body}`;
  const digest = createHmac("sha256", keyOf(secret)).update(signed).digest("base64");
  return { ...headers, "webhook-signature": `v1,${digest}` };
}
