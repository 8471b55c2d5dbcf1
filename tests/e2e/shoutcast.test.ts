// SHOUTcast's encoders: the port after the source port, the source port itself, and what happens when one is taken.
import { expect, test } from "bun:test";
import type { Config } from "../../src/config/config.ts";
import { concat } from "../format/mpeg-builder.ts";
import { PASSWORD, testConfig } from "../support/config.ts";
import { freePair } from "../support/ports.ts";
import { startStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { Wire } from "../support/wire.ts";

const OK = "OK2\r\nicy-caps:11\r\n\r\n";
const HEADERS = "icy-name:Show\r\nicy-genre:g\r\nicy-pub:0\r\nicy-br:128\r\n\r\n";
const SHOW = concat(...trackFrames(7, 40));

function onPorts(sourcePort: number, listenPort = 0): Config {
  const config = testConfig();
  return { ...config, server: { ...config.server, sourcePort, listenPort } };
}

test("an encoder logs in on the next port, or on the source port itself, and is heard", async () => {
  await using radio = await startStation(testConfig([{ burstSeconds: 0 }]));
  expect(radio.station.ingest.shoutcastPort).toBeGreaterThan(radio.sourcePort);
  using listener = await Wire.listen(radio.sourcePort, "/stream");
  for (const port of [radio.station.ingest.shoutcastPort ?? 0, radio.sourcePort]) {
    const before = listener.length;
    using wire = await Wire.open(port);
    wire.send(`${PASSWORD}\r\n`);
    await until("it is let in", () => wire.length >= OK.length);
    wire.send(concat(Buffer.from(HEADERS), SHOW));
    await until("the show is heard", () => listener.bytes.subarray(before).includes(SHOW));
    expect(wire.text).toBe(OK);
    expect(radio.station.facts().mounts[0].title).toBe("Show");
    wire.socket.end();
    await until("it is gone", () => !radio.station.facts().mounts[0].hasSource);
  }
});

test("the port after a chosen source port is used, and takes what the source port takes", async () => {
  const port = freePair();
  await using radio = await startStation(onPorts(port));
  expect(radio.station.ingest.shoutcastPort).toBe(port + 1);
  using wire = await Wire.open(port + 1);
  wire.send("GET /api/status HTTP/1.0\r\n\r\n");
  await wire.closed();
  expect(wire.head).toStartWith("HTTP/1.0 200 OK\r\n");
});

test("a station whose next port is taken warns and starts", async () => {
  const port = freePair();
  using other = Bun.listen({ hostname: "127.0.0.1", port: port + 1, socket: { data() {} } });
  await using radio = await startStation(onPorts(port));
  expect(other.port).toBe(port + 1);
  expect(radio.station.ingest.shoutcastPort).toBeNull();
  expect(
    radio.logged.filter((line) => line.startsWith(`warn port ${port + 1} is not free`)).length,
  ).toBe(1);
});

test("a station whose next port is its listen port, as shipped, starts without a warning", async () => {
  const port = freePair();
  await using radio = await startStation(onPorts(port, port + 1));
  expect(radio.station.ingest.shoutcastPort).toBe(port + 1);
  expect(radio.logged.filter((line) => /warn port|SHOUT/.test(line))).toEqual([]);
  using wire = await Wire.open(port);
  wire.send(`${PASSWORD}\r\n`);
  await until("it is let in", () => wire.length >= OK.length);
  expect(wire.text).toBe(OK);
});

test("an encoder for a busy mount is refused with one line, on both ports, and the show goes on", async () => {
  await using radio = await startStation(testConfig([{ burstSeconds: 0 }]));
  using first = await Wire.open(radio.sourcePort);
  first.send(concat(Buffer.from(`${PASSWORD}\r\n${HEADERS}`), SHOW));
  await until("it is on air", () => radio.station.facts().mounts[0].onAir === "live");
  for (const port of [radio.station.ingest.shoutcastPort ?? 0, radio.sourcePort]) {
    using second = await Wire.open(port);
    second.send(`${PASSWORD}\r\n`);
    await second.closed();
    expect(second.text).toBe("Mountpoint in use by 127.0.0.1 (SHOUTcast v1)\r\n");
  }
  expect(radio.station.facts().sources).toEqual({ accepted: 1, in_use: 2 });
  expect(first.isClosed).toBe(false);
});
