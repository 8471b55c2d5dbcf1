// Listeners of the listen port that the core writes to itself: every byte, every chunk, whatever they do.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { testConfig } from "../support/config.ts";
import { IcyReader } from "../support/icy.ts";
import { requireLinux } from "../support/programs.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { unchunked } from "../support/unchunked.ts";
import { goLive, Wire } from "../support/wire.ts";

const isLinux = requireLinux("handing connections over to the core");

const sinks = (radio: TestStation) =>
  [...radio.station.first.audience.members()].map(({ sink }) => sink);

/** A listener, once the core writes to it. */
async function handedOver(radio: TestStation, request: string): Promise<Wire> {
  const before = new Set(sinks(radio));
  const wire = await Wire.open(radio.listenPort);
  wire.send(`GET /stream ${request}\r\n`);
  await until("the core writes to it", () =>
    sinks(radio).some((sink) => !before.has(sink) && sink.descriptor >= 0),
  );
  return wire;
}

/** As the encoder that is live would. */
async function tell(radio: TestStation, title: string): Promise<void> {
  const login = Buffer.from("source:spell-of-the-test").toString("base64");
  const answer = await fetch(
    `${radio.url}/admin/metadata?mode=updinfo&mount=/stream&song=${title}`,
    {
      headers: { authorization: `Basic ${login}` },
    },
  );
  expect(answer.status).toBe(200);
}

const MODERN = "HTTP/1.1\r\nHost: test\r\n";
const OLD = "HTTP/1.0\r\nHost: test\r\n";

const mount = { burstSeconds: 0, bufferBytes: 1 << 20 };

describe.skipIf(!isLinux)("a listener that the core writes to", () => {
  test.each([
    ["in chunks, of HTTP/1.1", MODERN, true],
    ["bare, of HTTP/1.0", OLD, false],
  ])("%s, misses no byte", async (_, request, isChunked) => {
    await using radio = await startStation(testConfig([mount]));
    using listener = await handedOver(radio, request);
    expect(sinks(radio).map((sink) => sink.isChunked)).toEqual([isChunked]);
    using source = await goLive(radio.sourcePort);
    const show = concat(...mpegFrames(300, { seed: 7 }));
    source.send(show);
    const heard = () => (isChunked ? unchunked(listener.body).bytes : listener.body);
    await until("the show is heard", () => heard().includes(show));
  });

  test("with titles, finds each where it must be", async () => {
    const metadata = { icyMetaint: 1000 };
    await using radio = await startStation(testConfig([{ ...mount, metadata }]));
    using listener = await handedOver(radio, `${MODERN}Icy-MetaData: 1\r\n`);
    using source = await goLive(radio.sourcePort);
    const show = mpegFrames(200, { seed: 8 });
    for (const [i, frame] of show.entries()) {
      if (i % 50 === 0) await tell(radio, `Title ${i}`);
      source.send(frame);
    }
    const heard = () => {
      const reader = new IcyReader(1000);
      reader.push(unchunked(listener.body).bytes);
      return reader;
    };
    await until("the show is heard", () => heard().audio.includes(concat(...show)));
    expect(heard().titles.at(-1)).toBe("Title 150");
  });

  test("that leaves while it is blocked is not written to: its descriptor may be another's", async () => {
    await using radio = await startStation(testConfig([{ ...mount, listenerTimeout: 30 }]));
    using source = await goLive(radio.sourcePort);
    using listener = await handedOver(radio, MODERN);
    listener.socket.pause();
    const [sink] = sinks(radio);
    const show = concat(...mpegFrames(20, { seed: 400_000, bitrate: 320 }));
    await until("it is blocked", () => {
      source.send(show);
      return sink!.descriptor < 0;
    });
    listener[Symbol.dispose]();
    await until("it has left", () => radio.station.first.audience.count === 0);
    expect(sink!.write(new Uint8Array(1))).toBe("gone");
  });

  test("on either port, is not written to by anybody else", async () => {
    await using radio = await startStation(testConfig([mount]));
    using here = await handedOver(radio, MODERN);
    using there = await Wire.listen(radio.sourcePort, "/stream");
    await until("both listen", () => sinks(radio).every((sink) => sink.descriptor >= 0));
    let writes = 0;
    for (const sink of sinks(radio)) sink.write = () => (writes++, "open");
    using source = await goLive(radio.sourcePort);
    const show = concat(...mpegFrames(300, { seed: 7 }));
    source.send(show);
    await until("one hears it", () => unchunked(here.body).bytes.includes(show));
    await until("the other hears it", () => there.body.includes(show));
    expect([sinks(radio).length, writes]).toEqual([2, 0]);
  });

  test("leaves as any other, and its descriptor is somebody else's", async () => {
    await using radio = await startStation(testConfig([mount]));
    const { audience } = radio.station.first;
    for (let i = 0; i < 5; i++) {
      using listener = await handedOver(radio, MODERN);
      expect(audience.count).toBe(1);
      listener[Symbol.dispose]();
      await until("it has left", () => audience.count === 0);
      const answer = await fetch(`${radio.url}/api/status`);
      expect(await answer.json()).toMatchObject({ listeners: 0 });
    }
  });

  test("hears the end of the stream as an end, and may go on asking", async () => {
    await using radio = await startStation(testConfig([mount]));
    using listener = await handedOver(radio, MODERN);
    const [member] = radio.station.first.audience.members();
    radio.station.first.audience.end(member?.number ?? 0, "a test says so");
    await until("it ends", () => unchunked(listener.body).isEnded);
    const length = listener.length;
    listener.send(`GET /api/status ${MODERN}\r\n`);
    await until("it is answered", () => listener.length > length);
    expect(listener.bytes.subarray(length).toString("latin1")).toMatch(/^HTTP\/1.1 200 OK/);
  });

  test.each(["the station", "itself"])(
    "ended by %s, is in the access log with all of it",
    async (by) => {
      await using folder = await scratch();
      const accessLog = join(folder.path, "access.log");
      await using radio = await startStation(testConfig([mount], { accessLog }));
      using listener = await handedOver(radio, OLD);
      using source = await goLive(radio.sourcePort);
      source.send(concat(...mpegFrames(300, { seed: 9 })));
      await until("it has heard a lot", () => listener.body.length > 100_000);
      const { audience } = radio.station.first;
      const [member] = audience.members();
      if (by === "itself") listener[Symbol.dispose]();
      else audience.end(member!.number, "a test says so");
      await listener.closed();
      // Only one who is sent something is seen to be gone.
      source.send(concat(...mpegFrames(40, { seed: 9 })));
      const line = async () =>
        /"GET \/stream \S+" 200 (\d+) /.exec(await Bun.file(accessLog).text());
      await until("it is written", async () => (await line()) !== null);
      const told = Number((await line())?.[1]);
      if (by === "itself") expect(told).toBeGreaterThanOrEqual(listener.body.length);
      else expect(told).toBe(listener.body.length);
    },
  );

  test("and that does not read is dropped at its time, without a byte of it kept", async () => {
    const limits = { ...mount, listenerTimeout: 1 };
    await using radio = await startStation(testConfig([limits]));
    using stalled = await handedOver(radio, MODERN);
    using reading = await handedOver(radio, MODERN);
    stalled.socket.pause();
    using source = await goLive(radio.sourcePort);
    const round = concat(...mpegFrames(20, { seed: 400_000, bitrate: 320 }));
    let sent = 0;
    await until("it is dropped", async () => {
      source.send(round);
      sent++;
      const heard = () => unchunked(reading.body).bytes.length;
      await until("the other hears it", () => heard() >= sent * round.length);
      return radio.station.facts().mounts[0].slowListeners === 1;
    });
    expect(radio.station.first.audience.count).toBe(1);
    const whole = Buffer.concat(Array.from({ length: sent }, () => round));
    await until("all was heard", () => unchunked(reading.body).bytes.includes(whole));
  });

  test("goes on where it was when it reads again", async () => {
    await using radio = await startStation(testConfig([{ ...mount, listenerTimeout: 30 }]));
    using listener = await handedOver(radio, MODERN);
    using source = await goLive(radio.sourcePort);
    const show = mpegFrames(20, { seed: 400_000, bitrate: 320 });
    const round = concat(...show);
    listener.socket.pause();
    const isBlocked = () => sinks(radio).some((sink) => sink.descriptor < 0);
    let sent = 0;
    await until("it is blocked", () => {
      if (isBlocked()) return true;
      source.send(round);
      sent++;
      return false;
    });
    listener.socket.resume();
    const whole = Buffer.concat(Array.from({ length: sent }, () => round));
    await until("it has heard all", () => unchunked(listener.body).bytes.includes(whole));
    expect(radio.station.facts().mounts[0].slowListeners).toBe(0);
    await until("the core writes to it again", () => !isBlocked());
  });
});
