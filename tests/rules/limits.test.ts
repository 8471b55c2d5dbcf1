// No test or hook has a limit that its own waits could exceed, and no wait one that a busy machine does.
import { expect, test } from "bun:test";
import { TEST_LIMIT_MS } from "../runner/file-run.ts";
import { WAIT_SECONDS } from "../support/station.ts";

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

/** The last argument of until(). */
const WAIT = /\buntil\((?:[^;]|;(?!\n))*?,\s*(\d+),?\s*\);/g;

test("no wait for a condition is shorter than the usual one", async () => {
  const short: string[] = [];
  for (const path of new Bun.Glob("tests/{browser,dist,e2e,support}/**/*.ts").scanSync()) {
    for (const [, seconds = ""] of (await Bun.file(path).text()).matchAll(WAIT))
      if (Number(seconds) < WAIT_SECONDS) short.push(`${path}: ${seconds} s`);
  }
  expect(short).toEqual([]);
});
