// XML and HTML as text; the only place that escapes.

/** Characters that XML 1.0 cannot represent in any form. */
const IMPOSSIBLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Safe between tags and in quotes, in XML and in HTML. */
export function escapeXml(text: string): string {
  const possible = text.toWellFormed().replace(IMPOSSIBLE, "");
  return possible.replace(/[&<>"']/g, (found) => ENTITIES[found] ?? "");
}

/** An element as data; each renderer decides how to write it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Text, or child elements. */
  readonly content: string | readonly Element[];
}

export function leaf(name: string, text: string | number): Element {
  return { name, attributes: {}, content: String(text) };
}

/** An element with children. */
export function branch(
  name: string,
  content: readonly Element[],
  attributes: Readonly<Record<string, string>> = {},
): Element {
  return { name, attributes, content };
}

function writeContent(content: Element["content"]): string {
  return typeof content === "string" ? escapeXml(content) : content.map(writeXml).join("");
}

/** Name and attributes. */
function opening({ name, attributes }: Element): string {
  const written = Object.entries(attributes).map(([key, text]) => ` ${key}="${escapeXml(text)}"`);
  return `${name}${written.join("")}`;
}

/** `<name>text</name>`, with the text escaped; an empty one is `<name/>`. */
export function writeXml(element: Element): string {
  const { name, content } = element;
  const [open, inside] = [opening(element), writeContent(content)];
  return inside === "" ? `<${open}/>` : `<${open}>${inside}</${name}>`;
}

/** An element in short pieces: one whose children are all leaves is one piece. */
function* pieces(element: Element): Generator<string> {
  const { name, content } = element;
  if (typeof content === "string" || content.every((child) => typeof child.content === "string")) {
    yield writeXml(element);
    return;
  }
  yield `<${opening(element)}>`;
  for (const child of content) yield* pieces(child);
  yield `</${name}>`;
}

/** A complete document with Icecast's line breaks, in pieces. */
export function* xmlPieces(root: Element): Generator<string> {
  yield '<?xml version="1.0"?>\n';
  yield* pieces(root);
  yield "\n";
}

export function xmlDocument(root: Element): string {
  return [...xmlPieces(root)].join("");
}
