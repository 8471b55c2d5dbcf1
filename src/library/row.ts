// What the catalogue keeps about a file, and how both sides name it.
import { describeFormat, type StreamFormat } from "../format/frame.ts";
import type { Analysis } from "./converter.ts";
import type { Measure } from "./measure.ts";

export interface Row {
  readonly path: string;
  /** Changes with the file's size and date. */
  readonly stamp: string;
  /** null for audio that has to be converted. */
  readonly measure: Measure | null;
  /** Why it cannot be played as it is; null if it can. */
  readonly foreign: string | null;
  /** null until the converter has measured it. */
  readonly analysis: Analysis | null;
}

/** The stamp in a version, which also changes when a file is renamed or copied. */
export function stampOf(version: string): string {
  return version.split(":").slice(1, 3).join(":");
}

const formats = new Map<string, StreamFormat>();

/** One object per format, however many files have it. */
export function sharedFormat(format: StreamFormat): StreamFormat {
  const key = describeFormat(format);
  const known = formats.get(key) ?? format;
  formats.set(key, known);
  return known;
}
