// Disks for tests: calls done at once in this thread, or never until a test lets them.
import { answer, type Thread } from "../../src/disk/thread.ts";
import { SHARED_BYTES } from "../../src/disk/call.ts";
import type { Disk } from "../../src/disk/disk.ts";
import { Disks } from "../../src/disk/disks.ts";
import type { Log } from "../../src/lib/log.ts";
import { createLog } from "../../src/lib/log.ts";
import { createPerform } from "../../src/library/perform.ts";

/** Answers in the next microtask. */
export function threadOfThisOne(): Thread {
  const shared = new Uint8Array(SHARED_BYTES);
  const perform = createPerform();
  const thread: Thread = {
    shared,
    onReply: () => undefined,
    post: (call) => queueMicrotask(() => thread.onReply(answer(perform, call, shared))),
    close: () => undefined,
  };
  return thread;
}

export function testDisk(path = "/", log: Log = createLog(() => undefined)): Disk {
  return new Disks(threadOfThisOne).at(path, path, log);
}
