// XML as a tree of elements with their lines. Errors name a place and quote nothing, since there may be a password.
import { parseXml, XmlElement, XmlError } from "@rgrove/parse-xml";
import { printable } from "../../lib/text.ts";

export interface Element {
  /** Printable, and of bounded length. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Without white space at its ends; empty if there are elements inside. */
  readonly text: string;
  readonly children: readonly Element[];
  readonly line: number;
}

/** The message is one sentence. */
export class XmlTreeError extends Error {
  override readonly name = "XmlTreeError";
}

const MAX_NAME_LENGTH = 40;

/** No configuration of Icecast comes near. */
const MAX_DEPTH = 32;

const TOO_DEEP = new XmlTreeError("its elements are nested too deeply");

/** Throws XmlTreeError. */
export function xmlTree(text: string): Element {
  const root = parsed(text);
  return elementOf(root, lineCounter(text), 0);
}

function parsed(text: string): XmlElement {
  try {
    const { root } = parseXml(text, { includeOffsets: true });
    if (root !== null) return root;
  } catch (error) {
    if (error instanceof XmlError)
      throw new XmlTreeError(`line ${error.line}, column ${error.column}: this is not XML`);
    if (error instanceof RangeError) throw TOO_DEEP;
    throw error;
  }
  throw new XmlTreeError("it has no element");
}

/** The line of an offset; to be asked in rising order, so that the text is walked through once. */
function lineCounter(text: string): (offset: number) => number {
  let [line, at] = [1, 0];
  return (offset) => {
    for (; at < offset; at++) if (text.charCodeAt(at) === 10) line++;
    return line;
  };
}

function elementOf(
  element: XmlElement,
  lineAt: (offset: number) => number,
  depth: number,
): Element {
  if (depth > MAX_DEPTH) throw TOO_DEEP;
  const line = lineAt(element.start);
  const { name, attributes } = element;
  const inner = element.children.filter((child) => child instanceof XmlElement);
  return {
    name: printable(name.slice(0, MAX_NAME_LENGTH)),
    attributes,
    text: inner.length > 0 ? "" : element.text.trim(),
    children: inner.map((child) => elementOf(child, lineAt, depth + 1)),
    line,
  };
}
