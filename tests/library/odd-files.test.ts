// Files that are no tracks, or tracks with something odd around them: each is named once with its reason, the others play.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { createLog } from "../../src/lib/log.ts";
import { Playlist } from "../../src/input/playlist/playlist.ts";
import { concat, id3v2, mpegFrames } from "../format/mpeg-builder.ts";
import { coverFrame, id3Tag, textFrame } from "../input/playlist/tag-builder.ts";
import { testMount } from "../support/config.ts";
import { testDisk } from "../support/disk.ts";
import { scratch, workedMs } from "../support/station.ts";

const AUDIO = concat(...mpegFrames(200));
const MIB = 1 << 20;

let home: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  home = await scratch();
});
afterAll(() => home[Symbol.asyncDispose]());

/** A file of 4 GB that takes no space. */
async function writeSparse(path: string, head: Uint8Array = new Uint8Array(0)): Promise<void> {
  await writeFile(path, head);
  await truncate(path, 4 * 2 ** 30);
}

async function fill(folder: string): Promise<void> {
  const put = (name: string, ...parts: Uint8Array[]) =>
    writeFile(join(folder, name), concat(...parts));
  await put("good.mp3", AUDIO);
  await put("empty.mp3");
  await put("text.mp3", Buffer.from("This is a note, and no music at all.\n".repeat(100)));
  await put("noise.mp3", new Uint8Array(100_000));
  await put("cut off.mp3", AUDIO.subarray(0, AUDIO.length - 200));
  await put("large cover.mp3", id3Tag(3, [coverFrame(3, 50 * MIB)]), AUDIO);
  const lyrics = textFrame(3, "USLT", "la ".repeat(3_500_000));
  await put("large tag.mp3", id3Tag(3, [lyrics, textFrame(3, "TIT2", "Behind lyrics")]), AUDIO);
  await put("many tags.mp3", ...Array.from({ length: 40 }, () => id3v2(300)), AUDIO);
  await put(
    "false size.mp3",
    id3v2(300),
    AUDIO.subarray(0, 5000),
    id3v2(200 * MIB).subarray(0, 10),
  );
  await mkdir(join(folder, "folder.mp3"));
  await put("folder.mp3/inside.mp3", AUDIO);
  await symlink("/dev/zero", join(folder, "device.mp3"));
  await symlink("nowhere", join(folder, "dangling.mp3"));
  await symlink("circle.mp3", join(folder, "circle.mp3"));
  Bun.spawnSync(["mkfifo", join(folder, "pipe.mp3")]);
  await writeSparse(join(folder, "sparse.mp3"));
  await writeSparse(join(folder, "long.mp3"), AUDIO);
}

test("what is odd is named with its reason, and what is music plays", async () => {
  await fill(home.path);
  const lines: string[] = [];
  const log = createLog((level, text) => void lines.push(`${level} ${text}`));
  const { playlist: config } = testMount({ playlist: { directory: home.path } });
  const playlist = new Playlist(config, log, testDisk());
  const startMs = workedMs();
  await playlist.look();
  const played = new Set<string>();
  for (let i = 0; i < 20; i++) {
    const chosen = await playlist.next();
    if (chosen !== null) played.add(relative(home.path, chosen.path));
  }
  expect([...played].toSorted()).toEqual([
    "cut off.mp3",
    "false size.mp3",
    "folder.mp3/inside.mp3",
    "good.mp3",
    "large cover.mp3",
    "large tag.mp3",
    "long.mp3",
    "many tags.mp3",
  ]);
  expect(lines).toEqual([
    "warn circle.mp3 is skipped: it cannot be read (ELOOP)",
    "warn dangling.mp3 is skipped: it cannot be read (ENOENT)",
    "warn 2 files are skipped: they are not a file (device.mp3, pipe.mp3)",
    "warn empty.mp3 is skipped: it is empty",
    "warn 2 files are skipped: they have no playable audio (noise.mp3, sparse.mp3)",
    "warn text.mp3 is skipped: it is text, which is not supported",
  ]);
  // Reading 50 MB of cover, 10 MB of lyrics or 4 GB of nothing would take seconds.
  expect(workedMs() - startMs).toBeLessThan(1000);
  playlist.close();
});
