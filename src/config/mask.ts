// Finds text that must not be shown because it is, or may be, a secret. Only text known to be harmless stays visible.
import { envName } from "./env-call.ts";
import type { Span } from "./hcl/finding.ts";
import type { Attribute, Block, BrokenItem, Item, Name } from "./hcl/outline.ts";
import type { SourceText } from "./hcl/source-text.ts";
import { schema } from "./schema.ts";
import { isSlipOf, suggest } from "./suggest.ts";
import { MOUNT } from "./tree.ts";

const { keys } = schema;
const blocks: readonly string[] = [...schema.blockNames, ...schema.labelledNames, MOUNT];
const names = [...blocks, ...keys.flatMap(([name, key]) => [name, ...key.aliases])];
const secretNames = new Set(
  keys.filter(([, key]) => key.secret).flatMap(([name, key]) => [name, ...key.aliases]),
);
/** A line break within a secret's name leaves the end of it: secret_key becomes key. */
const isEndOfSecret = (name: string) => [...secretNames].some((secret) => secret.endsWith(name));
const harmless = new Set(names.filter((name) => !isEndOfSecret(name)));
const PLAIN_REST = /^[ \t]*[:=]?[ \t]*("[^"\n]*"|'[^'\n]*'|[\w./-]*)[ \t]*[;,]?[ \t]*\{?$/;
const SPEAKS_OF_SECRETS = /pass|secret/gi;

/** The spans to hide, sorted and disjoint. */
export function maskSpans(items: readonly Item[], source: SourceText): Span[] {
  const masker = new Masker(source);
  for (const item of items) masker.add(item);
  masker.addSpoken();
  return merge(masker.spans);
}

function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || span.start > last.end) merged.push(span);
    else merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
  }
  return merged;
}

class Masker {
  readonly spans: Span[] = [];
  /** Positions of secret-sounding words that are certainly part of a key's or a variable's name. */
  readonly #named = new Set<number>();
  readonly #source: SourceText;

  constructor(source: SourceText) {
    this.#source = source;
  }

  add(item: Item): void {
    if (item.kind === "attribute") this.#addAttribute(item);
    else if (item.kind === "block") this.#addBlock(item);
    else this.#addBroken(item);
  }

  /** Hides what follows a secret-sounding word, unless the word is part of a known name. */
  addSpoken(): void {
    for (const { index, 0: word } of this.#source.text.matchAll(SPEAKS_OF_SECRETS)) {
      if (!this.#named.has(index)) this.#hide(index + word.length, this.#lineEnd(index));
    }
  }

  #trust({ start, text }: Pick<Name, "start" | "text">): void {
    for (const { index } of text.matchAll(SPEAKS_OF_SECRETS)) this.#named.add(start + index);
  }

  #lineEnd(offset: number): number {
    return this.#source.lineEnd(this.#source.lineOf(offset));
  }

  #hide(start: number, end: number): void {
    if (end > start) this.spans.push({ start, end });
  }

  #addAttribute({ name, value }: Attribute): void {
    const source = this.#source.text.slice(value.start, value.end);
    if (harmless.has(name.text) && envName(source) === null) return;
    if (envName(source) === null) this.#hide(value.start, this.#lineEnd(value.end));
    else this.#trust({ start: value.start, text: source });
    if (suggest(name.text, names) !== null) this.#trust(name);
  }

  #addBlock({ name, labels, items }: Block): void {
    const end = this.#lineEnd(name.end);
    const known = blocks.includes(name.text);
    const isOneLine = items.some((item) => item.start < end);
    if (!known) this.#hide(name.end, isOneLine ? (labels.at(-1)?.end ?? name.end) : end);
    else if (!isOneLine && !PLAIN_REST.test(this.#source.text.slice(name.end, end))) {
      this.#hide(labels.at(-1)?.end ?? name.end, end);
    }
    for (const item of items) this.add(item);
  }

  /** Unreadable text may contain anything: only a certain name and one plain value after it are shown. */
  #addBroken({ name, start, end: last }: BrokenItem): void {
    const end = this.#lineEnd(last);
    const rest = this.#source.text.slice(name?.end ?? start, end);
    if (name === null) {
      this.#hide(start, end);
    } else if (!harmless.has(name.text) || !PLAIN_REST.test(rest)) {
      // A piece of a password may look a little like a name.
      const isName = /^\s*=/.test(rest) || isSlipOf(name.text, names);
      this.#hide(isName ? name.end : start, end);
      if (isName) this.#trust(name);
    }
  }
}
