// A text with its lines: converts offsets to line and column, both from 1, columns in characters.

export interface Position {
  readonly line: number;
  readonly column: number;
}

export class SourceText {
  readonly #starts: number[] = [0];

  constructor(readonly text: string) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
      this.#starts.push(at + 1);
    }
  }

  /** The line of an offset, from 1; a line break belongs to the line it ends. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  position(offset: number): Position {
    const line = this.lineOf(offset);
    const column = [...this.text.slice(this.lineStart(line), offset)].length + 1;
    return { line, column };
  }

  /** Offset of a line's first character; the end of the text after the last line. */
  lineStart(line: number): number {
    return this.#starts[line - 1] ?? this.text.length;
  }

  /** Offset after a line's last character, before its line break. */
  lineEnd(line: number): number {
    const next = this.#starts[line];
    if (next === undefined) return this.text.length;
    return this.text[next - 2] === "\r" ? next - 2 : next - 1;
  }

  /** The indentation if the offset is the first thing on its line, else null. */
  indentation(offset: number): number | null {
    const before = this.text.slice(this.lineStart(this.lineOf(offset)), offset);
    return before.trim() === "" ? before.length : null;
  }
}
