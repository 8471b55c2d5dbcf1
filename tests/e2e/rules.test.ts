// Rules for listeners on real sockets of both ports: whom they refuse, how that is said, and what is counted.
import { describe, expect, test } from "bun:test";
import type { Config } from "../../src/config/config.ts";
import { concat } from "../format/mpeg-builder.ts";
import { ManualClock } from "../output/fake-sink.ts";
import { testConfig, type TestMount } from "../support/config.ts";
import { startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const PORTS = [
  ["listen port", (radio: TestStation) => radio.listenPort],
  ["source port", (radio: TestStation) => radio.sourcePort],
] as const;

const OPEN = { burstSeconds: 0 };

async function ask(port: number, { from = "127.0.0.1", path = "/stream", headers = "" } = {}) {
  const wire = await Wire.open(port, "127.0.0.1", from);
  wire.send(`GET ${path} HTTP/1.0\r\nHost: a\r\n${headers}\r\n`);
  await until("it is answered", () => wire.text.includes("\r\n\r\n"));
  return wire;
}

/** The status and, of a refusal, what it says. */
async function answer(port: number, asked: Parameters<typeof ask>[1] = {}): Promise<string> {
  using wire = await ask(port, asked);
  const status = /^HTTP\/1\.\d (\d{3})/.exec(wire.head)?.[1] ?? "";
  if (status === "200") return status;
  await wire.closed();
  return `${status} ${wire.body.toString().trim()}`;
}

function limited(limits: Partial<Config["limits"]>, mount: TestMount = OPEN): Config {
  const config = testConfig([mount]);
  return { ...config, limits: { ...config.limits, ...limits } };
}

describe.each(PORTS)("at the %s", (_, portOf) => {
  test("addresses are allowed and denied, in each mount by its own rules", async () => {
    await using radio = await startStation(
      testConfig([
        { ...OPEN, rules: { allow: ["127.0.0.0/30"], deny: ["127.0.0.2"] } },
        { path: "/open", ...OPEN },
      ]),
    );
    const port = portOf(radio);
    const refused = "403 This stream is not available to your address.";
    expect(await answer(port)).toBe("200");
    expect(await answer(port, { from: "127.0.0.2" })).toBe(refused);
    expect(await answer(port, { from: "127.0.0.9" })).toBe(refused);
    expect(await answer(port, { from: "127.0.0.9", path: "/open" })).toBe("200");
    expect(radio.station.admission.refused.address).toBe(2);
    expect(radio.logged.some((line) => line.startsWith("warn 127.0.0.2 was refused: "))).toBe(true);
  });

  test("players and pages are refused by patterns", async () => {
    const rules = {
      denyAgents: ["*stealer*"],
      allowReferers: ["https://example.org/*"],
      denyReferers: ["*/frame.html"],
    };
    await using radio = await startStation(testConfig([{ ...OPEN, rules }]));
    const port = portOf(radio);
    const agent = (name: string) => answer(port, { headers: `User-Agent: ${name}\r\n` });
    const page = (url: string) => answer(port, { headers: `Referer: ${url}\r\n` });
    expect(await agent("VLC/3.0")).toBe("200");
    expect(await agent("Stream-Stealer/1.0")).toBe(
      "403 This stream is not available to your player.",
    );
    expect(await page("https://Example.org/radio")).toBe("200");
    expect(await page("https://example.org/frame.html")).toMatch(/^403 .* this page\.$/);
    expect(await page("https://elsewhere.example/")).toMatch(/^403 .* this page\.$/);
    expect(radio.station.admission.refused).toEqual({ agent: 1, referer: 2 });
  });

  test("an address has so many listeners, also when all ask at once", async () => {
    await using radio = await startStation(
      testConfig([{ ...OPEN, rules: { listenersPerAddress: 2 } }]),
    );
    const port = portOf(radio);
    const wires = await Promise.all(Array.from({ length: 6 }, () => ask(port)));
    const { audience } = radio.station.first;
    await until("the others are gone", () => wires.filter(({ isClosed }) => isClosed).length === 4);
    expect(audience.count).toBe(2);
    expect(await answer(port)).toBe(
      "403 Too many listeners at your address: at most 2 are allowed.",
    );
    expect(await answer(port, { from: "127.0.0.2" })).toBe("200");
    for (const wire of wires) wire[Symbol.dispose]();
    await until("they have left", () => audience.count === 0);
    expect(await answer(port)).toBe("200");
  });

  test("further listeners are refused when the bandwidth is used up", async () => {
    await using radio = await startStation(limited({}));
    using dj = await goLive(radio.sourcePort);
    const audio = concat(...trackFrames(1, 40, true));
    dj.send(audio);
    const { mount } = radio.station.first;
    await until("all is there", () => mount.live?.feed?.receivedBytes === audio.length);
    const kbits = mount.onAir?.bitrate ?? 0;
    radio.station.reconfigure(limited({ maxBandwidth: (1.5 * kbits) / 1000 }));
    const port = portOf(radio);
    using first = await ask(port);
    await until("it listens", () => radio.station.first.audience.count === 1);
    expect(first.head).toMatch(/^HTTP\/1\.\d 200/);
    using second = await ask(port);
    await second.closed();
    expect(second.head).toMatch(/^HTTP\/1\.\d 503 [\s\S]*^retry-after: 60\r?$/im);
    expect(second.body.toString()).toStartWith("The station's bandwidth is used up.");
    expect(radio.station.admission.refused).toEqual({ bandwidth: 1 });
  });

  test("rules follow a reload", async () => {
    const config = testConfig([OPEN]);
    await using radio = await startStation(config);
    const port = portOf(radio);
    expect(await answer(port, { from: "127.0.0.2" })).toBe("200");
    const next = testConfig([{ ...OPEN, rules: { deny: ["127.0.0.2"] } }]);
    expect(radio.station.reconfigure(next).applied).toEqual(["mount /stream: rules.deny"]);
    expect(await answer(port, { from: "127.0.0.2" })).toMatch(/^403 /);
    radio.station.reconfigure(config);
    expect(await answer(port, { from: "127.0.0.2" })).toBe("200");
  });
});

test("a listener is ended after the longest time allowed, and not before", async () => {
  const clock = new ManualClock();
  await using radio = await startStation(
    testConfig([{ ...OPEN, rules: { maxListenerDuration: 60 } }]),
    clock,
  );
  using early = await ask(radio.listenPort);
  const { audience } = radio.station.first;
  await until("it listens", () => audience.count === 1);
  clock.now += 30_000;
  using late = await ask(radio.sourcePort);
  await until("both listen", () => audience.count === 2);
  clock.now += 29_999;
  radio.station.pump.tick(clock.now);
  radio.station.rounds.run(clock.now);
  expect(audience.count).toBe(2);
  clock.now += 100; // The next look.
  radio.station.rounds.run(clock.now);
  await early.closed();
  expect([audience.count, late.isClosed]).toEqual([1, false]);
});

test("an address has so many connections to the source port", async () => {
  await using radio = await startStation(limited({ connectionsPerAddress: 3 }));
  const wires = await Promise.all(
    Array.from({ length: 3 }, () => Wire.open(radio.sourcePort, "127.0.0.1", "127.0.0.2")),
  );
  const get = { from: "127.0.0.2", path: "/api/status" };
  await until("one more is refused", async () =>
    (await answer(radio.sourcePort, get)).startsWith("503 Too many connections from your address"),
  );
  expect(await answer(radio.sourcePort, { path: "/api/status" })).toBe("200");
  for (const wire of wires) wire[Symbol.dispose]();
  await until("there is room again", async () => (await answer(radio.sourcePort, get)) === "200");
  expect(radio.station.ingest.counts.too_many_connections).toBeGreaterThan(0);
});
