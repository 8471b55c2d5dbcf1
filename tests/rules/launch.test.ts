// However the station is started, Bun's allocator is asked to look for pages to give back once a second.
import { expect, test } from "bun:test";
import { join } from "node:path";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");
const KEY = "MIMALLOC_PURGE_HOLES_MIN_INTERVAL";

/** What a start tells that ends at once, for want of its configuration; the allocator tells its options. */
function start(env: Record<string, string>) {
  const { [KEY]: _, ...rest } = process.env;
  const child = Bun.spawnSync([process.execPath, MAIN, "-c", "no such  file.hcl"], {
    env: { ...rest, ...env, MIMALLOC_VERBOSE: "1" },
  });
  const said = child.stderr.toString();
  const options = said.match(/option 'purge_holes_min_interval': \d+/g) ?? [];
  return { said, options, code: child.exitCode };
}

test("the program starts itself again with the option, with the same arguments and in the same process", () => {
  const { said, options, code } = start({});
  expect(options.length).toBe(2);
  expect(options.at(-1)).toBe("option 'purge_holes_min_interval': 1000");
  expect(said).toContain("no such  file.hcl");
  expect(code).toBe(78);
});

test("what the environment says of it stays", () => {
  const { options, code } = start({ [KEY]: "250" });
  expect(options).toEqual(["option 'purge_holes_min_interval': 250"]);
  expect(code).toBe(78);
});

test("what only looks at a file does not start twice", () => {
  const { [KEY]: _, ...env } = process.env;
  const command = [process.execPath, MAIN, "--check", "-c", "none.hcl"];
  const { stderr } = Bun.spawnSync(command, { env: { ...env, MIMALLOC_VERBOSE: "1" } });
  expect(stderr.toString().match(/option 'purge_holes_min_interval'/g)?.length).toBe(1);
});
