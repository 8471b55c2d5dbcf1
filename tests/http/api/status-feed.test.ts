// Who is told what, and when, by /api/status and /api/events.
import { afterEach, describe, expect, jest, spyOn, test } from "bun:test";
import { StatusFeed } from "../../../src/http/api/status-feed.ts";
import type { SinkState } from "../../../src/mount/roles.ts";
import { FakeSink } from "../../output/fake-sink.ts";
import { CLIENT } from "../../output/stage.ts";
import { App, adminConfig } from "../app.ts";

class FakePage {
  state: SinkState = "open";
  isAborted = false;
  readonly events: [name: string, data: string][] = [];
  onWrite: () => void = () => undefined;

  write(bytes: Uint8Array): SinkState {
    const [, name = "", data = ""] =
      /^event: (\w+)\ndata: (.*)\n\n$/.exec(new TextDecoder().decode(bytes)) ?? [];
    this.events.push([name, data]);
    this.onWrite();
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

describe("a page", () => {
  test("gets the number of listeners after five seconds, and not the whole status", async () => {
    await using app = await App.start(adminConfig([{}, { path: "/jazz" }]));
    app.play();
    const [feed, page] = [new StatusFeed(app.station), new FakePage()];
    feed.join(page);
    app.audience().join(CLIENT, new FakeSink());
    expect(page.names).toEqual(["status"]);
    await feed.sendCounts();
    expect(page.events[1]).toEqual(["listeners", '{"/stream":1,"/jazz":0}']);
    expect(page.events.length).toBe(2);
    feed.close();
  });

  test("is sent a new title with its place on the timeline, and nothing while the status stays the same", async () => {
    await using app = await App.start();
    const input = app.play();
    const [feed, page] = [new StatusFeed(app.station), new FakePage()];
    feed.join(page);
    await feed.sendStatus();
    app.hear("/stream", input);
    await feed.sendStatus();
    expect(page.names).toEqual(["status"]);
    app.mount().retitle({ artist: "A Guest", title: "A Song" }, app.station.clock.nowMs());
    app.hear("/stream", input);
    await feed.sendStatus();
    expect(page.names).toEqual(["status", "status"]);
    const [mount] = JSON.parse(page.events[1]?.[1] ?? "").mounts;
    expect(mount.timeline.titles.at(-1)).toMatchObject({ title: "A Song", artist: "A Guest" });
    feed.close();
  });

  test("hears something every ten seconds at least", async () => {
    await using app = await App.start();
    const [feed, page] = [new StatusFeed(app.station), new FakePage()];
    feed.join(page);
    for (let i = 0; i < 4; i++) await feed.sendCounts();
    expect(page.names).toEqual(["status", "listeners", "listeners"]);
    feed.close();
  });

  test("that does not read is cut off", async () => {
    await using app = await App.start();
    const [feed, page, other] = [new StatusFeed(app.station), new FakePage(), new FakePage()];
    feed.join(page);
    feed.join(other);
    page.state = "blocked";
    for (let i = 0; i < 4; i++) await feed.sendCounts();
    expect([page.isAborted, page.names.length, other.names.length]).toEqual([true, 2, 3]);
    feed.close();
  });
});

test("a client that opens too many pages loses its oldest, which reconnects, and no other client does", async () => {
  await using app = await App.start();
  const open = (client: string) => {
    const page = new FakePage();
    app.feed.join(page, false, client);
    return page;
  };
  const other = open("192.0.2.1");
  const pages = Array.from({ length: 102 }, () => open("192.0.2.2"));
  const closed = pages.map(({ isAborted }) => isAborted);
  expect(closed).toEqual(closed.map((_, i) => i < 2));
  expect(other.isAborted).toBe(false);
  app.feed.close();
});

test("a client gets 503 when a thousand others have taken all places", async () => {
  await using app = await App.start();
  for (let i = 0; i < 1000; i++) app.feed.join(new FakePage(), false, `10.0.${i >> 8}.${i & 255}`);
  const { status, text } = await app.ask("/api/events", { from: "192.0.2.1" });
  expect([status, text]).toEqual([503, "Too many pages are open; ask /api/status instead\n"]);
  app.feed.close();
});

test("the loop turns between a hundred pages and the next", async () => {
  await using app = await App.start();
  const feed = new StatusFeed(app.station);
  const pages = Array.from({ length: 250 }, () => new FakePage());
  for (const page of pages) feed.join(page);
  app.play();
  const told = () => pages.filter(({ events }) => events.length === 2).length;
  const look = feed.sendStatus();
  expect(told()).toBe(100);
  // What has left meanwhile is written to no more.
  feed.close();
  await look;
  expect(told()).toBe(100);
});

test("every page gets one change before the first page gets the next", async () => {
  await using app = await App.start();
  const feed = new StatusFeed(app.station);
  const order: number[] = [];
  const pages = Array.from({ length: 250 }, () => new FakePage());
  for (const page of pages) {
    feed.join(page);
    page.onWrite = () => order.push(page.events.length);
  }
  const input = app.play();
  const first = feed.sendStatus();
  app.mount().retitle({ artist: "A Guest", title: "A Song" }, app.station.clock.nowMs());
  app.hear("/stream", input);
  await Promise.all([first, feed.sendStatus()]);
  expect(order).toEqual([...Array(250).fill(2), ...Array(250).fill(3)]);
  feed.close();
});

describe("with a page open for a minute", () => {
  afterEach(() => void jest.useRealTimers());

  test("a quiet station is not rendered once", async () => {
    await using app = await App.start();
    const [feed, page] = [new StatusFeed(app.station), new FakePage()];
    jest.useFakeTimers();
    feed.join(page);
    using looks = spyOn(app.audience(), "burstSecondsFor");
    jest.advanceTimersByTime(60_000);
    expect(looks).not.toHaveBeenCalled();
    expect(new Set(page.names.slice(1))).toEqual(new Set(["listeners"]));
    feed.close();
  });

  test("changes that come together are rendered and sent as one", async () => {
    await using app = await App.start();
    const [feed, page] = [new StatusFeed(app.station), new FakePage()];
    jest.useFakeTimers();
    feed.join(page);
    app.play("/stream", "live", "First");
    app.mount().retitle({ artist: "A Guest", title: "Second" }, app.station.clock.nowMs());
    jest.advanceTimersByTime(4000);
    expect(page.names).toEqual(["status", "status"]);
    expect(page.events[1]?.[1]).toContain('"Second"');
    feed.close();
  });
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

  test("are in the events of a page on this machine", async () => {
    await using app = await App.start(WARNED);
    const [feed, here, there] = [new StatusFeed(app.station), new FakePage(), new FakePage()];
    feed.join(here, true);
    feed.join(there, false);
    app.play();
    await feed.sendStatus();
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
