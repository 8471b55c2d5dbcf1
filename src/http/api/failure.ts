// Errors of the JSON API: a sentence for people, and a code for programs.
import { t } from "elysia";
import { reply } from "../reply.ts";

const JSON_TYPE = "application/json;charset=utf-8";

export const failure = t.Object({
  error: t.String({ description: "A sentence" }),
  code: t.String({ description: "The same for the same kind of error" }),
});

/** An error that pages of any site may read. */
export function failed(status: number, error: string, code: string): Response {
  const headers = { "access-control-allow-origin": "*", "cache-control": "no-cache" };
  return reply(JSON.stringify({ error, code }), JSON_TYPE, status, headers);
}

export function noSuchMount(): Response {
  return failed(404, "There is no such mount: /api/status lists them.", "no_such_mount");
}
