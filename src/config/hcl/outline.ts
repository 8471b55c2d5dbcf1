// The outline of an HCL text: blocks, attributes and values with their places, and syntax errors.
import type { ConfigFinding, Span } from "./finding.ts";

export interface Name extends Span {
  /** The name itself, without quotes. */
  readonly text: string;
}

export type ValueKind =
  "string" | "heredoc" | "number" | "boolean" | "null" | "list" | "object" | "expression";

export interface Value extends Span {
  readonly kind: ValueKind;
  /** The string or heredoc has an unescaped ${ or %{. */
  readonly template: boolean;
  /** The elements of a list; empty for every other kind. */
  readonly elements: readonly Value[];
}

export interface Attribute extends Span {
  readonly kind: "attribute";
  readonly name: Name;
  readonly value: Value;
}

export interface Block extends Span {
  readonly kind: "block";
  readonly name: Name;
  readonly labels: readonly Name[];
  readonly items: readonly Item[];
}

/** A piece of a body that could not be read; it ends with its last line. */
export interface BrokenItem extends Span {
  readonly kind: "broken";
  /** The name it begins with, if any. */
  readonly name: Name | null;
}

export type Item = Attribute | Block | BrokenItem;

export interface Outline {
  readonly items: readonly Item[];
  /** In text order, at most one per line. */
  readonly issues: readonly ConfigFinding[];
  /** False if braces do not match, so that an item may appear in the wrong block. */
  readonly balanced: boolean;
}
