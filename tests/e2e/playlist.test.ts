// A playlist to a listener's socket: every frame, in order, byte for byte.
import { expect, test } from "bun:test";
import { concat } from "../format/mpeg-builder.ts";
import { testConfig } from "../support/config.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";
import { Wire } from "../support/wire.ts";

test("a listener hears the tracks' frames byte for byte across the seams, VBR and tags included", async () => {
  await using music = await scratch();
  const first = await writeTrack(music.path, "1.mp3", trackFrames(1, 40));
  const second = await writeTrack(music.path, "2.mp3", trackFrames(2, 40, true));
  await using radio = await startStation(testConfig([{ playlist: { directory: music.path } }]));
  using listener = await Wire.listen(radio.listenPort, "/stream");
  const round = concat(...first, ...second, ...first);
  // On a busy machine there is silence first.
  const heard = () => listener.body.subarray(Math.max(0, listener.body.indexOf(first[0] ?? "")));
  await until("a round has been heard", () => heard().length >= round.length);
  expect(heard().subarray(0, round.length).equals(round)).toBe(true);
});

test("a listener who comes later gets a burst of seconds that starts at a frame", async () => {
  await using music = await scratch();
  const frames = await writeTrack(music.path, "1.mp3", trackFrames(1, 200));
  const config = testConfig([{ burstSeconds: 0.5, playlist: { directory: music.path } }]);
  await using radio = await startStation(config);
  using early = await Wire.listen(radio.listenPort, "/stream");
  await until("two seconds have been heard", () => early.body.length >= 32_000);
  using late = await Wire.listen(radio.listenPort, "/stream");
  const burst = late.body;
  expect(burst.length).toBeGreaterThan(7000);
  // A busy machine has sent more by now, but not all that there is.
  expect(burst.length).toBeLessThan(24_000);
  const at = Buffer.from(concat(...frames)).indexOf(burst);
  const starts = frames.map((_, i) => concat(...frames.slice(0, i)).length);
  expect(starts).toContain(at);
});

test("a listener of an empty playlist hears silence and stays for the DJ", async () => {
  await using music = await scratch();
  await using radio = await startStation(testConfig([{ playlist: { directory: music.path } }]));
  using listener = await Wire.listen(radio.listenPort, "/stream");
  await until("silence arrives", () => listener.body.length > 500);
  const frames = await writeTrack(music.path, "new.mp3", trackFrames(5, 100));
  const heard = concat(...frames.slice(0, 10));
  await until("the new file is heard", () => listener.body.includes(heard));
  expect(listener.isClosed).toBe(false);
});
