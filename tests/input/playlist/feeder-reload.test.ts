// Settings of the playlist change while it plays: the track on air is heard to its end, and the next one obeys them.
import { describe, expect, test } from "bun:test";
import { scratch } from "../../support/station.ts";
import { FRAME_MS, trackFrames, writeTrack } from "../../support/tracks.ts";
import { Dj, names, Radio, run } from "./radio.ts";

const LENGTH = 400;
const SECONDS = (LENGTH * FRAME_MS) / 1000;

/** Two tracks on air, one in another folder. */
async function open() {
  await using opened = new AsyncDisposableStack();
  const radio = opened.use(await Radio.open());
  const other = opened.use(await scratch());
  const tracks = {
    a: await radio.write("a.mp3", trackFrames(1, LENGTH)),
    b: await radio.write("b.mp3", trackFrames(2, LENGTH)),
    x: await writeTrack(other.path, "x.mp3", trackFrames(3, LENGTH)),
  };
  const kept = opened.move();
  return { radio, tracks, directory: other.path, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

describe("another folder", () => {
  test.each([1, SECONDS - 4, SECONDS - 0.3])(
    "is played from behind the track on air, changed %f s into it",
    async (seconds) => {
      await using at = await open();
      const { radio, tracks, directory } = at;
      await radio.play(seconds);
      radio.reconfigure({ directory });
      expect(radio.feeder.heardFile).toBe("a.mp3");
      await radio.play(SECONDS - seconds + 2);
      const heard = names(radio, tracks);
      expect(heard).toEqual([...run("a", 0, LENGTH), ...run("x", 0, heard.length - LENGTH)]);
      expect(heard.length).toBeGreaterThan(LENGTH + 20);
      expect(radio.stage.told("silence")).toEqual([]);
      expect(radio.feeder.heardFile).toBe("x.mp3");
    },
  );

  test("that is empty leaves silence behind the track on air", async () => {
    await using at = await open();
    await using empty = await scratch();
    await at.radio.play(1);
    at.radio.reconfigure({ directory: empty.path });
    await at.radio.play(SECONDS);
    expect(names(at.radio, at.tracks).filter((name) => name !== "other")).toEqual(
      run("a", 0, LENGTH),
    );
    expect(at.radio.stage.mount.onAir?.kind).toBe("silence");
  });

  test("is what plays after a show during which it was set", async () => {
    await using at = await open();
    const { radio, tracks, directory } = at;
    await radio.play(1);
    const heard = radio.stage.heard.length;
    const { mount, clock } = radio.stage;
    const dj = new Dj();
    mount.attach(dj);
    await radio.play(1);
    radio.reconfigure({ directory });
    await radio.play(1);
    mount.detach(dj, clock.ms);
    await radio.play(1);
    const after = names(radio, tracks).slice(heard);
    expect(after.length).toBeGreaterThan(20);
    expect(after).toEqual(run("x", 0, after.length));
  });
});

test("what changes how tracks sound holds for the next one, and the order goes on", async () => {
  await using at = await open();
  const { radio, tracks } = at;
  await radio.play(1);
  radio.reconfigure({ trimSilence: 0.5 });
  radio.reconfigure({ trimSilence: 1 });
  await radio.play(2 * SECONDS + 1);
  const heard = names(radio, tracks);
  const both = [...run("a", 0, LENGTH), ...run("b", 0, LENGTH)];
  expect(heard.slice(0, 2 * LENGTH)).toEqual(both);
  expect(heard[2 * LENGTH]).toBe("a0");
});

test("a skip right behind the change leads to the new folder", async () => {
  await using at = await open();
  const { radio, tracks, directory } = at;
  await radio.play(1);
  const before = radio.stage.heard.length;
  radio.reconfigure({ directory });
  expect(radio.feeder.skip()).toBe(true);
  await radio.play(1);
  const heard = names(radio, tracks);
  expect(heard).toEqual([...run("a", 0, before), ...run("x", 0, heard.length - before)]);
});
