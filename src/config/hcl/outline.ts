// The shape of an HCL text as the scan sees it: blocks, attributes and values with their places, and what is malformed.
import type { Finding, Span } from "./finding.ts";

export interface Name extends Span {
  /** The name itself, without quotes. */
  readonly text: string;
}

export type ValueKind =
  "string" | "heredoc" | "number" | "boolean" | "null" | "list" | "object" | "expression";

export interface Value extends Span {
  readonly kind: ValueKind;
  /** A string or heredoc that holds an unescaped ${ or %{. */
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

/** A piece of a body that could not be read; its end is the end of its last line. */
export interface Broken extends Span {
  readonly kind: "broken";
  /** What the piece begins with, when that is a name. */
  readonly name: Name | null;
}

export type Item = Attribute | Block | Broken;

export interface Outline {
  readonly items: readonly Item[];
  /** In the order of the text, at most one a line. */
  readonly issues: readonly Finding[];
  /** False when braces do not match, so that an item may appear in a block it was not meant for. */
  readonly balanced: boolean;
}
