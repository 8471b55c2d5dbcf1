// Commands that change something, against every way in which a page of another site may send them with the admin's saved
// password or session: with and without the headers that say where a request comes from.
import { describe, expect, test } from "bun:test";
import { COMMANDS } from "../../src/http/icecast/admin-commands.ts";
import { PASSWORD } from "../support/config.ts";
import { startStation } from "../support/station.ts";
import { adminConfig, App, AS_ADMIN, AS_SOURCE } from "./app.ts";
import { DeskApp } from "./desk/desk-app.ts";

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const PAGE = "text/html,application/xhtml+xml";
const BASE = "http://radio.example:8001";

type Headers = Readonly<Record<string, string>>;

const as = (accept: string, more: Headers = {}): Headers => ({
  "user-agent": BROWSER,
  accept,
  ...more,
});

/** What says that a request was sent by our own page, or by a program. */
const OWN: readonly (readonly [string, Headers])[] = [
  ["a program", {}],
  ["a program that accepts anything", { "user-agent": "curl/7.88.1", accept: "*/*" }],
  ["a page of ours over TLS", as("*/*", { "sec-fetch-site": "same-origin" })],
  ["a page of ours over plain HTTP", as("*/*", { origin: BASE })],
  ["a page of ours that names itself", as(PAGE, { referer: `${BASE}/admin` })],
];

const FOREIGN: readonly (readonly [string, Headers])[] = [
  ["another site", as("*/*", { "sec-fetch-site": "cross-site" })],
  [
    "another site that forges an origin",
    as("*/*", { "sec-fetch-site": "cross-site", origin: BASE }),
  ],
  ["a neighbour of the same site", as("*/*", { "sec-fetch-site": "same-site" })],
  ["nowhere, by a link or a bookmark", as(PAGE, { "sec-fetch-site": "none" })],
  ["another origin", as("*/*", { origin: "http://evil.example" })],
  ["another port", as("*/*", { origin: "http://radio.example:9000" })],
  ["a page without an address", as("*/*", { origin: "null" })],
  ["another page", as(PAGE, { referer: "http://evil.example/radio.example:8001" })],
  ["an image, over plain HTTP and without a referer", as("image/avif,image/webp,*/*")],
  ["a form, over plain HTTP and without a referer", as(PAGE)],
  ["a script, over plain HTTP and without a referer", as("*/*")],
  ["a script that accepts nothing in particular", as("x/y")],
  ["an old browser", { "user-agent": "Opera/9.80 (X11; Linux)", accept: "*/*" }],
];

const ICECAST: readonly (readonly [string, Headers])[] = [
  ["/admin/metadata?mode=updinfo&mount=/stream&song=Forged", AS_ADMIN],
  ["/admin/metadata?mode=updinfo&mount=/stream&song=Forged", AS_SOURCE],
  ["/admin/metadata.xsl?mode=updinfo&mount=/stream&song=Forged", AS_SOURCE],
  ["/admin.cgi?mode=updinfo&sid=1&song=Forged", AS_SOURCE],
  ["/admin.cgi?mode=kicksrc&sid=1", AS_ADMIN],
  ...["killsource", "killclient", "moveclients", "fallbacks"]
    .filter((name) => name in COMMANDS)
    .map((name) => [`/admin/${name}?mount=/stream&id=1&destination=/jazz`, AS_ADMIN] as const),
];

/** The status of each of these requests, by who sends them. */
async function statuses(
  senders: readonly (readonly [string, Headers])[],
  ask: (headers: Headers) => Promise<number>,
): Promise<Record<string, number>> {
  const answers: Record<string, number> = {};
  for (const [name, headers] of senders) answers[name] = await ask(headers);
  return answers;
}

const all = (status: number) => Object.fromEntries(FOREIGN.map(([name]) => [name, status]));

describe.each(ICECAST)("%s with a saved password", (path, credentials) => {
  test("is refused from other sites, and changes nothing", async () => {
    await using app = await App.start(adminConfig([{}, { path: "/jazz" }]));
    const input = app.play();
    const ask = async (headers: Headers) =>
      (await app.ask(path, { headers: { ...credentials, ...headers } })).status;
    expect(await statuses(FOREIGN, ask)).toEqual(all(403));
    expect(app.mount().inputs).toContain(input);
    expect((await app.ask("/api/status")).text).not.toContain("Forged");
  });

  test("is not refused from pages of ours and programs", async () => {
    await using app = await App.start(adminConfig([{}, { path: "/jazz" }]));
    app.play();
    const ask = async (headers: Headers) =>
      (await app.ask(path, { headers: { ...credentials, ...headers } })).status;
    expect(Object.values(await statuses(OWN, ask))).not.toContain(403);
  });
});

test("a form of another site with a saved password sets no title", async () => {
  await using app = await App.start();
  const form = { "content-type": "application/x-www-form-urlencoded", ...AS_SOURCE };
  const ask = async (headers: Headers) => {
    const body = "mode=updinfo&mount=/stream&song=Forged";
    const init = { method: "POST", body, headers: { ...form, ...headers } };
    return (await app.ask("/admin/metadata", init)).status;
  };
  expect(await statuses(FOREIGN, ask)).toEqual(all(403));
  expect(new Set(Object.values(await statuses(OWN, ask)))).toEqual(new Set([200]));
});

/** Commands of the desk, each with a body that it accepts, where it takes one. */
const DESK: readonly (readonly [string, string, object | undefined])[] = [
  ["POST", "skip", { mount: "/stream" }],
  ["POST", "rescan", { mount: "/stream" }],
  ["POST", "kick-source", { mount: "/stream" }],
  ["POST", "kick-listener", { mount: "/stream", id: 1 }],
  ["POST", "play-next", { mount: "/stream", file: "a.mp3" }],
  ["POST", "bans", { address: "192.0.2.7" }],
  ["DELETE", "bans", undefined],
  ["POST", "reload", undefined],
  ["DELETE", "session", undefined],
];

describe.each(DESK)("%s /api/admin/%s", (method, path, body) => {
  test("is refused from other sites, by password and by session", async () => {
    await using app = await DeskApp.start();
    for (const login of [await app.signIn(), AS_ADMIN]) {
      const ask = async (headers: Headers) =>
        (await app.ask(path, { method, body, headers: { ...login, ...headers } })).status;
      expect(await statuses(FOREIGN, ask)).toEqual(all(403));
    }
  });

  test("is not refused from pages of ours and programs", async () => {
    await using app = await DeskApp.start();
    const ask = async (headers: Headers) =>
      (await app.ask(path, { method, body, headers: { ...AS_ADMIN, ...headers } })).status;
    const answers = Object.values(await statuses(OWN, ask));
    expect(answers.filter((status) => [401, 403, 415].includes(status))).toEqual([]);
  });
});

test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])(
  "the desk takes no %s, which forms of other sites can send",
  async (type) => {
    await using app = await DeskApp.start();
    const headers = { ...AS_ADMIN, "content-type": type };
    for (const [method, path] of DESK.filter(([method]) => method === "POST")) {
      const request = new Request(`${BASE}/api/admin/${path}`, { method, headers, body: "{}" });
      expect([path, [400, 415, 422].includes((await app.handle(request)).status)]).toEqual([
        path,
        true,
      ]);
    }
  },
);

test("no other command of the desk is done for another site either", async () => {
  await using radio = await startStation(adminConfig());
  const { paths } = (await (await fetch(`${radio.url}/swagger/json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const changing = Object.entries(paths)
    .filter(([path]) => path.startsWith("/api/admin/"))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => [method, path] as const))
    .filter(([method]) => method !== "get");
  expect(changing.length).toBeGreaterThanOrEqual(DESK.length);
  for (const [name, path] of changing) {
    const method = name.toUpperCase();
    const body = method === "POST" ? { body: "{}" } : {};
    const ask = async (headers: Headers) => {
      const all = { ...AS_ADMIN, "content-type": "application/json", ...headers };
      const url = `${radio.url}${path.replace(/\{\w+\}/g, "1")}`;
      return (await fetch(url, { method, headers: all, ...body })).status;
    };
    // A body that lacks something is refused first.
    const done = Object.entries(await statuses(FOREIGN, ask)).filter(
      ([, status]) => ![403, 422].includes(status),
    );
    expect([method, path, done]).toEqual([method, path, []]);
  }
});

test.each(["listenPort", "sourcePort"] as const)("the %s refuses them alike", async (port) => {
  await using radio = await startStation(adminConfig());
  const ask = async (
    headers: Headers,
    init: RequestInit = {},
    path = "/admin/killsource?mount=/stream",
  ) => (await fetch(`http://127.0.0.1:${radio[port]}${path}`, { ...init, headers })).status;
  for (const [, headers] of FOREIGN) {
    expect(await ask({ ...AS_ADMIN, ...headers })).toBe(403);
    const json = { ...AS_ADMIN, "content-type": "application/json", ...headers };
    const skip = { method: "POST", body: '{"mount":"/stream"}' };
    expect(await ask(json, skip, "/api/admin/skip")).toBe(403);
  }
  expect(await ask(AS_ADMIN)).not.toBe(403);
});

test("the name that a page must have is that of the request, so a preflight allows nothing more", async () => {
  await using app = await App.start();
  for (const path of ["/api/admin/skip", "/admin/killsource", "/stream"]) {
    const { headers } = await app.ask(path, {
      method: "OPTIONS",
      headers: {
        origin: "http://evil.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type, authorization",
      },
    });
    expect(headers.get("access-control-allow-headers") ?? "").not.toMatch(
      /content-type|authorization/i,
    );
    expect(headers.get("access-control-allow-methods") ?? "").not.toMatch(/POST|DELETE|PUT/);
    expect(headers.has("access-control-allow-credentials")).toBe(false);
  }
});

test("a password in the address needs no page: nobody else can know it", async () => {
  await using app = await App.start();
  const path = `/admin.cgi?mode=updinfo&song=S&pass=${PASSWORD}`;
  expect((await app.ask(path, { headers: as("*/*") })).status).toBe(200);
});
