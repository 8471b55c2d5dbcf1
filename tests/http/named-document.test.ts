// The names that the OpenAPI document gets, for the clients that are generated from it.
import { expect, test } from "bun:test";
import { named, operationId } from "../../src/http/named-document.ts";

const ANSWER = { type: "object", title: "Answer", properties: { title: { type: "string" } } };

interface Named {
  readonly paths: Record<string, Record<string, { readonly operationId: string }>>;
  readonly components: { readonly schemas: object };
}

function namesOf(paths: object): string[] {
  const { paths: all } = named({ paths } as never) as Named;
  return Object.values(all).flatMap((methods) =>
    Object.values(methods).map((operation) => operation.operationId),
  );
}

test.each([
  ["get", "/api/status", "api", "getStatus"],
  ["get", "/api/mounts/{mount}", "api", "getMountsByMount"],
  ["post", "/api/admin/kick-listener", "desk", "postDeskKickListener"],
  ["get", "/admin/stats.xml", "admin", "getAdminStatsXml"],
  ["get", "/status-json.xsl", "icecast", "getIcecastStatusJsonXsl"],
  ["get", "/stats", "shoutcast", "getShoutcastStats"],
  ["get", "/été/1.mp3", "stream", "getStreamT1Mp3"],
])("%s %s of the %s is %s", (method, path, tag, id) => {
  expect(operationId(method, path, tag)).toBe(id);
});

test("two paths with one name get two, and an operation's own name is kept", () => {
  const get = { tags: ["api"] };
  expect(
    namesOf({
      "/api/a-b": { get },
      "/api/a_b": { get },
      "/api/c": { get: { ...get, operationId: "getAll" } },
      "/api/d": { get: { ...get, operationId: "getApiD" } },
    }),
  ).toEqual(["getAB", "getAB2", "getAll", "getD"]);
});

test("a schema with a title is one component wherever it is used, and a field called title is none", () => {
  const get = { tags: ["api"], responses: { 200: { content: { json: { schema: ANSWER } } } } };
  const { paths, components } = named({
    paths: { "/a": { get }, "/b": { get } },
  } as never) as Named;
  expect(components.schemas).toEqual({
    Answer: { type: "object", properties: { title: { type: "string" } } },
  });
  for (const path of ["/a", "/b"])
    expect(JSON.stringify(paths[path])).toContain('{"$ref":"#/components/schemas/Answer"}');
});
