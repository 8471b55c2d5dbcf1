// Who is told what, and when, by /api/status and /api/events.
import { describe, expect, test } from "bun:test";
import { StatusFeed } from "../../../src/http/api/events.ts";
import type { SinkState } from "../../../src/mount/roles.ts";
import { FakeSink } from "../../output/fake-sink.ts";
import { CLIENT } from "../../output/stage.ts";
import { App, adminConfig } from "../app.ts";

/** Looks of a feed in five seconds. */
const FIVE_SECONDS = 10;

class FakePage {
  state: SinkState = "open";
  isAborted = false;
  readonly events: [name: string, data: string][] = [];

  write(bytes: Uint8Array): SinkState {
    const [, name = "", data = ""] =
      /^event: (\w+)\ndata: (.*)\n\n$/.exec(new TextDecoder().decode(bytes)) ?? [];
    this.events.push([name, data]);
    return this.state;
  }

  end(): void {
    this.state = "gone";
  }

  abort(): void {
    this.isAborted = true;
  }

  get names(): string[] {
    return this.events.map(([name]) => name);
  }
}

async function looks(feed: StatusFeed, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await feed.look();
}

describe("a page", () => {
  test("is told how many listen after five seconds, and not the whole status", async () => {
    await using app = await App.start(adminConfig([{}, { path: "/jazz" }]));
    app.play();
    const [feed, page] = [new StatusFeed(app.station), new FakePage()];
    feed.join(page);
    app.audience().join(CLIENT, new FakeSink());
    await looks(feed, FIVE_SECONDS - 1);
    expect(page.names).toEqual(["status"]);
    await feed.look();
    expect(page.events[1]).toEqual(["listeners", '{"/stream":1,"/jazz":0}']);
    expect(page.events.length).toBe(2);
    feed.close();
  });

  test("is told of a new title at the next look, with its place on the timeline", async () => {
    await using app = await App.start();
    const input = app.play();
    const [feed, page] = [new StatusFeed(app.station), new FakePage()];
    feed.join(page);
    await feed.look();
    app.hear("/stream", input);
    await feed.look();
    expect(page.names).toEqual(["status"]);
    app.station.updateMetadata("/stream", { artist: "A Guest", title: "A Song" });
    app.hear("/stream", input);
    await feed.look();
    expect(page.names).toEqual(["status", "status"]);
    const [mount] = JSON.parse(page.events[1]?.[1] ?? "").mounts;
    expect(mount.timeline.titles.at(-1)).toMatchObject({ title: "A Song", artist: "A Guest" });
    feed.close();
  });

  test("hears something every ten seconds at least", async () => {
    await using app = await App.start();
    const [feed, page] = [new StatusFeed(app.station), new FakePage()];
    feed.join(page);
    await looks(feed, 4 * FIVE_SECONDS);
    expect(page.names).toEqual(["status", "listeners", "listeners"]);
    feed.close();
  });

  test("that does not read is cut off", async () => {
    await using app = await App.start();
    const [feed, page, other] = [new StatusFeed(app.station), new FakePage(), new FakePage()];
    feed.join(page);
    feed.join(other);
    page.state = "blocked";
    await looks(feed, 4 * FIVE_SECONDS);
    expect([page.isAborted, page.names.length, other.names.length]).toEqual([true, 2, 3]);
    feed.close();
  });
});

test("the loop turns between a hundred pages and the next", async () => {
  await using app = await App.start();
  const feed = new StatusFeed(app.station);
  const pages = Array.from({ length: 250 }, () => new FakePage());
  for (const page of pages) feed.join(page);
  app.play();
  const told = () => pages.filter(({ events }) => events.length === 2).length;
  const look = feed.look();
  expect(told()).toBe(100);
  // What has left meanwhile is written to no more.
  feed.close();
  await look;
  expect(told()).toBe(100);
});

test("all the pages are told of one change before the first is told of the next", async () => {
  await using app = await App.start();
  const feed = new StatusFeed(app.station);
  const pages = Array.from({ length: 250 }, () => new FakePage());
  for (const page of pages) feed.join(page);
  const told = () => new Set(pages.map(({ names }) => names.join()));
  const input = app.play();
  const look = feed.look();
  app.station.updateMetadata("/stream", { artist: "A Guest", title: "A Song" });
  app.hear("/stream", input);
  await Promise.all([look, feed.look()]);
  expect(told()).toEqual(new Set(["status,status"]));
  await feed.look();
  expect(told()).toEqual(new Set(["status,status,status"]));
  feed.close();
});

describe("what the keeper should change", () => {
  const WARNED = { ...adminConfig(), warnings: ["Change the password"] };

  test.each([
    ["127.0.0.1", {}, ["Change the password"]],
    ["::1", {}, ["Change the password"]],
    ["192.0.2.1", {}, []],
    ["127.0.0.1", { "x-forwarded-for": "192.0.2.1" }, []],
    ["127.0.0.1", { forwarded: "for=192.0.2.1" }, []],
  ])("is told by /api/status to %s with %j: %j", async (from, headers, wanted) => {
    await using app = await App.start(WARNED);
    const { text } = await app.ask("/api/status", { from, headers });
    expect(JSON.parse(text).warnings).toEqual(wanted);
  });

  test("is told by the events to a page on this machine", async () => {
    await using app = await App.start(WARNED);
    const [feed, here, there] = [new StatusFeed(app.station), new FakePage(), new FakePage()];
    feed.join(here, true);
    feed.join(there, false);
    app.play();
    await feed.look();
    const warned = ({ events }: FakePage) =>
      events.map(([, data]) => JSON.parse(data).warnings.length);
    expect([warned(here), warned(there)]).toEqual([
      [1, 1],
      [0, 0],
    ]);
    feed.close();
  });

  test.each([
    ["127.0.0.1", 1],
    ["192.0.2.1", 0],
  ])("is told by /api/events to %s in %d sentences", async (from, count) => {
    await using app = await App.start(WARNED);
    const hangUp = new AbortController();
    const answer = await app.raw("/api/events", { from, signal: hangUp.signal });
    const { value } = (await answer.body?.getReader().read()) ?? {};
    const [, data = ""] =
      /^event: status\ndata: (.+)\n/.exec(Buffer.from(value ?? []).toString()) ?? [];
    hangUp.abort();
    expect(JSON.parse(data).warnings.length).toBe(count);
  });
});
