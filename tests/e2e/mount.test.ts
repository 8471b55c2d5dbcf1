// What a player gets from a mount on the listen port.
import { expect, test } from "bun:test";
import { testConfig } from "../support/config.ts";
import { startStation, until } from "../support/station.ts";
import { goLive, Wire } from "../support/wire.ts";
import { trackFrames } from "../support/tracks.ts";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";

test("the answer carries the station's icy headers, UTF-8 included", async () => {
  const metadata = {
    stationName: "Радио ☃",
    stationGenre: "Jazz\r\nInjected: yes",
    icyMetaint: 8192,
  };
  await using radio = await startStation(testConfig([{ metadata }]));
  using listener = await Wire.listen(radio.listenPort, "/stream", "icy-metadata: 1\r\n");
  const head = Buffer.from(listener.head, "latin1").toString("utf8");
  expect(head).toContain("200 OK");
  expect(head).toMatch(/content-type: audio\/mpeg/i);
  expect(head).toContain("icy-name: Радио ☃");
  expect(head).toContain("icy-genre: Jazz Injected: yes");
  expect(head).toMatch(/icy-metaint: 8192/i);
  expect(head).toMatch(/icy-pub: 0/i);
});

test("a listener who did not ask for titles gets none, nor does anyone when they are switched off", async () => {
  await using radio = await startStation(
    testConfig([{}, { path: "/plain", metadata: { enableIcy: false } }]),
  );
  using silent = await Wire.listen(radio.listenPort, "/stream");
  using zero = await Wire.listen(radio.listenPort, "/stream", "Icy-MetaData: 0\r\n");
  using off = await Wire.listen(radio.listenPort, "/plain", "Icy-MetaData: 1\r\n");
  for (const listener of [silent, zero, off]) {
    expect(listener.head).not.toMatch(/^icy-metaint:/im);
  }
});

test("HEAD answers the head of GET and counts no listener", async () => {
  await using radio = await startStation(testConfig());
  const answer = await fetch(`${radio.url}/stream`, { method: "HEAD" });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("icy-name")).toBe("Test Radio");
  expect(radio.station.facts().mounts[0].listenerPeak).toBe(0);
});

test("a request of HTTP/1.0 without Host is served bare, one of HTTP/1.1 in chunks", async () => {
  await using radio = await startStation(testConfig());
  using old = await Wire.open(radio.listenPort);
  old.send("GET /stream HTTP/1.0\r\n\r\n");
  await until("audio arrives", () => old.body.length > 200);
  expect(old.head).not.toMatch(/transfer-encoding/i);
  expect([old.body[0], (old.body[1] ?? 0) & 0xe0]).toEqual([0xff, 0xe0]);
  using modern = await Wire.open(radio.listenPort);
  modern.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
  await until("audio arrives", () => modern.body.length > 200);
  expect(modern.head).toMatch(/transfer-encoding: chunked/i);
});

test("an unknown mount is 404, whatever its name", async () => {
  await using radio = await startStation(testConfig());
  for (const path of ["/nope", "/stream2", "/stream%2f..%2fetc%2fpasswd", "/..%2fconfig.hcl"]) {
    expect((await fetch(radio.url + path)).status, path).toBe(404);
  }
});

test("a listener beyond max_listeners gets a plain sentence with 503, and a place that is left is free", async () => {
  await using radio = await startStation(testConfig([{ maxListeners: 2 }]));
  using first = await Wire.listen(radio.listenPort, "/stream");
  {
    using second = await Wire.listen(radio.listenPort, "/stream");
    using third = await Wire.listen(radio.listenPort, "/stream");
    expect(third.head).toContain("503 Service Unavailable");
    expect(third.body.toString()).toContain("The station is full");
    expect(second.isClosed).toBe(false);
  }
  await until("the place is free", () => radio.station.facts().mounts[0].listeners === 1);
  using again = await Wire.listen(radio.listenPort, "/stream");
  expect(again.head).toContain("200 OK");
  expect(first.isClosed).toBe(false);
});

test("many that connect at once do not get past max_listeners", async () => {
  await using radio = await startStation(testConfig([{ maxListeners: 10 }]));
  const crowd = await Promise.all(
    Array.from({ length: 40 }, () => Wire.listen(radio.listenPort, "/stream")),
  );
  const served = crowd.filter((listener) => listener.head.includes("200 OK") && !listener.isClosed);
  expect(served.length).toBe(10);
  expect(radio.station.facts().mounts[0].listenerPeak).toBe(10);
  for (const listener of crowd) listener[Symbol.dispose]();
});

test("each mount has its own sound, password and place", async () => {
  const jazz = testConfig([{}, { path: "/jazz" }]);
  await using radio = await startStation(jazz);
  const show = trackFrames(3, 30);
  using source = await goLive(radio.sourcePort, { path: "//jazz" });
  source.send(concat(...show));
  using listener = await Wire.listen(radio.listenPort, "/jazz");
  await until("the show is heard", () => listener.body.includes(concat(...show)));
  using other = await Wire.listen(radio.listenPort, "/stream");
  await until("silence is heard", () => other.body.length > 1000);
  expect(other.body.includes(show[0] ?? "")).toBe(false);
});

test("a listener that does not read is dropped, and the others miss nothing", async () => {
  const mount = { burstSeconds: 0, bufferBytes: 1 << 20, listenerTimeout: 1 };
  await using radio = await startStation(testConfig([mount]));
  using stalled = await Wire.open(radio.listenPort);
  stalled.socket.pause();
  stalled.send("GET /stream HTTP/1.0\r\n\r\n");
  using reading = await Wire.listen(radio.listenPort, "/stream");
  await until("both are here", () => radio.station.facts().mounts[0].listeners === 2);
  using source = await goLive(radio.sourcePort);
  // As many bytes as ten seconds can have, which is what is taken at once: they fill the kernel's buffers on both ends,
  // where what it may hide on our side is bounded to 64 KiB.
  const show = mpegFrames(20, { seed: 400_000, bitrate: 320 });
  const round = concat(...show);
  let sent = 0;
  await until("the stalled listener is dropped", async () => {
    source.send(round);
    sent++;
    await until("it is heard", () => reading.body.length >= sent * round.length);
    await Bun.sleep(20);
    return radio.station.facts().mounts[0].slowListeners === 1;
  });
  const body = reading.body;
  const from = body.indexOf(show[0] ?? "");
  const whole = Buffer.concat(Array.from({ length: sent }, () => round));
  await until("all was heard", () => reading.body.length >= from + whole.length);
  expect(reading.body.subarray(from, from + whole.length).equals(whole)).toBe(true);
  expect(
    radio.logged.filter((line) => line.startsWith("warn /stream: a stalled listener")).length,
  ).toBe(1);
});

test("every stream ends cleanly when the station stops", async () => {
  const radio = await startStation(testConfig());
  const answer = await fetch(`${radio.url}/stream`);
  await until("it listens", () => radio.station.facts().mounts[0].listeners === 1);
  const [body] = await Promise.all([answer.arrayBuffer(), radio[Symbol.asyncDispose]()]);
  expect(body.byteLength).toBeGreaterThan(0);
});
