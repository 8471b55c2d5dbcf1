// Output in a file on a share: written by a thread in order, and kept while the share hangs or is full.
import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { isShare } from "../../src/disk/mount-point.ts";
import { SharePrinter } from "../../src/disk/share-printer.ts";
import type { Thread } from "../../src/disk/thread.ts";
import { RETRY_MS } from "../../src/lib/outlet.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function printer() {
  const asked: string[] = [];
  const thread: Thread = {
    shared: new Uint8Array(0),
    onReply: () => undefined,
    post: (call) =>
      void asked.push(Buffer.from((call as unknown as { bytes: Uint8Array }).bytes).toString()),
    close: () => undefined,
  };
  const share = new SharePrinter(thread, 2);
  return { asked, thread, share, print: (text: string) => share.print(Buffer.from(text)) };
}

test("lines that come while the thread writes are written together after it", () => {
  const { asked, thread, print } = printer();
  expect([print("one\n"), print("two\n"), print("three\n")]).toEqual([4, 4, 6]);
  expect(asked).toEqual(["one\n"]);
  thread.onReply({ value: 4 });
  expect(asked).toEqual(["one\n", "two\nthree\n"]);
});

test("a write that takes a part, or fails because the disk is full, is repeated from there", () => {
  const { asked, thread, print } = printer();
  print("one\n");
  thread.onReply({ value: 1 });
  thread.onReply({ code: "ENOSPC", message: "" });
  jest.advanceTimersByTime(RETRY_MS);
  expect(asked).toEqual(["one\n", "ne\n", "ne\n"]);
});

test("while the share hangs no more than 64 KiB are taken", () => {
  const { print } = printer();
  const line = `${"x".repeat(1023)}\n`;
  const taken = Array.from({ length: 100 }, () => print(line)).filter((bytes) => bytes > 0);
  expect(taken.length).toBe(64);
});

test("it is flushed when the last line is written", async () => {
  const { thread, share, print } = printer();
  await share.flush();
  print("one\n");
  let isFlushed = false;
  void share.flush().then(() => (isFlushed = true));
  await Promise.resolve();
  expect(isFlushed).toBe(false);
  thread.onReply({ value: 4 });
  await Promise.resolve();
  expect(isFlushed).toBe(true);
});

test.each([
  ["/mnt/share/cycast.log", true],
  ["/mnt/sshfs/cycast.log", true],
  ["/mnt/cycast.log", false],
  ["/var/log/cycast.log", false],
  ["/dev/null", false],
  ["pipe:[4711]", false],
])("%s is on a share: %p", (path, wanted) => {
  const mounts = `1 0 8:1 / / rw - ext4 /dev/a rw
2 1 0:5 / /mnt/share rw shared:7 - nfs4 host:/ rw
3 1 0:6 / /mnt/sshfs rw - fuse.sshfs host:/ rw
4 1 0:7 / /dev rw shared:2 master:1 - devtmpfs dev rw
`;
  expect(isShare(path, mounts)).toBe(wanted);
});
