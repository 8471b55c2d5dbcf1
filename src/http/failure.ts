// Errors of the JSON API: a sentence for people, and a code for programs.
import { ElysiaCustomStatusResponse, status, t } from "elysia";
import { choice } from "./choice.ts";
import { reply } from "./reply.ts";

const JSON_TYPE = "application/json;charset=utf-8";

/** The codes of statuses, for errors that have none of their own. */
const OF_STATUS = {
  400: "invalid_json",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  405: "method_not_allowed",
  409: "conflict",
  415: "unsupported_media_type",
  422: "invalid",
  429: "too_many_attempts",
  500: "internal",
  503: "unavailable",
} as const;

const OWN = [
  "no_such_mount",
  "no_such_listener",
  "no_such_file",
  "invalid_configuration",
  "disabled",
] as const;

export type ErrorCode = (typeof OWN)[number] | (typeof OF_STATUS)[keyof typeof OF_STATUS];

export interface Failure {
  readonly error: string;
  /** Without one, the status gives it: see coded(). */
  readonly code?: ErrorCode;
}

const codes: readonly ErrorCode[] = [...OWN, ...Object.values(OF_STATUS)];

/** The error's sentence and code, for schemas with more than these. */
export const failureFields = {
  error: t.String({ description: "A sentence for people" }),
  code: choice(codes, { description: "For programs: the same for the same kind of error" }),
};

export const failure = t.Unsafe<Failure>(t.Object(failureFields, { title: "Error" }));

export function codeOf(status: number): ErrorCode {
  return OF_STATUS[status as keyof typeof OF_STATUS] ?? "internal";
}

/** The same answer with the code of its status, if it is an error without one; otherwise undefined. */
export function coded(answer: unknown) {
  if (!(answer instanceof ElysiaCustomStatusResponse)) return undefined;
  const { response } = answer;
  const isBare = typeof response === "object" && response !== null && "error" in response;
  if (!isBare || "code" in response) return undefined;
  return status(answer.code, { ...response, code: codeOf(answer.code) });
}

/** An error that pages of any site may read. */
export function failed(httpStatus: number, error: string, code = codeOf(httpStatus)): Response {
  const headers = { "access-control-allow-origin": "*", "cache-control": "no-cache" };
  return reply(JSON.stringify({ error, code }), JSON_TYPE, httpStatus, headers);
}

export const NO_SUCH_MOUNT: Failure = {
  error: "There is no such mount: /api/status lists them.",
  code: "no_such_mount",
};

export function noSuchMount(): Response {
  return failed(404, NO_SUCH_MOUNT.error, NO_SUCH_MOUNT.code);
}
