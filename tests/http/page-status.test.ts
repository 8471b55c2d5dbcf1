// What the page's scripts make of what the server tells: the status, and how many listen since.
import { expect, spyOn, test } from "bun:test";
import { join } from "node:path";
import { renderStatus } from "../../src/stats/status.ts";
import { STATION } from "../facts/example.ts";
import { until } from "../support/station.ts";

interface Status {
  readonly mounts: readonly { readonly mount: string; readonly listeners: number | null }[];
}

interface StatusScript {
  readStatus(value: unknown): Status;
  withListeners(status: Status, value: unknown): Status;
}

type Tell = (told: unknown) => void;

interface FeedScript {
  readonly StatusFeed: new (onStatus: Tell, onListeners: Tell, onLink: Tell) => { start(): void };
}

const PUBLIC = join(import.meta.dir, "..", "..", "public");
const { readStatus, withListeners } = (await import(join(PUBLIC, "status.js"))) as StatusScript;
const { StatusFeed } = (await import(join(PUBLIC, "status-feed.js"))) as FeedScript;

/** Of a track that goes on after an interruption only, and of a mount that is offered by HLS. */
const OPTIONAL: readonly string[] = ["played_seconds", "hls"];

/** The same, telling each name that is asked for and is not there. */
function watched<T extends object>(value: T, missing: string[]): T {
  return new Proxy(value, {
    get(target, name, receiver) {
      const isKnown = typeof name !== "string" || name in target || OPTIONAL.includes(name);
      if (!isKnown) missing.push(name);
      const found: unknown = Reflect.get(target, name, receiver);
      return typeof found === "object" && found !== null ? watched(found, missing) : found;
    },
  });
}

test("the page reads nothing that the status does not have", () => {
  const missing: string[] = [];
  const status = readStatus(watched(renderStatus(STATION), missing));
  expect(missing).toEqual([]);
  expect(status.mounts.map(({ mount }) => mount)).toEqual(["/stream", "/talk"]);
});

test.each([
  [{ "/stream": 7, "/talk": 0 }, [7, 0]],
  [{ "/talk": 9, "/other": 1 }, [3, 9]],
  // Two of them hear another mount.
  [{ "/stream": "many" }, [3, 5]],
  [null, [3, 5]],
])("who listens is told by %j", (told, wanted) => {
  const { mounts } = withListeners(readStatus(renderStatus(STATION)), told);
  expect(mounts.map(({ listeners }) => listeners)).toEqual(wanted);
});

test("the page hears both kinds of events", async () => {
  const opened: EventTarget[] = [];
  class FakeEventSource extends EventTarget {
    constructor() {
      super();
      opened.push(this);
    }
  }
  const before = {
    EventSource: globalThis.EventSource,
    document: Reflect.get(globalThis, "document"),
  };
  Object.assign(globalThis, { EventSource: FakeEventSource, document: new EventTarget() });
  using fetched = spyOn(globalThis, "fetch").mockRejectedValue(new Error("no server"));
  using _timers = spyOn(globalThis, "setInterval").mockReturnValue(0 as never);
  using _said = spyOn(console, "info").mockReturnValue();
  const heard: unknown[] = [];
  const note = (kind: string) => (told: unknown) => void heard.push([kind, told]);
  new StatusFeed(note("status"), note("listeners"), note("link")).start();
  const send = (name: string, data: string) =>
    opened[0]?.dispatchEvent(new MessageEvent(name, { data }));
  await until("it has asked", () => fetched.mock.calls.length > 0 && heard.length > 0);
  heard.length = 0;
  send("status", '{"mounts":[]}');
  send("listeners", '{"/stream":2}');
  expect(heard).toEqual([
    ["status", { mounts: [] }],
    ["link", "live"],
    ["listeners", { "/stream": 2 }],
    ["link", "live"],
  ]);
  Object.assign(globalThis, before);
});
