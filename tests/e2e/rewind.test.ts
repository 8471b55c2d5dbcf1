// Listening to the past, and going on after a lost connection: what each kind of listener gets, byte for byte.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { testConfig } from "../support/config.ts";
import { IcyReader } from "../support/icy.ts";
import { startStation, type TestStation, until } from "../support/station.ts";
import { goLive, Wire } from "../support/wire.ts";
import { unchunked } from "../support/unchunked.ts";

const FRAME_SECONDS = 1152 / 44_100;
const METAINT = 1000;

/** Numbered by their content; ten seconds are as much as a source may send at once. */
const FRAMES = 380;
const show = mpegFrames(FRAMES, { seed: 1000 });
const starts = show.map(
  (
    (at) =>
    ({ length }) =>
      (at += length) - length
  )(0),
);
const bytes = Buffer.from(concat(...show));

/** A kind of listener: where it asks, and how its audio is read. */
interface Kind {
  readonly name: string;
  readonly port: (radio: TestStation) => number;
  readonly version: string;
  readonly headers: string;
  readonly audio: (body: Buffer) => Buffer;
}

const plain = (body: Buffer) => body;
const dechunked = (body: Buffer) => unchunked(body).bytes;
const titled = (body: Buffer) => {
  const reader = new IcyReader(METAINT);
  reader.push(body);
  return reader.audio;
};
const ICY = "Icy-MetaData: 1\r\n";
const source = ({ sourcePort }: TestStation) => sourcePort;
const listen = ({ listenPort }: TestStation) => listenPort;

const KINDS: readonly Kind[] = [
  { name: "plain, source port", port: source, version: "1.0", headers: "", audio: plain },
  { name: "ICY, source port", port: source, version: "1.0", headers: ICY, audio: titled },
  { name: "plain, listen port", port: listen, version: "1.0", headers: "", audio: plain },
  { name: "chunked, listen port", port: listen, version: "1.1", headers: "", audio: dechunked },
  {
    name: "ICY in chunks, listen port",
    port: listen,
    version: "1.1",
    headers: ICY,
    audio: (body) => titled(dechunked(body)),
  },
];

let radio: TestStation;
let dj: Wire;

beforeAll(async () => {
  const patient = { sourceTimeout: 3600, listenerTimeout: 3600 };
  const mount = { burstSeconds: 1, rewindSeconds: 300, metadata: { icyMetaint: METAINT } };
  radio = await startStation(testConfig([{ ...mount, ...patient }]));
  dj = await goLive(radio.sourcePort);
  dj.send(bytes);
  const { mount: on } = radio.station.first;
  await until("the show is there", () => on.ring.head - firstByte() >= bytes.length);
});

afterAll(async () => {
  dj[Symbol.dispose]();
  await radio[Symbol.asyncDispose]();
});

/** Where the show begins in the ring: there was silence before. */
function firstByte(): number {
  const { ring } = radio.station.first.mount;
  const held = Buffer.from(ring.memory.subarray(0, ring.head));
  const at = held.indexOf(show[0]!);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

/** The first frame with at least so many seconds behind it. */
const frameBack = (seconds: number) => FRAMES - Math.ceil(seconds / FRAME_SECONDS - 1e-6);

async function ask(kind: Kind, query: string): Promise<Wire> {
  const wire = await Wire.open(kind.port(radio));
  wire.send(`GET /stream?${query} HTTP/${kind.version}\r\nHost: test\r\n${kind.headers}\r\n`);
  await until("it is answered", () => wire.head.includes("\r\n") || wire.isClosed);
  return wire;
}

const field = (wire: Wire, name: string) =>
  new RegExp(`^${name}: (.*)$`, "im").exec(wire.head)?.[1]?.trim();

/** What it got, once that has come to the byte of the show. */
async function heardTo(kind: Kind, wire: Wire, from: number, to: number): Promise<void> {
  const audio = () => kind.audio(wire.body);
  await until(`it has heard to byte ${to}`, () => audio().length >= to - from);
  expect(audio().equals(bytes.subarray(from, from + audio().length))).toBe(true);
}

/** Where audio ends that is due to a listener so far behind. */
const dueEnd = (delaySeconds: number) => starts[frameBack(delaySeconds)]!;

describe.each(KINDS)("$name", (kind) => {
  test("at=-6 begins six seconds back and stays there", async () => {
    using wire = await ask(kind, "at=-6");
    const from = starts[frameBack(6)]!;
    await heardTo(kind, wire, from, dueEnd(5));
    expect(field(wire, "cycast-position")).toMatch(/^\d+\.\d{3}$/);
    const [member] = [...radio.station.first.audience.members()].slice(-1);
    const state = radio.station.first.audience.stateOf(member!);
    expect(state?.lagSeconds).toBeLessThan(FRAME_SECONDS);
    expect(state?.delaySeconds).toBeCloseTo(5, 1);
  });

  test("goes on at the very next frame by its token and the bytes that it has counted", async () => {
    let [token, counted, from] = ["", 0, starts[frameBack(6)]!];
    {
      using wire = await ask(kind, "at=-6");
      await heardTo(kind, wire, from, dueEnd(5));
      token = field(wire, "cycast-resume") ?? "";
      // The last of it is half of a frame.
      counted = starts[frameBack(5.5)]! - from + 200;
    }
    for (let round = 0; round < 2; round++) {
      using wire = await ask(kind, `resume=${token}&bytes=${counted}`);
      const whole = Number(field(wire, "cycast-resumed"));
      expect([counted - whole, starts.includes(from + whole)]).toEqual([200, true]);
      from += whole;
      await heardTo(kind, wire, from, from + 300);
      token = field(wire, "cycast-resume") ?? "";
      counted = show[starts.indexOf(from)]!.length + 200;
    }
  });

  test.each(["unnoticed", "noticed"])(
    "goes on by its token alone behind what it got, its end %s",
    async (end) => {
      const { audience } = radio.station.first;
      const before = audience.count;
      let token = "";
      {
        using wire = await ask(kind, "at=-6");
        await heardTo(kind, wire, starts[frameBack(6)]!, dueEnd(5));
        token = field(wire, "cycast-resume") ?? "";
        if (end === "noticed") wire.socket.resetAndDestroy();
        await until("it has ended", () => end === "unnoticed" || audience.count === before);
      }
      using wire = await ask(kind, `resume=${token}`);
      await heardTo(kind, wire, dueEnd(5), dueEnd(5) + 1);
      expect(field(wire, "cycast-resumed")).toBe(String(dueEnd(5) - starts[frameBack(6)]!));
      expect(audience.count).toBe(before + 1);
    },
  );
});
