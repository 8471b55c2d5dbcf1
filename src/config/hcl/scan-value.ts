// Reads the right side of an attribute: a literal by its kind, anything else as one opaque expression.
import type { Span } from "./finding.ts";
import type { Value, ValueKind } from "./outline.ts";
import type { TokenCursor } from "./token-cursor.ts";
import type { Token } from "./token.ts";

const MAX_DEPTH = 16;
const WORDS: Readonly<Record<string, ValueKind>> = {
  true: "boolean",
  false: "boolean",
  null: "null",
};
const CLOSERS: Readonly<Record<string, string>> = { "{": "}", "[": "]", "(": ")" };
const OPERATORS = new Set("== != <= >= < > && || ? : + - * / % . ... [ (".split(" "));

/** Reads the value after `before`; null if it is missing or malformed, which is then noted. */
export function readValue(cursor: TokenCursor, before: Span, depth = 0): Value | null {
  const first = cursor.peek();
  const literal = readLiteral(cursor, before, depth);
  if (literal === null) return null;
  const next = cursor.peek();
  const goesOn = next.kind === "punctuation" && OPERATORS.has(next.text);
  if (literal.kind !== "expression" && !goesOn) return literal;
  return skipExpression(cursor) ? value("expression", first.start, cursor.end) : null;
}

function value(kind: ValueKind, start: number, end: number): Value {
  return { kind, start, end, template: false, elements: [] };
}

function readLiteral(cursor: TokenCursor, before: Span, depth: number): Value | null {
  const first = cursor.peek();
  if (first.kind === "string" || first.kind === "heredoc" || first.kind === "number") {
    cursor.take();
    return { ...value(first.kind, first.start, first.end), template: first.template };
  }
  if (first.kind === "name") {
    cursor.take();
    return value(wordKind(first.text), first.start, first.end);
  }
  if (cursor.at("-")) return readNegative(cursor);
  if (cursor.at("[")) return readList(cursor, depth);
  if (cursor.at("{")) return skipGroup(cursor) ? value("object", first.start, cursor.end) : null;
  if (cursor.at("(") || cursor.at("!")) return value("expression", first.start, first.end);
  return refuse(cursor, before, first);
}

function wordKind(word: string): ValueKind {
  return Object.hasOwn(WORDS, word) ? (WORDS[word] ?? "expression") : "expression";
}

function refuse(cursor: TokenCursor, before: Span, first: Token): null {
  if (first.kind === "bad") {
    cursor.take();
  } else if (cursor.atLineEnd()) {
    cursor.fail(before, "a value is missing", "a value on the same line");
  } else {
    cursor.fail(first, `"${first.text}" begins no value`, "a value");
  }
  return null;
}

function readNegative(cursor: TokenCursor): Value {
  const sign = cursor.take();
  if (cursor.peek().kind !== "number") return value("expression", sign.start, sign.end);
  return value("number", sign.start, cursor.take().end);
}

/** Reads a list up to its ]. Continues after an error, so that the list's other lines are not reported as well. */
function readList(cursor: TokenCursor, depth: number): Value | null {
  const open = cursor.take();
  const issuesBefore = cursor.issues.length;
  const elements: Value[] = [];
  cursor.skipNewlines();
  while (!cursor.at("]")) {
    if (listIsOpen(cursor)) {
      cursor.fail(open, "this list is never closed", "a ]");
      return null;
    }
    readElement(cursor, open, depth, elements);
  }
  const end = cursor.take().end;
  if (cursor.issues.length > issuesBefore) return null;
  return { ...value("list", open.start, end), elements };
}

function listIsOpen(cursor: TokenCursor): boolean {
  return cursor.peek().kind === "end" || cursor.at("}") || cursor.atItem();
}

function readElement(cursor: TokenCursor, open: Token, depth: number, elements: Value[]): void {
  const first = cursor.peek();
  const element =
    depth + 1 < MAX_DEPTH ? readValue(cursor, open, depth + 1) : tooDeep(cursor, first);
  if (element !== null) elements.push(element);
  else if (cursor.peek().start === first.start && !listIsOpen(cursor)) cursor.take();
  cursor.skipNewlines();
  if (cursor.at(",")) {
    cursor.take();
    cursor.skipNewlines();
  } else if (element !== null && !cursor.at("]") && !listIsOpen(cursor)) {
    cursor.fail(cursor.peek(), "a comma is missing between two elements", ", or ]");
  }
}

function tooDeep(cursor: TokenCursor, first: Token): null {
  cursor.fail(first, "lists are nested too deeply", `at most ${MAX_DEPTH} levels`);
  return null;
}

/** Passes the rest of an expression. False if it is malformed. */
function skipExpression(cursor: TokenCursor): boolean {
  while (!cursor.atLineEnd() && ![",", "]", "}", ")", "="].some((sign) => cursor.at(sign))) {
    const next = cursor.peek();
    if (next.kind === "punctuation" && Object.hasOwn(CLOSERS, next.text)) {
      if (!skipGroup(cursor)) return false;
    } else if (cursor.take().kind === "bad") {
      return false;
    }
  }
  return true;
}

/** Passes a bracket and its content. False if it is never closed or its content is malformed. */
function skipGroup(cursor: TokenCursor): boolean {
  const open = [cursor.take()];
  for (let inner = open.at(-1); inner !== undefined; inner = open.at(-1)) {
    const next = cursor.peek();
    const closer = CLOSERS[inner.text] ?? "";
    if (cursor.at(closer)) open.pop();
    else if (groupIsOpen(cursor, inner)) return unclosedGroup(cursor, inner, closer);
    else if (next.kind === "punctuation" && Object.hasOwn(CLOSERS, next.text)) open.push(next);
    if (cursor.take().kind === "bad") return false;
  }
  return true;
}

function groupIsOpen(cursor: TokenCursor, inner: Token): boolean {
  if (cursor.peek().kind === "end" || cursor.at("}") || cursor.at("]") || cursor.at(")"))
    return true;
  return inner.text !== "{" && cursor.atItem();
}

function unclosedGroup(cursor: TokenCursor, open: Token, closer: string): false {
  if (open.text === "{") cursor.balanced = false;
  cursor.fail(open, `this ${open.text} is never closed`, `a ${closer}`);
  return false;
}
