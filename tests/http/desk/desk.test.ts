// Who may sit at the desk: sessions and credentials, and how everybody else is refused.
import { describe, expect, test } from "bun:test";
import { adminAccount } from "../../../src/access/account.ts";
import type { Config } from "../../../src/config/config.ts";
import { ACQUAINTANCE, SLIPS, STRANGER } from "../../../src/access/attempts.ts";
import { exchangeOf } from "../../../src/http/exchange.ts";
import { IDLE_MS, MAX_SESSIONS, Sessions } from "../../../src/http/desk/sessions.ts";
import { isReservedMount } from "../../../src/lib/mount-path.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { ADMIN, AS_ADMIN, AS_SOURCE, adminConfig, basic, trusting } from "../app.ts";
import { DeskApp } from "./desk-app.ts";

const QUESTIONS = ["overview", "listeners", "playlist", "history", "log", "doctor", "events"];
const COMMANDS = ["kick-listener", "kick-source", "skip", "rescan"];
const BODY = { mount: "/stream", id: 1 };

const CALLS: readonly [path: string, ask: { method?: string; body?: object }][] = [
  ...QUESTIONS.map((path) => [path, {}] as [string, object]),
  ...COMMANDS.map((path) => [path, { method: "POST", body: BODY }] as [string, object]),
];

const RIGHT = { user: "keeper", password: "admin-of-the-test" };
const WRONG = { user: "keeper", password: "guess-1" };

/** The status of a call whose answer may be endless. */
async function statusOf(app: DeskApp, path: string, ask: object): Promise<number> {
  const answer = await app.raw(path, ask);
  await answer.body?.cancel();
  return answer.status;
}

describe.each(CALLS)("/api/admin/%s", (path, ask) => {
  test("is for the admin only, by credentials or by a session", async () => {
    await using app = await DeskApp.start();
    const status = (headers: Record<string, string>) => statusOf(app, path, { ...ask, headers });
    const wrong = { authorization: basic("keeper", "no") };
    const stranger = { cookie: "cycast_desk_0=made-up" };
    expect([await status({}), await status(AS_SOURCE), await status(wrong)]).toEqual([
      401, 401, 401,
    ]);
    expect(await status(stranger)).toBe(401);
    expect([401, 403]).not.toContain(await status(AS_ADMIN));
    expect([401, 403]).not.toContain(await status(await app.signIn()));
  });

  test("says what to set when there is no password", async () => {
    await using app = await DeskApp.start(adminConfig([{}], null));
    const { status, json } = await app.ask(path, { ...ask, headers: AS_ADMIN });
    expect([status, json.error.includes("server.admin_password")]).toEqual([403, true]);
  });

  test("is not asked from the pages of other sites", async () => {
    await using app = await DeskApp.start();
    const cookie = await app.signIn();
    for (const site of ["cross-site", "same-site"]) {
      const headers = { ...cookie, "sec-fetch-site": site };
      expect(await statusOf(app, path, { ...ask, headers })).toBe(403);
    }
    const origin = { ...cookie, origin: "http://elsewhere.example" };
    expect(await statusOf(app, path, { ...ask, headers: origin })).toBe(403);
    const headers = { ...cookie, "sec-fetch-site": "same-origin" };
    expect([401, 403]).not.toContain(await statusOf(app, path, { ...ask, headers }));
  });
});

describe("a command", () => {
  test.each(COMMANDS)(
    "%s is taken as JSON only, which no form of a page can send",
    async (path) => {
      await using app = await DeskApp.start();
      const { sink } = app.listen();
      for (const type of ["text/plain", "application/x-www-form-urlencoded"]) {
        const headers = { ...AS_ADMIN, "content-type": type };
        const answer = await app.raw(path, { method: "POST", body: BODY, headers });
        expect([415, 422]).toContain(answer.status);
      }
      const form = new Request(`http://radio.example/api/admin/${path}`, {
        method: "POST",
        body: new URLSearchParams({ mount: "/stream", id: "1" }),
        headers: AS_ADMIN,
      });
      expect([415, 422]).toContain((await app.handle(form)).status);
      expect(sink.ends).toBe(0);
    },
  );

  test("without what it needs is refused in a sentence", async () => {
    await using app = await DeskApp.start();
    const { status, json } = await app.post("kick-listener", { mount: "/stream" });
    expect([status, typeof json.error]).toEqual([422, "string"]);
  });
});

describe("signing in", () => {
  test("sets a cookie without an age, which scripts and other sites do not get, and repeats no password", async () => {
    await using app = await DeskApp.start();
    const { status, headers, json } = await app.ask("session", { method: "POST", body: RIGHT });
    expect([status, json]).toEqual([
      200,
      { enabled: true, signed_in: true, user: "keeper", role: "admin", revoked: false },
    ]);
    expect(headers.get("set-cookie")).toMatch(
      /^cycast_desk_0=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(headers.get("cache-control")).toBe("no-store");
    expect(app.logged.join()).not.toContain(RIGHT.password);
  });

  test("behind TLS keeps the cookie to TLS", async () => {
    const headers = { "x-forwarded-proto": "https" };
    const cookie = async (config: Config) => {
      await using app = await DeskApp.start(config);
      const answer = await app.ask("session", { method: "POST", body: RIGHT, headers });
      return answer.headers.get("set-cookie");
    };
    expect(await cookie(trusting(adminConfig(), "127.0.0.1"))).toEndWith(
      "; SameSite=Strict; Secure",
    );
    expect(await cookie(trusting(adminConfig(), "10.0.0.0/8"))).toEndWith("; SameSite=Strict");
  });

  test("is answered to anyone, without a refusal", async () => {
    await using app = await DeskApp.start();
    const told = async (headers = {}) => (await app.ask("session", { headers })).json;
    expect(await told()).toEqual({
      enabled: true,
      signed_in: false,
      user: null,
      role: null,
      revoked: false,
    });
    expect(await told(await app.signIn())).toEqual({
      enabled: true,
      signed_in: true,
      user: "keeper",
      role: "admin",
      revoked: false,
    });
    await using off = await DeskApp.start(adminConfig([{}], null));
    expect((await off.ask("session")).json).toEqual({
      enabled: false,
      signed_in: false,
      user: null,
      role: null,
      revoked: false,
    });
  });

  test("ends by signing out, for this session alone", async () => {
    await using app = await DeskApp.start();
    const [mine, other] = [await app.signIn(), await app.signIn()];
    const out = await app.ask("session", { method: "DELETE", headers: mine });
    expect(out.headers.get("set-cookie")).toContain("Max-Age=0");
    expect((await app.ask("overview", { headers: mine })).status).toBe(401);
    expect((await app.ask("overview", { headers: other })).status).toBe(200);
  });

  test("ends after twelve hours without a call, and not before", async () => {
    await using app = await DeskApp.start();
    const headers = await app.signIn();
    const after = async (ms: number) => {
      app.clock.now += ms;
      return (await app.ask("overview", { headers })).status;
    };
    expect([await after(IDLE_MS - 1), await after(IDLE_MS - 1), await after(IDLE_MS)]).toEqual([
      200, 200, 401,
    ]);
  });

  test("with a wrong password is refused, counted, and logged without it", async () => {
    await using app = await DeskApp.start();
    const { status, json, headers } = await app.ask("session", { method: "POST", body: WRONG });
    expect([status, json.error]).toEqual([401, "The user name or the password is wrong."]);
    expect(headers.get("set-cookie")).toBeNull();
    // A browser would open a window of its own for Basic.
    expect(headers.get("www-authenticate")).toBe("Cookie");
    expect(app.station.admission.failedRequests).toBe(1);
    expect(app.logged.join()).toContain("failed admin sign-in from 127.0.0.1");
    expect(app.logged.join()).not.toContain(WRONG.password);
  });

  test("with the default password works on this machine only", async () => {
    const account = { user: "admin", password: new Secret("hackme") };
    await using app = await DeskApp.start(adminConfig([{}], account));
    const body = { user: "admin", password: "hackme" };
    const from = async (address: string) =>
      (await app.ask("session", { method: "POST", body, from: address })).status;
    expect([await from("::1"), await from("192.0.2.1")]).toEqual([200, 403]);
    const headers = { "x-forwarded-for": "192.0.2.1" };
    expect((await app.ask("session", { method: "POST", body, headers })).status).toBe(403);
  });

  const guesses = (count: number, tryWith: (body: object) => Promise<unknown>) =>
    Array.from({ length: count }).reduce<Promise<unknown>>(
      (before, _, i) => before.then(() => tryWith({ ...WRONG, password: `guess-${i}` })),
      Promise.resolve(),
    );

  test("from an address that guesses has to wait, right or wrong; others do not", async () => {
    await using app = await DeskApp.start();
    const tryWith = (body: object, from = "192.0.2.1") =>
      app.ask("session", { method: "POST", body, from });
    await guesses(SLIPS + 1, tryWith);
    expect((await tryWith({ ...WRONG, password: "another" })).status).toBe(429);
    await guesses(STRANGER.capacity, tryWith);
    const late = await tryWith(RIGHT);
    expect([late.status, late.headers.get("retry-after")]).toEqual([429, "30"]);
    const headers = { authorization: basic("keeper", "no") };
    expect((await app.ask("overview", { headers, from: "192.0.2.1" })).status).toBe(429);
    expect((await app.ask("/admin/stats", { headers, from: "192.0.2.1" })).status).toBe(429);
    expect((await tryWith(WRONG, "192.0.2.2")).status).toBe(401);
    expect(app.logged.filter((line) => line.includes("too many wrong admin"))).toHaveLength(1);
  });

  test("is not refused to the admin because of strangers behind the same address or proxy", async () => {
    await using app = await DeskApp.start();
    const agent = { "user-agent": "Firefox" };
    const known = { method: "POST", body: RIGHT, from: "192.0.2.1", headers: agent };
    expect((await app.ask("session", known)).status).toBe(200);
    await guesses(100, (body) => app.ask("session", { method: "POST", body, from: "192.0.2.1" }));
    expect((await app.ask("session", known)).status).toBe(200);
    const through = (client: string, body: object) => {
      const headers = { "x-forwarded-for": `10.9.8.7, ${client}` };
      return app.ask("session", { method: "POST", body, headers });
    };
    await guesses(STRANGER.capacity, (body) => through("192.0.2.5", body));
    expect((await through("192.0.2.5", RIGHT)).status).toBe(429);
    expect((await through("192.0.2.6", RIGHT)).status).toBe(200);
  });

  test("is no way to guess without end from where the admin has signed in", async () => {
    await using app = await DeskApp.start();
    const ask = { method: "POST", from: "192.0.2.1" };
    await app.ask("session", { ...ask, body: RIGHT });
    await guesses(ACQUAINTANCE.capacity, (body) => app.ask("session", { ...ask, body }));
    expect((await app.ask("session", { ...ask, body: RIGHT })).status).toBe(429);
    app.clock.now += ACQUAINTANCE.refillMs;
    expect((await app.ask("session", { ...ask, body: RIGHT })).status).toBe(200);
  });

  test("is never in the way of a session, whatever was guessed", async () => {
    await using app = await DeskApp.start();
    const headers = await app.signIn();
    await guesses(100, (body) => app.ask("session", { method: "POST", body }));
    expect((await app.ask("overview", { headers })).status).toBe(200);
  });

  test("is the same attempt from every address of an IPv6 network", async () => {
    await using app = await DeskApp.start();
    const tryFrom = async (from: string, password: string) => {
      const body = { ...WRONG, password };
      return (await app.ask("session", { method: "POST", body, from })).status;
    };
    for (let i = 0; i < SLIPS; i++) await tryFrom(`2001:db8:1:2::${i}`, `guess-${i}`);
    const late = await tryFrom("2001:db8:1:2:9:9:9:9", "another");
    expect([late, await tryFrom("2001:db8:1:3::1", "another")]).toEqual([429, 401]);
  });

  test("or credentials, or a session: the access log has the admin's account", async () => {
    await using app = await DeskApp.start();
    const userOf = async (headers: Record<string, string>, body?: object) => {
      const path = body === undefined ? "overview" : "session";
      const request = new Request(`http://radio.example/api/admin/${path}`, {
        headers: { ...headers, "content-type": "application/json" },
        ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
      });
      await (await app.handle(request)).text();
      return exchangeOf(request).record.user;
    };
    expect(await userOf(AS_ADMIN)).toBe("keeper");
    expect(await userOf(await app.signIn())).toBe("keeper");
    expect(await userOf({}, RIGHT)).toBe("keeper");
    expect([await userOf({}), await userOf(AS_SOURCE), await userOf({}, WRONG)]).toEqual([
      "",
      "",
      "",
    ]);
  });
});

describe("what is remembered is bounded", () => {
  test("sessions: the longest idle makes room", () => {
    const account = adminAccount(ADMIN);
    const sessions = new Sessions(() => account);
    const tokens = Array.from({ length: MAX_SESSIONS }, (_, i) => sessions.open(account, i));
    sessions.use(tokens[0] ?? "", 100);
    sessions.open(account, 101);
    expect(sessions.count).toBe(MAX_SESSIONS);
    expect([0, 1, 2].map((i) => sessions.isOpen(tokens[i] ?? "", 102))).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe("/admin", () => {
  test("is a page that loads from here alone, holds no secret and is shown in no other", async () => {
    await using app = await DeskApp.start();
    const { status, headers, json: page } = await app.ask("/admin");
    expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(headers.get("cache-control")).toBe("no-store");
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(page).not.toContain(RIGHT.password);
    expect(page).not.toMatch(/https?:\/\//);
  });

  test("and its files are no mount's", () => {
    expect(["/admin", "/desk", "/desk/uplot.js"].filter((path) => !isReservedMount(path))).toEqual(
      [],
    );
  });

  test("leads to itself from below, where its links would not work", async () => {
    await using app = await DeskApp.start();
    const { status, headers } = await app.ask("/admin/");
    expect([status, headers.get("location")]).toEqual([308, "../admin"]);
  });

  test("says which key to set when there is no password", async () => {
    await using app = await DeskApp.start(adminConfig([{}], null));
    const { status, json: page } = await app.ask("/admin");
    expect([status, page.includes("admin_password"), page.includes("--init")]).toEqual([
      200,
      true,
      true,
    ]);
  });

  test.each(["/desk/desk.js", "/desk/desk.css", "/desk/uplot.js", "/desk/uplot.css"])(
    "has %s",
    async (path) => {
      await using app = await DeskApp.start();
      expect((await app.ask(path)).status).toBe(200);
    },
  );
});

test("the documentation knows every call of the desk, its answers and who may make it", async () => {
  await using app = await DeskApp.start();
  const { json } = await app.ask("/swagger/json");
  for (const [path, { method = "GET" }] of CALLS) {
    const operation = json.paths[`/api/admin/${path}`]?.[method.toLowerCase()];
    const security = [{ admin: [] }, { token: [] }];
    expect([path, operation?.tags, operation?.security]).toEqual([path, ["desk"], security]);
    expect(operation.responses["200"].content).toBeDefined();
  }
  expect(Object.keys(json.paths["/api/admin/session"])).toEqual(["get", "post", "delete"]);
  expect(json.components.securitySchemes.admin).toBeDefined();
});
