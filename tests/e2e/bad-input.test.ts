// What no source should send: each kind is answered or closed cleanly, is counted, and the playlist plays on.
import { expect, test } from "bun:test";
import type { Clock } from "../../src/lib/clock.ts";
import { concat, garbage } from "../format/mpeg-builder.ts";
import { oggChain } from "../format/ogg-builder.ts";
import { LOGIN } from "../door/encoders.ts";
import { testConfig } from "../support/config.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";
import { Wire } from "../support/wire.ts";

/** Four times as fast as the world, for what is waited for: what is read ahead outlasts a pause of a busy machine. */
const FAST: Clock = { nowMs: () => performance.now() * 4 };

const AS_SOURCE = `Authorization: Basic ${LOGIN}\r\n`;
const OK = "HTTP/1.0 200 OK\r\n\r\n";
const GO_ON = "HTTP/1.1 100 Continue\r\n\r\n";

interface Bad {
  readonly head: string;
  readonly body?: Uint8Array;
  /** It closes its half behind the body. */
  readonly isEnding?: boolean;
  /** How its connection's answer begins, "" when there is none. */
  readonly answer: string;
  readonly sources: Readonly<Record<string, number>>;
  readonly garbageBytes?: number;
}

const put = (...headers: string[]) =>
  `PUT /stream HTTP/1.1\r\n${AS_SOURCE}${headers.map((line) => `${line}\r\n`).join("")}\r\n`;
const source = (headers = "") => `SOURCE /stream HTTP/1.0\r\n${AS_SOURCE}${headers}\r\n`;
const BAD_REQUEST = "HTTP/1.0 400 Bad Request\r\n";
const BROKEN_OFF = `${GO_ON}HTTP/1.0 403 Forbidden\r\n`;
const EXPECTING = "Expect: 100-continue";

/** All pages but those of its headers have a checksum that is wrong. */
function damagedOgg(): Uint8Array {
  const pages = oggChain({ hasEnd: false });
  for (const page of pages.slice(2)) page[22] = (page[22] ?? 0) ^ 1;
  return concat(...pages);
}

const DAMAGED = damagedOgg();
const DAMAGED_BYTES = concat(...oggChain({ hasEnd: false }).slice(2)).length;

const KINDS: Readonly<Record<string, Bad>> = {
  "a head that is too long is refused": {
    head: `SOURCE /stream HTTP/1.0\r\nX: ${"y".repeat(9000)}`,
    answer: BAD_REQUEST,
    sources: { bad_request: 1 },
  },
  "a head without an empty line is closed when its time is over": {
    head: "SOURCE /stream HTTP/1.0\r\nX: y\r\n",
    answer: "",
    sources: { login_timeout: 1 },
  },
  "a version of another protocol is refused": {
    head: `SOURCE /stream HTTP/2.0\r\n${AS_SOURCE}\r\n`,
    answer: BAD_REQUEST,
    sources: { bad_request: 1 },
  },
  "another protocol is refused": {
    head: `SOURCE /stream RTSP/1.0\r\n${AS_SOURCE}\r\n`,
    answer: BAD_REQUEST,
    sources: { bad_request: 1 },
  },
  "credentials in broken base64 are no login": {
    head: "SOURCE /stream HTTP/1.0\r\nAuthorization: Basic c291%%%cmNl\r\n\r\n",
    answer: "HTTP/1.0 401 Authentication Required\r\n",
    sources: { unauthorized: 1 },
  },
  "a chunk of negative size breaks the body off": {
    head: put("Transfer-Encoding: chunked", EXPECTING),
    body: Buffer.from("-5\r\nhello\r\n"),
    answer: BROKEN_OFF,
    sources: { accepted: 1, unplayable: 1 },
    garbageBytes: 10,
  },
  "a length that is no number is refused": {
    head: put("Content-Length: -5"),
    answer: BAD_REQUEST,
    sources: { bad_request: 1 },
  },
  "what comes behind the announced length is not heard": {
    head: source("Content-Length: 5\r\n"),
    body: garbage(2000),
    answer: OK,
    sources: { accepted: 1 },
    garbageBytes: 2000,
  },
  "a body that ends before its announced length is told so": {
    head: put("Content-Length: 2000", EXPECTING),
    body: garbage(500),
    isEnding: true,
    answer: `${GO_ON}${BAD_REQUEST}`,
    sources: { accepted: 1, cut_short: 1 },
    garbageBytes: 500,
  },
  "Ogg with wrong checksums never has the air and is ended": {
    head: put("Content-Type: audio/ogg", EXPECTING),
    body: DAMAGED,
    answer: BROKEN_OFF,
    sources: { accepted: 1, no_audio: 1 },
    garbageBytes: DAMAGED_BYTES,
  },
  "MP3 of random bytes is broken off": {
    head: put("Content-Type: audio/mpeg", EXPECTING),
    body: garbage(40_000),
    answer: BROKEN_OFF,
    sources: { accepted: 1, unplayable: 1 },
    garbageBytes: 32 << 10,
  },
  "MP3 of random bytes that come slowly is ended": {
    head: put("Content-Type: audio/mpeg", EXPECTING),
    body: garbage(2000),
    answer: BROKEN_OFF,
    sources: { accepted: 1, no_audio: 1 },
    garbageBytes: 2000,
  },
};

/** Sends all of it, then a silence that no timeout may end: only audio counts. */
async function send(radio: TestStation, { head, body, isEnding = false }: Bad): Promise<Wire> {
  const wire = await Wire.open(radio.sourcePort);
  wire.send(concat(Buffer.from(head), body ?? new Uint8Array(0)));
  if (isEnding) wire.socket.end();
  return wire;
}

for (const [sentence, bad] of Object.entries(KINDS)) {
  test.concurrent(sentence, async () => {
    await using music = await scratch();
    const track = concat(...(await writeTrack(music.path, "1.mp3", trackFrames(1, 400, true))));
    const mount = { sourceTimeout: 4, burstSeconds: 0, playlist: { directory: music.path } };
    await using radio = await startStation(testConfig([mount]), FAST);
    using listener = await Wire.listen(radio.sourcePort, "/stream");
    await until("the playlist is heard", () => listener.body.length > 0);
    using wire = await send(radio, bad);
    await wire.closed();
    const before = listener.body.length;
    await until("the playlist goes on", () => listener.body.length > before + 10_000);

    if (bad.answer === "") expect(wire.text).toBe("");
    else expect(wire.text).toStartWith(bad.answer);
    const stats = (await (await fetch(`${radio.url}/api/stats`)).json()) as {
      sources: Record<string, number>;
      mounts: { garbage_bytes: number }[];
    };
    expect(stats.sources).toEqual(bad.sources);
    expect(stats.mounts[0]?.garbage_bytes).toBe(bad.garbageBytes ?? 0);
    const { body } = listener;
    const rounds = Array<Uint8Array>(Math.ceil(body.length / track.length) + 1).fill(track);
    expect(Buffer.from(concat(...rounds)).includes(body)).toBe(true);
    expect(
      radio.logged.filter((line) => line.includes("live source") && line.includes("on air")),
    ).toEqual([]);
  });
}
