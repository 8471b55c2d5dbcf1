// The keeper's hand on the playlist: the next track now, without a gap, and what follows told as it will come.
import { describe, expect, spyOn, test } from "bun:test";
import { SequentialOrder } from "../../../src/library/order.ts";
import { ShuffledOrder } from "../../../src/library/shuffle.ts";
import { Track } from "../../../src/input/playlist/track.ts";
import { FRAME_MS, trackFrames } from "../../support/tracks.ts";
import { Dj, names, Radio, run, TICK_MS } from "./radio.ts";

async function withTracks(lengths: readonly number[]) {
  const radio = await Radio.open();
  const tracks: Record<string, Uint8Array[]> = {};
  for (const [i, length] of lengths.entries()) {
    const name = "abcdefgh"[i] ?? "z";
    tracks[name] = await radio.write(`${name}.mp3`, trackFrames(i + 1, length));
  }
  return { radio, tracks };
}

/** The tracks of which frames were heard, in order, each with how many. */
function heardTracks(radio: Radio, tracks: Record<string, Uint8Array[]>): [string, number][] {
  const heard: [string, number][] = [];
  for (const name of names(radio, tracks).map((frame) => frame.charAt(0))) {
    const last = heard.at(-1);
    if (last?.[0] === name) last[1]++;
    else heard.push([name, 1]);
  }
  return heard;
}

describe("skip", () => {
  test("lets the next track begin at once, from its start and in step", async () => {
    const { radio, tracks } = await withTracks([2000, 2000, 2000]);
    await using _ = radio;
    await radio.play(2);
    const before = radio.stage.heard.length;
    expect(radio.feeder.skip()).toBe(true);
    await radio.play(2);
    const heard = names(radio, tracks);
    expect(heard).toEqual([...run("a", 0, before), ...run("b", 0, heard.length - before)]);
    expect(heard.length).toBe(Math.floor((4000 - TICK_MS) / FRAME_MS) + 1);
    expect(radio.stage.told("silence")).toEqual([]);
  });

  test("plays on until the next track is there, however long its disk takes", async () => {
    const { radio, tracks } = await withTracks([2000, 2000]);
    await using _ = radio;
    await radio.play(1);
    radio.feeder.skip();
    const { clock, mount } = radio.stage;
    // Nothing is read meanwhile: a second of what waits.
    for (let i = 0; i < 40; i++) mount.advance((clock.ms += TICK_MS));
    expect(heardTracks(radio, tracks).map(([name]) => name)).toEqual(["a"]);
    await radio.play(1);
    expect(heardTracks(radio, tracks).map(([name]) => name)).toEqual(["a", "b"]);
    expect(radio.stage.told("silence")).toEqual([]);
  });

  test("near the end of a track, when the next is read ahead already, skips one track and not two", async () => {
    const { radio, tracks } = await withTracks([60, 2000, 2000]);
    await using _ = radio;
    await radio.play(1);
    radio.feeder.skip();
    await radio.play(1);
    expect(heardTracks(radio, tracks).map(([name]) => name)).toEqual(["a", "b"]);
  });

  test("again and again goes through the tracks", async () => {
    const { radio, tracks } = await withTracks([2000, 2000, 2000, 2000]);
    await using _ = radio;
    for (let i = 0; i < 5; i++) {
      await radio.play(0.5);
      expect(radio.feeder.skip()).toBe(true);
    }
    await radio.play(0.5);
    expect(heardTracks(radio, tracks).map(([name]) => name)).toEqual([..."abcdab"]);
  });

  test("of the only track plays it from its start", async () => {
    const { radio, tracks } = await withTracks([2000]);
    await using _ = radio;
    await radio.play(1);
    const before = radio.stage.heard.length;
    radio.feeder.skip();
    await radio.play(1);
    expect(names(radio, tracks)[before]).toBe("a0");
  });

  test("reads nothing more of a track that nobody will hear", async () => {
    const { radio } = await withTracks([20_000, 2000]);
    await using _ = radio;
    await radio.play(1);
    using reads = spyOn(Track.prototype, "next");
    radio.feeder.skip();
    await radio.feeder.fill();
    const read = (reads.mock.contexts as unknown as Track[]).map(({ path }) => path);
    expect(new Set(read)).toEqual(new Set([radio.path("b.mp3")]));
  });

  test("of a playlist that has run dry is refused: nothing of it is heard", async () => {
    const { radio } = await withTracks([2000]);
    await using _ = radio;
    const { clock, mount } = radio.stage;
    await radio.play(1);
    // A disk that stands still for longer than what was read ahead.
    for (let i = 0; i < 400; i++) mount.advance((clock.ms += TICK_MS));
    expect(mount.onAir?.kind).toBe("silence");
    expect([radio.feeder.skip(), radio.feeder.heardFile]).toEqual([false, null]);
  });

  test("does nothing while a DJ is live, and nothing after the DJ either", async () => {
    const { radio, tracks } = await withTracks([2000, 2000]);
    await using _ = radio;
    const { mount, clock } = radio.stage;
    await radio.play(1);
    const dj = new Dj();
    mount.attach(dj);
    mount.advance(clock.ms);
    expect(radio.feeder.skip()).toBe(false);
    await radio.play(1);
    mount.detach(dj, clock.ms);
    await radio.play(1);
    expect(heardTracks(radio, tracks).map(([name]) => name)).toEqual(["a"]);
    await radio.show();
    await radio.play(1);
    expect(heardTracks(radio, tracks).map(([name]) => name)).toEqual(["a", "b"]);
  });
});

describe("what follows", () => {
  test("is listed from the tracks read ahead on, by name", async () => {
    const { radio } = await withTracks([2000, 60, 60, 2000]);
    await using _ = radio;
    expect(radio.feeder.heardFile).toBeNull();
    await radio.play(1);
    expect(radio.feeder.heardFile).toBe("a.mp3");
    expect(radio.feeder.upcoming(3)).toEqual(["b.mp3", "c.mp3", "d.mp3"]);
    expect(radio.feeder.upcoming(2)).toEqual(["b.mp3", "c.mp3"]);
    await radio.play(2000 * (FRAME_MS / 1000) - 3);
    expect(radio.feeder.upcoming(3)).toEqual(["b.mp3", "c.mp3", "d.mp3"]);
  });

  test("of a list in order begins again behind the last", () => {
    const order = new SequentialOrder();
    order.update(["a", "b", "c"]);
    expect(order.upcoming(2)).toEqual(["a", "b"]);
    order.next();
    expect(order.upcoming(9)).toEqual(["b", "c", "a"]);
  });

  test("of a shuffled list is what next() gives, to the end of the next round", () => {
    const order = new ShuffledOrder(() => 0.3);
    order.update(["a", "b", "c", "d", "e"]);
    order.next();
    const told = order.upcoming(99);
    expect(told).toHaveLength(4 + 5);
    expect(told.map(() => order.next() ?? "")).toEqual([...told]);
  });
});

test("a rescan finds what has come without waiting for the end of the track", async () => {
  const { radio } = await withTracks([2000]);
  await using _ = radio;
  await radio.play(1);
  await radio.write("b.mp3", trackFrames(2, 20));
  await radio.feeder.rescan();
  expect([radio.playlist.count, radio.feeder.upcoming(1)]).toEqual([2, ["b.mp3"]]);
});

test("a file that is left out is named with its reason", async () => {
  const { radio } = await withTracks([2000, 2000]);
  await using _ = radio;
  await Bun.write(radio.path("0.mp3"), "noise");
  await radio.play(1);
  expect([...radio.playlist.reasons]).toEqual([["0.mp3", "it has no playable audio"]]);
});
