// SHOUTcast's own admin and statistics, asked as its scrapers ask them.
import { describe, expect, spyOn, test } from "bun:test";
import { FakeSink } from "../../output/fake-sink.ts";
import { CLIENT } from "../../output/stage.ts";
import { PASSWORD } from "../../support/config.ts";
import { AS_ADMIN, AS_SOURCE, App, adminConfig } from "../app.ts";

const KEEPER = "admin-of-the-test";

async function onAir(): Promise<App> {
  const app = await App.start(adminConfig([{}, { path: "/jazz" }]));
  app.play("/stream");
  app.audience().join(CLIENT, new FakeSink());
  return app;
}

describe("viewxml", () => {
  test.each([
    [`mode=viewxml&pass=${KEEPER}`, {}],
    [`pass=${KEEPER}&mode=viewxml&sid=1`, {}],
    [`mode=viewxml&pass=keeper:${KEEPER}`, {}],
    [`mode=viewxml&pass=${KEEPER}:%231`, {}],
    ["mode=viewxml", AS_ADMIN],
    ["mode=viewxml&pass=wrong", AS_ADMIN],
  ])("with %s is for the keeper", async (query, headers) => {
    await using app = await onAir();
    const answer = await app.ask(`/admin.cgi?${query}`, { headers });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      200,
      "text/xml; charset=utf-8",
    ]);
    expect(answer.text).toContain("<CURRENTLISTENERS>1</CURRENTLISTENERS>");
    expect(answer.text).toContain("<HOSTNAME>192.0.2.7</HOSTNAME>");
    expect(app.station.admission.failedRequests).toBe(0);
  });

  test.each([
    ["mode=viewxml", {}, 401],
    ["mode=viewxml", AS_SOURCE, 401],
    [`mode=viewxml&pass=${PASSWORD}`, {}, 401],
    ["", {}, 401],
    [`mode=viewxml&pass=${KEEPER}&sid=9`, {}, 400],
    [`mode=viewxml&pass=${KEEPER}&mount=/nowhere`, {}, 400],
    ["mode=viewxml", { ...AS_ADMIN, "sec-fetch-site": "cross-site" }, 403],
  ])("with %s and %j tells nothing: %d", async (query, headers, status) => {
    await using app = await onAir();
    const answer = await app.ask(`/admin.cgi?${query}`, { headers });
    expect([answer.status, answer.text.includes("192.0.2.7")]).toEqual([status, false]);
  });

  test("is off together with the other commands, and titles are not", async () => {
    await using app = await App.start(adminConfig([{}], null));
    expect((await app.ask(`/admin.cgi?mode=viewxml&pass=${KEEPER}`)).status).toBe(403);
    expect((await app.ask(`/admin.cgi?mode=updinfo&song=S&pass=${PASSWORD}`)).status).toBe(200);
  });

  test("takes a page of it, and another stream by its number or its path", async () => {
    await using app = await onAir();
    const ask = async (query: string) =>
      (await app.ask(`/admin.cgi?mode=viewxml&pass=${KEEPER}&${query}`)).text;
    expect(await ask("page=3")).toContain("<SHOUTCASTSERVER><LISTENERS><LISTENER>");
    expect(await ask("page=1")).not.toContain("<LISTENERS>");
    for (const query of ["sid=2", "mount=/jazz"]) {
      expect(await ask(query)).toContain("<STREAMPATH>/jazz</STREAMPATH>");
    }
  });
});

test.each([
  [1, 0],
  [3, 1],
  [4, 0],
  [0, 1],
])("page %d of viewxml looks through the listeners %d times", async (page, times) => {
  await using app = await onAir();
  const looks = spyOn(app.audience(), "members");
  await app.ask(`/admin.cgi?mode=viewxml&pass=${KEEPER}&page=${page}`);
  expect(looks).toHaveBeenCalledTimes(times);
});

describe("kicksrc", () => {
  const KICK = `/admin.cgi?mode=kicksrc&sid=1&pass=${KEEPER}`;

  test("ends the live source, once", async () => {
    await using app = await App.start();
    const ended: string[] = [];
    Object.assign(app.play(), { close: (why: string) => ended.push(why) });
    expect((await app.ask(KICK)).text).toContain("Source Removed");
    expect([ended, app.mount().live]).toEqual([["kicked by keeper"], null]);
    expect((await app.ask(KICK)).status).toBe(400);
  });

  test.each([
    [{ method: "HEAD" }, KICK, 405],
    [{}, KICK.replace(KEEPER, PASSWORD), 401],
    [{ headers: { "sec-fetch-site": "same-site" } }, KICK, 403],
  ])("asked with %j is not done", async (init, path, status) => {
    await using app = await App.start();
    const ended: string[] = [];
    Object.assign(app.play(), { close: (why: string) => ended.push(why) });
    expect([(await app.ask(path, init)).status, ended]).toEqual([status, []]);
  });
});

test("a title is not set by HEAD", async () => {
  await using app = await onAir();
  const path = `/admin.cgi?mode=updinfo&song=S&pass=${PASSWORD}`;
  expect((await app.ask(path, { method: "HEAD" })).status).toBe(405);
  expect(app.mount().metadata.title).toBe("");
});

test("/statistics is for everybody and names nobody", async () => {
  await using app = await onAir();
  const xml = await app.ask("/statistics");
  expect([xml.status, xml.headers.get("content-type")]).toEqual([200, "text/xml; charset=utf-8"]);
  expect(xml.text).toContain("<TOTALSTREAMS>2</TOTALSTREAMS><ACTIVESTREAMS>1</ACTIVESTREAMS>");
  const json = await app.ask("/statistics?json=1");
  const { currentlisteners, streams } = JSON.parse(json.text);
  expect([currentlisteners, streams.length, streams[0].streampath]).toEqual([1, 2, "/stream"]);
  expect(json.headers.get("access-control-allow-origin")).toBe("*");
  expect(xml.text + json.text).not.toContain("192.0.2.7");
});
