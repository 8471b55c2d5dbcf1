// The past of a mount on real ports: as it goes on, in Ogg, over TLS, with its titles, and what is answered where there is none.
import { describe, expect, test } from "bun:test";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { oggChain, opusPacket } from "../format/ogg-builder.ts";
import { hasOpenssl, makeCertificate, secureConfig } from "../support/certificates.ts";
import { PASSWORD, testConfig } from "../support/config.ts";
import { IcyReader } from "../support/icy.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { goLive, type Open, Wire } from "../support/wire.ts";

const FRAME_SECONDS = 1152 / 44_100;
const METAINT = 1000;
const MOUNT = {
  burstSeconds: 1,
  rewindSeconds: 300,
  sourceTimeout: 3600,
  metadata: { icyMetaint: METAINT },
};

const frames = mpegFrames(380, { seed: 5000 });
const bytes = Buffer.from(concat(...frames));
const startOf = (frame: number) => concat(...frames.slice(0, frame)).length;

const field = (wire: Wire, name: string) =>
  new RegExp(`^${name}: (.*)$`, "im").exec(wire.head)?.[1]?.trim() ?? "";

async function retitle(radio: TestStation, song: string): Promise<void> {
  const authorization = `Basic ${Buffer.from(`source:${PASSWORD}`).toString("base64")}`;
  const query = new URLSearchParams({ mode: "updinfo", mount: "/stream", song });
  const answer = await fetch(`${radio.url}/admin/metadata?${query}`, {
    headers: { authorization },
  });
  expect(answer.status).toBe(200);
}

/** Sends a part of the show, and waits until it is in the ring. */
async function send(radio: TestStation, dj: Wire, part: readonly Uint8Array[]): Promise<void> {
  const { ring } = radio.station.first.mount;
  const { length } = concat(...part);
  const before = ring.head;
  dj.send(concat(...part));
  await until("it is on air", () => ring.head >= before + length);
}

async function expectFrom(wire: Wire, from: number, least: number): Promise<void> {
  await until("it is heard", () => wire.body.length >= least);
  expect(wire.body.equals(bytes.subarray(from, from + wire.body.length))).toBe(true);
}

test("a listener hears on as far behind as it began, with the titles of its place", async () => {
  await using radio = await startStation(testConfig([MOUNT]));
  using dj = await goLive(radio.sourcePort);
  for (const [part, from] of [0, 120, 240].entries()) {
    await retitle(radio, `Part ${part}`);
    await send(radio, dj, frames.slice(from, Math.min(340, from + 120)));
  }
  const behind = Math.ceil(6 / FRAME_SECONDS);
  const from = startOf(340 - behind);
  using plain = await Wire.listen(radio.sourcePort, "/stream?at=-6");
  using titled = await Wire.listen(radio.sourcePort, "/stream?at=-6", "Icy-MetaData: 1\r\n");
  const burst = startOf(340 - Math.ceil((behind * FRAME_SECONDS - 1) / FRAME_SECONDS)) - from;
  await expectFrom(plain, from, burst);
  await send(radio, dj, frames.slice(340));
  await expectFrom(plain, from, burst + startOf(40));
  expect(plain.body.length).toBe(burst + startOf(380) - startOf(340));
  const reader = () => {
    const icy = new IcyReader(METAINT);
    icy.push(titled.body);
    return icy;
  };
  await until("the titled one too", () => reader().audioLength === plain.body.length);
  expect(reader().audio.equals(plain.body)).toBe(true);
  expect(reader().titles).toEqual(["Part 0", "Part 1"]);
});

describe("without a place there is a clear answer", () => {
  test.each([
    ["/stream?at=yesterday", 400, /^at is seconds back/],
    ["/stream?resume=x&bytes=y", 400, /^bytes is the number/],
    ["/stream?at=2020-01-01T00:00:00Z", 416, /^That time is not held .* oldest audio/],
    ["/stream?at=2120-01-01T00:00:00Z", 416, /^That time is still to come/],
    ["/fixed?at=-60", 416, /^This stream cannot be rewound/],
  ])("%s", async (target, status, sentence) => {
    await using radio = await startStation(
      testConfig([MOUNT, { ...MOUNT, path: "/fixed", rewindSeconds: 0 }]),
    );
    for (const port of [radio.sourcePort, radio.listenPort]) {
      using wire = await Wire.listen(port, target);
      await wire.closed();
      expect(wire.head).toMatch(new RegExp(`^HTTP/1\\.[01] ${status} `));
      expect(wire.body.toString()).toMatch(sentence);
    }
    expect(radio.station.first.audience.joined).toBe(0);
  });
});

test("an Ogg listener begins and goes on at a page, with the headers before it", async () => {
  const pages = Array.from({ length: 90 }, (_, at) =>
    Array.from({ length: 5 }, (__, packet) => opusPacket(60, at * 5 + packet)),
  );
  const [head, tags, ...audio] = oggChain({ pages, hasEnd: false });
  await using radio = await startStation(testConfig([MOUNT]));
  using dj = await goLive(radio.sourcePort, { headers: "Content-Type: application/ogg\r\n" });
  dj.send(concat(head!, tags!, ...audio));
  const { mount } = radio.station.first;
  await until("it is on air", () => mount.writtenSeconds > 8.9 && mount.format?.codec === "opus");
  const { ring } = mount;
  const held = Buffer.from(ring.memory.subarray(0, ring.head));
  const headers = ring.preambleAt(ring.head);
  expect(headers).toBeGreaterThan(60);
  using first = await Wire.listen(radio.sourcePort, "/stream?at=-6");
  await until("it is heard", () => first.body.length > headers + 1000);
  const page = held.indexOf(first.body.subarray(headers, headers + 400));
  expect(page).toBeGreaterThan(0);
  expect(held.subarray(page).includes(first.body.subarray(headers))).toBe(true);
  const token = field(first, "cycast-resume");
  using next = await Wire.listen(
    radio.sourcePort,
    `/stream?resume=${token}&bytes=${headers + 1000}`,
  );
  await until("it goes on", () => next.body.length > headers + 300);
  const whole = Number(field(next, "cycast-resumed"));
  expect(next.body.subarray(0, headers).equals(first.body.subarray(0, headers))).toBe(true);
  expect(next.body.toString("latin1", headers, headers + 4)).toBe("OggS");
  expect([whole > headers, whole <= headers + 1000]).toEqual([true, true]);
  const place = page + whole - headers;
  const rest = next.body.subarray(headers);
  expect(rest.equals(held.subarray(place, place + rest.length))).toBe(true);
});

test("a listener that goes on is not counted beside its dead connection", async () => {
  const rules = { listenersPerAddress: 1 };
  await using radio = await startStation(testConfig([{ ...MOUNT, maxListeners: 1, rules }]));
  using dj = await goLive(radio.sourcePort);
  await send(radio, dj, frames.slice(0, 300));
  using first = await Wire.listen(radio.sourcePort, "/stream");
  await expectFrom(first, first.body.length === 0 ? 0 : bytes.indexOf(first.body), 1);
  using other = await Wire.listen(radio.sourcePort, "/stream");
  expect(other.head).not.toContain(" 200 ");
  using next = await Wire.listen(
    radio.listenPort,
    `/stream?resume=${field(first, "cycast-resume")}&bytes=1000`,
  );
  expect(next.head).toContain(" 200 ");
  expect(field(next, "cycast-resumed")).not.toBe("");
  await first.closed();
  expect(radio.station.first.audience.count).toBe(1);
});

test.skipIf(!hasOpenssl)("over TLS the past is the same, byte for byte", async () => {
  await using folder = await scratch();
  const files = await makeCertificate(folder.path, "station");
  await using radio = await startStation(secureConfig(files, [MOUNT]));
  using dj = await goLive(radio.sourcePort);
  await send(radio, dj, frames.slice(0, 340));
  const open: Open = Wire.secure;
  const from = startOf(340 - Math.ceil(6 / FRAME_SECONDS));
  using first = await Wire.listen(radio.sourcePort, "/stream?at=-6", "", open);
  await expectFrom(first, from, 10_000);
  const token = field(first, "cycast-resume");
  using next = await Wire.listen(radio.sourcePort, `/stream?resume=${token}&bytes=9000`, "", open);
  await expectFrom(next, from + Number(field(next, "cycast-resumed")), 5000);
});
