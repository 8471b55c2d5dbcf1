// What --init writes: the shipped reference, valid, with passwords of its own, and never over anything.
import { expect, test } from "bun:test";
import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { FirstConfigError, freshConfig, writeFirstConfig } from "../../src/config/first-config.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { scratch } from "../support/station.ts";

const reference = await Bun.file(join(import.meta.dir, "..", "..", "config.hcl")).text();

test("only the two passwords and the program's name differ from the reference, mounts to copy included", () => {
  const lines = reference.split("\n");
  const drawn = ["source-one", "admin-two"];
  const fresh = freshConfig(reference, "./cycast", () => drawn.shift() ?? "").split("\n");
  const changed = fresh.filter((line, index) => line !== lines[index]);
  expect(fresh.length).toBe(lines.length);
  expect(changed).toEqual([
    expect.stringContaining("`./cycast --check`"),
    '  source_password = "source-one"',
    '  admin_password = "admin-two"',
  ]);
});

test("what is written is a valid configuration whose passwords nobody else has", async () => {
  await using one = await scratch();
  await using other = await scratch();
  const configs = [];
  for (const { path } of [one, other]) {
    expect(await writeFirstConfig(path, "cycast")).toBe(3);
    configs.push(await loadConfig(join(path, "config.hcl"), {}));
  }
  const secrets = configs.flatMap(({ server, mounts }) => [
    server.admin?.password.reveal() ?? "",
    mounts[0].sourcePassword.reveal(),
  ]);
  expect(new Set(secrets).size).toBe(4);
  for (const secret of secrets) expect(secret).toMatch(/^[\w-]{22}$/);
});

test("its owner alone may read it, and the music folder has tracks only", async () => {
  await using folder = await scratch();
  await writeFirstConfig(folder.path, "cycast");
  expect((await stat(join(folder.path, "config.hcl"))).mode & 0o777).toBe(0o600);
  const names = await readdir(join(folder.path, "music"));
  expect(names.every((name) => name.endsWith(".mp3"))).toBe(true);
});

test("a config.hcl that is there stays as it is", async () => {
  await using folder = await scratch();
  await Bun.write(join(folder.path, "config.hcl"), "server {}\n");
  const refused = expect(writeFirstConfig(folder.path, "cycast")).rejects;
  await refused.toBeInstanceOf(FirstConfigError);
  expect(await Bun.file(join(folder.path, "config.hcl")).text()).toBe("server {}\n");
  expect(await readdir(folder.path)).toEqual(["config.hcl"]);
});

test("a music folder that is there gets nothing", async () => {
  await using folder = await scratch();
  await mkdir(join(folder.path, "music"));
  expect(await writeFirstConfig(folder.path, "cycast")).toBe(0);
  expect(await readdir(join(folder.path, "music"))).toEqual([]);
});

test("a folder that cannot be written to is one sentence", async () => {
  const refused = expect(writeFirstConfig("/nowhere/at/all", "cycast")).rejects;
  await refused.toThrow("Cannot write config.hcl here (ENOENT).");
});
