// The documentation of the desk's calls: their answers and refusals.
import type { TSchema } from "elysia";
import { type Answers, bytes as content, json, operation } from "../operation.ts";
import { failure, refusedReload } from "./desk-schema.ts";

const DENIED: Answers = {
  401: json(
    "Neither a session, nor credentials (Basic), nor a token (Bearer), or wrong ones",
    failure,
  ),
  403: json(
    "Beyond the account's role or the token's scope, switched off, from a page of another site, or the default password",
    failure,
  ),
  429: json("Too many wrong passwords from this address; Retry-After says when to go on", failure),
  503: json("Logins cannot be checked right now", failure),
};

const INVALID: Answers = { 422: json("Something is missing or out of bounds", failure) };

/** For commands, which must be JSON. */
const REFUSED: Answers = {
  ...INVALID,
  400: json("The body is not valid JSON", failure),
  404: json("There is no such mount or listener", failure),
  409: json("There is nothing to do it to", failure),
  415: json("The body is no JSON", failure),
};

const NO_MOUNT: Answers = { ...INVALID, 404: json("There is no such mount", failure) };

interface Described {
  readonly summary: string;
  readonly description?: string;
  readonly answer: TSchema;
}

function deskOperation({ answer, ...rest }: Described, more: Answers) {
  const answers = { 200: json("Done", answer), ...DENIED, ...more };
  return operation({ tag: "desk", allows: ["admin", "token"], answers, ...rest });
}

export function question(asked: Described) {
  return deskOperation(asked, {});
}

/** With parameters. */
export function questionWith(asked: Described) {
  return deskOperation(asked, INVALID);
}

export function questionOfMount(asked: Described) {
  return deskOperation(asked, NO_MOUNT);
}

const NO_HISTORY: Answers = {
  ...INVALID,
  409: json("No history is kept, or its disk does not answer", failure),
};

export function questionOfHistory(asked: Described) {
  return deskOperation(asked, NO_HISTORY);
}

/** Answered with a table, as a file. */
export function questionWithTable(summary: string) {
  const types = ["text/csv", "application/json", "text/plain"];
  const answers = { 200: content("The file", types), ...DENIED, ...NO_HISTORY };
  return operation({ tag: "desk", allows: ["admin", "token"], answers, summary });
}

/** Answered with a file of text. */
export function questionWithText(summary: string) {
  const answers = { 200: content("The file", ["text/plain"]), ...DENIED, ...INVALID };
  return operation({ tag: "desk", allows: ["admin", "token"], answers, summary });
}

/** Answered with a file of a mount. */
export function questionWithFile(summary: string, types: readonly string[]) {
  const answers = {
    200: content("The file", types),
    ...DENIED,
    ...INVALID,
    404: json("There is no such mount or file", failure),
  };
  return operation({ tag: "desk", allows: ["admin", "token"], answers, summary });
}

export function command(given: Described) {
  return deskOperation(given, REFUSED);
}

/** Reads the configuration file. */
export function ofConfiguration(asked: Described) {
  return deskOperation(asked, {
    409: json("The configuration has mistakes, or cannot be read", refusedReload),
  });
}

/** Needs no session. */
export function sessionOperation({ answer, ...rest }: Described, refusals: readonly number[]) {
  const all: Answers = { ...DENIED, ...INVALID, ...REFUSED };
  const kept = refusals.flatMap((status) => {
    const refusal = all[status];
    return refusal === undefined ? [] : [[status, refusal] as const];
  });
  const answers = { 200: json("Who is signed in", answer), ...Object.fromEntries(kept) };
  return operation({ tag: "desk", answers, ...rest });
}
