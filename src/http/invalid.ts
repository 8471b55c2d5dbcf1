// Pure: a sentence about the invalid field of a request: which one it is, and what was expected.

/** A schema as TypeBox and Elysia keep it. */
interface Expected {
  readonly type?: string;
  readonly anyOf?: readonly Expected[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** A validator's finding. */
export interface Invalid {
  /** JSON pointer to the field; empty where only its value is known. */
  readonly path: string;
  readonly value?: unknown;
  readonly schema: unknown;
}

/** Longer values are cut in the sentence. */
const QUOTED = 40;

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function range({ minimum, maximum }: Expected): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? "" : ` of at most ${maximum}`;
}

const KINDS: Readonly<Record<string, (schema: Expected) => string>> = {
  integer: (schema) => `a whole number${range(schema)}`,
  number: (schema) => `a number${range(schema)}`,
  string: ({ maxLength }) =>
    maxLength === undefined ? "text" : `text of at most ${maxLength} characters`,
  boolean: () => "true or false",
  object: () => "an object",
  array: () => "a list",
};

/** For a number in a query, Elysia's schema allows text too: the number comes last. */
function expected(schema: unknown): string {
  if (!isNode(schema)) return "something else";
  const { anyOf } = schema as Expected;
  if (anyOf !== undefined) return expected(anyOf.at(-1));
  return KINDS[String(schema["type"])]?.(schema as Expected) ?? "something else";
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
}

/** Elysia omits the name of a field that it has converted to a number; finds it by its value. */
function nameOf({ path, value }: Invalid, query: Readonly<Record<string, unknown>>): string {
  if (path !== "") return path.slice(1).replaceAll("/", ".");
  const same = Object.entries(query).find(([, given]) => String(given) === String(value));
  return same?.[0] ?? "the request";
}

/** `query`: the parameters of the request. */
export function invalidSentence(
  found: Invalid,
  query: Readonly<Record<string, unknown>> = {},
): string {
  const [name, wanted] = [nameOf(found, query), expected(found.schema)];
  if (found.value === undefined) return `"${name}" is missing: it must be ${wanted}.`;
  return `"${name}" must be ${wanted}, not ${quoted(found.value)}.`;
}
