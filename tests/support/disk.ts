// Disks for tests: calls done at once in this thread, or never until a test lets them.
import { answer } from "../../src/disk/answer-calls.ts";
import type { Thread } from "../../src/disk/thread.ts";
import { SHARED_BYTES } from "../../src/disk/call.ts";
import type { Disk } from "../../src/disk/disk.ts";
import { Disks } from "../../src/disk/disks.ts";
import type { Log } from "../../src/lib/log.ts";
import { createLog } from "../../src/lib/log.ts";
import { createCataloguePerform } from "../../src/library/catalogue-perform.ts";
import { createPerform } from "../../src/library/perform.ts";

/** Answers all calls that there are. */
export function performAll(random = Math.random) {
  return createPerform(random, createCataloguePerform());
}

/** Answers in the next microtask. */
export function threadOfThisOne(random = Math.random): Thread {
  const shared = new Uint8Array(SHARED_BYTES);
  const perform = performAll(random);
  const thread: Thread = {
    shared,
    onReply: () => undefined,
    post: (call) => void answer(perform, call, shared).then((reply) => thread.onReply(reply)),
    close: () => undefined,
  };
  return thread;
}

export function testDisk(random = Math.random, log: Log = createLog(() => undefined)): Disk {
  return new Disks(() => threadOfThisOne(random)).at("/", "the disk", log);
}

/** One that takes a turn of the event loop over each call, as a thread does. */
export function turningDisk(): Disk {
  const start = () => {
    const thread = threadOfThisOne();
    const { post } = thread;
    thread.post = (call) => void setImmediate(() => post(call));
    return thread;
  };
  return new Disks(start).at(
    "/",
    "the disk",
    createLog(() => undefined),
  );
}
