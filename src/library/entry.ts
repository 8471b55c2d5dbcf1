// A file of a library: what is known about it, and how much of that holds for its present version.
import { sameFormat, type StreamFormat } from "../format/frame.ts";
import type { Analysis, Converted, CuePoints, Source, Target } from "./converter.ts";
import type { Measure } from "./measure.ts";
import { stampOf } from "./row.ts";
import type { Tags } from "./tags.ts";

export interface Entry {
  readonly path: string;
  /** Size, times and inode of the measured or rejected file; "" before that. */
  version: string;
  measure: Measure | null;
  /** Why it cannot be played as it is; null if it can, as far as known. */
  why: string | null;
  /** It is audio that a converter may know. */
  isForeign: boolean;
  analysis: Analysis | null;
  /** One for each form in which some mount wants it. */
  copies: readonly Copy[];
  /** Why the converter cannot read it; null if it can, or was not asked. */
  refusal: string | null;
}

/** What the converter made of a file, or why it did not. */
export interface Copy {
  /** As by formOf(). */
  readonly form: string;
  readonly converted: Converted | null;
  readonly refusal: string | null;
}

/** How a mount plays its files. */
export interface PlayForm {
  readonly format: StreamFormat;
  /** The copies' form; "" if none can be made. */
  readonly form: string;
}

/** Names what files are converted to: mounts with one folder may want different copies. */
export function formOf(target: Target | null): string {
  return target === null ? "" : JSON.stringify(target);
}

const NO_COPIES: readonly Copy[] = [];

export function copyOf({ copies }: Entry, form: string): Copy | null {
  return copies.find((copy) => copy.form === form) ?? null;
}

/** The entry's copies with this one in place of its predecessor. */
export function withCopy({ copies }: Entry, copy: Copy): readonly Copy[] {
  return [...copies.filter(({ form }) => form !== copy.form), copy];
}

/** A copy that is gone, or broken, is made again. */
export function dropCopy(entry: Entry, form: string): void {
  entry.copies = entry.copies.filter((copy) => copy.form !== form);
}

/** Why the converter does not take it in this form; null if it does, or was not asked. */
export function refusalOf(entry: Entry, form: string): string | null {
  return entry.refusal ?? copyOf(entry, form)?.refusal ?? null;
}

export function newEntry(path: string): Entry {
  const unknown = { measure: null, why: null, analysis: null, copies: NO_COPIES, refusal: null };
  return { path, version: "", isForeign: false, ...unknown };
}

/** A new version of the file gets another try. */
export function forget(entry: Entry): void {
  Object.assign(entry, newEntry(entry.path));
}

/** A track as it plays. */
export interface Playable extends CuePoints {
  /** What is read: the file, or a converted copy. */
  readonly path: string;
  /** The file. */
  readonly source: string;
  /** LUFS; null if it was not measured, or is silent. */
  readonly loudness: number | null;
  /** dBTP */
  readonly truePeak: number | null;
  /** null until it is measured. */
  readonly tags: Tags | null;
  readonly seconds: number | null;
}

/** What a mount wants to know from the converter. */
export interface Curiosity {
  readonly canConvert: boolean;
  readonly isLevelled: boolean;
}

/** The converter can say something about it that the mount has to know, and was not asked. */
export function isUnknown(entry: Entry, { canConvert, isLevelled }: Curiosity): boolean {
  const { isForeign, measure, analysis, refusal } = entry;
  if (analysis !== null || refusal !== null) return false;
  return isForeign ? canConvert : isLevelled && measure !== null;
}

/** null if unknown. */
export function secondsOf({ analysis, measure }: Entry): number | null {
  return analysis?.seconds ?? measure?.seconds ?? null;
}

export function tagsOf({ analysis, measure }: Entry): Tags | null {
  return measure?.tags ?? analysis?.tags ?? null;
}

/** What plays: the file, or its copy; null if neither fits. */
export function playedAs(
  entry: Entry,
  { format, form }: PlayForm,
): { readonly path: string; readonly copy: Converted | null } | null {
  const { path, measure } = entry;
  if (measure !== null && sameFormat(measure.format, format)) return { path, copy: null };
  const copy = copyOf(entry, form)?.converted ?? null;
  if (copy === null || !sameFormat(copy.format, format)) return null;
  return { path: copy.path, copy };
}

/** As a converter is asked for it. */
export function sourceOf({ path, version }: Entry): Source {
  return { path, version: stampOf(version) };
}

/** The file as it plays, or its copy. */
export function playableOf(entry: Entry, copy: Converted | null): Playable {
  const { path, analysis } = entry;
  const { loudness = null, truePeak = null } = copy ?? analysis ?? {};
  const { cueIn = null, cueOut = null, fadeFrom = null } = analysis ?? {};
  const sound = { loudness, truePeak, cueIn, cueOut, fadeFrom };
  const seconds = copy?.seconds ?? secondsOf(entry);
  return { path: copy?.path ?? path, source: path, tags: tagsOf(entry), seconds, ...sound };
}
