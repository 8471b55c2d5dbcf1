// Walks the tokens of a text and collects issues; a token's own issue is noted as it is passed.
import { type ConfigFinding, finding, type Span } from "./finding.ts";
import { SourceText } from "./source-text.ts";
import { readToken, type Token } from "./token.ts";

/** More issues would not help anyone fix the file. */
const MAX_ISSUES = 1000;

export class TokenCursor {
  readonly source: SourceText;
  readonly issues: ConfigFinding[] = [];
  /** False once braces are known not to match. */
  balanced = true;
  #next: Token;
  #lastEnd = 0;

  constructor(text: string) {
    this.source = new SourceText(text);
    this.#next = readToken(text, 0);
  }

  peek(): Token {
    return this.#next;
  }

  /** The token after the one that peek() shows. */
  peekSecond(): Token {
    return readToken(this.source.text, this.#next.end);
  }

  /** Where the last token taken ends. */
  get end(): number {
    return this.#lastEnd;
  }

  take(): Token {
    const taken = this.#next;
    this.#lastEnd = taken.end;
    if (taken.issue !== null) this.#note(taken.issue);
    if (taken.kind !== "end") this.#next = readToken(this.source.text, taken.end);
    return taken;
  }

  at(sign: string): boolean {
    return this.#next.kind === "punctuation" && this.#next.text === sign;
  }

  atLineEnd(): boolean {
    return this.#next.kind === "newline" || this.#next.kind === "end";
  }

  skipNewlines(): void {
    while (this.#next.kind === "newline") this.take();
  }

  /** True if what follows looks like the start of an item, even inside an open bracket. */
  atItem(): boolean {
    if (this.#next.kind !== "name") return false;
    const second = this.peekSecond();
    return second.kind === "punctuation" && (second.text === "=" || second.text === "{");
  }

  fail(span: Span, message: string, expected: string, hint?: string): void {
    this.#note(finding(span, message, expected, hint));
  }

  #note(issue: ConfigFinding): void {
    if (this.issues.length < MAX_ISSUES) this.issues.push(issue);
  }

  /** Skips unreadable text up to the end of the line or the } of the enclosing block. Braces opened on the way
   * are skipped with their content. */
  skipLine(): void {
    for (let depth = 0; this.#next.kind !== "end"; this.take()) {
      if (depth === 0 && (this.atLineEnd() || this.at("}"))) return;
      if (this.at("{")) depth += 1;
      else if (this.at("}")) depth -= 1;
    }
  }
}
