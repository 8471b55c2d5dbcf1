// A library of a hundred thousand names: a thread of its own goes through it, the station's loop turns on meanwhile.
import { expect, test } from "bun:test";
import { linkSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Disks } from "../../src/disk/disks.ts";
import { createLog } from "../../src/lib/log.ts";
import { startDiskThread } from "../../src/library/start-thread.ts";
import { Playlist } from "../../src/input/playlist/playlist.ts";
import { testMount } from "../support/config.ts";
import { scratch } from "../support/station.ts";

const FOLDERS = 100;
const FILES = 1000;

async function fill(home: string): Promise<void> {
  for (let folder = 0; folder < FOLDERS; folder++) {
    const path = join(home, `${folder}`);
    await mkdir(path);
    const name = (i: number) => join(path, `Ünïcode track ${i}.mp3`);
    await Bun.write(name(0), "");
    // A link costs less than a file.
    for (let i = 1; i < FILES; i++) linkSync(name(0), name(i));
  }
}

test("a hundred thousand names cost the loop an answer's time, and others read in between", async () => {
  await using home = await scratch();
  await fill(home.path);
  const log = createLog(() => undefined);
  const disks = new Disks(startDiskThread);
  const disk = disks.at(home.path, "the library", log);
  const config = { ...testMount().playlist, directory: home.path, shuffle: true };
  const playlist = new Playlist(config, log, disk, "/huge");
  const other = disks.at(home.path, "another mount's", log);
  let isLooking = true;
  const looking = playlist.look().finally(() => (isLooking = false));
  let reads = 0;
  for (; isLooking; reads++) {
    const file = await other.open(join(home.path, "0", "Ünïcode track 0.mp3"));
    await file.close();
  }
  await looking;
  playlist.close();
  disks.close();
  expect(playlist.count).toBe(FOLDERS * FILES);
  expect(reads).toBeGreaterThan(1);
  expect(playlist.upcoming(1000).length).toBeLessThan(100);
}, 60_000);
