// The load generator measures right: nothing is lost where nothing is lost, and what is tampered with is told.
import { beforeAll, describe, expect, test } from "bun:test";
import { PASSWORD, testConfig } from "../support/config.ts";
import { requireLinux } from "../support/programs.ts";
import { startStation, until } from "../support/station.ts";
import { type CrowdReport, FLAWLESS, LoadProgram, type SourceReport } from "./load/load-program.ts";
import { makeLoadProgram } from "./load/make.ts";

const METAINT = 1000;

async function startSource(port: number, ...words: (string | number)[]): Promise<LoadProgram> {
  const source = new LoadProgram("source", ["--port", port, "--password", PASSWORD, ...words]);
  await source.event("live");
  return source;
}

async function hearCrowd(port: number, ...words: (string | number)[]): Promise<CrowdReport> {
  const bounds = ["--settle-seconds", 5, "--warmup", 0.2, "--seconds", 0.9];
  await using crowd = new LoadProgram("crowd", ["--port", port, ...bounds, ...words]);
  return await crowd.event<CrowdReport>("report");
}

function expectFlawless(report: CrowdReport, listeners: number): void {
  expect(report).toMatchObject({ ...FLAWLESS, asked: listeners, heard: listeners });
  const hearing = listeners - report.stalled;
  // 38 frames a second each, in sends that may be a second apart.
  expect(report.frames).toBeGreaterThan(hearing * 10);
  expect(report.frames).toBeLessThan(hearing * 38 * 4);
  expect(report.latency_p50_ms).toBeGreaterThan(0);
  expect(report.latency_max_ms).toBeLessThan(2000);
  expect(report.all_audio_ms).toBeGreaterThanOrEqual(report.first_audio_max_ms ?? Infinity);
}

/** What becomes of a frame on its way to one listener. */
type Tamper = (frame: Buffer, number: number) => Buffer;

/** Cuts off whole frames of 128 kbit/s; returns what is left. */
function eachFrame(bytes: Buffer, take: (frame: Buffer) => void): Buffer {
  for (;;) {
    const length = 417 + (((bytes[2] ?? 0) >> 1) & 1);
    if (bytes.length < length) return bytes;
    take(bytes.subarray(0, length));
    bytes = bytes.subarray(length);
  }
}

/** A server of one mount; each listener's frames pass a Tamper of its own. */
function serve(headers: string, tamper: () => Tamper) {
  const hearers = new Set<(frame: Buffer) => void>();
  let held: Buffer = Buffer.alloc(0);
  return Bun.listen<{ isSource: boolean | null }>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: (socket) => void (socket.data = { isSource: null }),
      data(socket, bytes) {
        if (socket.data.isSource === true) {
          held = eachFrame(Buffer.concat([held, bytes]), (frame) =>
            hearers.forEach((hear) => hear(frame)),
          );
        }
        if (socket.data.isSource !== null) return;
        socket.data.isSource = bytes.toString("latin1").startsWith("SOURCE ");
        socket.write(`HTTP/1.0 200 OK\r\n${socket.data.isSource ? "" : headers}\r\n`);
        if (socket.data.isSource) return;
        const change = tamper();
        let number = 0;
        hearers.add((frame) => void socket.write(change(frame, number++)));
      },
    },
  });
}

/** Puts an empty block after each METAINT bytes of audio, the fifth of them `late` bytes behind its place. */
function withTitles(late: number): Tamper {
  let [audio, blocks, due] = [0, 0, METAINT];
  return (frame) => {
    const out: number[] = [];
    for (const byte of frame) {
      if (audio === due) {
        out.push(0);
        blocks++;
        due = (blocks + 1) * METAINT + (blocks === 4 ? late : 0);
      }
      out.push(byte);
      audio++;
    }
    return Buffer.from(out);
  };
}

/** Keeps the first frames until there are so many, and lets go of them in two bursts. */
function hoard(count: number): Tamper {
  const kept: Buffer[] = [];
  return (frame, number) => {
    kept.push(Buffer.from(frame));
    if (number < count) return Buffer.alloc(0);
    return Buffer.concat(kept.splice(0, number === count ? 1 : kept.length));
  };
}

/** What three listeners report of a server that tampers. */
async function hearTampered(
  headers: string,
  tamper: () => Tamper,
  ...words: (string | number)[]
): Promise<CrowdReport> {
  const server = serve(headers, tamper);
  await using _source = await startSource(server.port, "--interval-ms", 26);
  const report = await hearCrowd(server.port, "--listeners", 3, ...words);
  server.stop(true);
  return report;
}

const TITLES = `icy-metaint: ${METAINT}\r\n`;
const untouched: Tamper = (frame) => frame;

describe.skipIf(!requireLinux("the load generator"))("the load generator", () => {
  beforeAll(() => makeLoadProgram("all"));

  test("hears the same however a stream is cut", () => {
    makeLoadProgram("test");
  });

  test("loses nothing at the floor, whose ring goes round, and counts who stalls", async () => {
    await using floor = new LoadProgram("floor", ["--port", 0, "--span", 4000, "--ring", 1 << 15]);
    const { port } = await floor.event<{ port: number }>("listening");
    await using source = await startSource(port, "--bitrate", 320, "--seconds", 4);
    const report = await hearCrowd(port, "--listeners", 20, "--stalled", 4);
    expectFlawless(report, 20);
    expect(report).toMatchObject({ stalled: 4, stalled_closed: 0, run_lead_bytes: 0 });
    source.stop();
    const { frames, bytes, seconds } = await source.event<SourceReport>("report");
    expect(Math.abs(bytes / frames - (144 * 320) / 44.1)).toBeLessThan(1);
    expect(Math.abs((frames * 1152) / 44_100 - seconds)).toBeLessThan(0.5);
  });

  test("loses nothing at either door of a station, with titles or without", async () => {
    // Without a burst nobody hears what was before the show.
    const mount = { burstSeconds: 0, metadata: { icyMetaint: METAINT } };
    await using radio = await startStation(testConfig([mount]));
    await using _source = await startSource(radio.sourcePort);
    await until("the show is on air", () => radio.station.facts().mounts[0].onAir === "live");
    const doors = [radio.sourcePort, radio.listenPort];
    const asks = doors.flatMap((port) => [[port], [port, "--icy"], [port, "--icy", "--http10"]]);
    const reports = await Promise.all(
      asks.map(([port, ...words]) => hearCrowd(Number(port), "--listeners", 5, ...(words ?? []))),
    );
    for (const [i, report] of reports.entries()) {
      expectFlawless(report, 5);
      const words = asks[i] ?? [];
      // The name of the show is its title, told once.
      expect(report.run_titles).toBe(words.includes("--icy") ? 5 : 0);
      const isBare = words.length === 1 && words[0] === radio.sourcePort;
      expect(report.wire_bytes > report.audio_bytes).toBe(!isBare);
    }
  });

  test("tells what a server did to the stream", async () => {
    const [honest, titled, dropped, torn, misplaced] = await Promise.all([
      hearTampered("", () => untouched),
      hearTampered(TITLES, () => withTitles(0)),
      hearTampered("", () => (frame, number) => (number === 15 ? Buffer.alloc(0) : frame)),
      hearTampered("", () => (frame, number) => (number === 15 ? frame.subarray(0, 400) : frame)),
      hearTampered(TITLES, () => withTitles(1)),
    ]);
    expect(honest).toMatchObject(FLAWLESS);
    expect(titled).toMatchObject(FLAWLESS);
    expect(dropped).toMatchObject({ run_lost_frames: 3, run_garbage_bytes: 0 });
    expect(torn.run_lost_frames).toBe(3);
    expect(torn.run_garbage_bytes).toBeGreaterThan(3 * 380);
    expect(misplaced.run_garbage_bytes).toBeGreaterThan(0);
    expect(misplaced.run_lost_frames).toBeGreaterThan(0);
  });

  test("takes the burst of a listener that comes late for no latency", async () => {
    let listeners = 0;
    const report = await hearTampered(
      "",
      () => (listeners++ === 0 ? untouched : hoard(30)),
      "--settle-seconds",
      0.2,
    );
    expect(report).toMatchObject({ ...FLAWLESS, heard: 3 });
    expect(report.first_audio_max_ms).toBeGreaterThan(600);
    expect(report.latency_max_ms).toBeLessThan(500);
  });

  test("tells who was refused, and who found nobody", async () => {
    await using radio = await startStation(testConfig());
    const lost = await hearCrowd(radio.listenPort, "--path", "/elsewhere", "--seconds", 0.1);
    expect(lost).toMatchObject({
      refused: 1,
      refused_status: 404,
      connected: 0,
      all_audio_ms: null,
    });
    const words = ["--port", radio.sourcePort, "--password", "wrong"];
    await using stranger = new LoadProgram("source", words);
    expect(await stranger.exited).toBe(1);
    expect(await stranger.complaint).toMatch(/refuses: HTTP\/1\.\d 401/);
    const door = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
    door.stop(true);
    await using crowd = new LoadProgram("crowd", ["--port", door.port, "--seconds", 0.1]);
    expect(await crowd.event("report")).toMatchObject({
      failed: 1,
      heard: 0,
      latency_p50_ms: null,
    });
    expect(await crowd.exited).toBe(1);
    expect(await crowd.complaint).toMatch(/Connection refused[^]*nobody heard a stamped frame/);
  });
});
