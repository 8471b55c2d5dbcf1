// Reads the text of a playlist, strictly.
import type { Report } from "./problem.ts";

export type Attributes = ReadonlyMap<string, string>;

export interface Part {
  /** Media sequence number of its segment. */
  readonly number: number;
  /** Counts from 0 within the segment. */
  readonly index: number;
  readonly url: string;
  /** Seconds. */
  readonly duration: number;
  readonly isGap: boolean;
  /** URL of the initialization segment. */
  readonly map: string | null;
}

export interface Segment {
  readonly number: number;
  readonly url: string;
  /** Seconds. */
  readonly duration: number;
  /** Discontinuity sequence. */
  readonly discontinuity: number;
  /** Milliseconds since 1970; null without EXT-X-PROGRAM-DATE-TIME. */
  readonly dateMs: number | null;
  /** URL of the initialization segment. */
  readonly map: string | null;
  /** The lines of tags that belong to it alone. */
  readonly tags: readonly string[];
}

export interface MediaPlaylist {
  readonly url: string;
  readonly lines: readonly string[];
  readonly version: number;
  readonly target: number;
  readonly segments: readonly Segment[];
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  readonly ranges: readonly Attributes[];
  readonly control: Attributes | null;
  readonly hints: readonly Attributes[];
  /** In order; those behind the last segment are of one that grows. */
  readonly parts: readonly Part[];
  /** PART-TARGET, in seconds; null without EXT-X-PART-INF. */
  readonly partTarget: number | null;
  readonly isEnded: boolean;
  readonly type: string | null;
}

export interface Variant {
  readonly url: string;
  readonly attributes: Attributes;
}

export interface Multivariant {
  readonly lines: readonly string[];
  readonly variants: readonly Variant[];
}

export function linesOf(bytes: Uint8Array, report: Report): string[] {
  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    report("text", "not UTF-8");
  }
  if (text.startsWith("\ufeff")) report("text", "a BOM");
  if (/[^\P{Cc}\r\n]/u.test(text)) report("text", "control characters");
  const lines = text.split(/\r?\n/);
  if (lines[0] !== "#EXTM3U") report("begin", lines[0] ?? "");
  for (const line of lines)
    if (/^\s|\s$/.test(line)) report("text", `white space around ${JSON.stringify(line)}`);
  return lines.filter((line) => line !== "");
}

/** What stands behind the colon of the tag; null if it is another line. */
export function valueOf(line: string, tag: string): string | null {
  if (line === `#${tag}`) return "";
  return line.startsWith(`#${tag}:`) ? line.slice(tag.length + 2) : null;
}

const ATTRIBUTE = /([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s]+)(?:,|$)/y;

export function attributesOf(line: string, report: Report): Attributes {
  const list = line.slice(line.indexOf(":") + 1);
  const found = new Map<string, string>();
  let at = 0;
  while (at < list.length) {
    ATTRIBUTE.lastIndex = at;
    const [all, name = "", value = ""] = ATTRIBUTE.exec(list) ?? [];
    if (all === undefined) {
      report("attributes", line);
      break;
    }
    if (found.has(name)) report("attributes", `${name} twice: ${line}`);
    found.set(name, value);
    at += all.length;
  }
  if (list.endsWith(",")) report("attributes", `a comma at the end: ${line}`);
  checkValues(line, found, report);
  return found;
}

const QUOTED = /^"[^"]*"$/;
const INTEGER = /^\d{1,20}$/;
const DECIMAL = /^\d+(?:\.\d+)?$/;
const ENUMERATED = /^[^",\s]+$/;
const YES = /^YES$/;

interface Shape {
  readonly values: Readonly<Record<string, RegExp>>;
  readonly required: readonly string[];
}

const SHAPES: Readonly<Record<string, Shape>> = {
  "EXT-X-STREAM-INF": {
    values: {
      BANDWIDTH: INTEGER,
      "AVERAGE-BANDWIDTH": INTEGER,
      CODECS: QUOTED,
      AUDIO: QUOTED,
      NAME: QUOTED,
    },
    required: ["BANDWIDTH"],
  },
  "EXT-X-MEDIA": {
    values: { TYPE: ENUMERATED, "GROUP-ID": QUOTED, NAME: QUOTED, URI: QUOTED, LANGUAGE: QUOTED },
    required: ["TYPE", "GROUP-ID", "NAME"],
  },
  "EXT-X-MAP": { values: { URI: QUOTED, BYTERANGE: QUOTED }, required: ["URI"] },
  "EXT-X-DATERANGE": {
    values: {
      ID: QUOTED,
      CLASS: QUOTED,
      "START-DATE": QUOTED,
      "END-DATE": QUOTED,
      DURATION: DECIMAL,
      "PLANNED-DURATION": DECIMAL,
      "END-ON-NEXT": YES,
    },
    required: [],
  },
  "EXT-X-SERVER-CONTROL": {
    values: {
      "CAN-BLOCK-RELOAD": YES,
      "HOLD-BACK": DECIMAL,
      "PART-HOLD-BACK": DECIMAL,
      "CAN-SKIP-UNTIL": DECIMAL,
      "CAN-SKIP-DATERANGES": YES,
    },
    required: [],
  },
  "EXT-X-PART-INF": { values: { "PART-TARGET": DECIMAL }, required: ["PART-TARGET"] },
  "EXT-X-PART": {
    values: { URI: QUOTED, DURATION: DECIMAL, INDEPENDENT: YES, GAP: YES, BYTERANGE: QUOTED },
    required: ["URI", "DURATION"],
  },
  "EXT-X-PRELOAD-HINT": { values: { TYPE: ENUMERATED, URI: QUOTED }, required: [] },
  "EXT-X-START": { values: { "TIME-OFFSET": /^-?\d+(?:\.\d+)?$/ }, required: ["TIME-OFFSET"] },
};

/** Names that the server may choose, whose values are text, hexadecimal or a number. */
const OWN_NAME = /^X-/;
const OWN_VALUE = /^(?:"[^"]*"|0[xX][0-9A-F]+|-?\d+(?:\.\d+)?)$/;

function checkValues(line: string, found: Attributes, report: Report): void {
  const shape = SHAPES[line.slice(1, line.indexOf(":"))];
  if (shape === undefined) return;
  for (const name of shape.required) if (!found.has(name)) report("values", `no ${name}: ${line}`);
  for (const [name, value] of found) {
    const wanted = OWN_NAME.test(name) ? OWN_VALUE : shape.values[name];
    if (wanted !== undefined && !wanted.test(value)) report("values", `${name}=${value}`);
  }
}

export function unquoted(value: string | undefined): string {
  return value?.replaceAll('"', "") ?? "";
}

/** Milliseconds since 1970; null for what is no date with a time zone and milliseconds. */
export function dateOf(text: string): number | null {
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,}(?:Z|[+-]\d\d:?\d\d)$/.test(text);
  const ms = Date.parse(text);
  return isWhole && !Number.isNaN(ms) ? ms : null;
}
