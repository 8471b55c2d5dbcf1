// Pure: gives the OpenAPI document names that make good clients: schemas with a title become components, and each operation
// has an id that is a name in any language.

type Node = Readonly<Record<string, unknown>>;

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: Node;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Puts each schema with a title into `schemas`, and a reference in its place. */
function referring(value: unknown, schemas: Map<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((part) => referring(part, schemas));
  if (!isNode(value)) return value;
  const parts = Object.entries(value).map(([key, part]) => {
    return [key, key === "example" ? part : referring(part, schemas)] as const;
  });
  const node = Object.fromEntries(parts);
  const { title, ...schema } = node;
  if (typeof title !== "string" || !("type" in node || "anyOf" in node)) return node;
  if (!schemas.has(title)) schemas.set(title, schema);
  return { $ref: `#/components/schemas/${title}` };
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** "GET /api/admin/kick-listener" of the desk is getDeskKickListener: words of ASCII letters and digits. */
export function operationId(method: string, path: string, tag: string): string {
  const own = path.replace(/^\/api\/admin(?=\/)|^\/api(?=\/)|^\/admin(?=\/)/, "");
  const kind = tag === "api" ? "" : tag;
  const spoken = own.replace(/\{(\w+)\}/g, " by $1");
  const words = `${kind} ${spoken}`.split(/[^a-zA-Z0-9]+/).filter((word) => word !== "");
  return method + words.map(capitalised).join("");
}

/** The id that the plugin makes of an operation without one. */
function madeUpId(method: string, path: string): string {
  const parts = path.split("/").map((part) => {
    return part.startsWith("{") ? `By${capitalised(part.slice(1, -1))}` : capitalised(part);
  });
  return method + (path === "/" ? "Index" : parts.join(""));
}

function identified(paths: Document["paths"]): Document["paths"] {
  const known = new Set<string>();
  const unique = (wanted: string) => {
    let id = wanted;
    for (let i = 2; known.has(id); i++) id = `${wanted}${i}`;
    known.add(id);
    return id;
  };
  const withId = (path: string) => (entry: [string, unknown]) => {
    const [method, operation] = entry;
    if (!isNode(operation)) return entry;
    const [tag = ""] = (operation.tags ?? []) as readonly string[];
    const { operationId: own = "" } = operation;
    const isOwn = typeof own === "string" && own !== "" && own !== madeUpId(method, path);
    const wanted = isOwn ? own : operationId(method, path, tag);
    return [method, { ...operation, operationId: unique(wanted) }] as const;
  };
  const each = Object.entries(paths).map(([path, methods]) => {
    return [path, Object.fromEntries(Object.entries(methods).map(withId(path)))] as const;
  });
  return Object.fromEntries(each);
}

export function named(document: Document): object {
  const schemas = new Map<string, unknown>();
  const paths = referring(identified(document.paths), schemas);
  const sorted = [...schemas].sort(([a], [b]) => (a < b ? -1 : 1));
  const components = { ...document.components, schemas: Object.fromEntries(sorted) };
  return { ...document, paths, components };
}
