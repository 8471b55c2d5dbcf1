// The values of settings: hcl2-parser's results with environment variables substituted, checked against each key's
// limits.
import { type Environment, envName } from "./env-call.ts";
import { type ConfigFinding, finding } from "./hcl/finding.ts";
import type { Value } from "./hcl/outline.ts";
import type { Key } from "./key.ts";
import type { Setting, Settings } from "./settings.ts";

/** Checked values of the keys that are set. */
export class SettingValues {
  readonly #values = new Map<Key<unknown>, unknown>();

  set<T>(key: Key<T>, value: T): void {
    this.#values.set(key, value);
  }

  /** The value that was set; undefined if the key is absent or its value was rejected. */
  get<T>(key: Key<T>): T | undefined {
    return this.#values.get(key) as T | undefined; // Only set() writes, under the key of this type.
  }
}

export interface ReadContext {
  readonly text: string;
  /** hcl2-parser's result. */
  readonly parsed: unknown;
  readonly env: Environment;
  readonly findings: ConfigFinding[];
}

/** Reads all settings of one scope and reports problems as findings. */
export function readValues(settings: Settings, context: ReadContext): SettingValues {
  const values = new SettingValues();
  for (const setting of settings.values()) {
    const value = readSetting(setting, context);
    if (value !== null) values.set(setting.key, value);
  }
  return values;
}

function readSetting(setting: Setting, context: ReadContext): unknown {
  const { key, attribute, path } = setting;
  if ("given" in setting) return readGiven(setting, context);
  const unset = missingVariables(attribute.value, context);
  context.findings.push(...unset);
  if (unset.length > 0) return null;
  const given = resolve(attribute.value, lookUp(context.parsed, path), context);
  const value = key.read(given);
  if (value === null) context.findings.push(outside(attribute.value, key, given, context));
  return value;
}

const NOT_ACCEPTED = "this value is not accepted";

function readGiven({ key, attribute, given }: Setting, { findings }: ReadContext): unknown {
  const value = key.read(given);
  if (value === null) findings.push(finding(attribute.value, NOT_ACCEPTED, key.expected));
  return value;
}

function outside(
  value: Value,
  key: Key<unknown>,
  given: unknown,
  context: ReadContext,
): ConfigFinding {
  if (given === undefined) {
    return finding(value, "hcl2-parser gave no value for this key", key.expected);
  }
  const name = envName(sourceOf(value, context));
  if (name === null) return finding(value, NOT_ACCEPTED, key.expected);
  const message = `the value of the environment variable ${name} is not accepted`;
  return finding(value, message, key.expected);
}

function sourceOf(value: Value, { text }: ReadContext): string {
  return text.slice(value.start, value.end);
}

function missingVariables(value: Value, context: ReadContext): ConfigFinding[] {
  const name = envName(sourceOf(value, context));
  const inner = value.elements.flatMap((element) => missingVariables(element, context));
  if (name === null || context.env[name] !== undefined) return inner;
  const message = `the environment variable ${name} is not set`;
  return [finding(value, message, `${name} in the environment of the server`)];
}

/** Substitutes environment variables where the source calls env(); a literal that only looks like a call stays
 * as it is. */
function resolve(value: Value, parsed: unknown, context: ReadContext): unknown {
  const name = envName(sourceOf(value, context));
  if (name !== null) return context.env[name];
  if (!Array.isArray(parsed)) return parsed;
  return value.elements.map((element, index) => resolve(element, parsed[index], context));
}

function lookUp(parsed: unknown, path: readonly (string | number)[]): unknown {
  let at = parsed;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}
