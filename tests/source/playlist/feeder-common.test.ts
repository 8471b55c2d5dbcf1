// Which track decides the format of a playlist of several: one with the commonest ending, and the log says so truly.
import { expect, test } from "bun:test";
import { PlaylistFeeder } from "../../../src/source/playlist/feeder.ts";
import { Playlist } from "../../../src/source/playlist/playlist.ts";
import { concat } from "../../format/mpeg-builder.ts";
import { oggChain } from "../../format/ogg-builder.ts";
import { scratch } from "../../support/station.ts";
import { testDisk } from "../../support/disk.ts";
import { trackFrames, writeTrack } from "../../support/tracks.ts";
import { Stage } from "../stage.ts";

test.each([
  ["as many of both", ["1.mp3", "2.mp3", "3.opus", "4.opus"]],
  ["more of one", ["1.mp3", "2.mp3", "3.mp3", "4.opus"]],
])("of %s the first track is .mp3, whichever comes first in the shuffle", async (_, names) => {
  await using music = await scratch();
  for (const name of names) {
    if (name.endsWith(".mp3")) await writeTrack(music.path, name, trackFrames(1, 20));
    else await Bun.write(`${music.path}/${name}`, concat(...oggChain()));
  }
  const extensions = [".mp3", ".opus"];
  using stage = new Stage({ playlist: { directory: music.path, shuffle: true, extensions } });
  // Nothing changes its place, and the last of the bag is the first to play.
  const playlist = new Playlist(stage.mount.config.playlist, stage.mount.log, () => 0.999);
  const feeder = new PlaylistFeeder(stage.mount, playlist, testDisk());
  stage.mount.attach(feeder);
  await feeder.fill();
  stage.mount.advance(stage.clock.ms);
  await feeder.close();
  expect(stage.mount.format?.codec).toBe("mp3");
  const why = "4.opus is passed over: .mp3 comes first, no ending is commoner here";
  expect(stage.told(why).length).toBe(1);
});
