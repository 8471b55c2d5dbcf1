// A core that cannot be used is told in one sentence with its remedy: each case in a process of its own.
import { expect, test } from "bun:test";
import { suffix } from "bun:ffi";
import { join } from "node:path";
import { ABI, SYMBOLS } from "../../src/native/core.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch } from "../support/station.ts";

const ROOT = join(import.meta.dir, "..", "..");
const REMEDY = "Build it with: make build";

/** What loading the core says in a process where CYCAST_CORE is `library`. */
function load(library: string): string {
  const script = `
    const { core } = await import(process.argv.at(-1));
    try {
      console.log("ABI", core().rc_abi());
    } catch (error) {
      console.log(error.name + ": " + error.message);
    }`;
  const module = join(ROOT, "src", "native", "core.ts");
  const { stdout, stderr } = Bun.spawnSync([process.execPath, "-e", script, "--", module], {
    env: { ...process.env, CYCAST_CORE: library },
  });
  return `${stdout}${stderr}`.trim();
}

const cc = requireProgram("cc");

/** Compiles a library of one C text and says what loading it says. */
async function loadCompiled(source: string): Promise<string> {
  await using directory = await scratch();
  const library = join(directory.path, `other.${suffix}`);
  const compiler = [cc ?? "", "-shared", "-fPIC", "-x", "c", "-o", library, "-"];
  const { success, stderr } = Bun.spawnSync(compiler, { stdin: Buffer.from(source) });
  if (!success) throw new Error(stderr.toString());
  return load(library).replace(library, "LIBRARY");
}

test("a missing library is reported with the remedy", () => {
  expect(load("/nowhere/libradiocore.so")).toBe(
    `CoreLibraryError: The core library /nowhere/libradiocore.so is missing. ${REMEDY}`,
  );
});

test("an empty CYCAST_CORE names no library: the one that make built is loaded", () => {
  expect(load("")).toBe(`ABI ${ABI}`);
});

test.skipIf(cc === null)("a library of another ABI is reported with the remedy", async () => {
  const others = Object.keys(SYMBOLS).filter((name) => name !== "rc_abi");
  const source = `int rc_abi(void) { return ${ABI + 1}; }\n${others
    .map((name) => `void ${name}(void) {}`)
    .join("\n")}\n`;
  expect(await loadCompiled(source)).toBe(
    `CoreLibraryError: The core library LIBRARY has ABI ${ABI + 1}, this Cycast needs ${ABI}. ${REMEDY}`,
  );
});

test.skipIf(cc === null)(
  "a library that lacks a function is reported with the remedy",
  async () => {
    const told = await loadCompiled(`int rc_abi(void) { return ${ABI}; }\n`);
    expect(told).toStartWith("CoreLibraryError: The core library LIBRARY cannot be loaded (");
    expect(told).toEndWith(`). ${REMEDY}`);
  },
);

test("a file that is no library is reported with the remedy", () => {
  const told = load(join(ROOT, "package.json"));
  expect(told).toContain("cannot be loaded (");
  expect(told).toEndWith(REMEDY);
});

test("the remedy is a target of the Makefile", async () => {
  const makefile = await Bun.file(join(ROOT, "Makefile")).text();
  const target = REMEDY.slice(REMEDY.lastIndexOf(" ") + 1);
  expect(makefile).toMatch(new RegExp(`^${target}:`, "m"));
});
