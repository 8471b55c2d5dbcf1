// What the plugin and Elysia's schemas say about JSON that is not so on the wire, and what is left alone.
import { expect, test } from "bun:test";
import { t } from "elysia";
import { plainDocument } from "../../src/http/plain-document.ts";

function plain(schema: unknown): unknown {
  return plainDocument(JSON.parse(JSON.stringify(schema)));
}

test("a number that Elysia takes as text too is that number, with its bounds", () => {
  const bounds = { minimum: 1, maximum: 9, description: "How many" };
  expect(plain(t.Integer(bounds))).toEqual({ type: "integer", ...bounds });
  expect(plain(t.Object({ at: t.Numeric() }))).toEqual({
    type: "object",
    properties: { at: { type: "number" } },
    required: ["at"],
  });
});

test("what is really one of two stays so", () => {
  const choice = t.Union([t.String(), t.Null()]);
  expect(plain(choice)).toEqual({ anyOf: [{ type: "string" }, { type: "null" }] });
});

test("a body with a schema is JSON, unless its type is given", () => {
  const schema = { type: "string" };
  const guessed = {
    "application/json": { schema },
    "multipart/form-data": { schema },
    "text/plain": { schema },
  };
  expect(plain({ content: guessed })).toEqual({ content: { "application/json": { schema } } });
  const told = { content: { "text/plain": { schema }, "application/json": { schema } } };
  expect(plain(told)).toEqual(told);
});

test("an answer has a description, its own where it has one", () => {
  const responses = { 200: { description: "Mine" }, 401: {}, 418: {} };
  expect(plain({ responses })).toEqual({
    responses: {
      200: { description: "Mine" },
      401: { description: "Credentials are missing or wrong" },
      418: { description: "Answer" },
    },
  });
});
