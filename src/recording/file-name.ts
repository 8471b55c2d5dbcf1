// Pure: the name of a recorded file, from the configured pattern. Titles and shows come from outside, so they never choose a
// folder.
import type { Split } from "../config/recording-keys.ts";
import { plainText, withinBytes } from "../lib/text.ts";
import { localFields, type Offset } from "./wall-hours.ts";

/** Bytes of a folder's or file's name, with room for a number and endings within the system's 255. */
const MAX_PART_BYTES = 200;
const MAX_VALUE_LENGTH = 100;

/** The offset keeps both of the hours apart that come when summer time ends. */
const DEFAULTS: Readonly<Record<Split, string>> = {
  hour: "{mount}/%Y-%m-%d/%H-%M-%S%z",
  show: "{mount}/%Y-%m-%d/%H-%M-%S%z {show}",
  title: "{mount}/%Y-%m-%d/%H-%M-%S%z {artist} - {title}",
};

export interface NameFacts {
  readonly mount: string;
  readonly recording: string;
  readonly show: string;
  readonly artist: string;
  readonly title: string;
  readonly atMs: number;
}

/** A relative path without an ending; never leaves its folder. */
export function fileName(pattern: string, split: Split, facts: NameFacts, offset: Offset): string {
  const dates = localFields(facts.atMs, offset);
  const text = (pattern === "" ? DEFAULTS[split] : pattern)
    .replaceAll(/%([YmdHMSz])/g, (_, field: string) => dates[field] ?? "")
    .replaceAll(/\{(mount|recording|show|artist|title)\}/g, (_, field: keyof NameFacts) =>
      safeValue(String(facts[field])),
    );
  const parts = text.split("/").map(safePart);
  const path = parts.filter((part) => part !== "").join("/");
  return path === "" ? safePart(`${dates.Y}-${dates.m}-${dates.d} ${dates.H}-${dates.M}`) : path;
}

/** Characters that some file system refuses. */
const UNSAFE = /[/\\:*?"<>|]+/g;

function safeValue(text: string): string {
  return plainText(text, MAX_VALUE_LENGTH).replace(/^\/+/, "").replaceAll(UNSAFE, "-");
}

/** Without the separators that empty values leave, and not hidden. */
function safePart(text: string): string {
  const line = plainText(text).replaceAll(/[\\:*?"<>|]+/g, "-");
  const bare = line.replace(/^[\s.]+/, "").replace(/(?: -)?[\s.]*$/, "");
  return withinBytes(bare.replaceAll(/ +- +(?=-|$)/g, " ").trim(), MAX_PART_BYTES);
}
