// The build on machines that are not ours: what is missing is told with the remedy, a newer compiler is no obstacle.
import { expect, test } from "bun:test";
import { copyFile, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { packageVersion, requireProgram } from "../support/programs.ts";
import { scratch } from "../support/station.ts";

const ROOT = join(import.meta.dir, "..", "..");
const CORE = join(ROOT, "core-c");

function make(folder: string, args: readonly string[], env: Record<string, string> = {}) {
  const { CI: _, MAKEFLAGS: _flags, ...rest } = process.env;
  const command = [Bun.which("make") ?? "make", "-C", folder, ...args];
  const { exitCode, stderr } = Bun.spawnSync(command, { env: { ...rest, ...env } });
  return { code: exitCode, err: stderr.toString() };
}

test("without a C compiler the build says what to install", async () => {
  await using build = await scratch();
  for (const compiler of ["no-such-compiler", "false"]) {
    const { code, err } = make(CORE, [`CC=${compiler}`, `BUILD=${build.path}`]);
    expect(code).not.toBe(0);
    expect(err).toStartWith(`Cycast needs a C compiler, and \`${compiler}\` is none: `);
    expect(err).toContain("build-essential");
    expect(err).toContain("xcode-select --install");
  }
});

const cc = requireProgram("cc");

test.skipIf(cc === null)(
  "a compiler's warning stops our own checks, and nobody's release",
  async () => {
    await using folder = await scratch();
    const header = join(folder.path, "newer.h");
    await Bun.write(header, '#warning "what a newer compiler says"\n');
    const build = join(folder.path, "build");
    const asked = [`BUILD=${build}`, `CFLAGS=-include ${header}`];
    const release = make(CORE, [...asked, join(build, "release", "abi.o")]);
    expect(release).toMatchObject({ code: 0, err: expect.stringContaining("a newer compiler") });
    const checked = make(CORE, [...asked, join(build, "checked", "abi.o")]);
    expect(checked.code).not.toBe(0);
    const inCi = make(CORE, [...asked, join(build, "release", "abi.o")], { CI: "1" });
    expect(inCi.code).not.toBe(0);
  },
);

/** A folder of programs, as a PATH that has no others. */
async function programs(folder: string, names: readonly string[]): Promise<string> {
  await mkdir(folder);
  for (const name of names) await symlink(Bun.which(name) ?? name, join(folder, name));
  return folder;
}

test("without Bun and npm the build says where they are to be had", async () => {
  await using folder = await scratch();
  for (const file of ["Makefile", "package.json", "bun.lock"])
    await copyFile(join(ROOT, file), join(folder.path, file));
  const names = ["sh", "sed", "uname", "sort", "find"];
  const PATH = await programs(join(folder.path, "bin"), names);
  const { code, err } = make(folder.path, ["check"], { PATH });
  expect(code).not.toBe(0);
  expect(err).toContain("Cycast needs Bun ");
  expect(err).toContain("finds none: install it from https://bun.sh");
});

test("without Debian's tools the tests run, and do not know versions", () => {
  expect(packageVersion("make", "/nowhere")).toBe("unknown");
});
