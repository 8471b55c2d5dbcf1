// A station that tells its web hooks what happens, each in its own form, also after a restart.
import { expect, test } from "bun:test";
import { HOOK_EVENTS, HOOK_FORMATS } from "../../src/config/hook-keys.ts";
import { Hooks, type StationHook } from "../../src/hooks/hooks.ts";
import { DiskError } from "../../src/disk/disk.ts";
import type { StateDisk } from "../../src/disk/state-file.ts";
import { QueueFile } from "../../src/hooks/queue-file.ts";
import type { OpenFile } from "../../src/lib/open-file.ts";
import { Secret } from "../../src/lib/secret.ts";
import { FakeSink } from "../output/fake-sink.ts";
import { CLIENT } from "../output/stage.ts";
import { until } from "../support/station.ts";
import { App, adminConfig } from "../http/app.ts";
import { KEY, receiver, type ReceiverKind } from "./receivers.ts";

function hook(format: ReceiverKind, url: string, more: Partial<StationHook> = {}): StationHook {
  return {
    ...{ label: format, url: new Secret(url), secret: new Secret(KEY), format },
    ...{ events: HOOK_EVENTS, mounts: [], allowPrivate: true },
    ...more,
  };
}

test.each(HOOK_FORMATS)("a receiver of %s takes a title and what else it wants", async (format) => {
  await using app = await App.start();
  await using got = receiver(format);
  const hooks = new Hooks(app.station, null);
  hooks.configure([hook(format, got.url)]);
  const input = app.play("/stream", "live");
  app.mount().retitle({ artist: "Artist", title: "Title" }, app.station.clock.nowMs());
  app.hear("/stream", input);
  hooks.report({ event: "mount_silent", subject: "/stream", state: "firing", message: "Quiet." });
  const count = format === "tunein" || format === "listenbrainz" ? 1 : 3;
  await until("all are there", () => got.taken.length >= count);
  expect(got.refused).toEqual([]);
  const last = got.taken.find(({ path, body }) => `${path}${body}`.includes("Title"));
  expect(last).toBeDefined();
  await hooks.close();
});

test("a live show that begins and ends, trouble and a peak are told to those who want them, of their mounts", async () => {
  await using app = await App.start(adminConfig([{}, { path: "/jazz" }]));
  await using all = receiver("json");
  await using some = receiver("json");
  await using jazz = receiver("json");
  const hooks = new Hooks(app.station, null);
  hooks.configure([
    hook("json", all.url, { label: "all" }),
    hook("json", some.url, { label: "some", events: ["live_ends", "listener_peak"] }),
    hook("json", jazz.url, { label: "jazz", mounts: ["/jazz"] }),
  ]);
  const input = app.play("/stream", "live", "Title");
  const listeners = Array.from({ length: 12 }, () => app.audience().join(CLIENT, new FakeSink()));
  hooks.look();
  const [first] = listeners;
  if (first) app.audience().leave(first, "gone");
  hooks.look();
  hooks.look();
  app.mount().detach(input, app.station.clock.nowMs());
  const told = ({ taken }: typeof all) => taken.map(({ body }) => JSON.parse(body));
  const events = (got: typeof all) => told(got).map(({ event }) => event);
  await until("it has ended", () => events(some).length === 2);
  await until("all are there", () => events(all).includes("live_ends"));
  expect(events(all)).toEqual(["live_begins", "title", "listener_peak", "live_ends"]);
  expect(told(all)[2]).toMatchObject({ listeners: 12, mount: "/stream", state: null });
  expect(events(some)).toEqual(["listener_peak", "live_ends"]);
  expect(events(jazz)).toEqual([]);
  await hooks.close();
});

/** A disk in memory. */
class Memory implements StateDisk {
  readonly files = new Map<string, Uint8Array>();
  writes = 0;

  open(path: string): Promise<OpenFile> {
    const bytes = this.files.get(path);
    if (bytes === undefined) return Promise.reject(new DiskError("ENOENT", "no such file"));
    return Promise.resolve({
      stat: () => Promise.resolve({ isFile: () => true, size: bytes.length, mtimeMs: 0 }),
      read: (into: Uint8Array) => {
        into.set(bytes);
        return Promise.resolve({ bytesRead: bytes.length });
      },
      close: () => Promise.resolve(),
    });
  }

  replace(path: string, bytes: Uint8Array): Promise<void> {
    this.writes++;
    this.files.set(path, bytes);
    return Promise.resolve();
  }

  rename(from: string, to: string): Promise<void> {
    const bytes = this.files.get(from);
    if (bytes !== undefined) this.files.set(to, bytes);
    this.files.delete(from);
    return Promise.resolve();
  }
}

const FILE = "/state/hooks.json";

test("what a receiver that is away did not take outlasts a restart, under the same ids and in order", async () => {
  await using app = await App.start();
  const disk = new Memory();
  const start = (url: string) => {
    const hooks = new Hooks(app.station, new QueueFile("/state", disk, app.station.log));
    hooks.configure([hook("json", url)]);
    return hooks;
  };
  const first = start("http://127.0.0.1:1/hook");
  app.play("/stream", "live", "Title");
  await first.close();
  const kept = new TextDecoder().decode(disk.files.get(FILE));
  expect(kept).not.toContain(KEY);
  const ids = (JSON.parse(kept) as Record<string, { id: string }[]>).json?.map(({ id }) => id);
  expect(ids).toHaveLength(2);

  await using got = receiver("json");
  const second = start(got.url);
  await second.restore();
  await until("all are there", () => got.taken.length === 2);
  expect(got.taken.map(({ headers }) => headers.get("webhook-id"))).toEqual(ids ?? []);
  await until("none waits", () => second.waiting === 0);
  await second.close();
  const third = start("http://127.0.0.1:1/hook");
  await third.restore();
  await third.close();
  expect(new TextDecoder().decode(disk.files.get(FILE))).toBe("{}\n");
});

test("messages that are taken at once never reach the disk", async () => {
  await using app = await App.start();
  await using got = receiver("json");
  const disk = new Memory();
  const hooks = new Hooks(app.station, new QueueFile("/state", disk, app.station.log, 60_000));
  hooks.configure([hook("json", got.url)]);
  app.play("/stream", "live", "Title");
  await until("all are there", () => got.taken.length === 2);
  await until("none waits", () => hooks.waiting === 0);
  await hooks.close();
  expect(disk.writes).toBe(0);
});

test.each(["{", "[1]", '{"json":[{"id":7}]}', '{"json":[{"id":"7","body":"{"}]}'])(
  "a file of waiting messages like %s is set aside",
  async (text) => {
    await using app = await App.start();
    const disk = new Memory();
    await disk.replace(FILE, Buffer.from(text));
    const hooks = new Hooks(app.station, new QueueFile("/state", disk, app.station.log));
    hooks.configure([hook("json", "http://127.0.0.1:1/hook")]);
    await hooks.restore();
    expect([...disk.files.keys()]).toEqual([`${FILE}.broken`]);
    expect(app.logged.join("\n")).toContain("is damaged");
    await hooks.close();
  },
);

test("a private address gets nothing unless that is allowed, and holds up no other hook", async () => {
  await using app = await App.start();
  await using inside = receiver("json");
  await using other = receiver("json");
  const hooks = new Hooks(app.station, null);
  hooks.configure([
    hook("json", inside.url, { label: "inside", allowPrivate: false }),
    hook("json", "http://127.0.0.1:1/away", { label: "away" }),
    hook("json", other.url, { label: "other" }),
  ]);
  app.play("/stream", "live", "Title");
  await until("the other has all", () => other.taken.length === 2);
  await until("it is refused", () => app.logged.some((line) => line.includes("allow_private")));
  expect(inside.taken).toEqual([]);
  expect(app.logged.join("\n")).not.toContain("127.0.0.1");
  await hooks.close();
});

test("a reload that takes a hook away ends it, and mounts that come are watched", async () => {
  await using app = await App.start();
  await using got = receiver("json");
  const hooks = new Hooks(app.station, null);
  hooks.configure([hook("json", got.url)]);
  hooks.configure([]);
  app.play("/stream", "live", "Title");
  app.station.reconfigure(adminConfig([{}, { path: "/jazz" }]));
  hooks.configure([hook("json", got.url, { events: ["title"] })]);
  app.play("/jazz", "live", "Later");
  await until("it is there", () => got.taken.length === 1);
  expect(JSON.parse(got.taken[0]?.body ?? "")).toMatchObject({ event: "title", mount: "/jazz" });
  await hooks.close();
});
