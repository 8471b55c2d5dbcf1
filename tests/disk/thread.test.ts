// A thread needs descriptors to start. Bun ends a process that has none for it, so the station does not try.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { requireLinux } from "../support/programs.ts";

const SOURCE = join(import.meta.dir, "..", "..", "src");

/** Leaves `free` descriptors, starts a thread, and takes all that are left before anything else happens. */
const script = (free: number) => `
import { closeSync, openSync } from "node:fs";
import { startThread } from "${SOURCE}/disk/thread.ts";
const taken = [];
const takeAll = () => {
  try {
    for (;;) taken.push(openSync("/dev/null", "r"));
  } catch (error) {
    if (error.code !== "EMFILE") throw error;
  }
};
takeAll();
for (let i = 0; i < ${free}; i++) closeSync(taken.pop());
const thread = startThread("${SOURCE}/library/worker.ts");
takeAll();
const reply = new Promise((resolve) => (thread.onReply = resolve));
thread.post({ call: "open", path: "/dev/null" });
// The thread waits for a descriptor to open the file.
setTimeout(() => taken.splice(-8).forEach(closeSync), 200);
console.log(JSON.stringify(await reply));
process.exit(0);
`;

function replyWith(free: number): unknown {
  const limited = ["sh", "-c", 'ulimit -n 100 && exec "$@"', "sh"];
  const ran = Bun.spawnSync([...limited, process.execPath, "-e", script(free)]);
  expect(ran.stderr.toString()).toBe("");
  expect(ran.exitCode).toBe(0);
  return JSON.parse(ran.stdout.toString());
}

test.skipIf(!requireLinux("a limit of descriptors"))(
  "without descriptors for a thread its call fails, and the process goes on",
  () => {
    for (const free of [0, 1, 2, 8])
      expect(replyWith(free)).toEqual({ code: "EBROKEN", message: "too many open files" });
  },
);

test.skipIf(!requireLinux("a limit of descriptors"))(
  "a thread has its descriptors before a client can take them",
  () => {
    expect(replyWith(30)).toHaveProperty("value");
  },
);
