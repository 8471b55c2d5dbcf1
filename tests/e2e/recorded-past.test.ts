// The past that only recordings have, on real ports: frame after frame from file to file, and then the stream.
import { expect, spyOn, test } from "bun:test";
import { join } from "node:path";
import { RecordedPast } from "../../src/recording/recorded-past.ts";
import { splitFrames } from "../../src/format/frame-slice.ts";
import { FRAME_MS, numbered, recordingConfig } from "../recording/studio.ts";
import { testConfig } from "../support/config.ts";
import { makeRecording } from "../support/made-recording.ts";
import { IcyReader } from "../support/icy.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { unchunked } from "../support/unchunked.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";
import { Wire } from "../support/wire.ts";

const METAINT = 1000;
const FRAMES = 57;
const FILES = 2;

/** The frame of each file with which its title begins. */
const TITLED = 20;

/** An hour ago; each file has a second and a half. */
const START_MS = Date.now() - 3_600_000;

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

function titlesIn(body: Buffer): string[] {
  const reader = new IcyReader(METAINT);
  reader.push(body);
  return reader.titles;
}

interface Recorded {
  readonly mount: string;
  readonly spans: readonly { readonly from_seconds: number; readonly to_seconds: number }[];
  readonly titles: readonly {
    readonly from_seconds: number;
    readonly artist: string;
    readonly title: string;
  }[];
}

interface Status {
  readonly mounts: readonly { readonly timeline: { readonly recorded_seconds: number } }[];
}

/** What the page is told, in tenths of a second since the first recording. */
async function recordedOf(url: string): Promise<Recorded> {
  const told = (await (await fetch(`${url}/api/recorded/stream`)).json()) as Recorded;
  const status = (await (await fetch(`${url}/api/status`)).json()) as Status;
  const seconds = status.mounts[0]?.timeline.recorded_seconds;
  expect(seconds).toBeGreaterThanOrEqual(3600);
  const zero = told.spans[0]?.from_seconds ?? 0;
  expect(zero).toBeWithin(-3700, -3599);
  const since = (at: number) => Math.round((at - zero) * 10) / 10;
  const spans = told.spans.map(({ from_seconds: from, to_seconds: to }) => {
    return { from_seconds: since(from), to_seconds: since(to) };
  });
  const titles = told.titles.map((one) => ({ ...one, from_seconds: since(one.from_seconds) }));
  return { ...told, spans, titles };
}

test("every kind of listener hears an hour ago byte for byte, then the oldest audio that is held", async () => {
  await using folder = await scratch();
  const recorded = Array.from({ length: FILES }, () =>
    splitFrames(numbered(FRAMES)).map(({ bytes }) => bytes.slice()),
  );
  for (const [number, frames] of recorded.entries())
    await makeRecording(join(folder.path, "recordings"), {
      name: `${number}`,
      frames,
      startMs: START_MS + number * FRAMES * FRAME_MS,
      anchors: [0, 30],
      titles: [{ sample: TITLED * 1152, artist: "Nobody", title: `Part ${number}` }],
    });
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
  const broken = spyOn(RecordedPast.prototype, "pieces");
  broken.mockRejectedValueOnce(new Error("EIO"));
  expect((await fetch(`${radio.url}/api/recorded/stream`)).status).toBe(503);
  expect(await recordedOf(radio.url)).toEqual({
    mount: "/stream",
    spans: [{ from_seconds: 0, to_seconds: 3 }],
    titles: [0, 1].map((part) => {
      const from_seconds = Math.round((part * FRAMES + TITLED) * (FRAME_MS / 100)) / 10;
      return { from_seconds, artist: "Nobody", title: `Part ${part}` };
    }),
  });
  const kinds = [
    { wire: await ask(radio.sourcePort, "1.0"), audio: (body: Buffer) => body, titles: null },
    { wire: await ask(radio.sourcePort, "1.0", ICY), audio: titled, titles: titlesIn },
    {
      wire: await ask(radio.listenPort, "1.1"),
      audio: (body: Buffer) => unchunked(body).bytes,
      titles: null,
    },
    {
      wire: await ask(radio.listenPort, "1.1", ICY),
      audio: (body: Buffer) => titled(unchunked(body).bytes),
      titles: (body: Buffer) => titlesIn(unchunked(body).bytes),
    },
  ];
  const past = Buffer.concat(recorded.flat());
  for (const { wire, audio, titles } of kinds) {
    using _ = wire;
    await until("it hears the stream", () => audio(wire.body).length >= past.length + 4000);
    expect(audio(wire.body).subarray(0, past.length).equals(past)).toBe(true);
    if (titles !== null)
      expect(titles(wire.body).slice(0, 2)).toEqual(["Nobody - Part 0", "Nobody - Part 1"]);
    const rest = audio(wire.body).subarray(past.length);
    const held = Buffer.from(ring.memory.subarray(0, ring.head));
    const at = held.indexOf(rest);
    expect(at).toBeGreaterThanOrEqual(0);
    expect(wire.isClosed).toBe(false);
  }
  expect(station.first.audience.counts.inPast).toBe(0);
  for (const port of [radio.sourcePort, radio.listenPort]) {
    using first = await ask(port, "1.0");
    const token = /^cycast-resume: (\S+)/im.exec(first.head)?.[1] ?? "";
    using next = await Wire.listen(port, `/stream?resume=${token}&bytes=30000`);
    await first.closed();
    const behind = Number(/^cycast-resumed: (\d+)/im.exec(next.head)?.[1]);
    expect(behind).toBeWithin(29_500, 30_001);
    await until("it goes on", () => next.body.length > 10_000);
    const rest = next.body.subarray(0, past.length - behind);
    expect(rest.equals(past.subarray(behind, behind + rest.length))).toBe(true);
  }
}, 120_000);
