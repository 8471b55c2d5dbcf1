// HTML pages rendered from the same facts as the XML, with a common frame and table.
import { THEME } from "../lib/theme.ts";
import { branch, type Element, escapeXml, leaf, writeXml } from "./xml.ts";

const STYLE =
  `${THEME}*{box-sizing:border-box}` +
  "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1.5rem 1rem 3rem;" +
  "background:var(--page);color:var(--text);overflow-wrap:anywhere}" +
  "h1{margin:0 0 1rem;font-size:1.5rem;letter-spacing:-.02em}h2{margin:1.8rem 0 .5rem;font-size:1.1rem}" +
  "a{color:var(--accent);text-underline-offset:.2em;margin-right:.6rem}" +
  "table{display:block;overflow-x:auto;margin:.6rem 0;padding:.3rem 1rem;border:1px solid var(--edge);" +
  "border-radius:1rem;background:var(--card);font-variant-numeric:tabular-nums}" +
  "th,td{padding:.3rem 1.5rem .3rem 0;text-align:left;vertical-align:top}" +
  "th{min-width:7rem;font-weight:normal;color:var(--soft);overflow-wrap:normal}" +
  "label{display:block;margin:.8rem 0;color:var(--soft)}" +
  "input,button{display:block;min-height:2.75rem;padding:0 1rem;border:1px solid var(--edge);" +
  "border-radius:.8rem;background:var(--card);color:var(--text);font:inherit}" +
  "input{width:100%;max-width:30rem;margin-top:.2rem}input[type=hidden]{display:none}" +
  "button{border-color:var(--accent);color:var(--accent);font-weight:650;cursor:pointer}";

/** A complete page. `body` is HTML, the title is plain text. */
export function htmlPage(title: string, body: string): string {
  return (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n' +
    `<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>${escapeXml(title)}</title>\n` +
    `<style>${STYLE}</style>\n</head>\n<body>\n${body}</body>\n</html>\n`
  );
}

/** An HTML element around a text; an empty one still needs its end tag. */
function cell(name: "th" | "td" | "h1" | "h2", text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}

/** A table row: label and value. */
export function tableRow(label: string, value: string): string {
  return `<tr>${cell("th", label)}${cell("td", value)}</tr>\n`;
}

function row(cells: readonly string[]): string {
  return `<tr>${cells.join("")}</tr>\n`;
}

function table(rows: readonly string[]): string {
  return rows.length === 0 ? "" : `<table>\n${rows.join("")}</table>\n`;
}

function textOf({ content }: Element): string {
  return typeof content === "string" ? content : content.map(textOf).join(" ");
}

function inside({ content }: Element): readonly Element[] {
  return typeof content === "string" ? [] : content;
}

/** Elements of one kind as rows, under the names of the first one's children. */
function* list(items: readonly Element[]): Generator<string> {
  const [first] = items;
  if (first === undefined) return;
  yield `<table>\n${row(inside(first).map(({ name }) => cell("th", name)))}`;
  for (const item of items) yield row(inside(item).map((part) => cell("td", textOf(part))));
  yield "</table>\n";
}

/** Leaves are rows, named elements are sections, all others form one list. */
function* insidePieces(element: Element): Generator<string> {
  const children = inside(element);
  const leaves = children.filter(({ content }) => typeof content === "string");
  const branches = children.filter(({ content }) => typeof content !== "string");
  const [sections, items] = [
    branches.filter(({ attributes }) => Object.keys(attributes).length > 0),
    branches.filter(({ attributes }) => Object.keys(attributes).length === 0),
  ];
  yield table(leaves.map((one) => tableRow(one.name, textOf(one))));
  yield* list(items);
  for (const section of sections) yield* sectionPieces(section);
}

function* sectionPieces(element: Element): Generator<string> {
  const title = [element.name, ...Object.values(element.attributes)].join(" ");
  yield `${cell("h2", title)}\n`;
  yield* insidePieces(element);
}

/** A page body with an element's whole content, in short pieces. */
export function* elementPieces(title: string, element: Element): Generator<string> {
  yield `${cell("h1", title)}\n`;
  yield* insidePieces(element);
}

/** A page with one form. `fields` are text inputs; `given` is sent as hidden values. */
export function renderForm(
  title: string,
  action: string,
  fields: readonly string[],
  given: Readonly<Record<string, string>>,
): string {
  const unseen = Object.entries(given).map(([name, value]) => {
    return branch("input", [], { type: "hidden", name, value });
  });
  const inputs = fields.map((name) => {
    const input = writeXml(branch("input", [], { name, maxlength: "1000" }));
    return `<label>${escapeXml(name)} ${input}</label>\n`;
  });
  const head = `${cell("h1", title)}\n<form method="post" action="${escapeXml(action)}">\n`;
  const body = unseen.map((input) => `${writeXml(input)}\n`).concat(inputs);
  return htmlPage(title, `${head}${body.join("")}${writeXml(leaf("button", "Send"))}\n</form>\n`);
}
