// The end of a disk thread's queue: nothing more is asked of a thread, and each is closed as soon as it can be.
import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { Disks } from "../../src/disk/disks.ts";
import { Lane, STUCK_MS } from "../../src/disk/lane.ts";
import type { Thread } from "../../src/disk/thread.ts";
import { createLog } from "../../src/lib/log.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A thread that answers when a test says so. */
class FakeThread implements Thread {
  readonly shared = new Uint8Array(8);
  readonly posted: string[] = [];
  closes = 0;
  onReply: Thread["onReply"] = () => undefined;

  post({ call }: { readonly call: string }): void {
    this.posted.push(call);
  }

  close(): void {
    this.closes++;
  }

  answer(): void {
    this.onReply({ value: null });
  }
}

function laneWith(...calls: string[]) {
  const thread = new FakeThread();
  const seen = { stuck: 0, settled: 0 };
  const lane = new Lane(
    () => thread,
    () => seen.stuck++,
  );
  const add = (call: string) =>
    lane.add({ owner: lane, call: { call }, isUrgent: true, settle: () => seen.settled++ });
  calls.forEach(add);
  return { lane, thread, seen, add };
}

describe("a lane that is closed", () => {
  test("closes its thread at once if it has answered", () => {
    const { lane, thread } = laneWith("read");
    thread.answer();
    lane.close();
    expect(thread.closes).toBe(1);
  });

  test("closes a thread that hangs only when it answers, and settles nothing more", () => {
    const { lane, thread, seen } = laneWith("hang", "read");
    lane.close();
    expect(thread.closes).toBe(0);
    thread.answer();
    expect([thread.closes, seen.settled, thread.posted]).toEqual([1, 0, ["hang"]]);
  });

  test("asks its thread nothing more", () => {
    const { lane, thread, add } = laneWith("read");
    thread.answer();
    lane.close();
    add("write");
    expect(thread.posted).toEqual(["read"]);
  });

  test("reports no call that hangs", () => {
    const { lane, seen } = laneWith("hang");
    lane.close();
    jest.advanceTimersByTime(STUCK_MS);
    expect(seen.stuck).toBe(0);
  });
});

test("all disks are closed together", async () => {
  const threads: FakeThread[] = [];
  const disks = new Disks(() => {
    const thread = new FakeThread();
    threads.push(thread);
    return thread;
  });
  const log = createLog(() => undefined);
  const asked = disks.at("/one", "one", log).ask({ call: "read" }, true);
  threads[0]?.answer();
  await asked;
  disks.close();
  expect(threads.map(({ closes }) => closes)).toEqual([1]);
});
