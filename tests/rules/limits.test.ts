// No test or hook has a limit that its own waits could exceed.
import { expect, test } from "bun:test";
import { TEST_LIMIT_MS } from "../runner/file-run.ts";

/** The last argument of test(), or of a hook. */
const LIMIT = /^\s*(?:\}, )?(\d+_000)(?:,|\);)$/gm;

test("tests with programs and browsers may take at least as long as any other", async () => {
  const short: string[] = [];
  for (const path of new Bun.Glob("tests/{browser,dist,e2e}/*.test.ts").scanSync()) {
    for (const [, limit = ""] of (await Bun.file(path).text()).matchAll(LIMIT))
      if (Number(limit.replace("_", "")) < TEST_LIMIT_MS) short.push(`${path}: ${limit}`);
  }
  expect(short).toEqual([]);
});
