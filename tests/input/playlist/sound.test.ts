// What is shown of a track's sound: how long and how loud it is, and by how much it is changed as it goes out.
import { expect, test } from "bun:test";
import { concat } from "../../format/mpeg-builder.ts";
import { trackFrames } from "../../support/tracks.ts";
import { id3Tag, textFrame } from "./tag-builder.ts";
import { Radio } from "./radio.ts";

/** Ten seconds that their tag calls 6 dB too loud for -18 LUFS. */
async function open(loudness: number | "off"): Promise<Radio> {
  const radio = await Radio.open({ loudness });
  const gain = textFrame(4, "TXXX", "replaygain_track_gain\0-6.00 dB");
  const audio = concat(id3Tag(4, [gain]), ...trackFrames(1, 400));
  await Bun.write(radio.path("a.mp3"), audio);
  return radio;
}

test("the gain of the track on air is what its frames are changed by, by its tags", async () => {
  await using radio = await open(-16);
  expect(radio.feeder.player.sound).toBeNull();
  await radio.play(1);
  const sound = radio.feeder.player.sound;
  expect(sound?.gain).toBeCloseTo(-3 * 1.505, 1);
  expect(sound?.seconds).toBeCloseTo((400 * 1152) / 44_100, 1);
  expect(sound?.loudness).toBeNull();
});

test("there is none where tracks play as they are", async () => {
  await using radio = await open("off");
  await radio.play(1);
  expect(radio.feeder.player.sound?.gain).toBeNull();
});
