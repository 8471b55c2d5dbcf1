// What is known about a library and what was played of it outlasts a restart, and its loss loses nothing else.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { mkdir, readdir, rename, rm, utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { answer, type Perform } from "../../src/disk/answer-calls.ts";
import { Disks } from "../../src/disk/disks.ts";
import { createLog } from "../../src/lib/log.ts";
import { Playlist } from "../../src/input/playlist/playlist.ts";
import { Catalogue } from "../../src/library/catalogue.ts";
import type { LibraryCall } from "../../src/library/state.ts";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { testMount } from "../support/config.ts";
import { performAll, threadOfThisOne } from "../support/disk.ts";
import { scratch, until } from "../support/station.ts";
import { writeTrack } from "../support/tracks.ts";

let home: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  home = await scratch();
  await mkdir(music());
});
afterEach(() => home[Symbol.asyncDispose]());

const music = () => join(home.path, "music");
const state = () => join(home.path, "state", "library");
const file = () => join(state(), "library.sqlite");

/** Each with audio of its own. */
async function write(...names: string[]): Promise<void> {
  for (const name of names) {
    const seed = [...name].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) % 100_000;
    await writeTrack(music(), name, mpegFrames(20, { seed }));
  }
}

/** A disk whose calls are done at once, and counted. */
function countingDisks(measured: string[]): Disks {
  const thread = () => {
    const perform: Perform = performAll();
    const made = threadOfThisOne();
    made.post = (call) => {
      void answer(perform, call, made.shared).then((reply) => {
        const rows = "value" in reply ? newsOf(reply.value) : [];
        measured.push(...rows.map(({ path }) => basename(path)));
        made.onReply(reply);
      });
    };
    return made;
  };
  return new Disks(thread);
}

function newsOf(value: unknown): readonly { path: string }[] {
  const reply = value as { state?: { news: { rows: { path: string }[] } } };
  return reply?.state?.news.rows ?? [];
}

interface Run {
  readonly playlist: Playlist;
  readonly lines: string[];
  /** Files that were read. */
  readonly measured: string[];
  readonly catalogue: Catalogue;
}

const runs: Run[] = [];
afterEach(() => {
  for (const { playlist } of runs.splice(0)) playlist.close();
});

/** It never comes to an end of all its rows. */
class SlowCatalogue extends Catalogue {
  override async *rows(directory: string, from = "") {
    if (from === "") await new Promise(() => undefined);
    yield* super.rows(directory, from);
  }
}

/** A start of the station; the one before is over. */
async function start(shuffle = true, Kind = Catalogue): Promise<Run> {
  const lines: string[] = [];
  const measured: string[] = [];
  const log = createLog((level, text) => void lines.push(`${level} ${text}`));
  const disks = countingDisks(measured);
  const catalogue = new Kind(state(), disks, log);
  const playlist = new Playlist(
    { ...testMount().playlist, directory: music(), shuffle, artistSeparation: 0 },
    log,
    disks.at(music(), "the music", log),
    "/stream",
    catalogue,
  );
  const run = { playlist, lines, measured, catalogue };
  runs.push(run);
  await playlist.look();
  return run;
}

/** Plays so many tracks, each heard. */
async function play({ playlist }: Run, count: number): Promise<string[]> {
  const played: string[] = [];
  for (let i = 0; i < count; i++) {
    const chosen = await playlist.next();
    if (chosen === null) break;
    playlist.heard(chosen.path);
    played.push(basename(chosen.path));
  }
  return played;
}

async function written(rows: number): Promise<void> {
  await until(`${rows} files are in the catalogue`, async () => {
    try {
      using database = new Database(file(), { readonly: true });
      return database.query("SELECT * FROM file").all().length === rows;
    } catch {
      return false;
    }
  });
  await Bun.sleep(5);
}

const NAMES = Array.from({ length: 9 }, (_, i) => `${i}.mp3`);

describe("after a restart", () => {
  test("a shuffled playlist goes on: nothing plays again before all others had their turn", async () => {
    await write(...NAMES);
    const first = await start();
    const before = await play(first, 4);
    const announced = first.playlist.upcoming(5);
    await written(9);
    const second = await start();
    const after = await play(second, 5);
    expect([...before, ...after].toSorted()).toEqual(NAMES);
    expect(after).toEqual([...announced]);
  });

  test("a track that was read ahead and not heard has its turn", async () => {
    await write(...NAMES);
    const first = await start();
    await play(first, 3);
    const ahead = await first.playlist.next();
    await written(9);
    expect(await play(await start(), 1)).toEqual([basename(ahead?.path ?? "")]);
  });

  test("a playlist in order goes on behind the last track that was heard", async () => {
    await write("1.mp3", "2.mp3", "3.mp3");
    expect(await play(await start(false), 2)).toEqual(["1.mp3", "2.mp3"]);
    await written(3);
    expect(await play(await start(false), 2)).toEqual(["3.mp3", "1.mp3"]);
  });

  test("a track that was renamed meanwhile is no new one", async () => {
    await write(...NAMES);
    const [played = ""] = await play(await start(), 1);
    await written(9);
    await rename(join(music(), played), join(music(), "renamed.mp3"));
    const second = await start();
    await second.playlist.look();
    expect(await play(second, 8)).not.toContain("renamed.mp3");
  });

  test("the first track has the level that it was measured with, however long the rest takes to read", async () => {
    await write(...NAMES);
    await play(await start(), 1);
    await written(9);
    const analysis = {
      ...{ seconds: 0.5, sampleRate: 44_100, channels: 2, cueIn: 0, cueOut: 0.5, fadeFrom: 0.5 },
      ...{ loudness: -20, truePeak: -3, tags: null },
    };
    {
      using database = new Database(file());
      database.run("UPDATE file SET analysis = ?", [JSON.stringify(analysis)]);
    }
    const { playlist } = await start(true, SlowCatalogue);
    expect(await playlist.next()).toMatchObject({ loudness: -20, truePeak: -3 });
  });

  test("files that were measured as silent are named", async () => {
    await write(...NAMES);
    await play(await start(), 1);
    await written(9);
    const analysis = {
      ...{ seconds: 0.5, sampleRate: 44_100, channels: 2, cueIn: 0, cueOut: 0.5, fadeFrom: 0.5 },
      ...{ loudness: null, truePeak: null, tags: null },
    };
    {
      using database = new Database(file());
      const silent = "UPDATE file SET analysis = ? WHERE CAST(path AS TEXT) LIKE '%/3.mp3'";
      database.run(silent, [JSON.stringify(analysis)]);
    }
    const { playlist } = await start();
    await until("the silent one is known", async () => {
      await playlist.refresh();
      return playlist.silent.length > 0;
    });
    expect(playlist.silent).toEqual(["3.mp3"]);
  });

  test("no file is read again that has not changed, and one that has is", async () => {
    await write(...NAMES);
    const first = await start();
    await until("all are measured", () => first.measured.length === 9);
    await written(9);
    await utimes(join(music(), "3.mp3"), 1, 1);
    const second = await start();
    await until("the changed one is read", () => second.measured.length > 0);
    await play(second, 9);
    expect(second.measured).toEqual(["3.mp3"]);
  });
});

describe("a catalogue that is lost costs the memory of the library alone", () => {
  test("a damaged one is set aside, named once, and written anew", async () => {
    await write(...NAMES);
    await mkdir(state(), { recursive: true });
    await Bun.write(file(), "no database at all ".repeat(1000));
    const run = await start();
    expect(await play(run, 9)).toHaveLength(9);
    await written(9);
    const told = run.lines.filter((line) => line.includes("damaged"));
    expect(told).toEqual([
      `warn ${file()} was damaged and is now ${file()}.damaged: the library is read again`,
    ]);
    expect((await readdir(state())).filter((name) => !/-(wal|shm)$/.test(name))).toEqual([
      "library.sqlite",
      "library.sqlite.damaged",
    ]);
  });

  test("one that is damaged between two starts is written anew, with all that is known", async () => {
    await write(...NAMES);
    const run = await start();
    await play(run, 2);
    await written(9);
    for (const ending of ["-wal", "-shm"]) await rm(file() + ending, { force: true });
    await Bun.write(file(), "no database at all ".repeat(1000));
    const again = await start();
    await play(again, 1);
    await written(9);
    expect(again.lines.filter((line) => line.includes("damaged"))).toHaveLength(1);
  });

  test("a place where no folder can be is named once, and music plays", async () => {
    await write(...NAMES);
    await Bun.write(join(home.path, "state"), "a file");
    const run = await start();
    expect(await play(run, 9)).toHaveLength(9);
    await until("it is told", () => run.lines.length > 0);
    await Bun.sleep(20);
    expect(run.lines.filter((line) => line.includes("cannot be kept"))).toHaveLength(1);
    expect(run.lines[0]).toMatch(
      /^warn the library cannot be kept in .+ \([\w ]+\): after a restart it is read again$/,
    );
  });

  test("one on a disk that does not answer is waited for a moment, and music plays", async () => {
    await write(...NAMES);
    const log = createLog(() => undefined);
    const perform = performAll();
    const disks = new Disks(() => {
      const thread = threadOfThisOne();
      thread.post = (call) => {
        if ("catalogue" in call) return;
        void answer(perform, call as LibraryCall, thread.shared).then((reply) =>
          thread.onReply(reply),
        );
      };
      return thread;
    });
    const playlist = new Playlist(
      { ...testMount().playlist, directory: music(), shuffle: true, artistSeparation: 0 },
      log,
      disks.at(music(), "the music", log),
      "/stream",
      new Catalogue(state(), disks, log),
    );
    const startMs = performance.now();
    await playlist.look();
    expect(await playlist.next()).not.toBeNull();
    expect(performance.now() - startMs).toBeLessThan(2000);
    playlist.close();
  });
});

test("all files are kept, however many there are, without another track", async () => {
  const names = Array.from({ length: 600 }, (_, i) => `${i}.mp3`);
  for (const name of names) await Bun.write(join(music(), name), concat(...mpegFrames(2)));
  await start();
  await written(600);
});

test("nothing is written before there is something to keep", async () => {
  await start();
  expect(await readdir(home.path)).toEqual(["music"]);
});
