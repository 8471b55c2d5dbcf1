// What is wrong with a configuration, ready to be read: place, words and the line itself, secrets masked.
import type { Finding, Span } from "./hcl/finding.ts";
import type { SourceText } from "./hcl/source-text.ts";

export interface Problem {
  readonly file: string;
  /** From 1; 0 for a problem of the whole file. */
  readonly line: number;
  /** In characters, from 1; 0 for a problem of the whole file. */
  readonly column: number;
  readonly message: string;
  /** The offending text. */
  readonly text: string;
  readonly expected: string;
  readonly hint?: string;
  /** The line, and a line that marks the offending part of it; empty for a problem of the whole file. */
  readonly excerpt: readonly string[];
}

const MASK = "***";
const MAX_PROBLEMS = 100;
const MAX_TEXT = 80;
const EXCERPT_WIDTH = 100;

/** All that is wrong with one configuration, in the order of the file. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join("; "));
  }
}

/** A problem that has no place in the file. */
export function fileProblem(file: string, message: string, expected: string): Problem {
  return { file, line: 0, column: 0, message, text: file, expected, excerpt: [] };
}

/** Tells findings, of which the first hundred are enough for anybody. */
export function tell(
  file: string,
  source: SourceText,
  findings: readonly Finding[],
  masks: readonly Span[],
): Problem[] {
  const sorted = findings.toSorted((a, b) => a.start - b.start).slice(0, MAX_PROBLEMS);
  return sorted.map((found) => problemOf(file, source, found, masks));
}

function problemOf(
  file: string,
  source: SourceText,
  found: Finding,
  masks: readonly Span[],
): Problem {
  const { message, expected, hint } = found;
  const text = clip(printable(masked(source.text, found, masks)));
  const excerpt = excerptOf(source, found, masks);
  const place = source.position(found.start);
  const problem = { file, ...place, message: printable(message), text, expected, excerpt };
  return hint === undefined ? problem : { ...problem, hint };
}

/** What could move the cursor of a terminal, or reorder what is read, becomes a dot. */
function printable(text: string): string {
  return text.replaceAll("\t", " ").replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "·");
}

function clip(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/** The text of a span with every hidden part in it replaced by the mask, however little of that part it has. */
function masked(text: string, span: Span, masks: readonly Span[]): string {
  let shown = "";
  let at = span.start;
  for (const mask of masks) {
    if (mask.end <= at || mask.start >= span.end) continue;
    shown += text.slice(at, Math.max(at, mask.start)) + MASK;
    at = Math.min(mask.end, span.end);
  }
  return shown + text.slice(at, span.end);
}

function excerptOf(source: SourceText, found: Span, masks: readonly Span[]): string[] {
  const lineNumber = source.lineOf(found.start);
  const start = source.lineStart(lineNumber);
  const end = source.lineEnd(lineNumber);
  const from = Math.min(found.start, end);
  const hidden = masks.find((mask) => mask.start < from && from < mask.end);
  const before = masked(source.text, { start, end: hidden?.start ?? from }, masks);
  const marked = masked(source.text, { start: from, end: Math.min(found.end, end) }, masks);
  const line = printable(masked(source.text, { start, end }, masks));
  const cut = Math.max(0, before.length - EXCERPT_WIDTH / 2);
  const width = Math.max(1, Math.min(marked.length, EXCERPT_WIDTH - (before.length - cut)));
  const shown = line.slice(cut, cut + EXCERPT_WIDTH);
  return [shown.trimEnd(), " ".repeat(before.length - cut) + "^".repeat(width)];
}
