// A track that a source interrupts: it goes on at its very next frame, unless there was a show.
import { expect, test } from "bun:test";
import { concat } from "../../format/mpeg-builder.ts";
import { oggChain, opusHead, opusPacket, opusTags } from "../../format/ogg-builder.ts";
import { FRAME_MS, trackFrames } from "../../support/tracks.ts";
import { Dj, names, Radio, run, TICK_MS } from "./radio.ts";

async function withTracks() {
  const radio = await Radio.open();
  const tracks = {
    a: await radio.write("a.mp3", trackFrames(1, 1000)),
    b: await radio.write("b.mp3", trackFrames(2, 4000)),
    show: trackFrames(9, 20),
  };
  return { radio, tracks };
}

test("after a short interruption the track goes on at its next frame, and no track is skipped", async () => {
  const { radio, tracks } = await withTracks();
  await using _ = radio;
  await radio.play(2);
  const before = radio.stage.heard.length;
  for (const seconds of [1, 59]) {
    await radio.interrupt(tracks.show, seconds);
    await radio.play(1);
  }
  const played = radio.stage.mount.timeline.airings.map(({ playedSeconds = 0 }) => playedSeconds);
  const seconds = (frames: number) => (frames * FRAME_MS) / 1000;
  expect(played[2]).toBeCloseTo(seconds(before), 6);
  const between = Math.floor((1000 - TICK_MS) / FRAME_MS) + 1;
  const heard = names(radio, tracks);
  expect(heard.slice(0, before + 40 + between)).toEqual([
    ...run("a", 0, before),
    ...run("show", 0, 20),
    ...run("a", before, before + between),
    ...run("show", 0, 20),
  ]);
  await radio.play(40);
  const later = names(radio, tracks).slice(before + 40 + between);
  const left = 1000 - before - between;
  const expected = [...run("a", before + between, 1000), ...run("b", 0, later.length - left)];
  expect(later).toEqual(expected);
  expect(radio.stage.told("now playing ").length).toBe(2);
});

test("while it is interrupted, it is what comes next; after a minute the track behind it is", async () => {
  const { radio } = await withTracks();
  await using _ = radio;
  const { mount, clock } = radio.stage;
  await radio.play(2);
  mount.attach(new Dj());
  mount.advance(clock.ms);
  expect(radio.feeder.upcoming(2)).toEqual(["a.mp3", "b.mp3"]);
  clock.ms += 60_001;
  mount.advance(clock.ms);
  await radio.feeder.fill();
  expect(radio.feeder.upcoming(2)).toEqual(["b.mp3", "a.mp3"]);
});

test("one that had filled the gap of a source that returned goes on after the show, however long that was", async () => {
  const { radio, tracks } = await withTracks();
  await using _ = radio;
  await radio.play(2);
  const before = radio.stage.heard.length;
  await radio.interrupt(tracks.show, 7200, true);
  await radio.play(1);
  const heard = names(radio, tracks).slice(before + 20);
  expect(heard).toEqual(run("a", before, before + heard.length));
});

test("what listeners missed before the playlist went on air is written at once, and the rest when it is due", async () => {
  const { radio, tracks } = await withTracks();
  await using _ = radio;
  const { mount, clock, heard } = radio.stage;
  await radio.feeder.fill();
  const dj = new Dj();
  mount.attach(dj);
  mount.lead.add(1000, clock.ms);
  mount.advance(clock.ms);
  clock.ms += 3000;
  mount.reconfigure({
    ...mount.config,
    sourceGrace: 5,
    buffer: { ...mount.config.buffer, burstSeconds: 8 },
  });
  mount.detach(dj, clock.ms, true);
  mount.advance(clock.ms + 1999);
  expect(mount.onAir).toBe(dj);
  clock.ms += 2000;
  await radio.play(1);
  expect(mount.onAir).toBe(radio.feeder);
  // Four seconds were missed.
  expect(heard.length).toBe(Math.floor((5000 - TICK_MS) / FRAME_MS) + 1);
  expect(names(radio, tracks)).toEqual(run("a", 0, heard.length));
  expect(heard[0]?.atMs).toBe(clock.ms - 1000);
  expect(radio.stage.told("behind")).toEqual([]);
});

test("Ogg goes on behind a copy of its headers", async () => {
  await using radio = await Radio.open();
  const pages = Array.from({ length: 200 }, (_, i) => [opusPacket(40, i), opusPacket(40, i + 50)]);
  const headers = [opusHead(), opusTags(["TITLE=One"])];
  await Bun.write(radio.path("1.mp3"), concat(...oggChain({ serial: 1, headers, pages })));
  await radio.play(2);
  const before = radio.stage.heard.length;
  const { mount, clock, heard } = radio.stage;
  const dj = Object.assign(new Dj(), { format: null });
  mount.attach(dj);
  mount.advance(clock.ms);
  mount.detach(dj, (clock.ms += 1000));
  await radio.play(1);
  const preamble = concat(...heard.slice(0, 2).map(({ bytes }) => bytes));
  expect(Buffer.compare(heard[before]!.bytes, preamble)).toBe(0);
  const sequence = (at: number) => Buffer.from(heard[at]!.bytes).readUInt32LE(18);
  expect(sequence(before + 1)).toBe(sequence(before - 1) + 1);
});
