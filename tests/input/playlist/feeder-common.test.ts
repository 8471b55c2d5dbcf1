// What a playlist of several formats plays: that of most of its playing time, whichever file comes first.
import { describe, expect, test } from "bun:test";
import { PlaylistFeeder } from "../../../src/input/playlist/feeder.ts";
import { Playlist } from "../../../src/input/playlist/playlist.ts";
import { concat, mpegFrames } from "../../format/mpeg-builder.ts";
import { testDisk } from "../../support/disk.ts";
import { scratch } from "../../support/station.ts";
import { Stage } from "../stage.ts";

const STEREO = (frames: number) => mpegFrames(frames);
const MONO = (frames: number) => mpegFrames(frames, { mode: "mono" });
const FAST = (frames: number) => mpegFrames(frames, { sampleRate: 48_000 });

type Files = Readonly<Record<string, Uint8Array[]>>;

/** The channels and rate that such a directory plays, and what its log says of the others. */
async function played(files: Files, random: () => number, shuffle = true) {
  await using music = await scratch();
  for (const [name, frames] of Object.entries(files)) {
    await Bun.write(`${music.path}/${name}`, concat(...frames));
  }
  using stage = new Stage({ playlist: { directory: music.path, shuffle } });
  const playlist = new Playlist(stage.mount.config.playlist, stage.mount.log, testDisk(random));
  const feeder = new PlaylistFeeder(stage.mount, () => playlist);
  stage.mount.attach(feeder);
  await feeder.fill();
  stage.mount.advance(stage.clock.ms);
  await feeder.close();
  const { channels = 0, sampleRate = 0 } = stage.mount.format ?? {};
  return { channels, sampleRate, count: playlist.count, told: stage.told("skipped") };
}

describe("the format of most of the playing time is played", () => {
  const songs = Object.fromEntries(
    Array.from({ length: 6 }, (_, i) => [`0${i + 1} song.mp3`, STEREO(200)]),
  );

  test.each([
    ["mono", MONO(40), "MP3 44.1 kHz mono"],
    ["48 kHz", FAST(40), "MP3 48 kHz stereo"],
  ])("when one %s file comes first by name", async (_, odd, its) => {
    const found = await played({ "00 odd.mp3": odd, ...songs }, Math.random, false);
    expect(found).toEqual({
      channels: 2,
      sampleRate: 44_100,
      count: 6,
      told: [`warn /stream: 00 odd.mp3 is skipped: it is ${its}, the mount is MP3 44.1 kHz stereo`],
    });
  });

  test("whatever comes first in the shuffle", async () => {
    for (let turn = 0; turn < 20; turn++) {
      const found = await played({ "00 odd.mp3": MONO(40), ...songs }, Math.random);
      expect([found.channels, found.count]).toEqual([2, 6]);
    }
  });

  test("when more files are of another", async () => {
    const jingles = { "1.mp3": MONO(5), "2.mp3": MONO(5), "3.mp3": MONO(5) };
    const found = await played({ ...jingles, "show.mp3": STEREO(400) }, () => 0.5);
    expect([found.channels, found.count]).toEqual([2, 1]);
    expect(found.told).toEqual([
      "warn /stream: 3 files are skipped: they are MP3 44.1 kHz mono, the mount is " +
        "MP3 44.1 kHz stereo (1.mp3, 2.mp3, 3.mp3)",
    ]);
  });

  test("among files that cannot be played, and the same one at every start for equal shares", async () => {
    const files = { "0.mp3": [Buffer.from("noise")], "1.mp3": MONO(50), "2.mp3": STEREO(50) };
    const found = [];
    for (const value of [0, 0.3, 0.6, 0.999]) {
      found.push((await played(files, () => value)).channels);
    }
    expect(new Set(found).size).toBe(1);
  });
});
