// The past that only recordings have, on real ports: frame after frame from file to file, and then the stream.
import { expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { splitFrames } from "../../src/format/frame-slice.ts";
import { FRAME_MS, numbered, recordingConfig } from "../recording/studio.ts";
import { testConfig } from "../support/config.ts";
import { IcyReader } from "../support/icy.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { unchunked } from "../support/unchunked.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";
import { Wire } from "../support/wire.ts";

const METAINT = 1000;
const HEAD = Buffer.alloc(300, 0x20);
const FRAMES = 57;
const FILES = 2;

/** An hour ago; each file has a second and a half. */
const START_MS = Date.now() - 3_600_000;

/** A complete recording, with an anchor for each half. */
async function record(folder: string, number: number, frames: readonly Uint8Array[]) {
  const startMs = Math.round(START_MS + number * FRAMES * FRAME_MS);
  const audio = Buffer.concat(frames);
  const anchor = (frame: number) => {
    const byte = Buffer.concat(frames.slice(0, frame)).length;
    return [Math.round(startMs + frame * FRAME_MS), byte, frame, frame * 1152, 0];
  };
  const document = {
    version: 1,
    file: `${number}.mp3`,
    mount: "/stream",
    recording: "shows",
    station: "",
    show: "",
    codec: "mp3",
    sample_rate: 44_100,
    channels: 2,
    start_ms: startMs,
    end_ms: Math.round(START_MS + (number + 1) * FRAMES * FRAME_MS),
    seconds: (frames.length * FRAME_MS) / 1000,
    samples: frames.length * 1152,
    frames: frames.length,
    head_bytes: HEAD.length,
    audio_bytes: audio.length,
    delay: 0,
    lost_seconds: 0,
    hold: false,
    anchors: [0, 30].map(anchor),
  };
  await mkdir(folder, { recursive: true });
  await Bun.write(join(folder, `${number}.mp3`), Buffer.concat([HEAD, audio]));
  await Bun.write(join(folder, `${number}.json`), JSON.stringify(document));
}

async function ask(port: number, version: string, headers = ""): Promise<Wire> {
  const at = new Date(START_MS).toISOString();
  const wire = await Wire.open(port);
  wire.send(`GET /stream?at=${at} HTTP/${version}\r\nHost: test\r\n${headers}\r\n`);
  await until("it is answered", () => wire.head.includes("\r\n") || wire.isClosed);
  expect(wire.head).toContain(" 200 ");
  return wire;
}

const ICY = "Icy-MetaData: 1\r\n";

function titled(body: Buffer): Buffer {
  const reader = new IcyReader(METAINT);
  reader.push(body);
  return reader.audio;
}

test("every kind of listener hears an hour ago byte for byte, then the oldest audio that is held", async () => {
  await using folder = await scratch();
  const recorded = Array.from({ length: FILES }, () =>
    splitFrames(numbered(FRAMES)).map(({ bytes }) => bytes.slice()),
  );
  for (const [number, frames] of recorded.entries())
    await record(join(folder.path, "recordings"), number, frames);
  const music = join(folder.path, "music");
  await writeTrack(music, "1.mp3", trackFrames(1, 2000));
  const directory = join(folder.path, "recordings");
  const recording = [recordingConfig({ directory, when: "live" })];
  const metadata = { icyMetaint: METAINT };
  const playlist = { directory: music };
  const mount = { burstSeconds: 1, rewindSeconds: 300, metadata, recording, playlist };
  await using radio = await startStation(testConfig([mount]));
  const { station } = radio;
  await until(
    "they are known",
    () => (station.recordings.past("/stream")?.fromMs ?? 0) < START_MS + 1,
  );
  const { ring } = station.first.mount;
  await until("the playlist is on air", () => ring.head > 20_000);
  const kinds = [
    { wire: await ask(radio.sourcePort, "1.0"), audio: (body: Buffer) => body },
    { wire: await ask(radio.sourcePort, "1.0", ICY), audio: titled },
    {
      wire: await ask(radio.listenPort, "1.1"),
      audio: (body: Buffer) => unchunked(body).bytes,
    },
    {
      wire: await ask(radio.listenPort, "1.1", ICY),
      audio: (body: Buffer) => titled(unchunked(body).bytes),
    },
  ];
  const past = Buffer.concat(recorded.flat());
  for (const { wire, audio } of kinds) {
    using _ = wire;
    expect(wire.head).not.toMatch(/^cycast-resume:/im);
    await until("it hears the stream", () => audio(wire.body).length >= past.length + 4000);
    expect(audio(wire.body).subarray(0, past.length).equals(past)).toBe(true);
    const rest = audio(wire.body).subarray(past.length);
    const held = Buffer.from(ring.memory.subarray(0, ring.head));
    const at = held.indexOf(rest);
    expect(at).toBeGreaterThanOrEqual(0);
    expect(wire.isClosed).toBe(false);
  }
  expect(station.first.audience.counts.inPast).toBe(0);
}, 120_000);
