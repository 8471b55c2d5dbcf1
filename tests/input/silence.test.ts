// Silence: frames of the mount's format, paced like any others.
import { describe, expect, test } from "bun:test";
import type { FormatChange } from "../../src/config/schema.ts";
import { parseAdtsHeader } from "../../src/format/sync/adts.ts";
import type { Frames, StreamFormat } from "../../src/format/frame.ts";
import { createMpegParser, parseMpegHeader } from "../../src/format/sync/mpeg.ts";
import { NO_METADATA } from "../../src/mount/metadata.ts";
import type { Input } from "../../src/mount/roles.ts";
import { Silence } from "../../src/input/silence.ts";
import { concat } from "../format/mpeg-builder.ts";
import { FRAME_MS, silentShow } from "../support/tracks.ts";
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

/** A mount that has just played Ogg, and nothing any more. */
function oggStage(onFormatChange: FormatChange): Stage {
  const stage = new Stage({ onFormatChange });
  const { mount } = stage;
  const page = { ...silentShowFrames(), preamble: Uint8Array.of(1) };
  const show: Input = {
    kind: "live",
    priority: 100,
    name: "a show",
    ready: true,
    format: { codec: "vorbis", sampleRate: 44_100, channels: 2 },
    bitrate: 0,
    metadata: NO_METADATA,
    onAir: () => undefined,
    offAir: () => undefined,
    advance: () => undefined,
  };
  mount.attach(new Silence(mount));
  mount.attach(show);
  mount.write(show, page, stage.clock.ms);
  mount.detach(show, stage.clock.ms);
  stage.heard.length = 0;
  return stage;
}

function silentShowFrames(): Frames {
  const parser = createMpegParser();
  return parser.push(concat(...silentShow(3)));
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

  test("has the format of an AAC mount", () => {
    const format: StreamFormat = { codec: "aac", sampleRate: 44_100, channels: 2 };
    using stage = new Stage();
    Object.defineProperty(stage.mount, "format", { value: format });
    stage.mount.attach(new Silence(stage.mount));
    play(stage, 1);
    expect(stage.heard.length).toBeGreaterThan(40);
    for (const { bytes } of stage.heard) expect(parseAdtsHeader(bytes)).toMatchObject({ format });
  });

  test.each(["refuse", "allow"] as const)("is nothing on an Ogg mount that says %s", (policy) => {
    using stage = oggStage(policy);
    play(stage, 10);
    expect(stage.heard).toEqual([]);
  });

  test("is MP3 on an Ogg mount whose format may change, but not for a gap of a moment", () => {
    using stage = oggStage("reconnect");
    let changes = 0;
    stage.mount.events.on("format", () => void changes++);
    play(stage, 2.9);
    expect([stage.heard.length, changes]).toEqual([0, 0]);
    play(stage, 1);
    expect(stage.heard.length).toBeGreaterThan(20);
    expect(changes).toBe(1);
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
