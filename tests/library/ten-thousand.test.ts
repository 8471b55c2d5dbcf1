// A library of ten thousand tracks: the first one plays long before all are known, and knowing them takes little memory.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Disks } from "../../src/disk/disks.ts";
import { createLog } from "../../src/lib/log.ts";
import { startDiskThread } from "../../src/library/start-thread.ts";
import { Playlist } from "../../src/input/playlist/playlist.ts";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { id3Tag, textFrame } from "../input/playlist/tag-builder.ts";
import { testMount } from "../support/config.ts";
import { scratch } from "../support/station.ts";

const FILES = 10_000;
const PER_FOLDER = 100;

/** Measured: 37. Keeping a few kilobytes a file would double it. */
const MOST_MB = 75;

/** Measured: 16. With the garbage of the scan it is 26. */
const MOST_HEAP_MB = 20;

let home: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  home = await scratch();
  const frames = mpegFrames(40, { bitrate: 64, payload: "zero" });
  for (let i = 0; i < FILES; i++) {
    const folder = join(home.path, `Album ${Math.floor(i / PER_FOLDER)}`);
    if (i % PER_FOLDER === 0) mkdirSync(folder);
    const texts = { TIT2: `Title of track ${i}`, TPE1: `Artist ${i % 500}`, TALB: folder };
    const fields = Object.entries(texts).map(([id, text]) => textFrame(3, id, text));
    // Each with audio of its own.
    frames[0]?.set([i >> 8, i & 255], 100);
    writeFileSync(join(folder, `${i}.mp3`), concat(id3Tag(3, fields), ...frames));
  }
});
afterAll(() => home[Symbol.asyncDispose]());

test("the first track is there while most of the files are unknown", async () => {
  const log = createLog(() => undefined);
  const disks = new Disks(startDiskThread);
  const config = { ...testMount().playlist, directory: home.path, shuffle: true };
  const playlist = new Playlist(config, log, disks.at(home.path, "the music", log), "/stream");
  await playlist.look();
  expect(await playlist.next()).not.toBeNull();
  const { files, measured } = playlist.state.progress;
  expect(files).toBe(FILES);
  expect(measured).toBeLessThan(FILES / 2);
  playlist.close();
  disks.close();
});

test("a thread takes little memory to know all of them", async () => {
  const command = [process.execPath, "--smol", join(import.meta.dir, "scan-memory.ts"), home.path];
  const scan = Bun.spawn(command, { stdio: ["ignore", "pipe", "inherit"] });
  const { measured, grownMB, heapGrownMB } = JSON.parse(await new Response(scan.stdout).text());
  expect(measured).toBe(FILES);
  expect(grownMB).toBeLessThan(MOST_MB);
  expect(heapGrownMB).toBeLessThan(MOST_HEAP_MB);
}, 180_000);
