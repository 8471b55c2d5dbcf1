// Pure: one alert as the web hook gets it.
import type { Message } from "../hooks/signature.ts";
import type { Notice } from "./alarm.ts";

/** A notice, with its times in milliseconds since 1970. */
export interface DatedNotice extends Notice {
  readonly nowMs: number;
  /** The station's name. */
  readonly station: string;
}

/** `text` is what Slack and Mattermost show, `content` what Discord shows. */
export function alertMessage(notice: DatedNotice, id: string): Message {
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
