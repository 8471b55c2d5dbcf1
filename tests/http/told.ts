// The OpenAPI document as a test walks it: every operation, how to ask it, and whether an answer is among those it tells.
import { Value } from "@sinclair/typebox/value";
import { expect } from "bun:test";
import type { TSchema } from "elysia";

export interface Parameter {
  readonly name: string;
  readonly in: "query" | "header" | "path";
  readonly required?: boolean;
  readonly description?: string;
  readonly example?: string | number;
}

interface Content {
  readonly schema: object;
  readonly example?: string;
}

interface Field {
  readonly type?: string;
  readonly example?: string;
}

interface Form {
  readonly properties: Readonly<Record<string, Field>>;
}

export interface Told {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: Form }>> };
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, Content>> }>
  >;
}

export interface Document {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly servers: readonly { readonly url: string }[];
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, object>>;
    readonly schemas: Readonly<Record<string, object>>;
  };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Told>>>>;
}

/** One way to ask an operation: what stands here goes before its examples. */
export interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: string;
  readonly path?: Readonly<Record<string, string>>;
}

/** Whoever answers: a station on its port, or an app without one. */
export type Asked = (path: string, init: RequestInit) => Promise<Response>;

/** The schema of a route that the document was made of, with what its validator needs. */
export type SchemaOf = (operation: Operation, status: number) => TSchema | undefined;

export class Operation {
  /** Statuses that it was seen to answer. */
  readonly seen = new Set<number>();

  constructor(
    readonly method: string,
    readonly path: string,
    readonly told: Told,
  ) {}

  get name(): string {
    return `${this.method} ${this.path}`;
  }

  get statuses(): number[] {
    return Object.keys(this.told.responses).map(Number);
  }

  /** The names of the schemes that let somebody in. */
  get allows(): string[] {
    return (this.told.security ?? []).flatMap((one) => Object.keys(one));
  }

  /** Asks, and holds the answer to what is told of it. */
  async ask(asked: Asked, schemaOf: SchemaOf, ask: Ask = {}): Promise<number> {
    const answer = await asked(this.#target(ask), this.#init(ask));
    const { status } = answer;
    this.seen.add(status);
    const content = this.told.responses[status]?.content;
    const type = (answer.headers.get("content-type") ?? "").split(";", 1)[0] ?? "";
    const label = `${this.name} answers ${status} ${type}`;
    expect(this.statuses, label).toContain(status);
    if (content !== undefined) expect(Object.keys(content), label).toContain(type);
    if (type === "application/json") this.#holds(await answer.json(), schemaOf(this, status));
    else await answer.body?.cancel();
    return status;
  }

  /** Neither more nor less than the schema says. */
  #holds(value: unknown, schema: TSchema | undefined): void {
    if (schema === undefined) throw new Error(`${this.name} has no schema`);
    const [error] = Value.Errors(schema, value);
    expect(error && `${this.name}: ${error.path} ${error.message}`).toBeUndefined();
    const cleaned = Value.Clean(schema, structuredClone(value));
    expect(value, `${this.name} tells all of it`).toEqual(cleaned);
  }

  #target({ query = {}, path: places = {} }: Ask): string {
    const parameters = this.told.parameters ?? [];
    const path = this.path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const found = parameters.find((one) => one.in === "path" && one.name === name);
      return places[name] ?? String(found?.example ?? "none");
    });
    const examples = parameters.filter((one) => one.in === "query" && one.example !== undefined);
    const given = examples.map(({ name, example = "" }) => [name, String(example)] as const);
    const all = new URLSearchParams({ ...Object.fromEntries(given), ...query });
    return all.size === 0 ? path : `${path}?${all}`;
  }

  #init({ headers = {}, form }: Ask): RequestInit {
    const [entry] = Object.entries(this.told.requestBody?.content ?? {});
    if (entry === undefined) return { method: this.method, headers };
    const [type, { schema }] = entry;
    const body = form ?? (type === "application/json" ? jsonOf(schema) : formOf(schema));
    return { method: this.method, headers: { ...headers, "content-type": type }, body };
  }
}

function formOf({ properties }: Form): string {
  const fields = Object.entries(properties).flatMap(([name, { example }]) =>
    example === undefined ? [] : [[name, example]],
  );
  return new URLSearchParams(Object.fromEntries(fields)).toString();
}

function jsonOf({ properties }: Form): string {
  const fields = Object.entries(properties).map(([name, { type, example }]) => {
    if (type === "boolean") return [name, true];
    return [name, type === "string" ? (example ?? "none") : 1];
  });
  return JSON.stringify(Object.fromEntries(fields));
}

/** A part of the document without references: each schema stands where it is used. */
export function resolved(value: unknown, document: Document): unknown {
  if (Array.isArray(value)) return value.map((part) => resolved(part, document));
  if (typeof value !== "object" || value === null) return value;
  if ("$ref" in value) {
    const title = String(value.$ref).replace("#/components/schemas/", "");
    const schema = document.components.schemas[title];
    if (schema === undefined) throw new Error(`there is no schema ${title}`);
    return resolved({ ...schema, title }, document);
  }
  const parts = Object.entries(value).map(([key, part]) => [key, resolved(part, document)]);
  return Object.fromEntries(parts);
}

export function operationsOf({ paths }: Document): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => {
      return new Operation(method.toUpperCase(), path, told);
    }),
  );
}
