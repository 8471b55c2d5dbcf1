// What a valid configuration names is looked for: folders that may be read, a file that may be written.
import { expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { checkFolders } from "../../src/config/check-folders.ts";
import { parseConfig } from "../../src/config/load-config.ts";
import { scratch } from "../support/station.ts";

async function check(folder: string, accessLog: string): Promise<string[]> {
  const text = `advanced {\n  access_log = "${accessLog}"\n}\n`;
  return checkFolders(await parseConfig(join(folder, "config.hcl"), text, {}));
}

test("folders that are there and an access log that can be made are fine, and nothing is written", async () => {
  await using folder = await scratch();
  await mkdir(join(folder.path, "music"));
  expect(await check(folder.path, "access.log")).toEqual([]);
  expect(await Bun.file(join(folder.path, "access.log")).exists()).toBe(false);
  await Bun.write(join(folder.path, "access.log"), "a line\n");
  expect(await check(folder.path, "access.log")).toEqual([]);
});

test("an access log that is a folder cannot be written", async () => {
  await using folder = await scratch();
  await mkdir(join(folder.path, "music"));
  const path = join(folder.path, "music");
  expect(await check(folder.path, "music")).toEqual([
    `the access log ${path} cannot be written: this is a folder`,
  ]);
});

test("a folder for recordings need not be there, but something else must not be in its place", async () => {
  await using folder = await scratch();
  await mkdir(join(folder.path, "music"));
  await Bun.write(join(folder.path, "taken"), "");
  const text = (directory: string) => `recording "shows" { directory = "${directory}" }`;
  const problems = async (directory: string) =>
    checkFolders(await parseConfig(join(folder.path, "config.hcl"), text(directory), {}));
  expect(await problems("a/b/c")).toEqual([]);
  expect(await problems("music")).toEqual([]);
  expect(await problems("taken")).toEqual([
    `the recordings folder ${join(folder.path, "taken")} cannot be written: not a folder`,
  ]);
});
