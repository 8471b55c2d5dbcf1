// Finds the end of a quoted string or a heredoc and whether it has a template; hcl2-parser interprets the content.
import { type ConfigFinding, finding } from "./finding.ts";

export interface Quoted {
  readonly end: number;
  readonly template: boolean;
  readonly issue: ConfigFinding | null;
}

const ESCAPE = /\\(?:[nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/y;
const ESCAPED_TEMPLATE = /\$\$\{|%%\{/y;
const TEMPLATE = /[$%]\{/y;
const HEREDOC = /<<-?([\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n/uy;
const LONE_RETURN = /\r(?!\n)/;
const TEMPLATE_ANYWHERE = /(?<!\$)\$\{|(?<!%)%\{/;

function length(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

function unclosed(start: number, end: number): ConfigFinding {
  const message = "this string is never closed";
  return finding({ start, end }, message, 'a closing " on the same line');
}

function badEscape(start: number): ConfigFinding {
  const hint = "A backslash itself is written \\\\";
  const expected = '\\n, \\r, \\t, \\", \\\\ or \\uXXXX';
  const span = { start, end: start + 1 };
  return finding(span, "a backslash that escapes nothing", expected, hint);
}

/** Reads the string whose opening quote is at `start`. Strings may nest in a template's ${ }; a line break
 * always ends them. Without a closing quote the string extends to the end of its line and has an issue. */
export function readString(text: string, start: number): Quoted {
  const open = ['"'];
  let template = false;
  let issue: ConfigFinding | null = null;
  let at = start + 1;
  for (; open.length > 0;) {
    const here = text[at];
    if (here === undefined || here === "\n" || here === "\r") {
      return { end: at, template, issue: unclosed(start, at) };
    }
    const step = open.at(-1) === '"' ? inString(text, at, open) : inTemplate(here, open);
    template ||= open.length > 1;
    if (step < 0) issue ??= badEscape(at);
    at += Math.abs(step);
  }
  return { end: at, template, issue };
}

/** Passes one element of a string; negative for an invalid backslash. */
function inString(text: string, at: number, open: string[]): number {
  if (text[at] === "\\") return length(ESCAPE, text, at) || -1;
  if (text[at] === '"') open.pop();
  const escaped = length(ESCAPED_TEMPLATE, text, at);
  if (escaped > 0) return escaped;
  if (length(TEMPLATE, text, at) === 0) return 1;
  open.push("{");
  return 2;
}

function inTemplate(here: string, open: string[]): number {
  if (here === "}") open.pop();
  else if (here === "{" || here === '"') open.push(here);
  return 1;
}

/** Reads the heredoc that begins at `start`; null if none does. It ends with the line of its closing marker. */
export function readHeredoc(text: string, start: number): Quoted | null {
  HEREDOC.lastIndex = start;
  const head = HEREDOC.exec(text);
  const marker = head?.[1];
  if (head === null || marker === undefined) return null;
  const bodyStart = start + head[0].length;
  for (let line = bodyStart; line < text.length;) {
    const newline = text.indexOf("\n", line);
    const lineEnd = newline < 0 ? text.length : newline;
    if (text.slice(line, lineEnd).trim() === marker) {
      return closeHeredoc(text, bodyStart, line, lineEnd);
    }
    line = lineEnd + 1;
  }
  const span = { start, end: bodyStart - 1 };
  const issue = finding(span, "this heredoc is never closed", `a line with ${marker}`);
  return { end: text.length, template: false, issue };
}

function closeHeredoc(text: string, bodyStart: number, line: number, lineEnd: number): Quoted {
  const body = text.slice(bodyStart, line);
  const end = text[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd;
  const issue = checkBody(body, bodyStart) ?? checkMarker(text, line, lineEnd);
  return { end, template: TEMPLATE_ANYWHERE.test(body), issue };
}

function checkBody(body: string, start: number): ConfigFinding | null {
  const at = body.search(LONE_RETURN);
  if (at < 0) return null;
  const span = { start: start + at, end: start + at + 1 };
  return finding(span, "a stray carriage return", "lines that end with \\n or \\r\\n");
}

function checkMarker(text: string, line: number, lineEnd: number): ConfigFinding | null {
  if (lineEnd < text.length && !LONE_RETURN.test(text.slice(line, lineEnd + 1))) return null;
  const message = "the closing marker of this heredoc has no line of its own";
  return finding({ start: line, end: lineEnd }, message, "a line break before and after it");
}
