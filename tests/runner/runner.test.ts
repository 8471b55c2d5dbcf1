// Made-up test files, each good or bad in its own way, and what the runner makes of them.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digest } from "./digest.ts";
import { AT_ONCE, inLanes, LONGEST } from "./lanes.ts";

const RUNNER = join(import.meta.dir, "run.ts");

/** True in the first run of a file, false in each later one. */
const FIRST_RUN = `const marker = import.meta.path + ".ran";
const isFirst = !await Bun.file(marker).exists();
await Bun.write(marker, "");`;

const LATE_ERROR = `await new Promise((done) => {
  setTimeout(() => { done(); throw new Error("from a timer"); }, 1);
});`;

const FILES: Readonly<Record<string, string>> = {
  "green.test.ts": `test("is green", () => {});`,
  "failing.test.ts": `test("is wrong", () => { expect("this").toBe("that"); });`,
  "second-attempt.test.ts": `let attempts = 0;
test("is late", () => { expect(++attempts).toBe(2); });`,
  "skipping.test.ts": `console.warn("skipped: there is no sun");
test.skip("needs the sun", () => {});`,
  "error-once.test.ts": `${FIRST_RUN}
if (isFirst) ${LATE_ERROR}
test("is fine", () => {});`,
  "error-always.test.ts": `${LATE_ERROR}
test("is fine", () => {});`,
  "goes-on.test.ts": `${FIRST_RUN}
let attempts = 0;
test("is ended by its limit, and goes on", async () => {
  if (!isFirst || attempts++ > 0) return;
  await Bun.sleep(100);
  throw new Error("long after its end");
}, 50);
test("another", async () => { if (isFirst) await Bun.sleep(300); });`,
  "throws.test.ts": `test("never runs", () => {});
throw new Error("while it loads");`,
  "hook-once.test.ts": `${FIRST_RUN}
describe("a group", () => {
  beforeAll(() => { if (isFirst) throw new Error("in a hook"); });
  test("needs its hook", () => {});
});`,
  "hook-always.test.ts": `afterAll(async () => { throw new Error("in each hook"); });
test("is fine", () => {});`,
  "crash-once.test.ts": `${FIRST_RUN}
test("dies", () => { if (isFirst) process.kill(process.pid, "SIGSEGV"); });`,
  "crash-always.test.ts": `test("dies", () => { process.kill(process.pid, "SIGSEGV"); });`,
  "exit.test.ts": `test("leaves", () => { process.exit(0); });
test("never runs", () => {});`,
};

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cycast-runner-"));
  mkdirSync(join(folder, "tests"));
  const imports = `import { afterAll, beforeAll, describe, expect, test } from "bun:test";\n`;
  for (const [name, text] of Object.entries(FILES)) {
    writeFileSync(join(folder, "tests", name), imports + text);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs those of the files; `ci` as on the machine that judges. */
function run(names: readonly string[], ci = true) {
  for (const name of names) rmSync(join(folder, "tests", `${name}.ran`), { force: true });
  const { stdout, exitCode } = Bun.spawnSync([process.execPath, RUNNER, ...names], {
    cwd: folder,
    env: { ...process.env, CI: ci ? "1" : "" },
    stderr: "inherit",
  });
  const output = stdout.toString();
  const runs = (name: string) => output.split(`tests/${name}:\n`).length - 1;
  return { exitCode, output, end: output.trimEnd().split("\n").slice(-62).join("\n"), runs };
}

describe("in CI", () => {
  test("good files pass", () => {
    const { exitCode, end } = run(["green.test.ts"]);
    expect({ exitCode, end }).toEqual({
      exitCode: 0,
      end: expect.stringMatching(/\nRan 1 tests across 1 files\. \[\d+ s\]$/),
    });
    expect(end).not.toMatch(/unsteady|failed/);
  });

  test("a failed test fails, with its reason at the end, and its file runs once more", () => {
    const { exitCode, end, runs } = run(["green.test.ts", "failing.test.ts"]);
    expect(exitCode).toBe(1);
    expect(end).toContain("failed: tests/failing.test.ts\n");
    expect(end).toContain("(fail) is wrong (attempt 3)");
    expect(end).toContain(`Expected: "that"`);
    expect(runs("failing.test.ts")).toBe(2);
  });

  test("a test that passes in a further attempt is named", () => {
    const { exitCode, end } = run(["second-attempt.test.ts"]);
    expect(exitCode).toBe(0);
    expect(end).toContain("unsteady: tests/second-attempt.test.ts (pass) is late (attempt 2)");
  });

  test("a test that is skipped is named, with the reason that it gives", () => {
    const { exitCode, end } = run(["skipping.test.ts"]);
    expect(exitCode).toBe(0);
    expect(end).toContain("not run: tests/skipping.test.ts skipped: there is no sun\n");
    expect(end).toContain("not run: tests/skipping.test.ts (skip) needs the sun\n");
  });

  const CURED: [string, string][] = [
    ["error-once.test.ts", "# Unhandled error between tests"],
    ["goes-on.test.ts", "error: long after its end"],
    ["hook-once.test.ts", "(fail) a group > (unnamed)"],
    ["crash-once.test.ts", "crashed: SIGSEGV"],
  ];
  test.each(CURED)("%s passes in its second run, and is named with the reason", (name, reason) => {
    const { exitCode, end, runs } = run([name, "green.test.ts"]);
    expect(exitCode).toBe(0);
    expect(end).toContain(`unsteady: tests/${name} passed in a second run\n`);
    expect(end).toContain(reason);
    expect(runs(name)).toBe(2);
    expect(runs("green.test.ts")).toBe(1);
  });

  const INCURABLE: [string, string][] = [
    ["error-always.test.ts", "error: from a timer"],
    ["throws.test.ts", "error: while it loads"],
    ["hook-always.test.ts", "error: in each hook"],
    ["crash-always.test.ts", "crashed: SIGSEGV"],
    ["exit.test.ts", "left its process: exit code 0"],
  ];
  test.each(INCURABLE)("%s fails in its second run, and that is the last", (name, reason) => {
    const { exitCode, end, runs } = run([name, "green.test.ts"]);
    expect(exitCode).toBe(1);
    expect(end).toContain(`failed: tests/${name}\n`);
    expect(end).toContain(reason);
    expect(end).not.toContain("unsteady");
    expect(runs(name)).toBe(2);
  });
});

test("elsewhere nothing gets a second chance", () => {
  const { exitCode, output, runs } = run(
    ["second-attempt.test.ts", "error-once.test.ts", "hook-once.test.ts"],
    false,
  );
  expect(exitCode).toBe(1);
  for (const name of ["second-attempt", "error-once", "hook-once"]) {
    expect(output).toContain(`failed: tests/${name}.test.ts\n`);
  }
  expect(runs("error-once.test.ts")).toBe(1);
  expect(runs("hook-once.test.ts")).toBe(1);
});

test("the end has at most 60 lines and the totals, however much failed", () => {
  const output = Array.from({ length: 50 }, (_, at) => `(fail) test ${at}`).join("\n");
  const runs = [1, 2, 3, 4, 5, 6].map((at) => ({
    file: `tests/${at}.test.ts`,
    output,
    passed: false,
    crash: null,
  }));
  const lines = digest({ last: runs, first: [] }, 1000);
  expect(lines).toHaveLength(62);
  expect(lines.at(-3)).toBe("... and 31 more lines");
});

describe("files at once", () => {
  const some = (folder: string) => [1, 2, 3, 4].map((at) => `tests/${folder}/${at}.test.ts`);
  const isWaiting = (file: string) => file.includes("/e2e/");

  /** What runs at each begin of a file. Each ends after so many turns as `turns` says. */
  async function laned(files: readonly string[], turns: (file: string) => number) {
    const running = new Set<string>();
    const seen: string[][] = [];
    await inLanes(files, async (file) => {
      running.add(file);
      seen.push([...running]);
      for (let i = 0; i < turns(file); i++) await Promise.resolve();
      running.delete(file);
    });
    return seen;
  }

  test("are one that waits and one that works; a lane without its own kind helps out", async () => {
    const long = await laned([...some("e2e"), ...some("http")], (file) =>
      isWaiting(file) ? 20 : 5,
    );
    const most = Math.max(...long.map((running) => running.length));
    expect(most).toBe(AT_ONCE.waiting + AT_ONCE.working);
    const first = long.filter((running) => running.some((file) => !isWaiting(file)));
    const waiting = first.map((running) => running.filter(isWaiting).length);
    expect(Math.max(...waiting)).toBe(AT_ONCE.waiting);
    expect(long.at(-1)?.length).toBe(most);
    expect(new Set(long.flat()).size).toBe(8);
  });

  test("are the longest first, each of which there is", async () => {
    const begun = async (files: readonly string[]) =>
      (await laned(files, () => 1)).map((running) => running.at(-1) ?? "");
    const browser = LONGEST.filter((file) => file.includes("/browser/"));
    expect(await begun([...some("browser"), ...browser])).toEqual([...browser, ...some("browser")]);
    for (const file of LONGEST) expect(await Bun.file(file).exists(), file).toBe(true);
  });
});

test("no files at all are a failure", () => {
  expect(run(["no-such-file"]).exitCode).toBe(1);
});
