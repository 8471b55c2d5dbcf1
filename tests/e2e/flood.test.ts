// Sources that send faster than their audio plays: held up at their socket, heard whole, and never taken for silent.
import { endLive } from "../../src/mount/end-live.ts";
import { expect, test } from "bun:test";
import type { Clock } from "../../src/lib/clock.ts";
import { LiveSource } from "../../src/input/live/live.ts";
import { concat } from "../format/mpeg-builder.ts";
import { PASSWORD, testConfig } from "../support/config.ts";
import { startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

class ManualClock implements Clock {
  ms = 1000;
  nowMs(): number {
    return this.ms;
  }
}

/** 31 s of audio, more than a read of the socket takes. */
const FILE = concat(...trackFrames(3, 1200, true));
/** A piece of the body more than the ten seconds. */
const MOST_SECONDS = 10.6;

async function start() {
  const clock = new ManualClock();
  const radio = await startStation(testConfig([{ burstSeconds: 0, bufferBytes: 4 << 20 }]), clock);
  return { radio, clock, [Symbol.asyncDispose]: () => radio[Symbol.asyncDispose]() };
}

/** Of audio that the live source has been let give. */
function seconds(radio: TestStation): number {
  const { live } = radio.station.first.mount;
  return live instanceof LiveSource ? live.seconds : 0;
}

const left = (radio: TestStation): string =>
  radio.logged.find((line) => line.includes("has left")) ?? "";

/** It is read no further: another connection is served meanwhile. */
async function isHeldUp(radio: TestStation, atMost: number): Promise<void> {
  for (let i = 0; i < 5; i++) {
    using other = await goLive(radio.sourcePort);
    expect(other.text).toContain("Mountpoint in use");
  }
  expect(seconds(radio)).toBeLessThan(atMost);
}

test("a file that is sent at once plays in its own time, byte for byte, and is answered at its end", async () => {
  await using stage = await start();
  const { radio, clock } = stage;
  using listener = await Wire.listen(radio.sourcePort, "/stream");
  using source = await Wire.open(radio.sourcePort);
  const login = Buffer.from(`source:${PASSWORD}`).toString("base64");
  source.send(
    `PUT /stream HTTP/1.1\r\nAuthorization: Basic ${login}\r\nContent-Length: ${FILE.length}\r\n` +
      "Expect: 100-continue\r\n\r\n",
  );
  await until("it may go on", () => source.text === "HTTP/1.1 100 Continue\r\n\r\n");
  source.send(FILE);
  // Ten seconds go by at once: who was silent for so long would be ended.
  for (const played of [0, 10, 20]) {
    clock.ms = 1000 + played * 1000;
    await until("ten seconds are there ahead", () => seconds(radio) > played + 10);
    await isHeldUp(radio, played + MOST_SECONDS);
  }
  clock.ms += 2000;
  await until("it is answered", () => source.text.endsWith("HTTP/1.0 200 OK\r\n\r\n"));
  await until("all of it is heard", () => {
    clock.ms += 1;
    return listener.body.includes(FILE);
  });
  expect(left(radio)).toContain(`it has sent everything (${FILE.length} bytes, 0 of them garbage)`);
});

test("a source that has sent too much at once and closed is heard to its end", async () => {
  await using stage = await start();
  const { radio, clock } = stage;
  using listener = await Wire.listen(radio.sourcePort, "/stream");
  using source = await goLive(radio.sourcePort);
  source.send(FILE);
  source.socket.end();
  await until("ten seconds are there ahead", () => seconds(radio) > 10);
  await isHeldUp(radio, MOST_SECONDS);
  await until("all of it is heard", () => {
    clock.ms += 100;
    return listener.body.includes(FILE);
  });
  await until("it is gone", () => left(radio).includes("it closed the connection"));
});

async function flood(radio: TestStation): Promise<Wire> {
  const source = await goLive(radio.sourcePort);
  for (let i = 0; i < 200; i++) source.send(FILE);
  await until("ten seconds are there ahead", () => seconds(radio) > 10);
  return source;
}

test("a source that floods is read no faster than it plays, for however long", async () => {
  await using stage = await start();
  const { radio, clock } = stage;
  using source = await flood(radio);
  for (let i = 1; i <= 4; i++) {
    clock.ms += 10_000;
    await until("it goes on", () => seconds(radio) > 10 + i * 10);
    await isHeldUp(radio, MOST_SECONDS + i * 10.01);
  }
  // Of what it sends the kernel has some; the rest has not left it.
  expect(source.socket.writableLength).toBeGreaterThan(50 * FILE.length);
  expect(source.isClosed).toBe(false);
});

test("a source that is lost or ended while it is held up is gone at once", async () => {
  await using stage = await start();
  const { radio, clock } = stage;
  using lost = await flood(radio);
  lost.socket.resetAndDestroy();
  await until("it is gone", () => left(radio).includes("its connection was lost"));
  // What it gave ahead of its time plays first: the mount's time, not the connection's.
  clock.ms += 11_000;
  using ended = await flood(radio);
  endLive(radio.station.first.mount, "of the test", clock.ms);
  await ended.closed();
  expect(radio.station.facts().mounts[0].hasSource).toBe(false);
});
