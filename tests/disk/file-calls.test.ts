// Opening files while a crowd of clients has taken all descriptors.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { OPEN_ATTEMPTS, openPatiently } from "../../src/disk/file-calls.ts";

/** Opens as descriptor 7 after so many attempts that fail with this code. */
function opening(failures: number, code: string) {
  const seen = { attempts: 0, sleptMs: 0 };
  const open = () => {
    if (seen.attempts++ < failures) throw Object.assign(new Error(code), { code });
    return 7;
  };
  const run = () => openPatiently(open, (ms) => (seen.sleptMs += ms));
  return { seen, run };
}

test.each(["EMFILE", "ENFILE"])(
  "a file is opened as soon as there is a descriptor (%s)",
  (code) => {
    const { seen, run } = opening(3, code);
    expect(run()).toBe(7);
    expect(seen).toEqual({ attempts: 4, sleptMs: 150 });
  },
);

test("after a second the error counts, before anyone takes the disk for hung", () => {
  const { seen, run } = opening(Infinity, "EMFILE");
  expect(run).toThrow("EMFILE");
  expect(seen.attempts).toBe(OPEN_ATTEMPTS);
  expect(seen.sleptMs).toBeLessThanOrEqual(1000);
});

test("any other error counts at once", () => {
  const { seen, run } = opening(Infinity, "ENOENT");
  expect(run).toThrow("ENOENT");
  expect(seen).toEqual({ attempts: 1, sleptMs: 0 });
});

/** Takes all descriptors and returns one while the call waits. */
const SCRIPT = `
import { closeSync, openSync } from "node:fs";
import { performFileCall } from "${join(import.meta.dir, "..", "..", "src", "disk", "file-calls.ts")}";
const taken = [];
try {
  for (;;) taken.push(openSync("/dev/null", "r"));
} catch (error) {
  if (error.code !== "EMFILE") throw error;
}
Object.assign(Bun, { sleepSync: () => closeSync(taken.pop()) });
const { fd } = performFileCall({ call: "open", path: "/dev/null" }, new Uint8Array(0));
console.log(fd > 0);
`;

test("a disk thread waits for a descriptor", () => {
  const limited = ["sh", "-c", 'ulimit -n 100 && exec "$@"', "sh"];
  const { stdout, stderr } = Bun.spawnSync([...limited, process.execPath, "-e", SCRIPT]);
  expect(stderr.toString()).toBe("");
  expect(stdout.toString()).toBe("true\n");
});
