// What mounts of a running station leave behind when they are removed: nothing.
import { describe, expect, test } from "bun:test";
import { residentMB } from "../bench/process.ts";
import { requireLinux } from "../support/programs.ts";
import { Stage } from "./ears.ts";

/** As large as a mount's by default, so that a heap which keeps them grows by tens of megabytes. */
function comeAndGo(): void {
  using _stage = new Stage({ bytes: 10 << 20 });
}

describe.skipIf(!requireLinux("/proc/self/status"))("memory", () => {
  test("rings and broadcasters that are closed give all of it back", async () => {
    comeAndGo();
    const before = await residentMB(process.pid);
    for (let turn = 0; turn < 20; turn++) comeAndGo();
    expect((await residentMB(process.pid)) - before).toBeLessThan(4);
  });
});
