// `--check` names music that only ffmpeg can read, once per mount, and only where ffmpeg is missing.
import { expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseConfig } from "../../src/config/load-config.ts";
import { checkFfmpeg } from "../../src/convert/check-ffmpeg.ts";
import { scratch } from "../support/station.ts";

async function configOf(folder: string, more = "") {
  const extensions = '[".mp3", ".m4a", ".WMA"]';
  return parseConfig(
    join(folder, "config.hcl"),
    `playlist {\n  extensions = ${extensions}\n${more}}\n`,
    {},
  );
}

test("files of AAC and WMA without ffmpeg are one sentence", async () => {
  await using folder = await scratch();
  await mkdir(join(folder.path, "music", "sub"), { recursive: true });
  for (const name of ["a.mp3", "b.M4A", "sub/c.wma", "sub/d.ape"])
    await Bun.write(join(folder.path, "music", name), "x");
  const config = await configOf(folder.path);
  expect(checkFfmpeg(config, null)).toEqual([
    "the playlist of /stream has files that only ffmpeg can read (.m4a, .wma): install ffmpeg",
  ]);
  expect(checkFfmpeg(config, "/usr/bin/ffmpeg")).toEqual([]);
});

test("music that is decoded by what is built in needs no program", async () => {
  await using folder = await scratch();
  await mkdir(join(folder.path, "music"));
  await Bun.write(join(folder.path, "music", "a.mp3"), "x");
  expect(checkFfmpeg(await configOf(folder.path), null)).toEqual([]);
});

test("a format that only ffmpeg can make is named", async () => {
  await using folder = await scratch();
  await mkdir(join(folder.path, "music"));
  const config = await configOf(folder.path, '  format = "opus"\n');
  expect(checkFfmpeg(config, null)).toEqual([
    'playlist.format of /stream is "opus", to which only ffmpeg can convert other files: install ffmpeg',
  ]);
  expect(checkFfmpeg(config, "/usr/bin/ffmpeg")).toEqual([]);
});
