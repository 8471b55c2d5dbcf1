// Pure: something that happened at the station, as plain data that can be kept and sent later, and as a sentence.
import type { HookEventName } from "../config/hook-keys.ts";
import { type Titled, titleLine } from "../lib/titled.ts";

export interface HookTrack extends Titled {
  readonly album: string;
  /** Playing time; null if unknown. */
  readonly seconds: number | null;
  /** When it began to be heard, in milliseconds since 1970. */
  readonly startedMs: number;
}

/** "played": a title is over. Receivers that keep diaries of listening get it with "title". */
export type Happening = HookEventName | "played";

export interface HookEvent {
  readonly event: Happening;
  /** In milliseconds since 1970. */
  readonly atMs: number;
  readonly station: string;
  /** The mount's path. */
  readonly mount: string;
  /** The name of the live show, or "". */
  readonly dj: string;
  readonly listeners: number;
  readonly track: HookTrack | null;
  /** Of trouble: it has begun, or it is over. */
  readonly state: "firing" | "resolved" | null;
  /** Of trouble: what is wrong, and what the operator can do about it. */
  readonly message: string;
}

function trouble({ state, station, message }: HookEvent): string {
  return state === "resolved" ? `${station}: it is over: ${message}` : `${station}: ${message}`;
}

export function sentenceOf(event: HookEvent): string {
  const { station, dj, listeners, track } = event;
  const who = dj === "" ? "A live show" : dj;
  switch (event.event) {
    case "title":
    case "played":
      return `Now playing on ${station}: ${track === null ? "" : titleLine(track)}`;
    case "live_begins":
      return `${who} is live on ${station}.`;
    case "live_ends":
      return `${who} is no longer live on ${station}.`;
    case "listener_peak":
      return `${station} has had ${listeners} listeners at once, more than before since its start.`;
    case "silent":
    case "source_lost":
      return trouble(event);
  }
}
