// /api/stats with many listeners: a page of them costs a look at that page, and each keeps its id.
import { expect, spyOn, test } from "bun:test";
import { FakeSink } from "../../output/fake-sink.ts";
import { CLIENT } from "../../output/stage.ts";
import { App, adminConfig } from "../app.ts";

interface Stats {
  readonly total_listeners: number;
  readonly listeners: readonly {
    readonly id: string;
    readonly mount: string;
    readonly active: boolean;
  }[];
}

async function stats(app: App, query = ""): Promise<Stats> {
  return JSON.parse((await app.ask(`/api/stats?${query}`)).text) as Stats;
}

/** Three on /stream, two on /jazz. */
async function crowded(): Promise<App> {
  const app = await App.start(adminConfig([{}, { path: "/jazz" }]));
  for (const path of ["/stream", "/jazz"]) app.play(path);
  for (const path of ["/stream", "/stream", "/stream", "/jazz", "/jazz"]) {
    app.audience(path).join(CLIENT, new FakeSink());
  }
  return app;
}

test("every listener is on one page, and none is on a page beyond the last", async () => {
  await using app = await crowded();
  const pages = await Promise.all([1, 2, 3, 4].map((page) => stats(app, `limit=2&page=${page}`)));
  expect(pages.map(({ listeners }) => listeners.map(({ mount }) => mount))).toEqual([
    ["/stream", "/stream"],
    ["/stream", "/jazz"],
    ["/jazz"],
    [],
  ]);
  const ids = pages.flatMap(({ listeners }) => listeners.map(({ id }) => id));
  expect(new Set(ids).size).toBe(5);
  expect(pages.map((page) => page.total_listeners)).toEqual([5, 5, 5, 5]);
});

test("only the listeners of the page are looked at in the core", async () => {
  await using app = await crowded();
  const looks = [app.audience(), app.audience("/jazz")].map((one) => spyOn(one, "stateOf"));
  await stats(app, "limit=2&page=2");
  expect(looks.map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
});

test("a listener is inactive from the moment its connection takes no more until it drains", async () => {
  await using app = await App.start();
  app.play();
  const sink = new FakeSink();
  sink.state = "blocked";
  app.audience().join(CLIENT, sink);
  const isActive = async () => (await stats(app)).listeners[0]?.active;
  expect(await isActive()).toBe(false);
  sink.drain();
  expect(await isActive()).toBe(true);
});

test("a page has a hundred listeners unless the client wants fewer or more", async () => {
  await using app = await crowded();
  for (let i = 0; i < 300; i++) app.audience().join(CLIENT, new FakeSink());
  expect((await stats(app)).listeners.length).toBe(100);
  expect((await stats(app, "limit=200")).listeners.length).toBe(200);
  expect((await app.ask("/api/stats?limit=201")).status).toBe(422);
});

test("a listener keeps its id where it is moved to", async () => {
  await using app = await crowded();
  const idsOf = async () => (await stats(app)).listeners.map(({ id }) => id).toSorted();
  const before = await idsOf();
  expect(app.audience().move(app.audience("/jazz"))).toBe(3);
  expect(await idsOf()).toEqual(before);
});
