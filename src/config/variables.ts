// Keys that environment variables set: CYCAST_SERVER_SOURCE_PASSWORD is source_password in server { }. They come before the
// file, and a mount key goes where it would in a block at the top.
import type { Environment } from "./env-call.ts";
import type { Attribute, Value } from "./hcl/outline.ts";
import type { Key } from "./key.ts";
import type { Setting, Settings } from "./settings.ts";
import { didYouMean } from "./suggest.ts";
import type { Schema } from "./tree.ts";

const VARIABLE = /^CYCAST_\w{1,80}$/;

/** Variables of the program that are no keys. */
const OTHERS: ReadonlySet<string> = new Set(["CYCAST_CORE"]);

/** More of them are no slips of the pen. */
const MAX_UNKNOWN = 20;

const NUMBER = /^-?\d+(?:\.\d+)?$/;

export interface Variables {
  readonly settings: Settings;
  /** The name of each setting's variable, by the place that problems name: places in a file are not negative. */
  readonly names: ReadonlyMap<number, string>;
  /** One sentence for each variable that sets nothing. */
  readonly warnings: readonly string[];
}

export function variableOf(block: string, key: string): string {
  return `CYCAST_${block}_${key}`.toUpperCase();
}

/** Each variable and its key, labelled blocks left out: their number and names are the file's. */
export function variableKeys(schema: Schema): ReadonlyMap<string, Key<unknown>> {
  const keys = schema.blockNames.flatMap((block) =>
    Object.entries(schema.keysOf(block)).map(
      ([name, key]) => [variableOf(block, name), key] as const,
    ),
  );
  return new Map(keys);
}

export function matchVariables(env: Environment, schema: Schema): Variables {
  const keys = variableKeys(schema);
  const settings: Settings = new Map();
  const names = new Map<number, string>();
  const unknown: string[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (text === undefined || !VARIABLE.test(name) || OTHERS.has(name)) continue;
    const key = keys.get(name);
    if (key === undefined) {
      unknown.push(name);
      continue;
    }
    const place = -1 - names.size;
    names.set(place, name);
    settings.set(key, settingAt(place, key, text, name));
  }
  const warnings = unknown.slice(0, MAX_UNKNOWN).map((name) => unknownSentence(name, keys));
  return { settings, names, warnings };
}

function unknownSentence(name: string, keys: ReadonlyMap<string, unknown>): string {
  const known = Array.from(keys.keys(), (variable) => variable.toLowerCase());
  const hint = didYouMean(name, known)?.replace(/".*"/, (near) => near.toUpperCase()) ?? "";
  return `The environment variable ${name} sets no key of the configuration. ${hint}`.trim();
}

function settingAt(start: number, key: Key<unknown>, text: string, variable: string): Setting {
  const span = { start, end: start };
  const value: Value = { ...span, kind: "string", template: false, elements: [] };
  const name = { ...span, text: variable };
  const attribute: Attribute = { ...span, kind: "attribute", name, value };
  return { key, attribute, path: [], given: typed(text, key) };
}

/** The text of a variable as a value of the key's type; as a string if it is none. */
function typed(text: string, { type, word }: Key<unknown>): unknown {
  if (type === "list")
    return text
      .split(",")
      .map((item) => item.trim())
      .filter(Boolean);
  if (type === "number" && text !== word && NUMBER.test(text)) return Number(text);
  if (type === "boolean" && /^(?:true|false)$/.test(text)) return text === "true";
  return text;
}
