// The outline of an HCL text: its blocks, attributes and values, and all syntax errors, with places. Never throws. It
// knows the part of HCL that a configuration uses, and accepts nothing that HCL rejects.
import type { ConfigFinding } from "./finding.ts";
import type { Attribute, Block, BrokenItem, Item, Name, Outline } from "./outline.ts";
import { readValue } from "./scan-value.ts";
import type { SourceText } from "./source-text.ts";
import { TokenCursor } from "./token-cursor.ts";
import type { Token } from "./token.ts";

const MAX_DEPTH = 16;
const ONE_LINE =
  "A block on one line holds one key; otherwise each key and the closing } have their own line";

export function scan(text: string): Outline {
  const scanner = new Scanner(text);
  const items = scanner.readTop();
  const { issues, balanced, source } = scanner.cursor;
  return { items, issues: firstOfEachLine(issues, source), balanced };
}

/** A second error on the same line is usually an echo of the first. */
function firstOfEachLine(issues: readonly ConfigFinding[], source: SourceText): ConfigFinding[] {
  const byLine = new Map<number, ConfigFinding>();
  for (const issue of issues.toSorted((a, b) => a.start - b.start)) {
    const line = source.lineOf(issue.start);
    if (!byLine.has(line)) byLine.set(line, issue);
  }
  return [...byLine.values()];
}

class Scanner {
  readonly cursor: TokenCursor;
  /** Blocks whose } is indented less than their name: their own } is probably missing. */
  readonly #suspects: Name[] = [];

  constructor(text: string) {
    this.cursor = new TokenCursor(text);
  }

  readTop(): Item[] {
    const items: Item[] = [];
    while (true) {
      items.push(...this.#readItems(0));
      if (this.cursor.peek().kind === "end") return items;
      this.cursor.balanced = false;
      this.cursor.fail(
        this.cursor.take(),
        "this } closes nothing",
        "a block or the end of the file",
      );
    }
  }

  /** Reads items up to, and not including, a } or the end of the text. */
  #readItems(depth: number): Item[] {
    const items: Item[] = [];
    this.cursor.skipNewlines();
    while (this.cursor.peek().kind !== "end" && !this.cursor.at("}")) {
      items.push(...this.#readLine(depth));
      this.cursor.skipNewlines();
    }
    return items;
  }

  /** Reads an item, and as a second one anything after it on the same line. */
  #readLine(depth: number): Item[] {
    const item = this.#readItem(depth);
    if (item.kind === "broken" || this.cursor.atLineEnd()) return [item];
    const next = this.cursor.peek();
    if (!this.cursor.at("}")) {
      this.#failBehind(item, next);
      return [item, this.#broken(null, next.start)];
    }
    if (depth > 0) {
      this.cursor.fail(next, "this } follows on the same line", "a line break before it", ONE_LINE);
    }
    return [item];
  }

  #failBehind(item: Attribute | Block, next: Token): void {
    if (next.kind === "bad") {
      this.cursor.take(); // Its own issue says more.
      return;
    }
    const what = item.kind === "block" ? "block" : "value";
    const isNumber = item.kind === "attribute" && item.value.kind === "number";
    const hint =
      isNumber && next.start === item.end ? "Numbers are written without a unit" : undefined;
    this.cursor.fail(next, `something follows the ${what} on the same line`, "a line break", hint);
  }

  #readItem(depth: number): Item {
    const first = this.cursor.take();
    if (first.kind !== "name") return this.#refuse(first);
    const name: Name = { start: first.start, end: first.end, text: first.text };
    return this.cursor.at("=") ? this.#readAttribute(name) : this.#readBlock(name, depth);
  }

  #refuse(first: Token): BrokenItem {
    if (first.kind !== "bad") {
      const isKey = first.kind === "string" && (this.cursor.at("=") || this.cursor.at(":"));
      const hint = isKey ? "A key takes no quotes" : undefined;
      this.cursor.fail(first, "no key or block begins like this", "a name", hint);
    }
    return this.#broken(null, first.start);
  }

  #broken(name: Name | null, start: number): BrokenItem {
    this.cursor.skipLine();
    return { kind: "broken", name, start, end: Math.max(start, this.cursor.end) };
  }

  #readAttribute(name: Name): Attribute | BrokenItem {
    const equals = this.cursor.take();
    const value = readValue(this.cursor, equals);
    if (value === null) return this.#broken(name, name.start);
    return { kind: "attribute", name, value, start: name.start, end: value.end };
  }

  #readBlock(name: Name, depth: number): Block | BrokenItem {
    const labels: Name[] = [];
    const behindName = this.cursor.peek();
    const issuesBefore = this.cursor.issues.length;
    while (this.cursor.peek().kind === "string" || this.cursor.peek().kind === "name") {
      labels.push(this.#readLabel());
    }
    const isClean = this.cursor.issues.length === issuesBefore;
    if (isClean) this.#passBreakBeforeBrace();
    if (this.cursor.at("{")) {
      this.cursor.take();
      return this.#readBody(name, labels, depth + 1);
    }
    const hint = this.cursor.at(":") ? "HCL writes = between a key and its value" : undefined;
    this.cursor.fail(behindName, '"=" is missing', "= and a value, or { for a block", hint);
    return this.#broken(name, name.start);
  }

  #readLabel(): Name {
    const { start, end, kind } = this.cursor.take();
    const raw = this.cursor.source.text.slice(start, end);
    if (kind === "name") return { start, end, text: raw };
    if (/\\|[$%]\{/.test(raw)) {
      this.cursor.fail({ start, end }, "a label is plain text", "no backslash and no ${ } in it");
    }
    return { start, end, text: raw.slice(1, -1) };
  }

  /** A { on the next line is noted, and still opens its block. */
  #passBreakBeforeBrace(): void {
    const second = this.cursor.peekSecond();
    const braceComes = second.kind === "punctuation" && second.text === "{";
    if (this.cursor.peek().kind !== "newline" || !braceComes) return;
    const expected = "{ on the line of the block's name";
    this.cursor.fail(this.cursor.peek(), "a line break before {", expected);
    this.cursor.skipNewlines();
  }

  #readBody(name: Name, labels: readonly Name[], depth: number): Block | BrokenItem {
    if (depth > MAX_DEPTH) {
      this.cursor.fail(name, "blocks are nested too deeply", `at most ${MAX_DEPTH} levels`);
      this.#skipBody();
      return { kind: "broken", name, start: name.start, end: this.cursor.end };
    }
    const items = this.cursor.atLineEnd() ? this.#readItems(depth) : this.#readOneLine(depth);
    this.#closeBody(name, items);
    return { kind: "block", name, labels, items, start: name.start, end: this.cursor.end };
  }

  #skipBody(): void {
    for (let open = 1; open > 0 && this.cursor.peek().kind !== "end"; this.cursor.take()) {
      if (this.cursor.at("{")) open += 1;
      else if (this.cursor.at("}")) open -= 1;
    }
  }

  /** The body of a one-line block: nothing or one attribute. Anything more is noted, and read. */
  #readOneLine(depth: number): Item[] {
    if (this.cursor.at("}")) return [];
    const item = this.#readItem(depth);
    if (item.kind === "attribute" && this.cursor.at("}")) return [item];
    if (item.kind === "attribute") {
      this.cursor.fail(this.cursor.peek(), "this block goes on", "a }", ONE_LINE);
    } else if (item.kind === "block") {
      this.cursor.fail(item.name, "a block opens inside a block on one line", "a }", ONE_LINE);
    }
    const rest = this.cursor.peek();
    const read = this.cursor.atLineEnd() ? [item] : [item, this.#broken(null, rest.start)];
    return [...read, ...this.#readItems(depth)];
  }

  #closeBody(name: Name, items: readonly Item[]): void {
    if (this.cursor.at("}")) {
      const close = this.cursor.take();
      const indentation = this.cursor.source.indentation(close.start);
      const own = this.cursor.source.indentation(name.start);
      if (indentation !== null && own !== null && indentation < own) this.#suspects.push(name);
    } else {
      this.#failUnclosed(name, items);
    }
  }

  #failUnclosed(name: Name, items: readonly Item[]): void {
    this.cursor.balanced = false;
    const culprit = this.#suspects.shift();
    const unclosed = culprit ?? name;
    const hint = culprit === undefined ? this.#hintUnclosed(name, items) : undefined;
    this.cursor.fail(
      unclosed,
      `the block "${unclosed.text}" is never closed`,
      "a } at its end",
      hint,
    );
  }

  /** An item indented no further than its block was probably meant to follow it. */
  #hintUnclosed(name: Name, items: readonly Item[]): string | undefined {
    const { source } = this.cursor;
    const own = source.indentation(name.start) ?? 0;
    const after = items.find((item) => (source.indentation(item.start) ?? Infinity) <= own);
    if (after === undefined || after.kind === "broken") return undefined;
    return `It may belong before "${after.name.text}" in line ${source.lineOf(after.start)}`;
  }
}
