// A file of a library: what is known about it, and how much of that holds for its present version.
import { sameFormat, type StreamFormat } from "../format/frame.ts";
import type { Analysis, Converted, CuePoints, Source } from "./converter.ts";
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
  /** The latest copy that plays instead of it. */
  conversion: Converted | null;
  /** Why the converter did not take it; null if it did, or was not asked. */
  refusal: string | null;
}

export function newEntry(path: string): Entry {
  const unknown = { measure: null, why: null, analysis: null, conversion: null, refusal: null };
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
  return isForeign ? canConvert : isLevelled && measure?.format.codec === "mp3";
}

/** null if unknown. */
export function secondsOf({ analysis, measure }: Entry): number | null {
  return analysis?.seconds ?? measure?.seconds ?? null;
}

export function tagsOf({ analysis, measure }: Entry): Tags | null {
  return measure?.tags ?? analysis?.tags ?? null;
}

/** What plays in a format: the file, or its copy; null if neither fits. */
export function playedAs(
  { path, measure, conversion }: Entry,
  format: StreamFormat,
): { readonly path: string; readonly isCopy: boolean } | null {
  if (measure !== null && sameFormat(measure.format, format)) return { path, isCopy: false };
  if (conversion === null || !sameFormat(conversion.format, format)) return null;
  return { path: conversion.path, isCopy: true };
}

/** As a converter is asked for it. */
export function sourceOf({ path, version }: Entry): Source {
  return { path, version: stampOf(version) };
}

/** The file as it plays, or its copy. */
export function playableOf(entry: Entry, isCopy: boolean): Playable {
  const { path, analysis, conversion } = entry;
  const copy = isCopy ? conversion : null;
  const { loudness = null, truePeak = null } = copy ?? analysis ?? {};
  const { cueIn = null, cueOut = null, fadeFrom = null } = analysis ?? {};
  const sound = { loudness, truePeak, cueIn, cueOut, fadeFrom };
  const seconds = copy?.seconds ?? secondsOf(entry);
  return { path: copy?.path ?? path, source: path, tags: tagsOf(entry), seconds, ...sound };
}
