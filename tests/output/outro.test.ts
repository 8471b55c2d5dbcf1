// The last that listeners hear: behind all that was written, and for those who read slowly too.
import { expect, test } from "bun:test";
import { Clip } from "../../src/mount/clip.ts";
import { playOutro } from "../../src/output/outro.ts";
import { CD_QUALITY } from "../mount/fake-input.ts";
import { audio, frames } from "../native/known-audio.ts";
import { FakeSink } from "./fake-sink.ts";
import { FRAME, Stage } from "./stage.ts";

const CLIP = new Clip(CD_QUALITY, [
  frames(500_000, 10, { length: 300 }),
  frames(503_000, 5, { length: 300 }),
]);

test("it follows what was written, whatever the mount's inputs write after it", async () => {
  using stage = new Stage({ burstSeconds: 0 });
  const sink = new FakeSink();
  stage.join(sink);
  stage.mount.write(stage.input, frames(0, 3, FRAME), 0);
  await playOutro(stage.audience, CLIP, stage.clock);
  stage.mount.write(stage.input, frames(1200, 3, FRAME), 0);
  stage.pass(100);
  expect(sink.bytes.equals(Buffer.concat([audio(0, 1200), audio(500_000, 4500)]))).toBe(true);
  expect(stage.mount.onAir?.name).toBe("the outro");
});

test("it waits for a connection that is blocked, and for no other", async () => {
  using stage = new Stage({ burstSeconds: 0 });
  const [fast, slow] = [new FakeSink(), new FakeSink()];
  for (const sink of [fast, slow]) stage.join(sink);
  slow.state = "blocked";
  stage.mount.write(stage.input, frames(0, 1, FRAME), 0);
  stage.pass(100);
  let isOver = false;
  const played = playOutro(stage.audience, CLIP, stage.clock).then(() => (isOver = true));
  stage.pass(100);
  await Promise.resolve();
  expect([isOver, fast.bytes.length, slow.bytes.length]).toEqual([false, 4900, 400]);
  slow.drain();
  stage.pass(100);
  await played;
  expect(slow.bytes.equals(Buffer.concat([audio(0, 400), audio(500_000, 4500)]))).toBe(true);
});
