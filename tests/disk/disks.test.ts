// A disk that hangs holds up its own callers and nobody else; it is named, and goes on by itself.
import { afterEach, describe, expect, jest, test } from "bun:test";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Call } from "../../src/disk/call.ts";
import { SILENT_MS } from "../../src/disk/disk.ts";
import { Disks } from "../../src/disk/disks.ts";
import { STUCK_MS } from "../../src/disk/lane.ts";
import { mountPointOf, parseMountInfo } from "../../src/disk/mount-point.ts";
import { BROKEN, type Thread } from "../../src/disk/thread.ts";
import { createLog } from "../../src/lib/log.ts";
import { scratch } from "../support/station.ts";

afterEach(() => void jest.useRealTimers());

/** Threads that answer at once, but for calls named "hang", which wait to be let go. */
class Threads {
  started = 0;
  readonly posted: string[] = [];
  readonly #hanging: (() => void)[] = [];

  readonly start = (): Thread => {
    this.started++;
    const thread: Thread = {
      shared: new Uint8Array(8),
      onReply: () => undefined,
      post: ({ call }) => {
        this.posted.push(call);
        const reply = () => thread.onReply({ value: call });
        if (call === "hang") this.#hanging.push(reply);
        else if (call === "break") thread.onReply({ code: BROKEN, message: "it broke" });
        else queueMicrotask(reply);
      },
      close: () => undefined,
    };
    return thread;
  };

  letGo(): void {
    for (const reply of this.#hanging.splice(0)) reply();
  }
}

const call = (name: string): Call => ({ call: name });

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

function twoDisks() {
  jest.useFakeTimers();
  const lines: string[] = [];
  const log = createLog((level, text) => void lines.push(`${level} ${text}`));
  const threads = new Threads();
  const disks = new Disks(threads.start);
  const [share, local] = [disks.at("/one", "the share", log), disks.at("/two", "local", log)];
  return { threads, share, local, lines };
}

describe("disks of one file system", () => {
  test("share a thread, which is asked one thing at a time", async () => {
    const { threads, share, local } = twoDisks();
    expect(await Promise.all([share.ask(call("a"), true), local.ask(call("b"), true)])).toEqual([
      "a",
      "b",
    ]);
    expect(threads.started).toBe(1);
  });

  test("are separated when one hangs: the other goes on, and nothing more is asked of the first", async () => {
    const { threads, share, local } = twoDisks();
    const hung = share.ask(call("hang"), true);
    void share.ask(call("more"), true);
    const other = local.ask(call("read"), true);
    await settle();
    expect(threads.posted).toEqual(["hang"]);
    jest.advanceTimersByTime(STUCK_MS);
    expect(await other).toBe("read");
    expect(threads.posted).toEqual(["hang", "read"]);
    threads.letGo();
    expect(await hung).toBe("hang");
  });

  test("let what audio waits for go before walks", async () => {
    const { threads, share, local } = twoDisks();
    void share.ask(call("hang"), false);
    const all = [share.ask(call("walk"), false), local.ask(call("read"), true)];
    threads.letGo();
    await Promise.all(all);
    expect(threads.posted).toEqual(["hang", "read", "walk"]);
  });
});

test("a thread that ends by an error of its own is replaced by the next call", async () => {
  const { threads, share } = twoDisks();
  const broken = await share.ask(call("break"), true).catch((error: Error) => error.message);
  expect(broken).toBe("it broke");
  expect(await share.ask(call("read"), true)).toBe("read");
  expect(threads.started).toBe(2);
});

test("a disk is the same for everyone who asks for a path under one log, and named once when it hangs", () => {
  jest.useFakeTimers();
  const lines: string[] = [];
  const log = createLog((level, text) => void lines.push(`${level} ${text}`));
  const disks = new Disks(new Threads().start);
  const [tracks, covers] = [disks.at("/one", "the share", log), disks.at("/one", "the share", log)];
  void tracks.ask(call("hang"), false);
  void covers.ask(call("hang"), true);
  jest.advanceTimersByTime(10_000);
  expect(lines).toEqual(["warn the share does not answer"]);
  expect(tracks.silentSeconds).toBeGreaterThan(0);
  expect(disks.at("/one", "the share", log.of("/other"))).not.toBe(tracks);
});

test("a disk without an answer is named within 10 s, and again when it answers", async () => {
  const { threads, share, lines } = twoDisks();
  const hung = share.ask(call("hang"), true);
  jest.advanceTimersByTime(SILENT_MS);
  expect(SILENT_MS).toBeLessThan(10_000);
  expect(lines).toEqual(["warn the share does not answer"]);
  expect(share.silentSeconds).toBeGreaterThanOrEqual(0);
  threads.letGo();
  await hung;
  expect(lines).toEqual(["warn the share does not answer", "info the share answers again"]);
  expect(share.silentSeconds).toBe(0);
});

describe("the mount point of a path", () => {
  const points = parseMountInfo(
    [
      "1 0 8:1 / / rw - ext4 /dev/a rw",
      "2 1 0:5 / /mnt/my\\040share rw - nfs host:/ rw",
      "3 1 0:6 / /mnt rw - ext4 /dev/b rw",
    ].join("\n"),
  );

  test.each([
    ["/mnt/my share/music", "/mnt/my share"],
    ["/mnt/my share", "/mnt/my share"],
    ["/mnt/my", "/mnt"],
    ["/music", "/"],
    ["/", "/"],
  ])("%s is %s", (path, point) => {
    expect(mountPointOf(path, points)).toBe(point);
  });

  test("behind a link is that of what it leads to", async () => {
    await using home = await scratch();
    await symlink("../../mnt/my share/music", join(home.path, "music"));
    const there = parseMountInfo(`1 0 8:1 / ${join(home.path, "..", "..", "mnt/my\\040share")} rw`);
    const point = mountPointOf(join(home.path, "music", "jazz"), there);
    expect(point).toEndWith("/mnt/my share");
  });
});
