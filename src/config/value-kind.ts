// Checks a value's kind against its key, from the outline alone. Positions are exact here, content is unknown.
import { envName } from "./env-call.ts";
import { type ConfigFinding, finding } from "./hcl/finding.ts";
import type { Value, ValueKind } from "./hcl/outline.ts";
import type { Key, KeyType } from "./key.ts";

const TYPES: Readonly<Partial<Record<ValueKind, KeyType>>> = {
  string: "string",
  heredoc: "string",
  number: "number",
  boolean: "boolean",
  list: "list",
};

/** The finding about a value's kind; null if its content may be checked. */
export function checkKind(text: string, value: Value, key: Key<unknown>): ConfigFinding | null {
  if (isWord(text, value, key)) return null;
  const isOne = key.mayBeOne && value.kind !== "list";
  const problem = checkType(text, value, isOne ? "string" : key.type, key.expected);
  if (problem !== null || key.type !== "list") return problem;
  for (const element of value.elements) {
    const inner = checkType(text, element, "string", "a string");
    if (inner !== null) return inner;
  }
  return null;
}

function isWord(text: string, value: Value, { word }: Key<unknown>): boolean {
  return word !== "" && text.slice(value.start, value.end) === `"${word}"`;
}

function checkType(
  text: string,
  value: Value,
  type: KeyType,
  expected: string,
): ConfigFinding | null {
  const source = text.slice(value.start, value.end);
  if (value.kind === "expression") return checkExpression(source, value, type, expected);
  if (value.template)
    return finding(value, "expressions are not evaluated", expected, hintTemplate(type));
  if (TYPES[value.kind] === type) return null;
  const given = value.kind === "heredoc" ? "string" : value.kind;
  return finding(
    value,
    `a ${given} where a ${type} belongs`,
    expected,
    hintType(source, value, type),
  );
}

function checkExpression(
  source: string,
  value: Value,
  type: KeyType,
  expected: string,
): ConfigFinding | null {
  if (envName(source) === null) {
    const word = /^[\p{L}\p{N}._-]+$/u.test(source);
    const hint = type === "string" ? hintString(word) : undefined;
    return finding(value, "expressions are not evaluated", expected, hint);
  }
  if (type === "string") return null;
  return finding(value, `env() gives a string, but a ${type} belongs here`, expected);
}

function hintString(isWord: boolean): string {
  return isWord
    ? "A string is written in double quotes"
    : 'Only env("NAME") gives a value from outside';
}

function hintTemplate(type: KeyType): string | undefined {
  if (type !== "string") return undefined;
  return 'Write env("NAME") without quotes around it for an environment variable, $${ for a plain ${';
}

function hintType(source: string, value: Value, type: KeyType): string | undefined {
  if (value.kind === "null") return "Leave the key out for its default";
  if (type === "string") return value.kind === "number" ? "Put it in double quotes" : undefined;
  if (type === "list") return "Put it in [ ]";
  const unquoted = value.kind === "string" ? source.slice(1, -1) : "";
  const fits = type === "number" ? /^[0-9.]+$/.test(unquoted) : /^(true|false)$/.test(unquoted);
  return fits ? "Write it without quotes" : undefined;
}
