// Matches an outline with the schema: which key each attribute sets, and every block or key that has no business being there.
import { type Finding, finding, type Span } from "./hcl/finding.ts";
import type { Attribute, Block, Item, Name, Outline } from "./hcl/outline.ts";
import type { SourceText } from "./hcl/source-text.ts";
import { type Key, MOUNT_PATH, readMountPath } from "./key.ts";
import {
  checkBlockName,
  checkUnlabelled,
  findKey,
  type KeyEntry,
  type KeyPlace,
  nestedBlock,
  topAttribute,
  unknownKey,
} from "./misplaced.ts";
import { blockNames, keysOf, mountBlocks, mountKeys } from "./schema.ts";
import { checkKind } from "./value-kind.ts";

const MAX_MOUNT_BLOCKS = 255;

/** An attribute that sets a key, and where hcl2-parser's result has its value. */
export interface Setting {
  readonly key: Key<unknown>;
  readonly attribute: Attribute;
  readonly path: readonly (string | number)[];
}

export type Settings = Map<Key<unknown>, Setting>;

export interface MountSettings {
  readonly path: string;
  readonly label: Name;
  readonly settings: Settings;
}

export interface Matched {
  readonly top: Settings;
  readonly mounts: readonly MountSettings[];
  readonly findings: readonly Finding[];
  /** Pieces of the text that are told already; nothing more need be known about them. */
  readonly refused: readonly Span[];
  /** Attributes under a deprecated name, with the name that holds now. */
  readonly renamed: readonly { readonly attribute: Attribute; readonly now: string }[];
}

export function matchSettings(outline: Outline, source: SourceText): Matched {
  const matcher = new Matcher(source);
  matcher.readTop(outline.items);
  return matcher;
}

/** Where attributes are read into: their keys, and how the place is called. */
interface Place extends KeyPlace {
  readonly settings: Settings;
  readonly path: readonly (string | number)[];
}

class Matcher implements Matched {
  readonly top: Settings = new Map();
  readonly mounts: MountSettings[] = [];
  readonly findings: Finding[] = [];
  readonly refused: Span[] = [];
  readonly renamed: { attribute: Attribute; now: string }[] = [];
  readonly #source: SourceText;

  constructor(source: SourceText) {
    this.#source = source;
  }

  readTop(items: readonly Item[]): void {
    const seen = new Map<string, Span>();
    for (const item of items) {
      if (item.kind === "attribute") this.#refuse(item, topAttribute(item.name));
      else if (item.kind === "block" && item.name.text === "mount") this.#readMount(item);
      else if (item.kind === "block") this.#readBlock(item, blockNames, seen, this.top, []);
    }
  }

  #refuse(item: Span, found: Finding): void {
    this.findings.push(found);
    this.refused.push({ start: item.start, end: item.end });
  }

  /** Reads a block that may occur once among its `siblings`. */
  #readBlock(
    block: Block,
    siblings: readonly string[],
    seen: Map<string, Span>,
    settings: Settings,
    path: Place["path"],
  ): void {
    const { name } = block;
    const found =
      checkBlockName(name, siblings, path.length > 0) ??
      checkUnlabelled(block) ??
      this.#checkOnce(name, seen, `the block "${name.text}" is given twice`);
    if (found !== null) {
      this.#refuse(block, found);
      return;
    }
    const place = {
      name: name.text,
      keys: keysOf(name.text),
      settings,
      path: [...path, name.text, 0],
    };
    this.#readAttributes(block.items, place);
  }

  #checkOnce(name: Name, seen: Map<string, Span>, message: string): Finding | null {
    const first = seen.get(name.text);
    if (first === undefined) {
      seen.set(name.text, name);
      return null;
    }
    return finding(name, message, "each one once", this.#hintFirst(first));
  }

  #hintFirst(first: Span): string {
    const { line, column } = this.#source.position(first.start);
    return `The first is at ${line}:${column}`;
  }

  #readAttributes(items: readonly Item[], place: Place): void {
    const seen = new Map<string, Span>();
    for (const item of items) {
      if (item.kind === "attribute") this.#readAttribute(item, place, seen);
      else if (item.kind === "block") this.#refuse(item, nestedBlock(item, place));
    }
  }

  #readAttribute(attribute: Attribute, place: Place, seen: Map<string, Span>): void {
    const { name } = attribute;
    const entry = findKey(name.text, place.keys);
    if (entry === null) {
      this.#refuse(attribute, unknownKey(name, place));
      return;
    }
    const found =
      this.#checkOnce(name, seen, `"${name.text}" is given twice`) ??
      this.#checkAlias(attribute, entry, place) ??
      checkKind(this.#source.text, attribute.value, entry.key);
    if (found !== null) {
      this.#refuse(attribute, found);
      return;
    }
    if (name.text !== entry.name) this.renamed.push({ attribute, now: entry.name });
    place.settings.set(entry.key, { key: entry.key, attribute, path: [...place.path, name.text] });
  }

  #checkAlias({ name }: Attribute, { key, name: now }: KeyEntry, place: Place): Finding | null {
    const other = place.settings.get(key);
    if (other === undefined) return null;
    const old = name.text === now ? other.attribute.name.text : name.text;
    const message = `"${old}" is the old name of "${now}", and both are given`;
    return finding(name, message, `${now} only`, this.#hintFirst(other.attribute));
  }

  #readMount(block: Block): void {
    const label = block.labels[0];
    if (label === undefined || block.labels.length > 1) {
      const at = block.labels[1] ?? block.name;
      const message = "a mount block has one label, its path";
      this.#refuse(block, finding(at, message, 'mount "/path" { }'));
      return;
    }
    const path = readMountPath(label.text);
    if (path === null) {
      this.#refuse(block, finding(label, "this can be no mount", MOUNT_PATH));
      return;
    }
    const found = this.#checkMountOnce(path, label);
    if (found === null) this.#addMount(path, label, block.items);
    else this.#refuse(block, found);
  }

  #checkMountOnce(path: string, label: Name): Finding | null {
    if (this.mounts.length === MAX_MOUNT_BLOCKS) {
      return finding(label, "too many mounts", `at most ${MAX_MOUNT_BLOCKS} mount blocks`);
    }
    const first = this.mounts.find((mount) => mount.path === path);
    if (first === undefined) return null;
    const message = `the mount "${path}" is given twice`;
    return finding(label, message, "each path once", this.#hintFirst(first.label));
  }

  #addMount(path: string, label: Name, items: readonly Item[]): void {
    const settings: Settings = new Map();
    this.mounts.push({ path, label, settings });
    const steps = ["mount", label.text, 0];
    const place = { name: `mount "${label.text}"`, keys: mountKeys, settings, path: steps };
    const attributes = items.filter((item) => item.kind === "attribute");
    this.#readAttributes(attributes, place);
    const seen = new Map<string, Span>();
    for (const item of items) {
      if (item.kind === "block") this.#readBlock(item, mountBlocks, seen, settings, steps);
    }
  }
}
