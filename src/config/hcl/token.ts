// Reads one token of HCL at an offset. Pure, so lookahead is a second call; never throws, always advances.
import { readHeredoc, readString } from "./quoted.ts";
import { type ConfigFinding, finding, type Span } from "./finding.ts";

export type TokenKind =
  "name" | "number" | "string" | "heredoc" | "punctuation" | "newline" | "end" | "bad";

export interface Token extends Span {
  readonly kind: TokenKind;
  /** The source text of a name or punctuation; empty for other tokens. */
  readonly text: string;
  readonly template: boolean;
  /** The token's syntax error, if any. */
  readonly issue: ConfigFinding | null;
}

const NAME = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const NUMBER = /[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// Longer numbers would let a few bytes make hcl2-parser produce megabytes of digits.
const SANE_NUMBER = /^[0-9.]{1,40}(?:[eE][+-]?[0-9]{1,2})?$/;
const PUNCTUATION = /==|=>|!=|<=|>=|&&|\|\||\.\.\.|[{}[\](),=:.+\-*/%!<>&|?]/y;

const HINTS: Readonly<Record<string, string>> = {
  "'": "Strings take double quotes",
  "“": "Strings take straight double quotes",
  "”": "Strings take straight double quotes",
  ";": "A line ends without a semicolon",
  "\r": "Lines end with \\n or \\r\\n",
};

function token(kind: TokenKind, span: Span, rest: Partial<Token> = {}): Token {
  return {
    text: "",
    template: false,
    issue: null,
    ...rest,
    kind,
    start: span.start,
    end: span.end,
  };
}

function match(pattern: RegExp, text: string, start: number): string | undefined {
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0];
}

/** The end of the blank or comment at this offset; the offset itself if there is none, -1 for an unclosed comment. */
function skipOne(text: string, at: number): number {
  const here = text[at];
  if (here === " " || here === "\t" || (here === "\r" && text[at + 1] === "\n")) return at + 1;
  if (here === "\uFEFF" && at === 0) return 1;
  if (here === "#" || text.startsWith("//", at)) {
    const newline = text.indexOf("\n", at);
    return newline < 0 ? text.length : newline;
  }
  if (!text.startsWith("/*", at)) return at;
  const close = text.indexOf("*/", at + 2);
  return close < 0 ? -1 : close + 2;
}

function stray(text: string, start: number): Token {
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const span = { start, end: start + character.length };
  const hint = HINTS[character];
  const message = `stray character ${JSON.stringify(character)}`;
  return token("bad", span, { issue: finding(span, message, "a key, a value or a brace", hint) });
}

function readNumber(start: number, digits: string): Token {
  const span = { start, end: start + digits.length };
  if (SANE_NUMBER.test(digits)) return token("number", span);
  const message = "no key takes a number like this";
  return token("number", span, {
    issue: finding(span, message, "at most 40 digits, and 2 in the exponent"),
  });
}

function readPlain(text: string, start: number): Token {
  const name = match(NAME, text, start);
  if (name !== undefined) return token("name", { start, end: start + name.length }, { text: name });
  const digits = match(NUMBER, text, start);
  if (digits !== undefined) return readNumber(start, digits);
  const sign = match(PUNCTUATION, text, start);
  if (sign === undefined) return stray(text, start);
  return token("punctuation", { start, end: start + sign.length }, { text: sign });
}

/** The first token at or after the offset; kind "end" at the end of the text. Blanks and comments are not tokens. */
export function readToken(text: string, offset: number): Token {
  let start = offset;
  for (let next = skipOne(text, start); next !== start; next = skipOne(text, start)) {
    if (next < 0) {
      const issue = finding({ start, end: start + 2 }, "this comment is never closed", "*/");
      return token("bad", { start, end: text.length }, { issue });
    }
    start = next;
  }
  if (start >= text.length) return token("end", { start: text.length, end: text.length });
  if (text[start] === "\n") return token("newline", { start, end: start + 1 });
  const quoted = text[start] === '"' ? readString(text, start) : readHeredoc(text, start);
  if (quoted === null) return readPlain(text, start);
  const kind = text[start] === '"' ? "string" : "heredoc";
  return token(kind, { start, end: quoted.end }, quoted);
}
