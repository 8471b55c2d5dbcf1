// The file of bans on a disk in the hands of the test: what is saved while the file is still being read.
import { expect, test } from "bun:test";
import { BanFile } from "../../src/access/ban-file.ts";
import type { StateDisk } from "../../src/disk/state-file.ts";
import { type Ban, Bans } from "../../src/access/ban.ts";
import { createLog } from "../../src/lib/log.ts";
import type { OpenFile } from "../../src/lib/open-file.ts";

const wall = { nowMs: () => 1000 };

function ban(address: string, by: string): Ban {
  return { address, sinceMs: 0, untilMs: 5000, by, reason: "" };
}

function fileWith(text: string): OpenFile {
  const bytes = Buffer.from(text);
  return {
    stat: () => Promise.resolve({ isFile: () => true, size: bytes.length, mtimeMs: 0 }),
    read: (into: Uint8Array) => {
      into.set(bytes);
      return Promise.resolve({ bytesRead: bytes.length });
    },
    close: () => Promise.resolve(),
  };
}

test("a ban that is added while the file is read joins those in it, and an older one of the same address yields", async () => {
  const opened = Promise.withResolvers<OpenFile>();
  const written: string[] = [];
  const disk: StateDisk = {
    open: () => opened.promise,
    replace: (_, bytes) => Promise.resolve(void written.push(Buffer.from(bytes).toString())),
    rename: () => Promise.reject(new Error("nothing is to be moved")),
  };
  const bans = new Bans(wall);
  const file = new BanFile(
    "/state",
    disk,
    createLog(() => undefined),
  );
  bans.onChange = () => file.save(() => bans.list());
  const loaded = file.load((found) => bans.restore(found));
  bans.add(ban("192.0.2.1", "newer"));
  await Bun.sleep(0);
  expect(written).toEqual([]);
  const before = [ban("192.0.2.1", "older"), ban("192.0.2.2", "older")];
  opened.resolve(fileWith(JSON.stringify({ bans: before })));
  await loaded;
  await file.settled();
  const kept = (JSON.parse(written.at(-1) ?? "") as { bans: Ban[] }).bans;
  expect(kept.map(({ address, by }) => `${address} ${by}`).toSorted()).toEqual([
    "192.0.2.1 newer",
    "192.0.2.2 older",
  ]);
});
