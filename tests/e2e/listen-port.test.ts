// What comes to the listen port and is no HTTP.
import { expect, spyOn, test } from "bun:test";
import { Server } from "node:http";
import { clientsOf } from "../../src/native/clients.ts";
import { concat } from "../format/mpeg-builder.ts";
import { AS_ADMIN, adminConfig } from "../http/app.ts";
import { PASSWORD, testConfig } from "../support/config.ts";
import { freePair } from "../support/ports.ts";
import { startStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { Wire } from "../support/wire.ts";

const OK = "OK2\r\nicy-caps:11\r\n\r\n";
const HEADERS = "icy-name:Show\r\nicy-genre:g\r\nicy-pub:0\r\nicy-br:128\r\n\r\n";
const SHOW = concat(...trackFrames(7, 40));
const BAD_REQUEST = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

/** As shipped: the listen port follows the source port. */
function startInARow(mount = {}, host = "127.0.0.1") {
  const sourcePort = freePair();
  const config = adminConfig([{ burstSeconds: 0, ...mount }]);
  const server = { ...config.server, host, sourcePort, listenPort: sourcePort + 1 };
  return startStation({ ...config, server });
}

test("what a listener sends behind its request never puts an answer into the audio", async () => {
  await using radio = await startStation(testConfig([{ burstSeconds: 0 }]));
  for (const behind of ["", "\0".repeat(100)]) {
    using wire = await Wire.open(radio.listenPort);
    wire.send(`GET /stream HTTP/1.1\r\nHost: test\r\n\r\n${behind}`);
    await until("it is heard", () => wire.body.length > 0);
    for (const bytes of ["\0".repeat(4096), "rubbish\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"]) {
      const before = wire.length;
      wire.send(bytes);
      await until("it is heard on", () => wire.length > before + 2000);
    }
    expect(wire.text.match(/HTTP\/1\.1 \d\d\d/g)).toEqual(["HTTP/1.1 200"]);
    expect(wire.isClosed).toBeFalse();
  }
});

test("what is sent behind a request for events ends them without a word", async () => {
  await using radio = await startStation(testConfig());
  using wire = await Wire.open(radio.listenPort);
  wire.send("GET /api/events HTTP/1.1\r\nHost: test\r\n\r\n");
  await until("there is an event", () => wire.text.includes("data:"));
  wire.send("\0".repeat(100));
  await wire.closed();
  expect(wire.text.match(/HTTP\/1\.1 \d\d\d/g)).toEqual(["HTTP/1.1 200"]);
});

test.each([
  ["binary", "\0\0\0\r\n", BAD_REQUEST],
  ["a password where no encoder logs in", "hello\r\n", BAD_REQUEST],
  ["a method that is none", "FOO / HTTP/1.1\r\n\r\n", BAD_REQUEST],
  ["another version", "GET / HTTP/9.9\r\n\r\n", "HTTP/1.1 505 HTTP Version Not Supported\r\n"],
  [
    "a head that is too long",
    `GET / HTTP/1.1\r\nX: ${"y".repeat(20000)}\r\n\r\n`,
    "HTTP/1.1 431 Request Header",
  ],
  [
    "a body that is too long",
    "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n",
    "HTTP/1.1 413 ",
  ],
])("%s is refused", async (_, opening, answer) => {
  await using radio = await startStation(testConfig());
  using wire = await Wire.open(radio.listenPort);
  wire.send(opening);
  await wire.closed();
  expect(wire.text).toStartWith(answer);
  expect(radio.station.facts().sources).toEqual({});
});

test("a target that is not ASCII is found", async () => {
  await using radio = await startStation(testConfig([{ path: "/müsik", burstSeconds: 0 }]));
  using wire = await Wire.open(radio.listenPort);
  wire.send("GET /müsik HTTP/1.1\r\nHost: x\r\n\r\n");
  await until("it is heard", () => wire.body.length > 4000);
  expect(wire.head).toMatch(/^HTTP\/1\.\d 200 /);
});

test("a SHOUTcast encoder that adds one to the source port is let in at the listen port", async () => {
  await using radio = await startInARow();
  expect(radio.station.ingest.shoutcastPort).toBe(radio.listenPort);
  using listener = await Wire.listen(radio.sourcePort, "/stream");
  const login = `${PASSWORD}\r\n`;
  for (const parts of [
    [login, HEADERS],
    [login + HEADERS],
    [login.slice(0, 3), login.slice(3), HEADERS],
  ]) {
    const before = listener.length;
    using wire = await Wire.open(radio.listenPort);
    for (const part of parts) {
      wire.send(part);
      await Bun.sleep(20);
    }
    await until("it is let in", () => wire.length >= OK.length);
    wire.send(SHOW);
    await until("the show is heard", () => listener.bytes.subarray(before).includes(SHOW));
    expect(wire.text).toBe(OK);
    expect(radio.station.facts().mounts[0].title).toBe("Show");
    // It counts for no connection that idles, and is not hung up on as one.
    expect(clientsOf(radio.listenPort)).toEqual([]);
    wire.socket.end();
    await until("it is gone", () => !radio.station.facts().mounts[0].hasSource);
  }
});

test("a SHOUTcast encoder can log in at the listen port over IPv6", async () => {
  await using radio = await startInARow({}, "::");
  using wire = await Wire.open(radio.listenPort, "::1");
  wire.send(`${PASSWORD}\r\n${HEADERS}`);
  await until("it is let in", () => wire.length >= OK.length);
  wire.send(SHOW);
  await until("it is live", () => radio.station.facts().mounts[0].hasSource);
  expect(wire.text).toBe(OK);
  await until("it is on air", () => radio.logged.some((line) => line.includes("source ::1 ")));
});

test("without Bun's hook a SHOUTcast login at the listen port is refused, and log and doctor name the remedy", async () => {
  // node:http then does not listen by Bun.serve.
  using listening = spyOn(Server.prototype, "listen").mockImplementation(function (this: Server) {
    return this;
  });
  await using radio = await startInARow();
  listening.mockRestore();
  expect(radio.station.ingest.shoutcastPort).toBeNull();
  const [source, listen] = [radio.sourcePort, radio.listenPort];
  expect(radio.logged).toContain(
    `info SHOUTcast encoders: use port ${source} (port ${listen} is taken by server.listen_port)`,
  );
  using wire = await Wire.open(listen);
  wire.send(`${PASSWORD}\r\n`);
  await wire.closed();
  expect(wire.text).toStartWith("HTTP/1.1 400 Bad Request");
  const doctor = await fetch(`${radio.url}/api/admin/doctor`, { headers: AS_ADMIN });
  expect(await doctor.text()).toContain(`reach the listen port ${listen}, which refuses them.`);
});

test("audio that comes right behind a login at the listen port is heard whole", async () => {
  await using radio = await startInARow();
  using listener = await Wire.listen(radio.sourcePort, "/stream");
  using wire = await Wire.open(radio.listenPort);
  wire.send(concat(Buffer.from(`${PASSWORD}\r\n${HEADERS}`), SHOW));
  await until("the show is heard", () => listener.bytes.includes(SHOW));
  expect(wire.text).toBe(OK);
});

test("a wrong password at the listen port is refused and counted as at the source port", async () => {
  await using radio = await startInARow();
  using wire = await Wire.open(radio.listenPort);
  wire.send("a-guess\r\n");
  await wire.closed();
  expect(wire.text).toBe("invalid password\r\n");
  expect(radio.station.facts().sources).toEqual({ unauthorized: 1 });
  using other = await Wire.open(radio.listenPort);
  other.send("GET /api/status HTTP/1.0\r\n\r\n");
  await until("others are answered", () => other.head.startsWith("HTTP/1.1 200 OK"));
});
