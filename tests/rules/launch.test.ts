// Every way to start the station asks the same of Bun's allocator.
import { expect, test } from "bun:test";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..", "..");
const KEY = "MIMALLOC_PURGE_HOLES_MIN_INTERVAL";

test("the allocator gives pages back once a second however the station is started", async () => {
  for (const file of ["Makefile", "packaging/cycast.service", "packaging/Dockerfile"]) {
    const text = await Bun.file(join(ROOT, file)).text();
    expect({ file, asked: /MIN_INTERVAL *:?= *(\d+)/.exec(text)?.[1] }).toEqual({
      file,
      asked: "1000",
    });
  }
});

test("`bun run start` asks it, and the pinned Bun's allocator knows the word", () => {
  const { [KEY]: _, ...env } = process.env;
  const child = Bun.spawnSync([process.execPath, "run", "start", "--version"], {
    cwd: ROOT,
    env: { ...env, MIMALLOC_VERBOSE: "1" },
  });
  // Before the station is the process that runs the script, which tells its own.
  const options = child.stderr.toString().match(/option 'purge_holes_min_interval': \d+/g) ?? [];
  expect(options.at(-1)).toBe("option 'purge_holes_min_interval': 1000");
});
