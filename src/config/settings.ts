// Matches an outline with the schema: which key each attribute sets, and which blocks and keys are misplaced.
import { type ConfigFinding, finding, type Span } from "./hcl/finding.ts";
import type { Attribute, Block, Item, Name, Outline } from "./hcl/outline.ts";
import type { SourceText } from "./hcl/source-text.ts";
import { type Key, MOUNT_PATH, readMountPath } from "./key.ts";
import {
  checkBlockName,
  checkUnlabelled,
  findKey,
  type KeyEntry,
  type KeyPlace,
  missingKeys,
  nestedBlock,
  topAttribute,
  unknownKey,
} from "./misplaced.ts";
import { MOUNT, type Schema } from "./tree.ts";
import { checkKind } from "./value-kind.ts";

const MAX_MOUNT_BLOCKS = 255;

/** An attribute that sets a key, and the path of its value in hcl2-parser's result. */
export interface Setting {
  readonly key: Key<unknown>;
  readonly attribute: Attribute;
  readonly path: readonly (string | number)[];
  /** The value of an environment variable, which no file has. */
  readonly given?: unknown;
}

export type Settings = Map<Key<unknown>, Setting>;

/** The settings of one scope of the file: the top, or a mount block. */
export interface PlaceSettings {
  readonly settings: Settings;
  /** Its labelled blocks, in file order. */
  readonly labelled: LabelledSettings[];
}

export interface LabelledSettings {
  readonly name: string;
  readonly label: Name;
  readonly settings: Settings;
}

export interface MountSettings extends PlaceSettings {
  readonly path: string;
  readonly label: Name;
}

export interface Matched {
  readonly top: PlaceSettings;
  readonly mounts: readonly MountSettings[];
  readonly findings: readonly ConfigFinding[];
  /** Spans that have a finding already; the value checks skip them. */
  readonly refused: readonly Span[];
  /** Attributes under a deprecated name, with the current one. */
  readonly renamed: readonly { readonly attribute: Attribute; readonly now: string }[];
}

export function matchSettings(outline: Outline, source: SourceText, schema: Schema): Matched {
  const matcher = new Matcher(source, schema);
  matcher.readTop(outline.items);
  return matcher;
}

/** The scope that attributes are read into: its keys, and its name in findings. */
interface Place extends KeyPlace {
  readonly settings: Settings;
  readonly path: readonly (string | number)[];
}

class Matcher implements Matched {
  readonly top: PlaceSettings = { settings: new Map(), labelled: [] };
  readonly mounts: MountSettings[] = [];
  readonly findings: ConfigFinding[] = [];
  readonly refused: Span[] = [];
  readonly renamed: { attribute: Attribute; now: string }[] = [];
  readonly #source: SourceText;
  readonly #schema: Schema;

  constructor(source: SourceText, schema: Schema) {
    this.#source = source;
    this.#schema = schema;
  }

  readTop(items: readonly Item[]): void {
    const seen = new Map<string, Span>();
    const keys = this.#schema.ownKeys;
    const place = { name: "the first mount", keys, settings: this.top.settings, path: [] };
    for (const item of items) {
      if (item.kind === "attribute" && findKey(item.name.text, keys) !== null)
        this.#readAttribute(item, place, seen);
      else if (item.kind === "attribute") this.#refuse(item, topAttribute(item.name, this.#schema));
      else if (item.kind === "block" && item.name.text === MOUNT) this.#readMount(item);
      else if (item.kind === "block") this.#readBlock(item, seen, this.top, []);
    }
  }

  #refuse(item: Span, found: ConfigFinding): void {
    this.findings.push(found);
    this.refused.push({ start: item.start, end: item.end });
  }

  /** Reads a block of the scope at `path`; without a label it may occur once there. */
  #readBlock(
    block: Block,
    seen: Map<string, Span>,
    into: PlaceSettings,
    path: Place["path"],
  ): void {
    const { name } = block;
    const isNested = path.length > 0;
    const labelled = isNested ? this.#schema.mountLabelled : this.#schema.labelledNames;
    if (labelled.includes(name.text)) {
      return this.#readLabelled(block, into, path);
    }
    const found =
      checkBlockName(name, this.#schema, isNested) ??
      checkUnlabelled(block) ??
      this.#checkOnce(name, seen, `the block "${name.text}" is given twice`);
    if (found !== null) {
      this.#refuse(block, found);
      return;
    }
    const place = {
      name: name.text,
      keys: this.#schema.keysOf(name.text),
      settings: into.settings,
      path: [...path, name.text, 0],
    };
    this.#readAttributes(block.items, place);
  }

  #readLabelled(block: Block, into: PlaceSettings, path: Place["path"]): void {
    const name = block.name.text;
    const [label, ...others] = block.labels;
    if (label === undefined || label.text === "" || others.length > 0) {
      const what = this.#schema.labelledOf(name)?.label ?? "a name";
      const message = `a ${name} block has one label, ${what}`;
      this.#refuse(block, finding(others[0] ?? block.name, message, `${name} "…" { }`));
      return;
    }
    const found = this.#checkLabelOnce(name, label, into.labelled);
    if (found !== null) return this.#refuse(block, found);
    const settings: Settings = new Map();
    into.labelled.push({ name, label, settings });
    const place = {
      name: `${name} "${label.text}"`,
      keys: this.#schema.keysOf(name),
      settings,
      path: [...path, name, label.text, 0],
    };
    this.#readAttributes(block.items, place);
    this.findings.push(...missingKeys(block, place));
  }

  #checkLabelOnce(
    name: string,
    label: Name,
    siblings: readonly LabelledSettings[],
  ): ConfigFinding | null {
    const alike = siblings.filter((other) => other.name === name);
    const max = this.#schema.labelledOf(name)?.max ?? 0;
    if (alike.length >= max) {
      return finding(label, `too many ${name} blocks`, `at most ${max} ${name} blocks`);
    }
    const first = alike.find((other) => other.label.text === label.text);
    if (first === undefined) return null;
    const message = `${name} "${label.text}" is given twice`;
    return finding(label, message, "each label once", this.#hintFirst(first.label));
  }

  #checkOnce(name: Name, seen: Map<string, Span>, message: string): ConfigFinding | null {
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
      else if (item.kind === "block") this.#refuse(item, nestedBlock(item, place, this.#schema));
    }
  }

  #readAttribute(attribute: Attribute, place: Place, seen: Map<string, Span>): void {
    const { name } = attribute;
    const entry = findKey(name.text, place.keys);
    if (entry === null) {
      this.#refuse(attribute, unknownKey(name, place, this.#schema));
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

  #checkAlias(
    { name }: Attribute,
    { key, name: now }: KeyEntry,
    place: Place,
  ): ConfigFinding | null {
    const other = place.settings.get(key);
    if (other === undefined) return null;
    if (other.attribute.name.text === name.text) {
      const twice = `"${name.text}" is given twice`;
      return finding(name, twice, "each one once", this.#hintFirst(other.attribute));
    }
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
      this.#refuse(block, finding(label, "this cannot be a mount", MOUNT_PATH));
      return;
    }
    const found = this.#checkMountOnce(path, label);
    if (found === null) this.#addMount(path, label, block.items);
    else this.#refuse(block, found);
  }

  #checkMountOnce(path: string, label: Name): ConfigFinding | null {
    if (this.mounts.length === MAX_MOUNT_BLOCKS) {
      return finding(label, "too many mounts", `at most ${MAX_MOUNT_BLOCKS} mount blocks`);
    }
    const first = this.mounts.find((mount) => mount.path === path);
    if (first === undefined) return null;
    const message = `the mount "${path}" is given twice`;
    return finding(label, message, "each path once", this.#hintFirst(first.label));
  }

  #addMount(path: string, label: Name, items: readonly Item[]): void {
    const mount: MountSettings = { path, label, settings: new Map(), labelled: [] };
    this.mounts.push(mount);
    const steps = [MOUNT, label.text, 0];
    const { settings } = mount;
    const keys = this.#schema.mountKeys;
    const place = { name: `mount "${label.text}"`, keys, settings, path: steps };
    const attributes = items.filter((item) => item.kind === "attribute");
    this.#readAttributes(attributes, place);
    const seen = new Map<string, Span>();
    for (const item of items) {
      if (item.kind === "block") this.#readBlock(item, seen, mount, steps);
    }
  }
}
