// Pure: corrects the OpenAPI document that the plugin derives, where Elysia's schemas differ from the wire.

type Node = Readonly<Record<string, unknown>>;

/** The plugin assumes that anything with a schema comes in any of three types. */
const GUESSED = "multipart/form-data";
const JSON_TYPE = "application/json";

/** For answers whose schema has no description. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: "Done",
  401: "Credentials are missing or wrong",
  403: "Not allowed",
  404: "There is no such thing",
  409: "Not possible as things are",
  415: "The body is not JSON",
  422: "A parameter is missing or out of bounds",
  429: "Too many wrong passwords: wait",
  503: "Not possible at the moment",
};

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Elysia accepts a number as text too where it must; documents it as the number it means. */
function numberOf(node: Node): Node | null {
  const { anyOf, ...rest } = node;
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return null;
  const [text, number] = anyOf as unknown[];
  const isText = isNode(text) && /^(integer|numeric)$/.test(String(text.format));
  return isText && isNode(number) ? { ...rest, ...number } : null;
}

/** Words that are each a schema of their own are one enum. */
function enumOf(node: Node): Node | null {
  const { anyOf, ...rest } = node;
  if (!Array.isArray(anyOf) || anyOf.length === 0) return null;
  const words = (anyOf as unknown[]).map((one) => (isNode(one) ? one.const : undefined));
  if (!words.every((word) => typeof word === "string")) return null;
  return { type: "string", enum: words, ...rest };
}

function onlyJson(content: unknown): unknown {
  const isGuessed = isNode(content) && GUESSED in content && JSON_TYPE in content;
  return isGuessed ? { [JSON_TYPE]: content[JSON_TYPE] } : content;
}

function described(responses: unknown): unknown {
  if (!isNode(responses)) return responses;
  const each = Object.entries(responses).map(([status, answer]) => {
    if (!isNode(answer) || answer.description !== undefined) return [status, answer];
    return [status, { ...answer, description: DESCRIPTIONS[status] ?? "Answer" }];
  });
  return Object.fromEntries(each);
}

/** The same document, or any part of it. */
export function plainDocument(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainDocument);
  if (!isNode(value)) return value;
  const node = numberOf(value) ?? enumOf(value) ?? value;
  const plain = Object.entries(node).map(([key, part]) => {
    if (key === "content") return [key, plainDocument(onlyJson(part))];
    return [key, plainDocument(key === "responses" ? described(part) : part)];
  });
  return Object.fromEntries(plain);
}
