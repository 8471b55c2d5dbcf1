// XML and HTML as text: everything is escaped here and nowhere else.

/** Of XML 1.0: it cannot stand in a document in any form. */
const IMPOSSIBLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Safe between tags and within quotes, in XML and in HTML. */
export function escapeXml(text: string): string {
  const possible = text.toWellFormed().replace(IMPOSSIBLE, "");
  return possible.replace(/[&<>"']/g, (found) => ENTITIES[found] ?? "");
}

/** `<name>text</name>`, with the text escaped; an empty one is `<name/>`. */
export function leaf(name: string, text: string | number): string {
  const escaped = escapeXml(String(text));
  return escaped === "" ? `<${name}/>` : `<${name}>${escaped}</${name}>`;
}

/** An element around others, which are XML already. */
export function branch(
  name: string,
  children: readonly string[],
  attributes: Readonly<Record<string, string>> = {},
): string {
  const written = Object.entries(attributes).map(([key, text]) => ` ${key}="${escapeXml(text)}"`);
  const open = `${name}${written.join("")}`;
  return children.length === 0 ? `<${open}/>` : `<${open}>${children.join("")}</${name}>`;
}

/** A whole document with the line breaks that Icecast's have. */
export function xmlDocument(root: string): string {
  return `<?xml version="1.0"?>\n${root}\n`;
}
