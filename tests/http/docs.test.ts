// The OpenAPI document says what the station does: every route is in it, and each is asked as it says.
import { Value } from "@sinclair/typebox/value";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { TSchema } from "elysia";
import { join } from "node:path";
import { NowPlayingFeed } from "../../src/http/api/now-playing-feed.ts";
import { NowPlayingPages } from "../../src/http/api/now-playing-pages.ts";
import { StatusFeed } from "../../src/http/api/status-feed.ts";
import { SLIPS, STRANGER } from "../../src/access/attempts.ts";
import { plainDocument } from "../../src/http/plain-document.ts";
import { createApp } from "../../src/http/server.ts";
import type { Config } from "../../src/config/config.ts";
import { Secret } from "../../src/lib/secret.ts";
import { INPUT_KINDS } from "../../src/mount/roles.ts";
import { FakeSink } from "../output/fake-sink.ts";
import { CLIENT } from "../output/stage.ts";
import { digestOf } from "../../src/access/account.ts";
import { startStation, type TestStation } from "../support/station.ts";
import { goLive } from "../support/wire.ts";
import { AS_ADMIN, AS_SOURCE, App, adminConfig, basic } from "./app.ts";
import {
  type Ask,
  type Asked,
  type Document,
  type Operation,
  operationsOf,
  resolved,
} from "./told.ts";

const CREDENTIALS: Readonly<Record<string, Record<string, string>>> = {
  admin: AS_ADMIN,
  source: AS_SOURCE,
  token: { authorization: "Bearer token-of-the-test" },
};

const TOKEN = {
  label: "test",
  hash: new Secret(digestOf("token-of-the-test")),
  scope: "admin",
} as const;

/** The only mode of /admin.cgi that a source may ask. */
const AS_ENCODER: Ask = { query: { mode: "updinfo" } };

const TWO = [{}, { path: "/jazz" }] as const;

const PROBES = ["GET /health", "GET /health/live", "GET /health/ready"];

interface Route {
  readonly method: string;
  readonly path: string;
  readonly hooks?: {
    readonly response?: Readonly<Record<number, TSchema>>;
    readonly detail?: { readonly responses?: Record<number, Answer> };
  };
}

interface Answer {
  readonly content?: Readonly<Record<string, { readonly schema: TSchema }>>;
}

let radio: TestStation;
let document: Document;
let operations: Operation[];
let routes: readonly Route[];

const running: Asked = (path, init) => fetch(radio.url + path, { redirect: "manual", ...init });

function named(name: string): Operation {
  const found = operations.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not in the document`);
  return found;
}

function routeOf({ method, path }: Operation): Route | undefined {
  const plain = path.replace(/\{(\w+)\}/g, ":$1");
  return routes.find((route) => route.method === method && route.path === plain);
}

/** As the route has it: in the document, the marks of its kinds are gone. */
function schemaOf(operation: Operation, status: number): TSchema | undefined {
  const hooks = routeOf(operation)?.hooks;
  if (hooks?.detail?.responses === undefined) return hooks?.response?.[status];
  return hooks.detail.responses[status]?.content?.["application/json"]?.schema;
}

beforeAll(async () => {
  radio = await startStation({ ...adminConfig(TWO), token: [TOKEN] });
  document = (await (await fetch(`${radio.url}/swagger/json`)).json()) as Document;
  operations = operationsOf(document);
  routes = (await createApp(radio.station)).routes as readonly Route[];
});

afterAll(async () => radio[Symbol.asyncDispose]());

// On a machine that does much else, what starts many programs or stations takes its time.
setDefaultTimeout(120_000);

describe("the document", () => {
  const PUBLIC = join(import.meta.dir, "..", "..", "public");

  /** Pages for people and their files; the last is what browsers ask before they ask, and what is no command. */
  const NO_API = [
    /^GET \/(favicon\.ico|apple-touch-icon\.png|manifest\.webmanifest)?$/,
    /^GET \/branding\//,
    /^GET \/swagger(\/json|\/ui\.js|\/ui\.css)?$/,
    /^GET \/(embed|desk|assets)(\/|$)/,
    /^GET \/admin$/,
    /^(OPTIONS \/\*|OPTIONS \/admin\/\*|ALL \/admin\/\*|ALL \/admin)$/,
  ];

  test("has every route that is no page, and nothing else", () => {
    const files = [...new Bun.Glob("**").scanSync(PUBLIC)].map((path) => `GET /${path}`);
    const all = routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
    const isFromSourcePort = (name: string) =>
      !files.includes(name) && !NO_API.some((pattern) => pattern.test(name));
    const told = operations.map(({ name }) => name);
    const ofMounts = ["/stream", "/jazz"].flatMap((path) =>
      ["", ".m3u", ".pls", ".xspf"].map((ending) => `GET ${path}${ending}`),
    );
    const asked = [...all, ...ofMounts]
      .filter(isFromSourcePort)
      .map((name) => name.replace(/^HEAD /, "GET "));
    expect(told.toSorted()).toEqual([...new Set(asked)].toSorted());
  });

  test("names its kinds, its operations and who may log in", () => {
    expect(document.openapi).toStartWith("3.1");
    const tags = document.tags.map(({ name }) => name);
    const used = new Set(operations.flatMap(({ told }) => told.tags ?? ["none"]));
    expect([...used].toSorted()).toEqual(tags.toSorted());
    const schemes = document.components.securitySchemes;
    expect(Object.keys(schemes).toSorted()).toEqual(["admin", "source", "token"]);
    expect(schemes).toMatchObject({
      admin: { type: "http", scheme: "basic" },
      source: { type: "http", scheme: "basic" },
      token: { type: "http", scheme: "bearer" },
    });
    const ids = operations.map(({ told }) => told.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const isName = (id: string) => /^[a-z][a-zA-Z0-9]+$/.test(id);
    expect(ids.filter((id) => !isName(id))).toEqual([]);
    expect(ids).toContain("getStatus");
    expect(ids).toContain("postDeskKickListener");
    expect(operations.filter(({ told }) => told.security === undefined)).toEqual([]);
    expect(document.servers).toEqual([{ url: ".." }]);
    expect(operations.filter(({ told }) => !told.summary).map(({ name }) => name)).toEqual([]);
  });

  test("has the names of what it is about, and words from which a client may choose as enums", () => {
    const { schemas } = document.components;
    const names = [
      "Status",
      "Mount",
      "Track",
      "Play",
      "Listener",
      "Finding",
      "Error",
      "NowPlaying",
    ];
    expect(names.filter((name) => !(name in schemas))).toEqual([]);
    expect(schemas.SourceStatus).toMatchObject({ type: "string", enum: [...INPUT_KINDS] });
    expect(schemas.Error).toMatchObject({ required: ["error", "code"] });
    expect(JSON.stringify(schemas.Error)).toContain('"enum":["no_such_mount",');
  });

  test("gives every needed parameter an example", () => {
    const bare = operations.flatMap(({ name, told }) =>
      (told.parameters ?? [])
        .filter((one) => one.required === true && one.in !== "path" && one.example === undefined)
        .map((one) => `${name} ${one.name}`),
    );
    expect(bare).toEqual([]);
  });

  test("has the schema that the answers are checked against", () => {
    for (const operation of operations) {
      for (const [status, { content }] of Object.entries(operation.told.responses)) {
        const told = resolved(content?.["application/json"]?.schema ?? null, document);
        const held = schemaOf(operation, Number(status));
        const label = `${operation.name} ${status}`;
        const plain = held && plainDocument(unsealed(held));
        expect(unsealed(told), label).toEqual(plain ?? null);
      }
    }
  });

  test("protects the commands, and nothing that everybody may ask", () => {
    const locked = operations.filter(({ allows }) => allows.length > 0).map(({ path }) => path);
    const commands = operations.filter(({ path }) => path.startsWith("/admin"));
    const open = commands.filter(({ path }) => !locked.includes(path)).map(({ path }) => path);
    expect(open).toEqual(["/admin/buildm3u"]);
    expect(locked.filter((path) => !/^\/(api\/)?admin/.test(path))).toEqual([]);
  });
});

/** Elysia closes a route's own schema object when it first checks an answer; whether that was before the
 * document was made is chance. */
function unsealed(schema: unknown): unknown {
  if (schema === undefined) return undefined;
  const isSeal = (key: string, value: unknown) => key === "additionalProperties" && value === false;
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => (isSeal(key, value) ? undefined : value)),
  );
}

/** Asks one operation as whoever may, on top of that as `ask` says. */
function asKeeper(ask: Ask = {}, asked: Asked = running) {
  return (operation: Operation) => {
    const headers = operation.allows.length === 0 ? {} : AS_ADMIN;
    return operation.ask(asked, schemaOf, { ...ask, headers: { ...headers, ...ask.headers } });
  };
}

async function each(all: readonly Operation[], ask: (one: Operation) => Promise<number>) {
  for (const operation of all) await ask(operation);
}

/** What is asked of every operation, whether its own examples say so or not. */
const OTHERWISE: readonly Ask[] = [
  {},
  AS_ENCODER,
  { headers: { "sec-fetch-site": "cross-site" } },
  { query: { mount: "/nowhere", sid: "99" } },
  { query: { mount: "", mode: "" } },
  { query: { sid: "99" } },
  { query: { limit: "-1", page: "-1", lines: "x" } },
  { query: { json: "0" } },
  { query: { url: "https://elsewhere.example/" } },
  { query: { url: "" } },
  { query: { format: "yaml" } },
];

/** The same of what plays and was played. */
const OF_TITLES: readonly Ask[] = [
  { query: { before: "yesterday" } },
  { query: { cf_connect: "{" } },
  { query: { cf_connect: '{"subs":{"station:nowhere":{}}}' } },
  { path: { mount: "nowhere", file: "nowhere.json" } },
  { headers: { "if-none-match": "*" } },
];

/** Its own tests ask it in each of its states. */
function isOfDesk({ told }: Operation): boolean {
  return told.tags?.includes("desk") ?? false;
}

describe("each operation", () => {
  test("answers its own examples as it says", async () => {
    using _source = await goLive(radio.sourcePort);
    for (const operation of operations) {
      const status = await asKeeper()(operation);
      // A picture's id cannot be guessed, there is no cluster, there is no listener account, and one of the mounts is silent.
      if (/artwork|manageauth|ready|cluster/.test(operation.path) || isOfDesk(operation)) continue;
      expect([200, 302, 400], operation.name).toContain(status);
    }
  });

  test("of the events has the status, as its own route does", async () => {
    const answer = await fetch(`${radio.url}/api/events`);
    const reader = answer.body!.getReader();
    const { value = new Uint8Array(0) } = await reader.read();
    await reader.cancel();
    const [, data = ""] =
      /^event: status\ndata: (.+)\n\n/.exec(Buffer.from(value).toString()) ?? [];
    const schema = schemaOf(named("GET /api/status"), 200);
    expect(schema && Value.Check(schema, JSON.parse(data))).toBe(true);
  });

  test("that is protected is 401 without credentials, and is not with those of each scheme", async () => {
    const locked = operations.filter(({ allows }) => allows.length > 0);
    for (const operation of locked) {
      expect(await operation.ask(running, schemaOf), operation.name).toBe(401);
      for (const scheme of operation.allows) {
        const ask = operation.path === "/admin.cgi" && scheme === "source" ? AS_ENCODER : {};
        const headers = CREDENTIALS[scheme] ?? {};
        const status = await operation.ask(running, schemaOf, { ...ask, headers });
        expect(status, `${operation.name} as ${scheme}`).not.toBe(401);
      }
    }
  });

  test("gives every documented answer, each as documented", async () => {
    using _source = await goLive(radio.sourcePort);
    await each(operations, (one) => one.ask(running, schemaOf));
    const others = operations.filter((one) => !isOfDesk(one));
    for (const ask of OTHERWISE) await each(operations, asKeeper(ask));
    const streams = operations.filter(({ path }) => /^\/(?:stream|jazz)$/.test(path));
    for (const at of ["-300", "yesterday"]) await each(streams, asKeeper({ query: { at } }));
    const ofTitles = others.filter(({ path }) =>
      /nowplaying|history|mounts|station|recorded/.test(path),
    );
    for (const ask of OF_TITLES) await each(ofTitles, asKeeper(ask));
    await each(others, asKeeper({ form: `song=${"x".repeat(1 << 17)}` }));
    await inOtherStations();
    const unseen = others.flatMap(({ name, statuses, seen }) =>
      statuses.filter((status) => !seen.has(status)).map((status) => `${name} ${status}`),
    );
    // Other tests ask the database more than it answers at a time, and a disk that fails.
    const busy = ["/api/history", "/api/recorded/{mount}", "/artwork/sunrise.png"];
    const elsewhere = busy.map((path) => `GET ${path} 503`);
    const pictures = [200, 304, 503].map((status) => `GET /artwork/{id} ${status}`);
    expect(unseen).toEqual([...elsewhere, ...pictures]);
  });

  async function inStation(config: Config, visit: (app: App, asked: Asked) => Promise<unknown>) {
    await using app = await App.start(config);
    await visit(app, (path, init) => app.raw(path, init));
  }

  /** What only a station in another state says. */
  async function inOtherStations(): Promise<void> {
    for (const form of ["", ".xsl"]) {
      await inStation(adminConfig(TWO), async (app, asked) => {
        for (const path of ["/stream", "/jazz"]) app.play(path);
        await asKeeper({}, asked)(named(`GET /admin/moveclients${form}`));
        await asKeeper({}, asked)(named(`GET /admin/killsource${form}`));
      });
    }
    await inStation(adminConfig([{}], null), (_, asked) =>
      asKeeper({}, asked)(named("GET /admin/buildm3u")),
    );
    const silent = adminConfig();
    const advanced = { ...silent.advanced, enableStats: false };
    await inStation({ ...silent, advanced }, (_, asked) =>
      asKeeper({}, asked)(named("GET /api/stats")),
    );
    await inStation(adminConfig(TWO), async (app, asked) => {
      const guess = (i: number) => ({ authorization: basic("keeper", `guess-${i}`) });
      for (let i = 0; i < SLIPS; i++) await app.ask("/admin/stats", { headers: guess(i) });
      const headers = guess(SLIPS);
      const locked = operations.filter((one) => one.allows.length > 0 && !isOfDesk(one));
      await each(locked, (one) => one.ask(asked, schemaOf, { headers }));
    });
    // Its pump was never started.
    await inStation(adminConfig(), async (app, asked) => {
      for (const one of PROBES) await asKeeper({}, asked)(named(one));
      app.station.listen();
      app.play();
      await app.station.play();
      await asKeeper({}, asked)(named("GET /health/ready"));
    });
    const metrics = { token: new Secret("right"), allow: [] };
    await inStation({ ...adminConfig(), metrics }, async (_, asked) => {
      const guess = (i: number) => ({ authorization: `Bearer guess-${i}` });
      const ask = (headers: Record<string, string>) =>
        asKeeper({ headers }, asked)(named("GET /metrics"));
      for (let i = 0; i <= STRANGER.capacity; i++) await ask(guess(i));
    });
    const cluster = { ...adminConfig().cluster, secret: new Secret("of the cluster") };
    await inStation({ ...adminConfig(), cluster }, async ({ station }, asked) => {
      const lines = station.membership.lines("/api/cluster/node").map((line) => line.split(": "));
      await asKeeper({ headers: Object.fromEntries(lines) }, asked)(named("GET /api/cluster/node"));
    });
    await inStation(adminConfig(), (_, asked) =>
      asKeeper({ headers: { via: "a proxy" } }, asked)(named("GET /metrics")),
    );
    await inStation(
      adminConfig([{ maxListeners: 1 }, { path: "/jazz", maxListeners: 1 }]),
      async (app, asked) => {
        for (const path of ["/stream", "/jazz"]) {
          app.play(path);
          app.audience(path).join(CLIENT, new FakeSink());
          await asKeeper({}, asked)(named(`GET ${path}`));
        }
      },
    );
    const feed = new StatusFeed(radio.station);
    const nowPlaying = new NowPlayingFeed(radio.station, new NowPlayingPages(radio.station));
    for (const full of [feed, nowPlaying]) full.hasRoom = () => false;
    const crowded = await createApp(radio.station, feed, undefined, nowPlaying);
    const asked: Asked = async (path, init) =>
      crowded.handle(new Request(`http://radio.example${path}`, init));
    for (const one of ["GET /api/events", "GET /api/live/nowplaying/sse"])
      await asKeeper({}, asked)(named(one));
  }
});
