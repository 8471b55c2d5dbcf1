// How the desk's calls stand in the documentation: what each answers, and how it refuses.
import type { TSchema } from "elysia";
import { type Answers, bytes as content, json, operation } from "../operation.ts";
import { failure, refusedReload } from "./desk-schema.ts";

const DENIED: Answers = {
  401: json("Neither a session nor the admin's credentials (Basic), or wrong ones", failure),
  403: json("Switched off, from a page of another site, or the default password", failure),
  429: json("Too many wrong passwords from this address; Retry-After says when to go on", failure),
  503: json("Logins cannot be checked right now", failure),
};

const INVALID: Answers = { 422: json("Something is missing or out of bounds", failure) };

/** Of a command, which is taken as JSON alone. */
const REFUSED: Answers = {
  ...INVALID,
  400: json("The body is not valid JSON", failure),
  404: json("There is no such mount or listener", failure),
  409: json("There is nothing to do it to", failure),
  415: json("The body is no JSON", failure),
};

const NO_MOUNT: Answers = { ...INVALID, 404: json("There is no such mount", failure) };

interface Told {
  readonly summary: string;
  readonly description?: string;
  readonly answer: TSchema;
}

function told({ answer, ...rest }: Told, more: Answers) {
  const answers = { 200: json("Done", answer), ...DENIED, ...more };
  return operation({ tag: "desk", allows: ["admin"], answers, ...rest });
}

export function question(asked: Told) {
  return told(asked, {});
}

/** One that has parameters. */
export function questionWith(asked: Told) {
  return told(asked, INVALID);
}

export function questionOfMount(asked: Told) {
  return told(asked, NO_MOUNT);
}

/** One whose answer is a file of a mount. */
export function questionWithFile(summary: string, types: readonly string[]) {
  const answers = {
    200: content("The file", types),
    ...DENIED,
    ...INVALID,
    404: json("There is no such mount or file", failure),
  };
  return operation({ tag: "desk", allows: ["admin"], answers, summary });
}

export function command(given: Told) {
  return told(given, REFUSED);
}

/** The configuration file is read for it. */
export function ofConfiguration(asked: Told) {
  return told(asked, {
    409: json("The configuration has mistakes, or cannot be read", refusedReload),
  });
}

/** Nobody has to be signed in for it. */
export function sessionTold({ answer, ...rest }: Told, refusals: readonly number[]) {
  const all: Answers = { ...DENIED, ...INVALID, ...REFUSED };
  const kept = refusals.flatMap((status) => {
    const refusal = all[status];
    return refusal === undefined ? [] : [[status, refusal] as const];
  });
  const answers = { 200: json("Who is signed in", answer), ...Object.fromEntries(kept) };
  return operation({ tag: "desk", answers, ...rest });
}
