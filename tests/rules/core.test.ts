// The core's pure files do no more than compute, and no file of the core has state of its own.
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { basename, join } from "node:path";
import { requireLinux, requireProgram } from "../support/programs.ts";
import { scratch } from "../support/station.ts";

const CORE = join(import.meta.dir, "..", "..", "core-c");

/** What a compiler may call on its own behalf, and memory: nothing that asks the operating system. */
const ALLOWED = ["calloc", "free", "malloc", "memcmp", "memcpy", "memmove", "memset"];

/** The entries of core-c/host/ that pure files call: pages mapped twice, and one write per listener. */
const HOST_ENTRIES = [
  "mirror_map",
  "mirror_round",
  "mirror_unmap",
  "pages_free",
  "pages_take",
  "send_wire",
];

const HEADERS = /^#include <(?!(?:assert|math|std(?:bool|def|int|lib)|string)\.h>).*$/gm;

/** Neither hardening nor a sanitizer adds symbols. */
const FLAGS = ["-std=c11", "-O2", "-fPIC", "-fno-stack-protector", "-U_FORTIFY_SOURCE", "-I."];

const tools = { cc: requireProgram("cc"), nm: requireProgram("nm") };
const isSkipped =
  tools.cc === null || tools.nm === null || !requireLinux("looking at the core's symbols");

interface Symbols {
  readonly defined: string[];
  readonly undefined: string[];
  /** Statics that can change. */
  readonly mutable: string[];
}

function run(program: string | null, args: readonly string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([program ?? "", ...args], { cwd: CORE });
  if (exitCode !== 0) throw new Error(stderr.toString());
  return stdout.toString();
}

function symbolsOf(source: string, folder: string): Symbols {
  const object = join(folder, `${basename(source)}.o`);
  run(tools.cc, [...FLAGS, "-c", "-o", object, source]);
  const lines = run(tools.nm, ["-P", object]).trim().split("\n");
  const named = (types: RegExp) =>
    lines
      .map((line) => line.split(" "))
      .filter(([, type = ""]) => types.test(type))
      .map(([name = ""]) => name);
  return {
    defined: named(/^[TtRrDdBb]$/),
    undefined: named(/^[Uw]$/).filter((name) => name !== "_GLOBAL_OFFSET_TABLE_"),
    mutable: named(/^[DdBbCcSsGg]$/),
  };
}

// On a machine that does much else, what starts many programs or stations takes its time.
setDefaultTimeout(120_000);

const filesOf = (pattern: string) => [...new Bun.Glob(pattern).scanSync(CORE)].toSorted();
const pure = filesOf("*.c");
const host = filesOf("host/*.c");

describe("the core", () => {
  test.skipIf(isSkipped)("calls the system in the files of host/ only", async () => {
    await using folder = await scratch();
    const symbols = pure.map((file) => symbolsOf(file, folder.path));
    const known = new Set([...ALLOWED, ...HOST_ENTRIES, ...symbols.flatMap((s) => s.defined)]);
    expect(symbols.flatMap((s) => s.undefined).filter((name) => !known.has(name))).toEqual([]);
  });

  test.skipIf(isSkipped)("has no state but what it is handed", async () => {
    await using folder = await scratch();
    const mutable = [...pure, ...host].flatMap((file) =>
      symbolsOf(file, folder.path).mutable.map((name) => `${file}: ${name}`),
    );
    expect(mutable).toEqual([]);
  });

  test("includes the system's headers in host/ only", async () => {
    const found = filesOf("*.[ch]").map((file) => Bun.file(join(CORE, file)).text());
    expect((await Promise.all(found)).flatMap((text) => text.match(HEADERS) ?? [])).toEqual([]);
    expect("#include <sys/socket.h>\n".match(HEADERS)).not.toBeNull();
  });

  test.skipIf(isSkipped)("and these rules see a system call and a static", async () => {
    await using folder = await scratch();
    const source = join(folder.path, "guilty.c");
    await Bun.write(
      source,
      `#include <unistd.h>
static int calls;
static long pids[2] = {1};
static const int LIMIT = 7;
int next(void) { pids[calls & 1] = getpid(); return calls++ + LIMIT; }
long last(int i) { return pids[i]; }
`,
    );
    const { undefined: unknown, mutable } = symbolsOf(source, folder.path);
    expect(unknown).toEqual(["getpid"]);
    expect(mutable.toSorted()).toEqual(["calls", "pids"]);
  });
});
