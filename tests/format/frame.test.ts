import { expect, test } from "bun:test";
import { FrameBatch } from "../../src/format/parts/frame-batch.ts";
import {
  describeFormat,
  NO_FRAMES,
  sameFormat,
  type StreamFormat,
} from "../../src/format/frame.ts";

const stereo: StreamFormat = { codec: "mp3", sampleRate: 44100, channels: 2 };

test("two formats are the same when codec, sample rate and channel count are", () => {
  expect(sameFormat(stereo, { ...stereo })).toBe(true);
  expect(sameFormat(stereo, { ...stereo, sampleRate: 48000 })).toBe(false);
  expect(sameFormat(stereo, { ...stereo, channels: 1 })).toBe(false);
  expect(sameFormat(stereo, { ...stereo, codec: "mp2" })).toBe(false);
});

test("a format describes itself for people", () => {
  expect(describeFormat(stereo)).toBe("MP3 44.1 kHz stereo");
  expect(describeFormat({ codec: "mp2", sampleRate: 48000, channels: 1 })).toBe("MP2 48 kHz mono");
  expect(describeFormat({ ...stereo, sampleRate: 22050 })).toBe("MP3 22.05 kHz stereo");
  expect(describeFormat({ ...stereo, channels: 6 })).toBe("MP3 44.1 kHz 6 channels");
});

test("a batch lays its frames out as rc_frame and keeps their samples beside", () => {
  const batch = new FrameBatch();
  batch.add(417, 1152, 48000, 1);
  batch.add(418, 960, 48000, 0);
  const frames = batch.take(new Uint8Array(835), 48000);
  expect([...frames.table]).toEqual([417, 24000, 1, 418, 20000, 0]);
  expect([...frames.samples]).toEqual([1152, 960]);
  expect(frames.count).toBe(2);
  expect(frames.seconds).toBe(0.044);
});

test("an empty batch has no frames, also right after a take", () => {
  const batch = new FrameBatch();
  expect(batch.take(new Uint8Array(0), 44100)).toBe(NO_FRAMES);
  batch.add(10, 576, 44100, 1);
  batch.take(new Uint8Array(10), 44100);
  expect(batch.take(new Uint8Array(0), 44100)).toBe(NO_FRAMES);
});

test("microsecond durations do not drift from the exact time, over any number of batches", () => {
  const batch = new FrameBatch();
  let micros = 0;
  for (let i = 0; i < 1000; i++) {
    for (let j = 0; j < 50; j++) batch.add(100, 1152, 44100, 1);
    const { table } = batch.take(new Uint8Array(5000), 44100);
    for (let word = 1; word < table.length; word += 3) micros += table[word]!;
  }
  expect(Math.abs(micros - (50_000 * 1152 * 1e6) / 44100)).toBeLessThan(1);
});
