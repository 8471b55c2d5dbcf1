// A finding: one problem at a place in the text; problem.ts formats it for people.

/** A piece of the text, as UTF-16 offsets; end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The words never quote a value, which may be a secret. */
export interface ConfigFinding extends Span {
  readonly message: string;
  readonly expected: string;
  readonly hint?: string;
}

export function finding(
  span: Span,
  message: string,
  expected: string,
  hint?: string,
): ConfigFinding {
  const found = { start: span.start, end: span.end, message, expected };
  return hint === undefined ? found : { ...found, hint };
}
