// Accounts and tokens on real sockets: who goes live, who commands, what is refused and how that is told.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { digestOf } from "../../src/access/account.ts";
import type { Role, Scope } from "../../src/config/account-keys.ts";
import type { Config } from "../../src/config/config.ts";
import { Secret } from "../../src/lib/secret.ts";
import { concat } from "../format/mpeg-builder.ts";
import { adminConfig, AS_ADMIN, basic } from "../http/app.ts";
import { PASSWORD } from "../support/config.ts";
import { startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { Wire } from "../support/wire.ts";

const AUDIO = concat(...trackFrames(3, 60, true));
const [HASH, OLD_HASH] = await Promise.all([
  Bun.password.hash("hashed-of-anna", { algorithm: "argon2id", memoryCost: 64, timeCost: 2 }),
  Bun.password.hash("hashed-of-otto", { algorithm: "bcrypt", cost: 4 }),
]);

function account(label: string, password: string, role: Role, mounts: readonly string[] = []) {
  return { label, password: new Secret(password), role, mounts, priority: 0 };
}

function token(label: string, scope: Scope) {
  return { label, hash: new Secret(digestOf(`token-${label}`)), scope };
}

const ACCOUNTS = [
  account("anna", HASH, "dj", ["/live"]),
  account("bert", "plain:of-bert", "dj"),
  account("otto", OLD_HASH.replace("$2b$", "$2y$"), "operator"),
  account("ada", "plain-of-ada", "admin"),
];

const CONFIG: Config = {
  ...adminConfig([{ path: "/stream" }, { path: "/live" }]),
  account: ACCOUNTS,
  token: [token("grafana", "read"), token("bot", "operate"), token("root", "admin")],
};

const ANNA = basic("anna", "hashed-of-anna");
const BERT = basic("bert", "plain:of-bert");
const OTTO = basic("otto", "hashed-of-otto");
const ADA = basic("ada", "plain-of-ada");

let radio: TestStation;
beforeAll(async () => {
  radio = await startStation(CONFIG);
});
afterAll(() => radio[Symbol.asyncDispose]());

const mount = (path: string) => {
  const parts = radio.station.parts(path);
  if (parts === undefined) throw new Error(`no mount ${path}`);
  return parts.mount;
};

const heads = (authorization: string, path: string) =>
  ({
    SOURCE: `SOURCE ${path} HTTP/1.0\r\nAuthorization: ${authorization}\r\nContent-Type: audio/mpeg\r\n\r\n`,
    PUT: `PUT ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\nContent-Type: audio/mpeg\r\nExpect: 100-continue\r\n\r\n`,
  }) as const;

/** The opening is answered, and the source is gone when the test is over. */
async function answered(opening: string): Promise<AsyncDisposable & { readonly wire: Wire }> {
  const wire = await Wire.open(radio.sourcePort);
  wire.send(opening);
  await until("it is answered", () => wire.text.includes("\r\n"));
  return {
    wire,
    async [Symbol.asyncDispose]() {
      wire[Symbol.dispose]();
      await until("it is gone", () =>
        radio.station.all.every((parts) => parts.mount.live === null),
      );
    },
  };
}

function userOf(path: string): string | undefined {
  return radio.station.facts().mount(path)?.source?.user;
}

describe.each(["SOURCE", "PUT"] as const)("a source by %s", (method) => {
  test.each([
    ["a hash", ANNA, "anna"],
    ["a plain password", BERT, "bert"],
    ["an operator's account", OTTO, "otto"],
    ["an admin's account", ADA, "ada"],
    ["the mount's own password", basic("source", PASSWORD), ""],
  ])("logs in with %s", async (_, authorization, user) => {
    await using source = await answered(heads(authorization, "/live")[method]);
    expect(source.wire.head).toMatch(/^HTTP\/1\.[01] (?:200 OK|100 Continue)/);
    expect(userOf("/live")).toBe(user);
    const login = radio.logged.findLast((line) => line.includes("has logged in"));
    const who = user === "" ? "" : `${user} at `;
    expect(login).toContain(`the live source ${who}127.0.0.1 (`);
  });

  test("is refused on a mount that is not its own, with the reason", async () => {
    await using source = await answered(heads(ANNA, "/stream")[method]);
    await source.wire.closed();
    expect(source.wire.head).toStartWith("HTTP/1.0 403 Forbidden\r\n");
    expect(source.wire.text).toEndWith("This account may not go live on this mount\r\n");
    expect(radio.logged.some((line) => line.includes("anna may not go live on this mount"))).toBe(
      true,
    );
  });

  test.each([
    ["a wrong password", basic("anna", "guess")],
    ["another's password", basic("anna", "plain:of-bert")],
    ["the hash itself", basic("anna", HASH)],
    ["a token", "Bearer token-root"],
  ])("is refused with %s", async (_, authorization) => {
    await using source = await answered(heads(authorization, "/live")[method]);
    await source.wire.closed();
    expect(source.wire.head).toStartWith("HTTP/1.0 401 ");
    expect(mount("/live").live).toBeNull();
  });
});

describe("a SHOUTcast encoder", () => {
  test.each([
    ["user and password", "anna:hashed-of-anna", "anna", "/live"],
    ["a password with a colon", "bert:plain:of-bert", "bert", "/stream"],
    ["a stream's number", "bert:plain:of-bert:#2", "bert", "/live"],
    ["a mount", "/live:anna:hashed-of-anna", "anna", "/live"],
  ])("logs in with %s", async (_, line, user, path) => {
    await using source = await answered(`${line}\r\n`);
    expect(source.wire.text).toStartWith("OK2");
    source.wire.send(concat(Buffer.from("icy-name:Show\r\n\r\n"), AUDIO));
    await until("it is live", () => mount(path).live !== null);
    expect(userOf(path)).toBe(user);
  });

  test.each([
    ["a wrong password", "anna:guess", /^invalid password\r\n/],
    ["a mount that is not its own", "/stream:anna:hashed-of-anna", /^This account may not/],
    ["a mount that is not its own, by number", "anna:hashed-of-anna:#1", /^This account may not/],
  ])("is refused with %s", async (_, line, answer) => {
    await using source = await answered(`${line}\r\n`);
    await source.wire.closed();
    expect(source.wire.text).toMatch(answer);
  });
});

describe("a title", () => {
  const ask = (query: string, headers: Record<string, string> = {}, port = radio.listenPort) =>
    fetch(`http://127.0.0.1:${port}/admin/${query}&song=Song`, { headers });

  test.each([
    [
      "Basic",
      (path: string) => ask(`metadata?mode=updinfo&mount=${path}`, { authorization: ANNA }),
    ],
    [
      "Basic on the source port",
      (path: string) =>
        ask(`metadata?mode=updinfo&mount=${path}`, { authorization: ANNA }, radio.sourcePort),
    ],
    [
      "the parameter pass",
      (path: string) => ask(`metadata?mode=updinfo&mount=${path}&pass=anna:hashed-of-anna`),
    ],
  ])("is taken from a DJ's account by %s, for its mounts alone", async (_, send) => {
    expect((await send("/live")).status).toBe(200);
    const refused = await send("/stream");
    expect(refused.status).toBe(403);
    expect(await refused.text()).toBe("anna may not send titles of this mount.\r\n");
  });
});

describe("a command", () => {
  const CALLS = {
    read: "GET overview",
    operate: "POST skip",
    admin: "GET reload",
  } as const;

  const call = async (asked: string, authorization: string) => {
    const [method = "", name = ""] = asked.split(" ");
    const { url } = radio;
    const headers = { authorization, "content-type": "application/json" };
    const body = method === "POST" ? { body: JSON.stringify({ mount: "/stream" }) } : {};
    const answer = await fetch(`${url}/api/admin/${name}`, { method, headers, ...body });
    return { status: answer.status, text: await answer.text() };
  };

  /** Skipping answers 409, because no playlist is on air. */
  const isAdmitted = (status: number) => status === 200 || status === 409;

  test.each([
    ["a DJ", ANNA, []],
    ["an operator", OTTO, ["read", "operate"]],
    ["an admin", ADA, ["read", "operate", "admin"]],
    ["the single admin", AS_ADMIN.authorization, ["read", "operate", "admin"]],
    ["a token to read", "Bearer token-grafana", ["read"]],
    ["a token to operate", "Bearer token-bot", ["read", "operate"]],
    ["an admin's token", "bearer token-root", ["read", "operate", "admin"]],
  ])("by %s", async (_, authorization, allowed) => {
    for (const [need, asked] of Object.entries(CALLS)) {
      const { status, text } = await call(asked, authorization);
      expect([asked, isAdmitted(status)]).toEqual([asked, allowed.includes(need)]);
      if (isAdmitted(status)) continue;
      expect(status).toBe(403);
      expect(text).toMatch(/^\{"error":"[\w:]+ may not do this\.","code":"forbidden"\}$/);
    }
  });

  test.each([
    ["a wrong token", "Bearer token-unknown"],
    ["a token's digest", `Bearer ${digestOf("token-root")}`],
    ["a token as a password", basic("token:root", "token-root")],
  ])("with %s is refused", async (_, authorization) => {
    expect((await call(CALLS.read, authorization)).status).toBe(401);
  });

  test("of Icecast is for operators too, and reading for tokens", async () => {
    const ask = async (name: string, authorization: string) =>
      (await fetch(`${radio.url}/admin/${name}`, { headers: { authorization } })).status;
    expect(await ask("stats", "Bearer token-grafana")).toBe(200);
    expect(await ask("killclient?mount=/live&id=9", "Bearer token-grafana")).toBe(403);
    expect(await ask("killclient?mount=/live&id=9", OTTO)).toBe(200);
    expect(await ask("stats", ANNA)).toBe(403);
  });

  test("is in the log with its account", async () => {
    await using _ = await answered(heads(BERT, "/live").SOURCE);
    const headers = { authorization: OTTO, "content-type": "application/json" };
    const body = JSON.stringify({ mount: "/live" });
    const url = `${radio.url}/api/admin/kick-source`;
    expect((await fetch(url, { method: "POST", headers, body })).status).toBe(200);
    expect(radio.logged.some((line) => line.includes("has left: kicked by otto"))).toBe(true);
  });
});

test("accounts and tokens follow a reload, and so do the sessions of the desk", async () => {
  await using other = await startStation(CONFIG);
  const { station, url } = other;
  const body = JSON.stringify({ user: "otto", password: "hashed-of-otto" });
  const json = { "content-type": "application/json" };
  const signedIn = await fetch(`${url}/api/admin/session`, { method: "POST", body, headers: json });
  const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
  const session = async () =>
    (await fetch(`${url}/api/admin/session`, { headers: { cookie } })).json();
  const events = await fetch(`${url}/api/admin/events`, { headers: { cookie } });
  expect(await session()).toMatchObject({ signed_in: true, user: "otto", role: "operator" });

  const [anna, bert, otto] = ACCOUNTS;
  if (anna === undefined || bert === undefined || otto === undefined)
    throw new Error("no accounts");
  const promoted = { ...otto, role: "admin" as const };
  const first = station.reconfigure({ ...CONFIG, account: [anna, promoted], token: [] });
  expect(first.applied).toEqual([
    'account "bert"',
    'account "otto"',
    'account "ada"',
    'token "grafana"',
    'token "bot"',
    'token "root"',
  ]);
  expect(await session()).toMatchObject({ signed_in: true, role: "admin" });
  station.reconfigure({ ...CONFIG, account: [{ ...otto, role: "dj" as const }], token: [] });
  expect(await session()).toMatchObject({ signed_in: false, user: null, role: null });
  // Its event stream ends with the right to it.
  expect(await events.text()).toContain("event: overview");
  station.reconfigure({ ...CONFIG, account: [anna, promoted], token: [] });
  const read = (authorization: string) =>
    fetch(`${url}/api/admin/overview`, { headers: { authorization } });
  expect((await read("Bearer token-grafana")).status).toBe(401);
  expect((await read(ADA)).status).toBe(401);

  station.reconfigure({ ...CONFIG, account: [{ ...otto, password: new Secret("another") }] });
  expect(await session()).toMatchObject({ signed_in: false, user: null, role: null });
});

test("a crowd of wrong passwords with hashes is checked a few at a time, and stops no listener", async () => {
  const slow = await Bun.password.hash("slow", { algorithm: "bcrypt", cost: 8 });
  await using other = await startStation({ ...CONFIG, account: [account("slow", slow, "dj")] });
  using listener = await Wire.listen(other.listenPort, "/stream");
  const logins = Array.from({ length: 40 }, async (_, at) => {
    const wire = await Wire.open(other.sourcePort);
    wire.send(heads(basic("slow", `guess ${at}`), "/live").SOURCE);
    await wire.closed();
    return wire.head.slice(0, 12);
  });
  const hearsOn = until("the listener hears on", () => listener.body.length > 2000);
  const [, ...answered] = await Promise.all([hearsOn, ...logins]);
  const answers = new Set(answered);
  expect([...answers].sort()).toEqual(["HTTP/1.0 401", "HTTP/1.0 429"]);
});
