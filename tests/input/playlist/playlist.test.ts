// The files of a playlist directory as they are: what appears, vanishes, breaks and is mended is noticed at the next look.
import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import { chmod, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { systemClock } from "../../../src/lib/clock.ts";
import { createLog } from "../../../src/lib/log.ts";
import { Playlist } from "../../../src/input/playlist/playlist.ts";
import { PlaylistNews } from "../../../src/input/playlist/playlist-news.ts";
import { type LibraryState, NO_STATE } from "../../../src/library/state.ts";
import { MAX_UNREADABLE, Walk } from "../../../src/library/walk.ts";
import { concat, mpegFrames } from "../../format/mpeg-builder.ts";
import { testMount } from "../../support/config.ts";
import { testDisk } from "../../support/disk.ts";

const AUDIO = concat(...mpegFrames(3));

let music: string;
beforeEach(async () => {
  music = await mkdtemp(join(tmpdir(), "cycast-playlist-"));
});
afterEach(() => rm(music, { recursive: true, force: true }));

async function put(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(music, name, ".."), { recursive: true });
    await writeFile(join(music, name), AUDIO);
  }
}

function open(config: Partial<ConstructorParameters<typeof Playlist>[0]> = {}) {
  const lines: string[] = [];
  const log = createLog((level, text) => void lines.push(`${level} ${text}`));
  const playlist = new Playlist(
    { ...testMount().playlist, directory: music, ...config },
    log,
    testDisk(() => 0.5),
  );
  return { playlist, lines };
}

/** The log lines for one state after another. */
function reported(...states: Partial<LibraryState>[]): string[] {
  const lines: string[] = [];
  const log = createLog((level, text) => void lines.push(`${level} ${text}`));
  const news = new PlaylistNews(open().playlist.config, log);
  for (const state of states) news.report({ ...NO_STATE, ...state });
  return lines;
}

/** Looks, and takes this many. */
async function take(playlist: Playlist, count: number): Promise<(string | null)[]> {
  await playlist.look();
  const taken = [];
  for (let i = 0; i < count; i++) {
    const chosen = await playlist.next();
    taken.push(chosen === null ? null : relative(music, chosen.path));
  }
  return taken;
}

describe("a playlist", () => {
  test("plays the files with its extensions by name, those in folders included", async () => {
    await put("10.mp3", "9.mp3", "b/1.MP3", "notes.txt", "cover.jpg", "mp3");
    const { playlist } = open();
    expect(await take(playlist, 4)).toEqual(["9.mp3", "10.mp3", "b/1.MP3", "9.mp3"]);
    expect(playlist.count).toBe(3);
  });

  test("leaves hidden files and folders alone", async () => {
    await put(".hidden.mp3", ".trash/1.mp3", "._1.mp3", "1.mp3");
    expect(await take(open().playlist, 2)).toEqual(["1.mp3", "1.mp3"]);
  });

  test("shuffles if configured, each file once before any is repeated", async () => {
    const names = Array.from({ length: 9 }, (_, i) => `${i}.mp3`);
    await put(...names);
    const { playlist } = open({ shuffle: true });
    const taken = await take(playlist, 9);
    expect(taken).not.toEqual(names);
    expect(taken.sort()).toEqual(names);
  });

  test("that is empty gives nothing, and something when it is there", async () => {
    const { playlist } = open();
    expect(await take(playlist, 1)).toEqual([null]);
    await put("1.mp3");
    expect(await take(playlist, 1)).toEqual(["1.mp3"]);
  });

  test("notices what appears, vanishes and is renamed", async () => {
    await put("1.mp3", "3.mp3", "5.mp3");
    const { playlist } = open();
    expect(await take(playlist, 1)).toEqual(["1.mp3"]);
    await put("2.mp3");
    await rename(join(music, "3.mp3"), join(music, "4.mp3"));
    expect(await take(playlist, 4)).toEqual(["2.mp3", "4.mp3", "5.mp3", "1.mp3"]);
    await rm(join(music, "2.mp3"));
    expect(await take(playlist, 3)).toEqual(["4.mp3", "5.mp3", "1.mp3"]);
    expect(playlist.count).toBe(3);
  });

  test("follows links to files and folders, and enters each folder once", async () => {
    await put("a/1.mp3", "../outside-of-it/2.mp3");
    await symlink(music, join(music, "a", "up"));
    await symlink(join(music, "a"), join(music, "b"));
    await symlink(join(music, "..", "outside-of-it"), join(music, "c"));
    await symlink(join(music, "a", "1.mp3"), join(music, "d.mp3"));
    const taken = await take(open().playlist, 3);
    await rm(join(music, "..", "outside-of-it"), { recursive: true });
    expect(taken[0]).toMatch(/^[ab]\/1\.mp3$/);
    expect(taken.slice(1)).toEqual(["c/2.mp3", "d.mp3"]);
  });
});

test("files with other endings are named with their counts, what lies beside music is not", async () => {
  await put("1.mp3", "2.m4a", "3.M4A", "4.wav", "cover.jpg", "notes.txt", "README");
  const { playlist, lines } = open();
  await take(playlist, 1);
  expect(Object.fromEntries(playlist.passedOver)).toEqual({ ".m4a": 2, ".wav": 1 });
  expect(lines.length).toBe(1);
  expect(lines[0]).toMatch(/^info files with other endings are passed over \(.*2 \.m4a/);
  await take(playlist, 1);
  expect(lines.length).toBe(1);
});

describe("a file that was rejected", () => {
  test("is left out with one log line, under its name in the directory", async () => {
    await put("a/1.mp3", "a/2.mp3");
    const { playlist, lines } = open();
    expect(await take(playlist, 1)).toEqual(["a/1.mp3"]);
    playlist.reject("it is broken");
    expect(playlist.count).toBe(1);
    expect(await take(playlist, 2)).toEqual(["a/2.mp3", "a/2.mp3"]);
    expect(lines).toEqual(["warn a/1.mp3 is skipped: it is broken"]);
  });

  test.each<[string, (path: string) => Promise<void>]>([
    ["its content changes", (path) => writeFile(path, concat(...mpegFrames(4)))],
    ["its time changes", (path) => utimes(path, 1, 1)],
    ["its rights change", (path) => chmod(path, 0o600)],
    [
      "another file takes its name",
      async (path) => {
        await writeFile(`${path}.new`, AUDIO);
        await rename(`${path}.new`, path);
      },
    ],
  ])("gets a new try when %s", async (_, change) => {
    await put("1.mp3");
    const { playlist } = open();
    await take(playlist, 1);
    playlist.reject("it is broken");
    expect(await take(playlist, 1)).toEqual([null]);
    // The clock of the file system ticks in milliseconds.
    await Bun.sleep(10);
    await change(join(music, "1.mp3"));
    expect(await take(playlist, 1)).toEqual(["1.mp3"]);
    expect(playlist.count).toBe(1);
  });

  test("in a version that is no longer there does not condemn the new one", async () => {
    await put("1.mp3");
    const { playlist } = open();
    await take(playlist, 1);
    await writeFile(join(music, "1.mp3"), concat(...mpegFrames(5)));
    playlist.reject("it was broken");
    expect(await take(playlist, 1)).toEqual(["1.mp3"]);
  });

  test("gets a new try when it was gone in between", async () => {
    await put("1.mp3");
    const { playlist } = open();
    await take(playlist, 1);
    await rm(join(music, "1.mp3"));
    playlist.reject("it cannot be read (ENOENT)");
    expect(await take(playlist, 1)).toEqual([null]);
    await put("1.mp3");
    expect(await take(playlist, 1)).toEqual(["1.mp3"]);
  });

  test("after it vanished is not counted as missing for ever", async () => {
    await put("1.mp3", "2.mp3");
    const { playlist } = open();
    await playlist.look();
    await rm(join(music, "1.mp3"));
    expect((await playlist.next())?.path).toBe(join(music, "2.mp3"));
    await playlist.look();
    expect(playlist.count).toBe(1);
  });

  test("only for a moment keeps its turn in the next round", async () => {
    await put("1.mp3", "2.mp3");
    const { playlist, lines } = open();
    await take(playlist, 1);
    playlist.pass("it cannot be read (EMFILE)");
    expect(await take(playlist, 2)).toEqual(["2.mp3", "1.mp3"]);
    expect(playlist.count).toBe(2);
    expect(lines).toEqual(["warn 1.mp3 is passed over: it cannot be read (EMFILE)"]);
  });
});

describe("a directory", () => {
  test("that is missing is logged once, and played when it is there", async () => {
    const { playlist, lines } = open({ directory: join(music, "later") });
    for (let i = 0; i < 3; i++) expect(await take(playlist, 1)).toEqual([null]);
    const warning = `warn the playlist directory ${join(music, "later")} cannot be read (ENOENT): no playlist plays`;
    expect(lines).toEqual([warning]);
    await put("later/1.mp3");
    expect(await take(playlist, 1)).toEqual(["later/1.mp3"]);
    expect(lines[1]).toBe(`info the playlist directory ${join(music, "later")} is there again`);
    await rm(join(music, "later"), { recursive: true });
    expect(await take(playlist, 1)).toEqual([null]);
    expect(lines.length).toBe(3);
    expect(lines[2]).toBe(warning);
  });

  test("that is a file is logged like one that is missing", async () => {
    await put("file");
    const { playlist, lines } = open({ directory: join(music, "file") });
    expect(await take(playlist, 1)).toEqual([null]);
    expect(lines[0]).toContain("(ENOTDIR)");
  });

  test("with an unreadable folder is logged once, and the rest is played", async () => {
    await put("a/1.mp3", "b.mp3");
    // Even root cannot read a folder's entries through a file.
    const walk = new Walk(join(music, "b.mp3"), new Set([".mp3"]));
    while (!walk.goOn(Infinity)) continue;
    expect([walk.files, [...walk.unreadable.values()]]).toEqual([[], ["ENOTDIR"]]);
    if (process.getuid?.() === 0) return;
    await chmod(join(music, "a"), 0);
    const { playlist, lines } = open();
    expect(await take(playlist, 2)).toEqual(["b.mp3", "b.mp3"]);
    expect(lines).toEqual([
      `warn the folder ${join(music, "a")} cannot be read (EACCES): its tracks are left out`,
    ]);
    await chmod(join(music, "a"), 0o700);
  });

  test("that holds many unreadable folders lists a hundred of them and counts the others", async () => {
    const count = MAX_UNREADABLE + 50;
    for (let i = 0; i < count; i++) await mkdir(join(music, `${i}`));
    const walk = new Walk(music, new Set([".mp3"]));
    let steps = 0;
    using clock = spyOn(systemClock, "nowMs").mockImplementation(() => steps++);
    // The directory itself takes three steps; its folders vanish before they are read.
    walk.goOn(3);
    for (let i = 0; i < count; i++) await rm(join(music, `${i}`), { recursive: true });
    clock.mockRestore();
    while (!walk.goOn(Infinity)) continue;
    expect([walk.unreadable.size, walk.unreadableCount]).toEqual([MAX_UNREADABLE, count]);
  });

  test("with unreadable folders gets one log line for all that are new", () => {
    const folder = (i: number) => [`/music/${i}`, "EACCES"] as const;
    const some = Array.from({ length: 7 }, (_, i) => folder(i));
    const before = { unreadable: some.slice(0, 1), unreadableCount: 1 };
    expect(reported(before, { unreadable: some, unreadableCount: 3000 })).toEqual([
      "warn the folder /music/0 cannot be read (EACCES): its tracks are left out",
      "warn 2999 folders cannot be read: their tracks are left out (/music/1 (EACCES), " +
        "/music/2 (EACCES), /music/3 (EACCES), /music/4 (EACCES), /music/5 (EACCES), and 2994 more)",
    ]);
    const same = { unreadable: some, unreadableCount: 7 };
    expect(reported(same, same, { unreadable: some.slice(2), unreadableCount: 5 }).length).toBe(1);
  });

  test("is not entered below sixteen folders, and the first that is left out is named", async () => {
    const deep = (depth: number) => `${"d/".repeat(depth)}${depth}.mp3`;
    await put(deep(16), deep(17));
    const { playlist, lines } = open();
    expect(await take(playlist, 2)).toEqual([deep(16), deep(16)]);
    const left = "d/".repeat(17).slice(0, -1);
    expect(playlist.tooDeep).toEqual([left]);
    expect(lines).toEqual([`warn folders more than 16 deep are left out: ${left}`]);
  });

  test("with more entries than are looked at is cut off, and says so", async () => {
    await put("1.mp3", "2.mp3", "3.mp3");
    const walk = new Walk(music, new Set([".mp3"]), 2);
    while (!walk.goOn(Infinity)) continue;
    expect([walk.files.length, walk.isCutOff]).toEqual([2, true]);
    expect(reported({ isCutOff: true })).toEqual([
      "warn the playlist directory has more than 200000 entries: the rest is left out",
    ]);
  });
});
