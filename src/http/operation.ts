// What the OpenAPI document says of a route: its parameters, who may ask, and every answer with its type.
import type { DocumentDecoration, TSchema } from "elysia";

/** Who may log in, each by HTTP Basic. */
export const SECURITY_SCHEMES = {
  admin: {
    type: "http" as const,
    scheme: "basic",
    description: "server.admin_user with server.admin_password",
  },
  source: {
    type: "http" as const,
    scheme: "basic",
    description: "The user `source` with the source password of the mount",
  },
};

type Scheme = keyof typeof SECURITY_SCHEMES;

type Parameter = Exclude<
  NonNullable<DocumentDecoration["parameters"]>[number],
  { readonly $ref: string }
>;

type Answer = Exclude<
  NonNullable<DocumentDecoration["responses"]>[string],
  { readonly $ref: string }
>;

export type Answers = Readonly<Record<number, Answer>>;

export interface Operation {
  readonly tag: "stream" | "api" | "icecast" | "shoutcast" | "admin" | "desk";
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  /** The fields of a form that is posted. */
  readonly form?: readonly Parameter[];
  /** Any one of them is enough. */
  readonly allows?: readonly Scheme[];
  readonly answers: Answers;
}

const FORM = "application/x-www-form-urlencoded";

function formBody(fields: readonly Parameter[]) {
  const properties = fields.map(({ name, description, example }) => {
    return [name, { type: "string" as const, ...(description && { description }), example }];
  });
  const schema = { type: "object" as const, properties: Object.fromEntries(properties) };
  return { content: { [FORM]: { schema } } };
}

/** What stands beside the route, as `detail`. */
export function operation(told: Operation): { detail: DocumentDecoration } {
  const { tag, summary, description, parameters, form, allows, answers } = told;
  const detail: DocumentDecoration = { summary, tags: [tag] };
  if (parameters !== undefined) detail.parameters = [...parameters];
  if (description !== undefined) detail.description = description;
  if (form !== undefined) detail.requestBody = formBody(form);
  if (allows !== undefined) detail.security = allows.map((scheme) => ({ [scheme]: [] }));
  detail.responses = { ...answers };
  return { detail };
}

/** A parameter of the query. Its example is asked for when somebody tries the route as it stands. */
export function query(
  name: string,
  description: string,
  example?: string,
  more: Pick<Parameter, "required" | "schema"> = {},
): Parameter {
  const told = { name, in: "query", description, schema: { type: "string" as const }, ...more };
  return example === undefined ? told : { ...told, example };
}

/** An answer in JSON: the schema is the one that the route is checked against. */
export function json(description: string, schema: TSchema): Answer {
  return { description, content: { "application/json": { schema } } };
}

/** An answer of any other type, with what it may look like. */
export function text(description: string, type: string, example: string): Answer {
  return { description, content: { [type]: { schema: { type: "string" }, example } } };
}

/** An answer that ends only when its reader goes, in one of several types. */
export function bytes(description: string, types: readonly string[]): Answer {
  const schema = { type: "string" as const, format: "binary" };
  return { description, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

/** One status whose answer comes in several types. */
export function either(...answers: readonly [Answer, ...Answer[]]): Answer {
  const contents = answers.map(({ content }) => content ?? {});
  return { ...answers[0], content: Object.assign({}, ...contents) };
}

/** How a request without the right credentials is answered, and one that may not come at all. */
export const NOT_ADMITTED: Answers = {
  401: text("Basic credentials are missing or wrong", "text/plain", "You need to authenticate\r\n"),
  403: text(
    "Switched off, asked from a page of another site, or the default password from elsewhere. A browser that types in a change is asked to confirm it",
    "text/plain",
    "Commands are not taken from the pages of other sites.\r\n",
  ),
  429: text(
    "Too many wrong passwords from this address; Retry-After says when to go on",
    "text/plain",
    "Too many wrong passwords from this address: try again in 60 s.\r\n",
  ),
};

/** A refusal in Icecast's words. */
export function refused(description: string, sentence: string): Answer {
  return text(description, "text/html", `<b>${sentence}</b>\r\n`);
}
