// What a subscriber of a mount learns, and when.
import { expect, test } from "bun:test";
import { frames } from "../native/known-audio.ts";
import { Stage, voice } from "./stage.ts";

test("frames arrive whole, with their place on the timeline, without a listener", () => {
  using stage = new Stage();
  const { mount, playlist } = stage;
  stage.attachAll();
  playlist.ready = true;
  const heard: [number, number][] = [];
  mount.events.on("frames", ({ input, frames, fromSeconds }) => {
    if (input === playlist) heard.push([fromSeconds, frames.count]);
  });
  const batch = voice.playlist(2);
  mount.write(playlist, batch, 0);
  mount.write(playlist, voice.playlist(1), 0);
  expect(heard).toEqual([
    [0, 2],
    [batch.seconds, 1],
  ]);
});

test("a title is written at once and heard when the burst position reaches it", () => {
  using stage = new Stage({ burstSeconds: 5 });
  const { mount, playlist, live } = stage;
  stage.attachAll();
  playlist.ready = true;
  const told: string[] = [];
  mount.events.on("titleWritten", ({ metadata }) => void told.push(`written ${metadata.title}`));
  mount.events.on("titleHeard", ({ metadata }) => void told.push(`heard ${metadata.title}`));
  const second = (n: number) => frames(n, 10, { length: 90, ms: 100 });
  for (let i = 0; i < 10; i++) mount.write(playlist, second(i), 1);
  mount.advance(1);
  expect(told).toEqual(["written Some Song", "heard Some Song"]);
  live.ready = true;
  mount.advance(2);
  expect(told.at(-1)).toBe("written Late Show");
  const heardAfter: number[] = [];
  for (let seconds = 1; seconds <= 8; seconds++) {
    mount.write(live, second(seconds), 2);
    mount.advance(2);
    if (told.at(-1) === "heard Late Show") heardAfter.push(seconds);
  }
  expect(heardAfter[0]).toBe(5);
});

test("the change of air names the input before and the one after", () => {
  using stage = new Stage();
  const { mount, playlist, live } = stage;
  stage.attachAll();
  const changes: string[] = [];
  mount.events.on("onAir", ({ before, input }) => {
    changes.push(`${before?.kind ?? "nothing"} -> ${input?.kind ?? "nothing"}`);
  });
  playlist.ready = true;
  mount.advance(0);
  live.ready = true;
  mount.advance(1);
  mount.detach(live, 2);
  expect(changes).toEqual(["nothing -> playlist", "playlist -> live", "live -> playlist"]);
});

test("a subscriber that throws is logged and costs no frame", () => {
  using stage = new Stage();
  const { mount, playlist } = stage;
  stage.attachAll();
  playlist.ready = true;
  mount.events.on("frames", () => {
    throw new Error("disk full");
  });
  mount.write(playlist, voice.playlist(3), 0);
  expect(mount.ring.head).toBe(3 * 90);
  expect(stage.lines.some((line) => line.includes("disk full"))).toBe(true);
});
