// A problem with a configuration, ready to print: place, message and the line itself, secrets masked.
import type { ConfigFinding, Span } from "./hcl/finding.ts";
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
  /** The line, and a line that marks the offending part; empty for a problem of the whole file. */
  readonly excerpt: readonly string[];
}

const MASK = "***";
const MAX_PROBLEMS = 100;
const MAX_TEXT = 80;
const EXCERPT_WIDTH = 100;

/** All problems of one configuration, in file order. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(sentenceOf).join("; "));
  }
}

function sentenceOf({ file, line, message, hint, expected }: Problem): string {
  const place = line === 0 ? file : `${file}:${line}`;
  return `${place}: ${message} (${hint ?? `expected: ${expected}`})`;
}

/** A problem without a place in the file. */
export function fileProblem(file: string, message: string, expected: string): Problem {
  return { file, line: 0, column: 0, message, text: file, expected, excerpt: [] };
}

/** Turns findings into problems; the first hundred are enough. `variables`: what stands for the file at a place that is
 * none in it. */
export function toProblems(
  file: string,
  source: SourceText,
  findings: readonly ConfigFinding[],
  masks: readonly Span[],
  variables: ReadonlyMap<number, string> = new Map(),
): Problem[] {
  const sorted = findings.toSorted((a, b) => a.start - b.start).slice(0, MAX_PROBLEMS);
  return sorted.map((found) => {
    const variable = variables.get(found.start);
    if (variable === undefined) return problemOf(file, source, found, masks);
    const problem = fileProblem(variable, found.message, found.expected);
    return found.hint === undefined ? problem : { ...problem, hint: found.hint };
  });
}

function problemOf(
  file: string,
  source: SourceText,
  found: ConfigFinding,
  masks: readonly Span[],
): Problem {
  const { message, expected, hint } = found;
  const text = clip(printable(masked(source.text, found, masks)));
  const excerpt = excerptOf(source, found, masks);
  const place = source.position(found.start);
  const problem = { file, ...place, message: printable(message), text, expected, excerpt };
  return hint === undefined ? problem : { ...problem, hint };
}

/** Replaces characters that move a terminal's cursor or reorder text with a dot. */
function printable(text: string): string {
  return text.replaceAll("\t", " ").replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "·");
}

function clip(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/** The text of a span with each hidden part replaced by the mask, even if the span has only a piece of it. */
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
