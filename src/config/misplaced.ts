// Findings about misplaced names: which names are valid here, and where this one belongs.
import { type ConfigFinding, finding } from "./hcl/finding.ts";
import type { Block, Name } from "./hcl/outline.ts";
import type { Key } from "./key.ts";
import { didYouMean } from "./suggest.ts";
import { type KeyTable, MOUNT, type Schema } from "./tree.ts";

/** A block as seen by the key lookup. */
export interface KeyPlace {
  readonly name: string;
  readonly keys: KeyTable;
}

export interface KeyEntry {
  readonly name: string;
  readonly key: Key<unknown>;
}

export function findKey(name: string, keys: KeyTable): KeyEntry | null {
  for (const [own, key] of Object.entries(keys)) {
    if (own === name || key.aliases.includes(name)) return { name: own, key };
  }
  return null;
}

/** Names the block that has this key, if any. */
function hintHome(name: string, schema: Schema): string | undefined {
  const home = schema.blockNames.find((block) => findKey(name, schema.keysOf(block)) !== null);
  return home === undefined ? undefined : `It belongs in ${home} { }`;
}

export function unknownKey(name: Name, place: KeyPlace, schema: Schema): ConfigFinding {
  const names = Object.keys(place.keys);
  const hint = hintHome(name.text, schema) ?? didYouMean(name.text, names);
  return finding(name, `unknown key "${name.text}" in ${place.name}`, names.join(", "), hint);
}

export function checkBlockName(name: Name, schema: Schema, nested: boolean): ConfigFinding | null {
  const siblings = nested ? schema.mountBlocks : schema.blockNames;
  if (siblings.includes(name.text)) return null;
  const labelled = nested ? schema.mountLabelled : [...schema.labelledNames, MOUNT];
  const names = [...siblings, ...labelled];
  const where = nested ? "in a mount block" : "";
  const hint = schema.stationLabelled.includes(name.text)
    ? "It goes at the top level"
    : didYouMean(name.text, names);
  return finding(name, `unknown block "${name.text}" ${where}`.trim(), names.join(", "), hint);
}

export function checkUnlabelled({ name, labels }: Block): ConfigFinding | null {
  const label = labels[0];
  if (label === undefined) return null;
  return finding(label, `the block "${name.text}" takes no label`, `${name.text} { }`);
}

export function nestedBlock({ name }: Block, place: KeyPlace, schema: Schema): ConfigFinding {
  const hint = schema.blockNames.includes(name.text)
    ? "It goes at the top level, not inside another block"
    : undefined;
  const isKey = findKey(name.text, place.keys) !== null;
  const expected = isKey ? `${name.text} = …` : Object.keys(place.keys).join(", ");
  return finding(name, `a block "${name.text}" in ${place.name}`, expected, hint);
}

/** The required keys that a labelled block does not set, its refused ones aside. */
export function missingKeys({ name, items }: Block, place: KeyPlace): ConfigFinding[] {
  const given = new Set(
    items.flatMap((item) => (item.kind === "attribute" ? [item.name.text] : [])),
  );
  return Object.entries(place.keys)
    .filter(([own, key]) => key.isRequired && ![own, ...key.aliases].some((one) => given.has(one)))
    .map(([own, key]) => finding(name, `${place.name} has no ${own}`, `${own} = ${key.expected}`));
}

/** The finding for an attribute outside all blocks. */
export function topAttribute(name: Name, schema: Schema): ConfigFinding {
  const { blockNames, labelledNames } = schema;
  if (blockNames.includes(name.text)) {
    const hint = 'A block is written without "="';
    return finding(name, `${name.text} is a block`, `${name.text} { }`, hint);
  }
  const hint = hintHome(name.text, schema) ?? didYouMean(name.text, blockNames);
  const expected = `one of the blocks ${[...blockNames, ...labelledNames, MOUNT].join(", ")}`;
  return finding(name, `"${name.text}" stands outside of all blocks`, expected, hint);
}
