// A configuration in the making: checked values by "block.key", and what of the original they do not have.
import type { Key } from "../key.ts";
import { schema } from "../schema.ts";
import type { Element } from "./xml-tree.ts";

/** More of them would not be read. */
const MAX_NOTES = 200;

export type Values = Map<string, unknown>;

export interface MountDraft {
  readonly path: string;
  readonly values: Values;
  /** The keys of its relay blocks. */
  readonly relays: Readonly<Record<string, unknown>>[];
}

/** What is said about a line of the original. */
export interface Note {
  readonly line: number;
  readonly sentence: string;
}

/** The key of "block.key"; throws if the schema has none. */
export function keyAt(name: string): Key<unknown> {
  const [block = "", key = ""] = name.split(".");
  const found = schema.keysOf(block)[key];
  if (found === undefined) throw new Error(`the schema has no ${name}`);
  return found;
}

export class Draft {
  /** The station's, and those of every mount without its own. */
  readonly values: Values = new Map();
  /** Set by <mount type="default">. */
  readonly defaults: Values = new Map();
  readonly mounts: MountDraft[] = [];
  readonly notes: Note[] = [];

  /** `text` as the value of a key, or a note if it is not accepted. */
  set(values: Values, name: string, value: unknown, from: Element): void {
    const key = keyAt(name);
    if (key.read(value) === null) this.note(from, `not accepted as ${name}: ${key.expected}`);
    else values.set(name, value);
  }

  /** One line; never with a value, which may be a secret. */
  note({ name, line }: Pick<Element, "name" | "line">, why: string): void {
    if (this.notes.length < MAX_NOTES) this.notes.push({ line, sentence: `<${name}>: ${why}` });
  }
}
