// The file of waiting messages behind a disk that hangs.
import { expect, test } from "bun:test";
import type { StateDisk } from "../../src/disk/state-file.ts";
import { QueueFile } from "../../src/hooks/queue-file.ts";
import { keptLog } from "../mount/fake-input.ts";

test("behind a disk that hangs only the newest state waits to be written", async () => {
  const { log } = keptLog();
  const written: string[] = [];
  const { promise: hangs, resolve: answer } = Promise.withResolvers<void>();
  const nothing = () => Promise.reject(new Error("it is not asked for"));
  const disk: StateDisk = {
    open: nothing,
    rename: nothing,
    replace: async (_, bytes) => {
      written.push(new TextDecoder().decode(bytes));
      await hangs;
    },
  };
  const file = new QueueFile("/state", disk, log, 60_000);
  let last: Promise<void> = Promise.resolve();
  for (let at = 1; at <= 50; at++) {
    file.save(() => new Map([["hook", [{ id: `message ${at}`, body: "{}" }]]]));
    last = file.flush();
  }
  answer();
  await last;
  expect(written).toHaveLength(2);
  expect(written[0]).toContain('message 1"');
  expect(written[1]).toContain("message 50");
});
