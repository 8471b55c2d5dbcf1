// Silence: frames of the mount's format, paced like any others.
import { describe, expect, test } from "bun:test";
import { parseMpegHeader } from "../../src/format/mpeg.ts";
import type { StreamFormat } from "../../src/format/frame.ts";
import { Silence } from "../../src/source/silence.ts";
import { FRAME_MS } from "../support/tracks.ts";
import { Stage } from "./stage.ts";

function play(stage: Stage, seconds: number, tickMs = 10): void {
  const { clock, mount } = stage;
  for (const endMs = clock.ms + seconds * 1000; clock.ms < endMs; clock.ms += tickMs) {
    mount.advance(clock.ms);
  }
}

function silentStage(): { stage: Stage; silence: Silence } {
  const stage = new Stage();
  const silence = new Silence(stage.mount);
  stage.mount.attach(silence);
  return { stage, silence };
}

describe("silence", () => {
  test("is due frame by frame, for an hour without drift", () => {
    const { stage } = silentStage();
    play(stage, 3600);
    expect(stage.heard.length).toBe(Math.floor((3600_000 - 10) / FRAME_MS) + 1);
    for (const [i, { atMs }] of stage.heard.entries()) {
      const lateMs = atMs - 1000 - i * FRAME_MS;
      if (lateMs < -1e-6 || lateMs >= 10) throw new Error(`frame ${i} is ${lateMs} ms late`);
    }
    stage[Symbol.dispose]();
  });

  test.each([
    [44_100, 2],
    [48_000, 1],
    [22_050, 2],
  ])("has the format of the mount: %d Hz, %d channels", (sampleRate, channels) => {
    const format: StreamFormat = { codec: "mp3", sampleRate, channels };
    using stage = new Stage();
    Object.defineProperty(stage.mount, "format", { value: format });
    const silence = new Silence(stage.mount);
    stage.mount.attach(silence);
    play(stage, 1);
    expect(silence.format).toEqual(format);
    expect(silence.bitrate).toBeGreaterThan(0);
    for (const { bytes } of stage.heard) {
      expect(parseMpegHeader(bytes)).toMatchObject({ length: bytes.length, format });
    }
  });

  test("starts anew after the machine slept", () => {
    const { stage } = silentStage();
    play(stage, 1);
    const before = stage.heard.length;
    stage.clock.ms += 60_000;
    play(stage, 1);
    expect(stage.heard.length - before).toBeLessThanOrEqual(39);
    stage[Symbol.dispose]();
  });
});
