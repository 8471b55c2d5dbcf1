// The documentation of a route in the OpenAPI document: parameters, accounts, and every answer with its type.
import type { DocumentDecoration, TSchema } from "elysia";

/** How clients show who they are. */
export const SECURITY_SCHEMES = {
  admin: {
    type: "http" as const,
    scheme: "basic",
    description:
      "server.admin_user with server.admin_password, or an account with the role operator or admin",
  },
  token: {
    type: "http" as const,
    scheme: "bearer",
    description: "A token of the configuration; `cycast --token NAME` makes one",
  },
  source: {
    type: "http" as const,
    scheme: "basic",
    description: "The user `source` with the source password of the mount, or an account",
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
  /** Its name in generated clients; made from method and path without one. */
  readonly id?: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  /** Fields of a posted form. */
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

/** A mount in the path of an operation. */
export const MOUNT_IN_PATH = {
  name: "mount",
  in: "path" as const,
  required: true,
  description: "Its path without the first slash",
  schema: { type: "string" as const },
  example: "stream",
};

/** The route's `detail`. */
export function operation(described: Operation): { detail: DocumentDecoration } {
  const { tag, id, summary, description, parameters, form, allows = [], answers } = described;
  const detail: DocumentDecoration = { summary, tags: [tag] };
  if (id !== undefined) detail.operationId = id;
  if (parameters !== undefined) detail.parameters = [...parameters];
  if (description !== undefined) detail.description = description;
  if (form !== undefined) detail.requestBody = formBody(form);
  detail.security = allows.map((scheme) => ({ [scheme]: [] }));
  detail.responses = { ...answers };
  return { detail };
}

/** A query parameter. Swagger UI sends its example when the route is tried out unchanged. */
export function query(
  name: string,
  description: string,
  example?: string | number,
  more: Pick<Parameter, "required" | "schema"> = {},
): Parameter {
  const parameter = {
    name,
    in: "query",
    description,
    schema: { type: "string" as const },
    ...more,
  };
  return example === undefined ? parameter : { ...parameter, example };
}

/** An answer in JSON, with the schema that the route is validated against. */
export function json(description: string, schema: TSchema): Answer {
  return { description, content: { "application/json": { schema } } };
}

/** An answer of any other type, with an example. */
export function text(description: string, type: string, example: string): Answer {
  return { description, content: { [type]: { schema: { type: "string" }, example } } };
}

/** A binary answer in one of several types. */
export function bytes(description: string, types: readonly string[]): Answer {
  const schema = { type: "string" as const, format: "binary" };
  return { description, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

/** One status with answers of several types. */
export function either(...answers: readonly [Answer, ...Answer[]]): Answer {
  const contents = answers.map(({ content }) => content ?? {});
  return { ...answers[0], content: Object.assign({}, ...contents) };
}

/** Answers to requests with missing or wrong credentials, or from a place that is not allowed. */
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

/** A refusal as Icecast words it. */
export function refused(description: string, sentence: string): Answer {
  return text(description, "text/html", `<b>${sentence}</b>\r\n`);
}
