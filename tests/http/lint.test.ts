// The OpenAPI document as others' tools see it: a linter, and a client that is generated from it.
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { afterAll, beforeAll, expect, test } from "bun:test";
import openapiTS, { astToString } from "openapi-typescript";
import { join } from "node:path";
import { scratch, startStation, type TestStation } from "../support/station.ts";
import { adminConfig } from "./app.ts";

/** The status answers whatever is asked; a redirect and what is not implemented have no other answer. */
const RULES = { "operation-4xx-response": "off", "operation-2xx-response": "off" } as const;

const ROOT = join(import.meta.dir, "..", "..");

let radio: TestStation;
let document: string;

beforeAll(async () => {
  radio = await startStation(adminConfig([{}, { path: "/jazz" }]));
  document = await (await fetch(`${radio.url}/swagger/json`)).text();
});

afterAll(async () => radio[Symbol.asyncDispose]());

test("Redocly's linter finds nothing in it", async () => {
  const config = await createConfig({ extends: ["recommended"], rules: RULES });
  const problems = await lintFromString({ source: document, absoluteRef: "/openapi.json", config });
  const lines = problems.map(({ ruleId, message, location: [at] }) => {
    return `${ruleId} ${at?.pointer}: ${message}`;
  });
  expect(lines).toEqual([]);
});

/** A program against the generated types; it prints what it read. */
const CLIENT = `
import createClient from "openapi-fetch";
import type { components, paths } from "./api.d.ts";

type Status = components["schemas"]["Status"];
type ErrorCode = components["schemas"]["Error"]["code"];

const client = createClient<paths>({ baseUrl: process.argv[2] ?? "" });
const { data: status } = await client.GET("/api/status");
const first: Status["mounts"][number] | undefined = status?.mounts[0];
const isSilent: boolean = first?.source_status === "silence";
const { data: mount } = await client.GET("/api/mounts/{mount}", {
  params: { path: { mount: "jazz" } },
});
const { data: history } = await client.GET("/api/history", { params: { query: { limit: 5 } } });
const titles: string[] = history?.plays.map(({ title }) => title) ?? [];
const { data: playing } = await client.GET("/api/nowplaying/{mount}", {
  params: { path: { mount: "stream" } },
});
const elapsed: number = playing?.now_playing.elapsed ?? -1;
const { error } = await client.GET("/api/mounts/{mount}", { params: { path: { mount: "none" } } });
const code: ErrorCode | undefined = error?.code;
// @ts-expect-error: there is no such word.
const isWrong = first?.source_status === "radio";
console.log(JSON.stringify({ isSilent, mount: mount?.mount, titles, elapsed: elapsed >= 0, code, isWrong }));
`;

const TSCONFIG = {
  extends: join(ROOT, "tsconfig.json"),
  compilerOptions: { typeRoots: [join(ROOT, "node_modules", "@types")] },
  include: ["client.ts"],
};

async function run(...command: string[]): Promise<{ output: string; exitCode: number }> {
  const process = Bun.spawn(command, { stdout: "pipe", stderr: "pipe" });
  const [out, error] = [process.stdout, process.stderr].map((stream) =>
    new Response(stream).text(),
  );
  return { output: `${await out}${await error}`, exitCode: await process.exited };
}

test("a client that openapi-typescript generates from it passes the type checker, and reads a running station", async () => {
  await using folder = await scratch();
  const types = astToString(await openapiTS(document));
  const client = join(folder.path, "client.ts");
  await Bun.write(join(folder.path, "api.d.ts"), types);
  await Bun.write(client, CLIENT);
  await Bun.write(join(folder.path, "tsconfig.json"), JSON.stringify(TSCONFIG));
  await Bun.$`ln -s ${join(ROOT, "node_modules")} ${join(folder.path, "node_modules")}`;
  const checked = await run(process.execPath, "check", "--no-script", "-p", folder.path);
  expect(checked.output, checked.output).toContain("No type errors");
  expect(checked.exitCode).toBe(0);
  const { output } = await run(process.execPath, client, radio.url);
  expect(JSON.parse(output)).toEqual({
    isSilent: true,
    mount: "/jazz",
    titles: [],
    elapsed: true,
    code: "no_such_mount",
    isWrong: false,
  });
});
