// The playlist on the air: every frame, in order, when it is due, whoever goes live and however slow the disk is.
import { describe, expect, spyOn, test } from "bun:test";
import { rename } from "node:fs/promises";
import { PlaylistFeeder } from "../../../src/input/playlist/feeder.ts";
import { Playlist } from "../../../src/input/playlist/playlist.ts";
import { Track } from "../../../src/input/playlist/track.ts";
import { until } from "../../support/station.ts";
import { testDisk } from "../../support/disk.ts";
import { FRAME_MS, trackFrames } from "../../support/tracks.ts";
import { Dj, names, Radio, run, TICK_MS } from "./radio.ts";

describe("over a simulated hour", () => {
  test("every frame of every track is heard in order, byte for byte, within a tick of its due time", async () => {
    await using radio = await Radio.open();
    const lengths = [700, 1, 333, 1500, 2, 1024, 90];
    const tracks: Uint8Array[][] = [];
    for (const [i, length] of lengths.entries()) {
      tracks.push(await radio.write(`${i}.mp3`, trackFrames(i + 1, length, i % 2 === 0)));
    }
    await radio.play(3600);
    const round = tracks.flat();
    const { heard } = radio.stage;
    expect(heard.length).toBe(Math.floor((3600_000 - TICK_MS) / FRAME_MS) + 1);
    let wrong = 0;
    let latestMs = 0;
    for (const [i, { bytes, atMs }] of heard.entries()) {
      if (Buffer.compare(bytes, round[i % round.length]!) !== 0) wrong++;
      const lateMs = atMs - (1000 + (i * 1152 * 1000) / 44_100);
      if (lateMs < -1e-6) wrong++;
      latestMs = Math.max(latestMs, lateMs);
    }
    expect(wrong).toBe(0);
    expect(latestMs).toBeLessThan(TICK_MS);
  });
});

describe("a live source", () => {
  test("breaks into a track between two frames; after it the next track comes at once, from its start", async () => {
    await using radio = await Radio.open();
    const { mount } = radio.stage;
    const tracks = {
      a: await radio.write("a.mp3", trackFrames(1, 2000)),
      b: await radio.write("b.mp3", trackFrames(2, 2000)),
      show: trackFrames(9, 20),
    };
    await radio.play(2);
    const before = radio.stage.heard.length;
    await radio.show(tracks.show);
    expect(mount.timeline.airings.map(({ metadata }) => metadata.title)).toEqual([
      "a",
      "Show",
      "b",
    ]);
    expect(mount.onAir).toBe(radio.feeder);
    expect(mount.metadata.title).toBe("b");
    await radio.play(1);
    const heard = names(radio, tracks);
    expect(heard.slice(0, before + 20)).toEqual([...run("a", 0, before), ...run("show", 0, 20)]);
    expect(heard.slice(before + 20)).toEqual(run("b", 0, heard.length - before - 20));
    expect(heard.length - before - 20).toBe(Math.floor((1000 - TICK_MS) / FRAME_MS) + 1);
    expect(radio.stage.told("behind")).toEqual([]);
  });

  test("that sent audio ahead of time is heard to its end before the next track begins", async () => {
    await using radio = await Radio.open();
    const { mount, clock, heard } = radio.stage;
    await radio.write("a.mp3", trackFrames(1, 400));
    mount.lead.add(3000, clock.ms);
    const endMs = clock.ms + 3000;
    await radio.play(4);
    expect(heard[0]?.atMs).toBeGreaterThanOrEqual(endMs);
    expect(heard[0]?.atMs).toBeLessThanOrEqual(endMs + TICK_MS);
  });

  test("that comes near a track's end costs no track its turn", async () => {
    await using radio = await Radio.open();
    const tracks = {
      a: await radio.write("a.mp3", trackFrames(1, 60)),
      b: await radio.write("b.mp3", trackFrames(2, 60)),
      c: await radio.write("c.mp3", trackFrames(3, 60)),
      d: await radio.write("d.mp3", trackFrames(4, 60)),
      e: await radio.write("e.mp3", trackFrames(5, 60)),
    };
    await radio.play(1);
    const before = radio.stage.heard.length;
    await radio.show();
    await radio.play(2);
    const expected = [...run("a", 0, before), ...run("b", 0, 60), ...run("c", 0, 60)];
    const heard = names(radio, tracks);
    expect(heard).toEqual(expected.slice(0, heard.length));
    expect(heard.length).toBeGreaterThan(before + 60);
  });

  test("that comes under a read of the track it breaks into is not followed by what was read", async () => {
    await using radio = await Radio.open();
    const { mount, clock } = radio.stage;
    const tracks = {
      a: await radio.write("a.mp3", trackFrames(1, 2000)),
      b: await radio.write("b.mp3", trackFrames(2, 2000)),
    };
    await radio.play(1);
    const before = radio.stage.heard.length;
    using reads = spyOn(Track.prototype, "next");
    while (reads.mock.calls.length === 0) mount.advance((clock.ms += 500));
    await radio.show();
    await radio.play(1);
    const heard = names(radio, tracks);
    const seam = heard.indexOf("b0");
    expect(seam).toBeGreaterThan(before);
    expect(heard).toEqual([...run("a", 0, seam), ...run("b", 0, heard.length - seam)]);
  });

  test("in every moment of a read leaves whole tracks in order behind it", async () => {
    await using radio = await Radio.open();
    const { mount, clock } = radio.stage;
    const tracks: Record<string, Uint8Array[]> = {};
    for (const name of ["a", "b", "c", "d"]) {
      tracks[name] = await radio.write(`${name}.mp3`, trackFrames(name.charCodeAt(0), 400));
    }
    for (let turn = 0; turn < 40; turn++) {
      // Not awaited: the read goes on under the change.
      for (let tick = 0; tick < turn; tick++) {
        mount.advance((clock.ms += TICK_MS));
        if (tick % 7 === turn % 7) await Promise.resolve();
      }
      const dj = new Dj();
      mount.attach(dj);
      mount.advance(clock.ms);
      for (let i = 0; i < turn % 5; i++) await Promise.resolve();
      mount.detach(dj, clock.ms);
      await radio.feeder.fill();
      await radio.play(0.2);
    }
    const heard = names(radio, tracks).filter((name) => name !== "other");
    for (const [i, name] of heard.slice(1).entries()) {
      const [, track = "", number = ""] = /^(.)(\d+)$/.exec(name) ?? [];
      const isNext = heard[i] === `${track}${Number(number) - 1}`;
      expect(isNext || number === "0").toBe(true);
    }
  });

  test("that was there first finds the playlist waiting behind it", async () => {
    await using radio = await Radio.open();
    const { mount, clock } = radio.stage;
    const frames = await radio.write("1.mp3", trackFrames(1, 300));
    const dj = new Dj();
    mount.attach(dj);
    await radio.play(1);
    expect(radio.stage.heard).toEqual([]);
    mount.detach(dj, clock.ms);
    await radio.play(1);
    expect(names(radio, { n: frames })).toEqual(run("n", 0, radio.stage.heard.length));
  });
});

describe("a disk that is too slow", () => {
  test("is covered by silence, and the track goes on where it was", async () => {
    await using radio = await Radio.open();
    const { mount, clock } = radio.stage;
    const frames = await radio.write("1.mp3", trackFrames(1, 2000));
    await radio.play(1);
    // No read ends while nothing is awaited.
    while (radio.feeder.ready) mount.advance((clock.ms += 500));
    mount.advance((clock.ms += 500));
    expect(mount.onAir?.kind).toBe("silence");
    await radio.play(1);
    const heard = names(radio, { n: frames }).filter((name) => name !== "other");
    expect(heard).toEqual(run("n", 0, heard.length));
    expect(mount.onAir).toBe(radio.feeder);
  });
});

describe("the schedule", () => {
  test("starts anew after the machine slept, instead of rushing what it missed", async () => {
    await using radio = await Radio.open();
    const { clock } = radio.stage;
    await radio.write("1.mp3", trackFrames(1, 2000));
    await radio.play(1);
    const before = radio.stage.heard.length;
    clock.ms += 3_600_000;
    await radio.play(1);
    expect(radio.stage.heard.length - before).toBe(Math.floor((1000 - TICK_MS) / FRAME_MS) + 1);
    expect(radio.stage.told("fell behind").length).toBe(1);
  });

  test("makes up for ticks that came late", async () => {
    await using radio = await Radio.open();
    await radio.write("1.mp3", trackFrames(1, 2000));
    await radio.play(10, 900);
    expect(radio.stage.heard.length).toBe(Math.floor(9900 / FRAME_MS) + 1);
  });
});

describe("the end", () => {
  const descriptors = async () =>
    (await Array.fromAsync(new Bun.Glob("*").scan({ cwd: "/proc/self/fd", onlyFiles: false })))
      .length;

  test("close, whenever it comes, leaves nothing open and nothing running", async () => {
    await using radio = await Radio.open();
    for (let i = 0; i < 3; i++) await radio.write(`${i}.mp3`, trackFrames(i, 300));
    const before = await descriptors();
    for (let turn = 0; turn < 30; turn++) {
      const playlist = new Playlist(radio.stage.mount.config.playlist, radio.stage.log, testDisk());
      const feeder = new PlaylistFeeder(radio.stage.mount, () => playlist);
      void feeder.fill();
      for (let i = 0; i < turn; i++) await Bun.file(radio.path("0.mp3")).exists();
      await feeder.close();
      expect(feeder.ready).toBe(false);
    }
    expect(await descriptors()).toBeLessThanOrEqual(before);
  });

  test("close under the opening of a track closes it", async () => {
    await using radio = await Radio.open();
    await radio.write("1.mp3", trackFrames(1, 300));
    const before = await descriptors();
    const open = Track.open;
    let closing = Promise.resolve();
    using _ = spyOn(Track, "open").mockImplementation(async (path, disk) => {
      const track = await open(path, disk);
      closing = radio.feeder.close();
      return track;
    });
    await radio.feeder.fill();
    await closing;
    expect(radio.feeder.ready).toBe(false);
    expect(await descriptors()).toBe(before);
  });

  test("of the directory while it plays is silence, and its return is noticed", async () => {
    await using radio = await Radio.open();
    const frames = await radio.write("1.mp3", trackFrames(1, 100));
    await radio.play(1);
    await rename(radio.music.path, `${radio.music.path}-away`);
    await radio.play(10);
    expect(radio.stage.mount.onAir?.kind).toBe("silence");
    await rename(`${radio.music.path}-away`, radio.music.path);
    await until("it is noticed", () => radio.feeder.ready, 3);
    await radio.play(1);
    expect(names(radio, { n: frames }).slice(-38)).toEqual(run("n", 0, 38));
    expect(radio.stage.told("playlist directory").length).toBe(2);
  });
});
