// The specification of the child process: hcl2-parser reads the values, and nothing of it stays in the process that asked.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { parseHcl } from "../../../src/config/hcl/parse-hcl.ts";

describe("hcl2-parser in a child process", () => {
  test("gives the values by block, label and key", async () => {
    const result = await parseHcl('a {\n  b = [1, "é"]\n}\nm "/x" {\n  c = env("N")\n}\n');
    expect(result).toEqual({
      values: { a: [{ b: [1, "é"] }], m: { "/x": [{ c: '${env("N")}' }] } },
    });
  });

  test("refuses without a reason", async () => {
    expect(await parseHcl("a = \n")).toEqual({ refused: true });
  });

  // Loading hcl2-parser sets Error.stackTraceLimit and takes over 100 MB.
  test("leaves nothing behind in the process that asked", async () => {
    const script = `
      const before = process.memoryUsage.rss();
      const limit = Error.stackTraceLimit;
      const { loadConfig } = await import("./src/config/load-config.ts");
      const { mounts } = await loadConfig("config.hcl", {});
      console.log(JSON.stringify({
        mounts: mounts.length,
        sameLimit: Error.stackTraceLimit === limit,
        grownMb: (process.memoryUsage.rss() - before) / 1e6,
      }));
    `;
    const root = join(import.meta.dir, "../../..");
    const child = Bun.spawn([process.execPath, "-e", script], { cwd: root, stderr: "pipe" });
    const told = JSON.parse(await new Response(child.stdout).text()) as { grownMb: number };
    expect(told).toMatchObject({ mounts: 1, sameLimit: true });
    expect(told.grownMb).toBeLessThan(60);
  });

  test("that takes too long is ended, and so is its process", async () => {
    expect(await parseHcl("a = 1\n", 1)).toEqual({
      failed: "the HCL parser did not end within 0.001 s",
    });
  });
});
