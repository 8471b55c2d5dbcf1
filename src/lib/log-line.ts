// Pure: a line of the log as text, and as JSON for programs that collect logs.
import { printable } from "./text.ts";
import type { Level } from "./log-tail.ts";

/** Facts of a line beside its text. They appear in JSON only: the text names what people need. */
export interface LogFields {
  readonly address?: string;
  /** Where the line's names do not have it. */
  readonly mount?: string;
  readonly user_agent?: string;
  readonly input?: string;
  readonly seconds?: number;
  readonly bytes?: number;
}

export interface LogEntry {
  /** ISO 8601 */
  readonly time: string;
  readonly level: Level;
  /** The mount that the line is about, and the part of it or of the station; none for the station itself. */
  readonly names: readonly string[];
  readonly message: string;
  readonly fields: LogFields;
}

/** In characters. Longer lines come from untrusted input. */
const MAX_TEXT = 2000;

export const LOG_FORMATS = ["text", "json"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

function bounded(text: string): string {
  return printable(text.slice(0, MAX_TEXT));
}

/** The text with the names in front. */
export function logText({ names, message }: Pick<LogEntry, "names" | "message">): string {
  return bounded([...names, message].join(": "));
}

function named(names: readonly string[]): { mount?: string; part?: string } {
  const [first = "", ...others] = names;
  const mount = first.startsWith("/") ? { mount: first } : {};
  const parts = "mount" in mount ? others : names;
  return { ...mount, ...(parts.length > 0 && { part: parts.join(": ") }) };
}

/** What clients say is bounded as the message is. */
function fieldsOf(fields: LogFields): LogFields {
  const { user_agent } = fields;
  return user_agent === undefined ? fields : { ...fields, user_agent: bounded(user_agent) };
}

function asText(entry: LogEntry): string {
  return `${entry.time} ${entry.level.padEnd(5)} ${logText(entry)}`;
}

function asJson({ time, level, names, message, fields }: LogEntry): string {
  const said = { ts: time, level, msg: bounded(message), ...named(names) };
  return JSON.stringify({ ...said, ...fieldsOf(fields) });
}

/** Without its line break. */
export function logLine(entry: LogEntry, format: LogFormat): string {
  return format === "json" ? asJson(entry) : asText(entry);
}
