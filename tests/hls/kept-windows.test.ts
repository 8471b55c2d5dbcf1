// A station that stops and starts again with one state directory, which has its playlists meanwhile.
import { describe, expect, test } from "bun:test";
import { HlsStation } from "../../src/hls/hls-station.ts";
import { HlsStream } from "../../src/hls/hls-stream.ts";
import { KeptWindows } from "../../src/hls/kept-windows.ts";
import { Numbering } from "../../src/hls/numbering.ts";
import { WindowFiles } from "../../src/hls/window-files.ts";
import { createLog } from "../../src/lib/log.ts";
import { Rounds } from "../../src/lib/rounds.ts";
import { Mount } from "../../src/mount/mount.ts";
import { CD_QUALITY, FakeInput, keptLog } from "../mount/fake-input.ts";
import { testMount } from "../support/config.ts";
import { MemoryDisk } from "../support/memory-disk.ts";
import { framesAt, START_MS } from "./hls-rig.ts";

interface Run {
  readonly station: HlsStation;
  readonly mounts: readonly {
    readonly mount: Mount;
    readonly input: FakeInput;
    readonly hls: HlsStream;
  }[];
}

/** The runs of a station, one after the other. */
class Runs {
  wallMs = START_MS;
  readonly memory = new MemoryDisk(() => this.wallMs);
  readonly lines: string[] = [];
  readonly #log = createLog((level, text) => this.lines.push(`${level} ${text}`));

  get windows(): string[] {
    return [...this.memory.files.keys()].filter((path) => path.includes(".window"));
  }

  async start(paths: readonly string[] = ["/a"]): Promise<Run> {
    const wall = { nowMs: () => this.wallMs };
    const disk = this.memory.disks().at("/state", "the state directory", this.#log);
    const station = new HlsStation(
      {
        ...{ wall, log: this.#log, rounds: new Rounds() },
        fallbacks: { programmeOf: (mount: Mount) => mount },
        artworks: { idOf: () => null },
      },
      { folder: "/state", disk },
    );
    const mounts = paths.map((path) => {
      const config = testMount({ path, hls: { enabled: true } });
      const mount = new Mount(config, keptLog().log, wall);
      const input = new FakeInput("playlist");
      input.ready = true;
      mount.attach(input);
      return { mount, input, hls: new HlsStream(mount, station) };
    });
    await station.restore();
    return { station, mounts };
  }

  play({ mounts }: Run, seconds: number): void {
    for (let i = 0; i < seconds * 10; i++) {
      this.wallMs += 100;
      for (const { mount, input } of mounts)
        mount.write(input, framesAt(mount.ring.head, 4, 1152, CD_QUALITY), this.wallMs);
    }
  }

  async stop({ station, mounts }: Run): Promise<void> {
    station.leave();
    for (const { mount } of mounts) mount.close();
    await station.close();
  }
}

/** A station that has played and stopped; `asking`: the mounts that somebody plays. */
async function stopped(paths = ["/a"], asking: readonly string[] = paths): Promise<Runs> {
  const runs = new Runs();
  const run = await runs.start(paths);
  runs.play(run, 40);
  for (const { mount, hls } of run.mounts) if (asking.includes(mount.path)) hls.asked();
  await runs.stop(run);
  return runs;
}

const counts = ({ mounts }: Run) => mounts.map(({ hls }) => hls.playlist?.listed.length ?? null);

describe("a station with a state directory", () => {
  test("goes on with its playlists, and reads none twice", async () => {
    const runs = await stopped();
    expect(runs.windows).toHaveLength(1);
    runs.wallMs += 2000;
    const run = await runs.start();
    const [before] = counts(run);
    expect(before).toBeGreaterThan(6);
    expect(runs.windows).toEqual([]);
    runs.play(run, 10);
    expect(counts(run)[0]).toBeGreaterThan(before ?? 0);
    expect(runs.lines).toEqual([]);
  });

  test("keeps those that somebody plays", async () => {
    const runs = await stopped(["/a", "/b", "/c"], ["/b"]);
    expect(runs.windows).toHaveLength(1);
    const run = await runs.start(["/a", "/b", "/c"]);
    expect(counts(run)).toEqual([null, expect.any(Number), null]);
  });

  test.each([
    ["a minute later", 61_000],
    ["with a clock that was set back", -5000],
    ["with a clock that was set forward", 86_400_000],
  ])("that starts %s begins anew", async (_, ms) => {
    const runs = await stopped();
    runs.wallMs += ms;
    expect(counts(await runs.start())).toEqual([null]);
    expect(runs.windows).toEqual([]);
  });

  test("that has crashed between begins anew, even if its disk has not deleted anything", async () => {
    const runs = await stopped();
    const kept = new Map(runs.memory.files);
    runs.wallMs += 1000;
    const crashed = await runs.start();
    runs.play(crashed, 10);
    await Bun.sleep(0);
    for (const [path, file] of kept)
      if (path.endsWith(".window")) runs.memory.files.set(path, file);
    expect(counts(await runs.start())).toEqual([null]);
  });

  test.each([
    ["cut off", (bytes: Uint8Array) => bytes.slice(0, bytes.length / 2)],
    ["empty", () => new Uint8Array(0)],
    ["of another program", () => Buffer.from("{}")],
  ])("ignores files that are %s, and says so once", async (_, damage) => {
    const runs = await stopped(["/a", "/b"]);
    for (const path of runs.windows) {
      const bytes = damage(runs.memory.read(path));
      runs.memory.files.set(path, { bytes, size: bytes.length, mtimeMs: 0 });
    }
    expect(counts(await runs.start(["/a", "/b"]))).toEqual([null, null]);
    expect(runs.lines).toEqual([expect.stringContaining("2 HLS playlists")]);
    expect(runs.windows).toEqual([]);
  });

  test("goes on with the other playlists if one cannot be read, or is too large to be one", async () => {
    const runs = await stopped(["/a", "/b", "/c"]);
    const [unreadable = "", huge = ""] = runs.windows;
    runs.memory.unreadable.add(unreadable);
    runs.memory.files.set(huge, { bytes: new Uint8Array(0), size: 1e12, mtimeMs: 0 });
    const run = await runs.start(["/a", "/b", "/c"]);
    expect(counts(run).filter((count) => count !== null)).toHaveLength(1);
    expect(runs.lines).toEqual([expect.stringContaining("2 HLS playlists")]);
    expect(runs.windows).toEqual([]);
  });

  test("goes on with its playlists even if it cannot delete them", async () => {
    const runs = await stopped();
    runs.memory.isLocked = true;
    expect(counts(await runs.start())).toEqual([expect.any(Number)]);
    expect(runs.lines).toEqual([expect.stringContaining("cannot delete the HLS playlists")]);
  });

  test("forgets the playlists of mounts that it has no more", async () => {
    const runs = await stopped(["/a", "/b"]);
    const wall = { nowMs: () => runs.wallMs };
    const log = createLog(() => undefined);
    const disk = runs.memory.disks().at("/state", "the state directory", log);
    const numbering = new Numbering(wall);
    const windows = new KeptWindows(new WindowFiles("/state", disk, log), numbering, wall, log);
    await windows.restore();
    expect(windows.count).toBe(2);
    runs.wallMs += 61_000;
    windows.trim();
    expect(windows.count).toBe(0);
  });

  test("says once that its disk is full, and ends", async () => {
    const runs = new Runs();
    const run = await runs.start(["/a", "/b"]);
    runs.play(run, 40);
    for (const { hls } of run.mounts) hls.asked();
    runs.memory.capacity = runs.memory.usedBytes + 1000;
    await runs.stop(run);
    expect(runs.windows).toEqual([]);
    expect(runs.lines.filter((line) => line.includes("HLS playlists"))).toHaveLength(1);
  });

  test("waits a moment only for a disk that hangs", async () => {
    const runs = new Runs();
    const { mounts, ...run } = await runs.start();
    runs.play({ mounts, ...run }, 10);
    const [{ hls: stream }] = mounts as [Run["mounts"][number]];
    stream.asked();
    const wall = { nowMs: () => runs.wallMs };
    const log = createLog(() => undefined);
    const disk = runs.memory.disks().at("/state", "the state directory", log);
    const files = new WindowFiles("/state", disk, log);
    const windows = new KeptWindows(files, new Numbering(wall), wall, log);
    runs.memory.isHanging = true;
    windows.keep([{ stream, keepable: stream.complete()! }]);
    await windows.settled();
    expect(runs.windows).toEqual([]);
  });
});
