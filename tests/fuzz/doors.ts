// Damaged requests at the doors of a running station, over real sockets: every client is answered or closed, and a listener
// who is there all the time hears every frame.
import { connect } from "node:net";
import { concat } from "../format/mpeg-builder.ts";
import { HEADS } from "../door/encoders.ts";
import { testConfig } from "../support/config.ts";
import { startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";
import { Chance, damaged, pieces } from "./chance.ts";
import { hold } from "./target.ts";

/** Clients at a time. */
const CLIENTS = 20;

/** Milliseconds after which a client that is kept waiting goes by itself. */
const PATIENCE_MS = 300;

const REQUESTS = [
  "GET /stream HTTP/1.1\r\nHost: a\r\nIcy-MetaData: 1\r\nRange: bytes=0-\r\n\r\n",
  "GET /admin/metadata?mode=updinfo&mount=/stream&song=A%20B&pass=x HTTP/1.0\r\n\r\n",
  "GET /api/status HTTP/1.1\r\nHost: a\r\n\r\nGET /status-json.xsl HTTP/1.1\r\nHost: a\r\n\r\n",
  "POST /api/admin/skip HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
  "OPTIONS * HTTP/1.1\r\nUpgrade: TLS/1.0\r\nConnection: Upgrade\r\n\r\n",
  "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET / HTTP/1.0\r\n\r\n",
];

const SEEDS = [...REQUESTS, ...Object.values(HEADS).map(({ head }) => head)].map((text) =>
  Buffer.from(text, "latin1"),
);

/** One client, which says something damaged in pieces and stays until it is closed or loses patience. */
function client(port: number, chance: Chance): Promise<void> {
  const input = damaged(chance.pick(SEEDS), chance);
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      for (const piece of pieces(input, chance)) socket.write(piece);
    });
    const timer = setTimeout(() => socket.resetAndDestroy(), PATIENCE_MS);
    socket.on("data", () => undefined);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function throng(radio: TestStation, from: number, count: number): Promise<void> {
  let next = from;
  const visit = async () => {
    while (next < from + count) {
      const chance = new Chance(Math.imul(next++, 0x9e3779b1));
      await client(chance.pick([radio.sourcePort, radio.listenPort]), chance);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, visit));
}

/** Sends the damaged requests with the numbers from `from` on. Throws when a frame is missing, or a client is left over. */
export async function besiege(from: number, count: number): Promise<void> {
  await using radio = await startStation(testConfig([{ burstSeconds: 60 }]));
  using dj = await goLive(radio.sourcePort);
  const frames = trackFrames(1, 200, true);
  dj.send(concat(...frames.slice(0, 100)));
  await until("the show is on air", () => radio.station.first.mount.onAir?.isLive === true);
  using listener = await Wire.listen(radio.sourcePort, "/stream");
  await throng(radio, from, count);
  dj.send(concat(...frames.slice(100)));
  const last = frames.at(-1) ?? new Uint8Array(1);
  await until("all is heard", () => Buffer.from(listener.body).includes(last));
  const heard = Buffer.from(listener.body);
  const expected = Buffer.from(concat(...frames.slice(20)));
  hold(heard.subarray(heard.length - expected.length).equals(expected), "frames are missing");
  await until(
    "everybody but the listener has left",
    () => radio.station.first.audience.count === 1,
  );
}
