// What the listener's page says, as its sources have it: the names of texts that it uses, and texts that are in no language file.
import { join } from "node:path";
import ts from "typescript";
import type { Message } from "../../src/http/language.ts";

const PUBLIC = join(import.meta.dir, "..", "..", "public");

/** A name of a text, as code and markup have it. */
const KEY = /^(?!cycast\.)[a-z]+\.[a-zA-Z]+$/;

/** Words, or one that begins a sentence. */
const READABLE = /\p{L}{2,}(?:[\s…!?,:]|\.(?!\w))|^\p{Lu}\p{Ll}+$/u;

/** The same in every language. */
const NAMES = ["Cycast", "M3U", "PLS", "XSPF"];

/** Those of programs, not of readers. */
const TECHNICAL = ["NotAllowedError", "AbortError"];

/** What listeners' pages load. */
const ENTRIES = ["app.js"];

/** Those and what they import, by name. */
export async function scripts(): Promise<string[]> {
  const found = new Set(ENTRIES);
  for (const name of found) {
    const text = await Bun.file(join(PUBLIC, name)).text();
    for (const [, imported = ""] of text.matchAll(/from "\.\/([\w-]+\.js)"/g)) found.add(imported);
  }
  return [...found].sort();
}

export function pageHtml(): Promise<string> {
  return Bun.file(join(PUBLIC, "index.html")).text();
}

/** Its literals do not reach a reader: errors, the console, imports, and what finds elements. */
function isTechnical(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isThrowStatement(node)) return true;
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  return /^(console\.\w+|find|\w*Error|.*querySelector(All)?|matchMedia|fetch)$/.test(
    node.expression.getText(),
  );
}

function literals(node: ts.Node, found: string[] = []): string[] {
  if (isTechnical(node)) return found;
  if (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node)
  )
    found.push(node.text);
  ts.forEachChild(node, (child) => void literals(child, found));
  return found;
}

/** The texts in a script that may reach a reader. */
export async function literalsOf(name: string): Promise<string[]> {
  const text = await Bun.file(join(PUBLIC, name)).text();
  return literals(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS));
}

export function isReadable(text: string): boolean {
  const isMarkup = text.includes('="') || text.startsWith("/");
  const isOther = isMarkup || [...NAMES, ...TECHNICAL].includes(text.trim());
  return READABLE.test(text) && !isOther;
}

/** Texts and names of texts in markup. */
export function markupTexts(html: string): { readonly said: string[]; readonly keys: string[] } {
  const [said, keys]: [string[], string[]] = [[], []];
  const attributes = ["aria-label", "alt", "title", "placeholder", "aria-valuetext"];
  new HTMLRewriter()
    .on("*", {
      element(element) {
        for (const [name, value] of element.attributes) {
          if (name.startsWith("data-t")) keys.push(value);
          if (attributes.includes(name) && value !== "") said.push(value);
        }
        if (element.tagName === "meta" && element.getAttribute("name") === "description")
          said.push(element.getAttribute("content") ?? "");
      },
      text: ({ text }) => void said.push(text.trim()),
    })
    // What is inside of noscript would be text alone.
    .transform(html.replace(/<\/?noscript>/g, ""));
  return { said: said.filter((text) => /\p{L}{2}/u.test(text) && !NAMES.includes(text)), keys };
}

/** What the server says in the page. */
const SERVER = join(PUBLIC, "..", "src", "http", "page");

async function serverKeys(): Promise<string[]> {
  const files = [...new Bun.Glob("*.ts").scanSync(SERVER)];
  const texts = await Promise.all(files.map((file) => Bun.file(join(SERVER, file)).text()));
  return texts.flatMap((text) =>
    [...text.matchAll(/"((?:plain|now)\.\w+)"/g)].map(([, key = ""]) => key),
  );
}

/** The names of texts that scripts, markup and the server use. */
export async function usedKeys(): Promise<string[]> {
  const all = await Promise.all([...(await scripts()).map(literalsOf), serverKeys()]);
  const { keys } = markupTexts(await pageHtml());
  return [...new Set([...all.flat().filter((text) => KEY.test(text)), ...keys])].sort();
}

/** The placeholders of a text, in each of its forms. */
export function placeholders(text: Message): string[] {
  const forms = typeof text === "string" ? [text] : Object.values(text);
  const each = forms.map((form) => [...form.matchAll(/\{\w+\}/g)].map(String).sort().join());
  return [...new Set(each)];
}
