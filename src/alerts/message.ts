// Pure: one alert as the web hook gets it, and its signature as in Standard Webhooks.
import { createHmac } from "node:crypto";
import type { Notice } from "./alarm.ts";

export interface AlertMessage {
  /** The same in every attempt, so that a receiver can drop what it has already. */
  readonly id: string;
  readonly body: string;
}

/** A notice, with its times in milliseconds since 1970. */
export interface DatedNotice extends Notice {
  readonly nowMs: number;
  /** The station's name. */
  readonly station: string;
}

/** `text` is what Slack and Mattermost show, `content` what Discord shows. */
export function alertMessage(notice: DatedNotice, id: string): AlertMessage {
  const { event, state, subject, message, remedy, sinceMs, returns, nowMs, station } = notice;
  const text = state === "firing" ? `${message} ${remedy}` : `It is over: ${message}`;
  const body = JSON.stringify({
    id,
    event,
    state,
    station,
    subject,
    message,
    remedy,
    since: new Date(sinceMs).toISOString(),
    time: new Date(nowMs).toISOString(),
    returns,
    text: `${station}: ${text}`,
    content: `${station}: ${text}`,
  });
  return { id, body };
}

/** Secrets of Standard Webhooks are base64 behind this; any other is taken as it stands. */
const BASE64 = /^whsec_([A-Za-z0-9+/]+=*)$/;

function keyOf(secret: string): Buffer {
  const encoded = BASE64.exec(secret)?.[1];
  return encoded === undefined ? Buffer.from(secret) : Buffer.from(encoded, "base64");
}

/** The headers of one attempt. Without a secret it is not signed. */
export function signedHeaders(
  { id, body }: AlertMessage,
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
