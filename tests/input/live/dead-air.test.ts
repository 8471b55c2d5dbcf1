// A live source that sends silence: its mount passes over it, says so once, and takes it back when its sound returns.
import { afterEach, describe, expect, test } from "bun:test";
import type { HeardWindow } from "../../../src/convert/job.ts";
import type { Codec, StreamFormat } from "../../../src/format/frame.ts";
import { createMpegParser } from "../../../src/format/sync/mpeg.ts";
import { granuleOffsets, putBits, readLayer3 } from "../../../src/format/mpeg/layer3.ts";
import { DeadAir } from "../../../src/input/live/dead-air.ts";
import { LiveSource } from "../../../src/input/live/live.ts";
import { Silence } from "../../../src/input/silence.ts";
import { mpegFrame } from "../../format/mpeg-builder.ts";
import { FRAME_MS, trackFrames } from "../../support/tracks.ts";
import { Dj, names, Radio } from "../playlist/radio.ts";
import { Stage } from "../stage.ts";

const CLIENT = { address: "192.0.2.7", userAgent: "Encoder/1", showName: "", metaint: null };

/** A frame whose side information says nothing but silence, with a number. */
function quiet(number: number): Uint8Array {
  const frame = mpegFrame({ payload: "zero" });
  new DataView(frame.buffer).setUint32(frame.length - 4, number);
  return frame;
}

/** The same with a few large values. */
function loud(number: number): Uint8Array {
  const frame = quiet(number);
  const layer3 = readLayer3(frame);
  for (const at of layer3 === null ? [] : granuleOffsets(layer3.header, layer3.sideInfo)) {
    putBits(frame, at + 4, 8, 100);
    putBits(frame, at + 13, 8, 1);
    putBits(frame, at + 21, 8, 200);
    putBits(frame, at + 34, 5, 15);
  }
  return frame;
}

const frames = (make: (number: number) => Uint8Array, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => make(from + i));

const seconds = (count: number) => Math.round((count * 1000) / FRAME_MS);

const open: Disposable[] = [];
afterEach(() => open.splice(0).forEach((one) => one[Symbol.dispose]()));

function watched(stage: Stage): LiveSource {
  const source = new LiveSource(stage.mount, CLIENT);
  const measure = async (): Promise<HeardWindow> => ({ steps: [], truePeak: null });
  const deadAir = new DeadAir(stage.mount, measure);
  stage.mount.events.on("arrived", ({ input, frames }) => deadAir.add(input, frames));
  stage.mount.events.on("inputs", ({ inputs }) => deadAir.follow(inputs));
  stage.mount.attach(source);
  return source;
}

function send(stage: Stage, source: LiveSource, sent: readonly Uint8Array[]): void {
  for (const frame of sent) expect(source.push(frame, stage.clock.ms)).toBeNull();
}

describe("a source that sends silence", () => {
  test("is heard frame for frame until silence_timeout, then the playlist, then the source from where its sound is back", async () => {
    await using radio = await Radio.open();
    const track = await radio.write("a.mp3", trackFrames(1, 200));
    const source = watched(radio.stage);
    const { stage } = radio;
    await radio.feeder.fill();
    const show = frames(loud, 80);
    const nothing = frames(quiet, seconds(40), 1000);
    send(stage, source, [...show, ...nothing]);
    expect(stage.mount.onAir?.kind).toBe("playlist");
    expect([source.held, stage.mount.live]).toEqual(["silence", source]);
    const before = stage.heard.length;
    await radio.play(1);
    const returned = frames(loud, 60, 5000);
    send(stage, source, returned);
    expect(stage.mount.onAir).toBe(source);
    const heard = names(radio, { show, nothing, track, returned });
    expect(heard.slice(0, before)).toEqual(
      [...show.map((_, i) => `show${i}`), ...nothing.map((_, i) => `nothing${i}`)].slice(0, before),
    );
    expect(Math.abs(before - 80 - seconds(30))).toBeLessThan(seconds(1.1));
    const after = heard.slice(before);
    const first = after.findIndex((name) => name.startsWith("returned"));
    expect(after.slice(0, first).every((name) => name.startsWith("track"))).toBe(true);
    // Half a second of sound is awaited, so that a click changes nothing.
    expect(after.slice(first)).toEqual(
      Array.from({ length: after.length - first }, (_, i) => `returned${seconds(0.5) + i}`),
    );
  });

  test("is named in the log once, and once when its sound is back", async () => {
    await using radio = await Radio.open();
    const source = watched(radio.stage);
    send(radio.stage, source, frames(quiet, seconds(100)));
    send(radio.stage, source, frames(loud, seconds(2)));
    expect(radio.stage.told("the live source 192.0.2.7 (Encoder/1)").slice(-2)).toEqual([
      "warn /stream: the live source 192.0.2.7 (Encoder/1) has been silent for 30 s (below -60 dBFS): it counts as no audio until sound returns",
      "info /stream: the live source 192.0.2.7 (Encoder/1) has sound again",
    ]);
  });

  test("stays where nothing but silence would follow", () => {
    const stage = new Stage();
    open.push(stage);
    stage.mount.attach(new Silence(stage.mount));
    const source = watched(stage);
    send(stage, source, frames(quiet, seconds(40)));
    stage.mount.advance(stage.clock.ms);
    expect([source.isSilent, stage.mount.onAir]).toEqual([true, source]);
    expect(stage.heard).toHaveLength(seconds(40));
  });

  test("is judged anew when it comes back with another codec, as a relay may", () => {
    const stage = new Stage();
    open.push(stage);
    const deadAir = new DeadAir(stage.mount, () => Promise.reject(new Error("it is not decoded")));
    let codec: Codec = "mp3";
    const relay = Object.assign(new Dj(), { isSilent: false });
    Object.defineProperty(relay, "format", {
      get: (): StreamFormat => ({ codec, sampleRate: 44_100, channels: 2 }),
    });
    stage.mount.attach(relay);
    const parser = createMpegParser();
    for (const frame of frames(quiet, seconds(31))) deadAir.add(relay, parser.push(frame));
    expect(relay.isSilent).toBe(true);
    codec = "speex";
    deadAir.add(relay, parser.push(quiet(0)));
    expect(relay.isSilent).toBe(false);
  });

  test("is let alone with silence_timeout = 0, from the next frame on", async () => {
    const stage = new Stage({ silenceTimeout: 5 });
    open.push(stage);
    const source = watched(stage);
    send(stage, source, frames(quiet, seconds(6)));
    expect(source.isSilent).toBe(true);
    stage.mount.reconfigure({ ...stage.mount.config, silenceTimeout: 0 });
    send(stage, source, frames(quiet, 1));
    expect(source.isSilent).toBe(false);
    send(stage, source, frames(quiet, seconds(100)));
    expect(source.isSilent).toBe(false);
  });
});
