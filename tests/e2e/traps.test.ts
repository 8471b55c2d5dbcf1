// The twenty traps of the wire that encoders and players set for a server, in the order of the project's list of them.
import { describe, expect, test } from "bun:test";
import { Secret } from "../../src/lib/secret.ts";
import { MAX_TEXT_LENGTH } from "../../src/lib/text.ts";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { oggChain, opusHead, opusPacket, opusTags } from "../format/ogg-builder.ts";
import { block, clusterHead, timestamp, webmHeader } from "../format/webm-builder.ts";
import { HEADS, LIBSHOUT_LOGIN, LOGIN, refusal, UNAUTHORIZED } from "../door/encoders.ts";
import { writeAtOnce } from "../support/at-once.ts";
import { PASSWORD, testConfig, type TestMount } from "../support/config.ts";
import { IcyReader } from "../support/icy.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { FRAME_MS, trackFrames, writeTrack } from "../support/tracks.ts";
import { goLive as login, Wire } from "../support/wire.ts";

const OK = "HTTP/1.0 200 OK\r\n\r\n";
const GO_ON = "HTTP/1.1 100 Continue\r\n\r\n";
const OK2 = "OK2\r\nicy-caps:11\r\n\r\n";
const AS_SOURCE = `Authorization: Basic ${LOGIN}\r\n`;
const SHOW = concat(...trackFrames(7, 60, true));

function start(...given: TestMount[]): Promise<TestStation> {
  const [first = {}, ...others] = given;
  const config = testConfig([{ path: "/live", burstSeconds: 0, ...first }, ...others]);
  const admin = { user: "keeper", password: new Secret("admin-of-the-test") };
  return startStation({ ...config, server: { ...config.server, admin } });
}

const facts = (radio: TestStation, nth = 0) => radio.station.facts().mounts[nth]!;

function goLive(radio: TestStation, headers = "", path = "/live"): Promise<Wire> {
  return login(radio.sourcePort, { path, headers });
}

/** Sends this and waits for that many bytes of answer, or the end. */
async function say(port: number, bytes: string | Uint8Array, length = 1): Promise<Wire> {
  const wire = await Wire.open(port);
  wire.send(bytes);
  await until("there is an answer", () => wire.length >= length || wire.isClosed);
  return wire;
}

/** The whole answer. */
function ask(port: number, text: string): Promise<Wire> {
  return say(port, text, Infinity);
}

const head = (name: string): string => HEADS[name]!.head;

/** Sends what an encoder sends; its show must be heard, and then it goes. */
async function broadcast(radio: TestStation, opening: string, body = SHOW, port?: number) {
  using listener = await Wire.listen(radio.sourcePort, "/live");
  using wire = await say(port ?? radio.sourcePort, concat(Buffer.from(opening), body));
  await until("the show is heard", () => listener.body.includes(SHOW));
  wire.socket.end();
  await until("the source is gone", () => !facts(radio).hasSource);
  return wire.text;
}

const chunked = (bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> => {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n"));
  }
  return concat(...parts);
};

/** In the order of the list; they wait more than they work, so all of them run at once. */
/** They run at the same time. */
const LIMIT_MS = 120_000;

function trap(number: number, sentence: string, run: () => Promise<void>): void {
  describe(`trap ${number}`, () => test.concurrent(sentence, run, LIMIT_MS));
}

trap(
  1,
  "SOURCE, ICE/1.0, a bare password line and a PUT without a length are all let in and heard",
  async () => {
    await using radio = await start();
    const password = `${PASSWORD}\r\nicy-name:x\r\n\r\n`;
    const heads = ["BUTT's second try", "AltaCast", "BUTT", "libshout by PUT"].map(head);
    for (const opening of [...heads, password]) await broadcast(radio, opening);
    expect(radio.station.facts().sources).toEqual({ accepted: 5 });
  },
);

trap(
  2,
  "A head of LF lines ends at its empty line, and what follows in the same read is audio",
  async () => {
    await using radio = await start();
    for (const name of ["AltaCast", "ffmpeg by its legacy SOURCE", "DarkIce"]) {
      await broadcast(radio, head(name));
      await broadcast(radio, head(name).replaceAll("\r\n", "\n"));
    }
    expect(radio.logged.filter((line) => line.includes(" 0 of them garbage")).length).toBe(6);
  },
);

trap(
  3,
  "A source is answered before its first byte of audio: 100 to a PUT that expects it, HTTP/1.0 200 to SOURCE",
  async () => {
    await using radio = await start();
    for (const { head: opening, answer } of Object.values(HEADS)) {
      using wire = await say(radio.sourcePort, opening, answer.length);
      expect(wire.text).toBe(answer);
      expect([OK, GO_ON]).toContain(answer);
      wire.socket.end();
      await until("the source is gone", () => !facts(radio).hasSource);
    }
  },
);

/** What one read of the answer has. */
async function firstPiece(radio: TestStation, opening: string): Promise<string> {
  using wire = await Wire.open(radio.sourcePort);
  const first = new Promise<Buffer>((resolve) => wire.socket.once("data", resolve));
  wire.send(opening);
  return (await first).toString("latin1");
}

trap(
  4,
  "Every status line has a reason and leaves with the rest of its head in one piece",
  async () => {
    await using radio = await start();
    const password = `${PASSWORD}\r\n\r\n`;
    for (const [opening, answer] of [
      [head("BUTT"), GO_ON],
      [head("DarkIce"), OK],
      [password, OK2],
    ] as const) {
      expect(await firstPiece(radio, opening)).toBe(answer);
      await until("the source is gone", () => !facts(radio).hasSource);
    }
    using _live = await goLive(radio);
    const wrong = head("BUTT").replace(LOGIN, Buffer.from("source:no").toString("base64"));
    const heads = [wrong, head("BUTT"), "GET /live HTTP/1.0\r\n\r\n", "GET /no HTTP/1.0\r\n\r\n"];
    const firsts: string[] = [];
    for (const opening of [...heads, "nonsense \x01\r\n\r\n"]) {
      firsts.push(await firstPiece(radio, opening));
    }
    for (const first of firsts)
      expect(first).toMatch(/^HTTP\/1\.0 \d{3} [A-Z][^\r]+\r\n.*\r\n\r\n/s);
    const statuses = firsts.map((first) => first.slice(9, 12));
    expect(statuses).toEqual(["401", "403", "200", "404", "400"]);
  },
);

trap(
  5,
  "libshout gets in by its three requests, of which the first two are no failed logins and take no mount",
  async () => {
    await using radio = await start();
    const [options, attempt, real] = LIBSHOUT_LOGIN.map(({ send }) => send);
    using asked = await ask(radio.sourcePort, options!);
    expect(asked.head).toStartWith("HTTP/1.0 200 OK\r\n");
    for (const opening of [attempt!, head("libshout by PUT").replace(AS_SOURCE, "")]) {
      using refused = await ask(radio.sourcePort, opening);
      expect(refused.text).toBe(UNAUTHORIZED);
    }
    expect([facts(radio).hasSource, radio.station.facts().sources]).toEqual([false, {}]);
    expect(await broadcast(radio, real!)).toBe(OK);
    expect(radio.station.facts().sources).toEqual({ accepted: 1 });
    expect(radio.logged.filter((line) => line.includes("refused"))).toEqual([]);
  },
);

trap(
  6,
  "Credentials are judged first: 401 to a wrong password, 403 to a right one, be the mount in use or unknown",
  async () => {
    await using radio = await start();
    using live = await goLive(radio);
    const right = head("BUTT");
    const wrong = right.replace(LOGIN, Buffer.from("source:guess").toString("base64"));
    for (const path of ["/live", "/nope"]) {
      using stranger = await ask(radio.sourcePort, wrong.replace("/live", path));
      expect(stranger.text).toBe(UNAUTHORIZED);
    }
    using second = await ask(radio.sourcePort, right);
    expect(second.text).toBe(refusal("403 Forbidden", "Mountpoint in use by 127.0.0.1"));
    using lost = await ask(radio.sourcePort, right.replace("/live", "/nope"));
    expect(lost.text).toStartWith("HTTP/1.0 403 Forbidden\r\n");
    expect(live.isClosed).toBe(false);
  },
);

trap(7, "Chunks are taken off a source's body, wherever they are cut", async () => {
  await using radio = await start();
  for (const name of ["Liquidsoap in chunks", "curl from a pipe"]) {
    for (const size of [1, 417, SHOW.length]) {
      await broadcast(radio, head(name), chunked(SHOW, size));
    }
  }
  expect(radio.logged.filter((line) => line.includes(" 0 of them garbage")).length).toBe(6);
});

trap(
  8,
  "SHOUTcast's encoders log in on the next port, in all their spellings, and a poke is not let in",
  async () => {
    await using radio = await start();
    const port = radio.station.ingest.shoutcastPort!;
    for (const line of [`${PASSWORD}\n`, `source:${PASSWORD}\r\n`, `${PASSWORD}:#1\r\n`]) {
      const headers = "icy-name:Show\r\nicy-br:128\r\n\r\n";
      expect(await broadcast(radio, line + headers, SHOW, port)).toBe(OK2);
      using wire = await say(port, line, OK2.length);
      expect(wire.text).toBe(OK2);
      wire.send(headers);
      await until("it is on the mount", () => facts(radio).hasSource);
      wire.socket.end();
      await until("it is gone", () => !facts(radio).hasSource);
      expect(wire.text).toBe(OK2);
    }
    using poke = await ask(port, "!POKE\nicy-name:libshout server poke request\n\n");
    expect(poke.text).toBe("invalid password\r\n");
  },
);

trap(
  9,
  "A mount is the same in every spelling of its path, for sources and for listeners",
  async () => {
    await using radio = await start({ path: "/café" });
    const latin1 = (text: string) => Buffer.from(text, "utf8").toString("latin1");
    for (const path of ["/caf%C3%A9", "caf%c3%a9", "//café", "%2Fcafé", "/%63afé/"]) {
      using source = await say(
        radio.sourcePort,
        `SOURCE ${path} HTTP/1.0\r\n${AS_SOURCE}Content-Type: audio/mpeg\r\n\r\n`,
      );
      expect(source.text, path).toBe(OK);
      const titled = await ask(
        radio.sourcePort,
        `GET /admin/metadata?mode=updinfo&song=x&mount=${path} HTTP/1.0\r\n${AS_SOURCE}\r\n`,
      );
      expect(titled.text, latin1(path)).toContain("Metadata update successful");
      using listener = await Wire.listen(radio.sourcePort, path);
      expect(listener.head, path).toStartWith("HTTP/1.0 200 OK\r\n");
      source.socket.end();
      await until("the source is gone", () => !facts(radio).hasSource);
    }
  },
);

/** Tells a title and returns what it became. */
async function retitle(radio: TestStation, port: number, query: string, headers = AS_SOURCE) {
  const target = `/admin/metadata?mode=updinfo&mount=%2Flive&${query}`;
  using wire = await ask(port, `GET ${target} HTTP/1.0\r\n${headers}\r\n`);
  expect(wire.head).toMatch(/^HTTP\/1\.\d 200 OK\r\n/);
  expect(wire.head).toMatch(/^content-type: text\/xml/im);
  const length = /^content-length: (\d+)/im.exec(wire.head)?.[1];
  expect(wire.body.length).toBe(Number(length));
  const { artist, title } = radio.station.first.mount.metadata;
  return artist === "" ? title : `${artist} | ${title}`;
}

trap(
  10,
  "A title is taken in every form: song, artist and title, title alone, +, %XX, pass=, GET and POST, both ports",
  async () => {
    await using radio = await start();
    using source = await goLive(radio);
    source.send(SHOW);
    await until("it is on air", () => facts(radio).onAir === "live");
    for (const port of [radio.sourcePort, radio.listenPort]) {
      expect(await retitle(radio, port, "song=A+B+-+C%20D")).toBe("A B | C D");
      expect(await retitle(radio, port, "artist=Some+Body&title=To+-+Love")).toBe(
        "Some Body | To - Love",
      );
      expect(await retitle(radio, port, "title=Alone%21")).toBe("Alone!");
      expect(await retitle(radio, port, `song=By+pass&pass=${PASSWORD}`, "")).toBe("By pass");
      const form = "mode=updinfo&mount=%2Flive&song=By+form";
      const head = `POST /admin/metadata HTTP/1.0\r\n${AS_SOURCE}Content-Length: ${form.length}\r\n`;
      using posted = await ask(
        port,
        `${head}Content-Type: application/x-www-form-urlencoded\r\n\r\n${form}`,
      );
      expect(posted.text).toContain("Metadata update successful");
      expect(radio.station.first.mount.metadata.title).toBe("By form");
    }
  },
);

trap(
  11,
  "A title is valid UTF-8 whatever its bytes and its declared charset were, and one line",
  async () => {
    await using radio = await start({ metadata: { icyMetaint: 100 } });
    using source = await goLive(radio);
    source.send(SHOW);
    await until("it is on air", () => facts(radio).onAir === "live");
    using listener = await Wire.listen(radio.sourcePort, "/live", "Icy-MetaData: 1\r\n");
    for (const query of [
      "caf%E9&charset=UTF-8",
      "caf%C3%A9&charset=ISO-8859-1",
      "caf%E9",
      "caf%C3%A9",
    ]) {
      expect(await retitle(radio, radio.sourcePort, `song=${query}`)).toBe("café");
    }
    const koi8 = "song=%EA%F2&charset=koi8-r";
    expect(await retitle(radio, radio.sourcePort, koi8)).toBe("ЙР");
    const told = await retitle(radio, radio.sourcePort, "song=caf%E9%0D%0AStreamUrl%00x");
    expect(told).toBe("café StreamUrl x");
    source.send(SHOW);
    await until("it is heard", () => readIcy(listener, 100).titles.includes(told));
  },
);

function readIcy(wire: Wire, metaint: number): IcyReader {
  const reader = new IcyReader(metaint);
  reader.push(wire.body);
  return reader;
}

const OGG = "Content-Type: audio/ogg\r\n";

async function neverInOgg(radio: TestStation): Promise<void> {
  using ogg = await goLive(radio, OGG, "/ogg");
  ogg.send(concat(...oggChain({ hasEnd: false })));
  await until("it is on air", () => facts(radio, 1).onAir === "live");
  using listener = await Wire.listen(radio.sourcePort, "/ogg", "Icy-MetaData: 1\r\n");
  expect(listener.head).toContain("Content-Type: audio/ogg");
  expect(listener.head).not.toContain("icy-metaint:");
}

trap(
  12,
  "Inline titles stand at exact distances of each listener's own audio, and never in Ogg",
  async () => {
    await using radio = await start({ metadata: { icyMetaint: 1000 } }, { path: "/ogg" });
    using first = await Wire.listen(radio.sourcePort, "/live", "Icy-MetaData: 1\r\n");
    using source = await goLive(radio, "ice-name: It's'; done\r\n");
    source.send(SHOW);
    await until("the show is heard", () => readIcy(first, 1000).audio.includes(SHOW));
    using second = await Wire.listen(radio.sourcePort, "/live", "Icy-MetaData:1\r\n");
    const inChunks = await fetch(`${radio.url}/live`, { headers: { "Icy-MetaData": "1" } });
    const third = new IcyReader(Number(inChunks.headers.get("icy-metaint")));
    await until("all are here", () => facts(radio).listeners === 3);
    await retitle(radio, radio.sourcePort, `song=${"x".repeat(4096)}`);
    source.send(SHOW);
    for await (const bytes of inChunks.body!) {
      third.push(bytes);
      if (third.audio.includes(SHOW)) break;
    }
    await until("the second hears it", () => readIcy(second, 1000).audio.includes(SHOW));
    expect(readIcy(first, 1000).titles).toContain("It's’; done");
    for (const reader of [readIcy(second, 1000), third]) {
      expect(reader.told[0]?.at).toBe(1000);
      expect(reader.told.length + reader.emptyBlocks).toBe(Math.floor(reader.audioLength / 1000));
      // As long as any title is kept, whichever door it came by; a block would hold four times as much.
      expect(reader.titles.at(-1)).toBe("x".repeat(MAX_TEXT_LENGTH));
    }
    await neverInOgg(radio);
  },
);

trap(
  13,
  "A listener is answered as by Icecast: no chunks, no length, no gzip, no keep-alive, and all the icy- hints",
  async () => {
    await using radio = await start();
    using source = await goLive(radio);
    source.send(SHOW);
    await until("it is on air", () => facts(radio).onAir === "live");
    using wire = await Wire.open(radio.sourcePort);
    const wishes =
      "Accept-Encoding: gzip\r\nConnection: keep-alive\r\nTE: trailers\r\nIcy-MetaData: 1\r\n";
    wire.send(`GET /live HTTP/1.1\r\nHost: radio.example\r\n${wishes}\r\n`);
    await until("the head is there", () => wire.text.includes("\r\n\r\n"));
    expect(wire.head).toStartWith("HTTP/1.0 200 OK\r\nServer: ");
    expect(wire.head).not.toMatch(
      /^(transfer-encoding|content-length|content-encoding|keep-alive):/im,
    );
    expect(wire.head).toMatch(/^connection: close$/im);
    for (const name of ["icy-name", "icy-br", "icy-genre", "icy-metaint", "content-type"]) {
      expect(wire.head).toMatch(new RegExp(`^${name}: ?\\S`, "im"));
    }
  },
);

trap(
  14,
  "A range is answered with 200 and the stream, never 416, and who only probes is no listener",
  async () => {
    await using radio = await start({}, { path: "/other" });
    for (const port of [radio.sourcePort, radio.listenPort]) {
      for (const range of ["bytes=0-", "bytes=99999999-", "bytes=5-2"]) {
        using wire = await Wire.listen(port, "/other", `Range: ${range}\r\n`);
        expect(wire.head, range).toMatch(/^HTTP\/1\.\d 200 OK\r\n/);
        expect(wire.head).not.toMatch(/^(content-range|content-length|accept-ranges):/im);
        await until("audio is heard", () => wire.body.length > 2);
      }
      using probe = await Wire.listen(port, "/live", "Range: bytes=0-1\r\n");
      expect(probe.head).toMatch(/^HTTP\/1\.\d 200 OK\r\n/);
      await until("its bytes are there", () => probe.body.length >= 2);
      using looked = await ask(port, "HEAD /live HTTP/1.0\r\n\r\n");
      expect(looked.body.length).toBe(0);
    }
    expect([facts(radio).listenerPeak, facts(radio, 1).listenerPeak > 0]).toEqual([0, true]);
  },
);

trap(
  15,
  "HEAD and OPTIONS are answered on both ports, with what a browser needs to ask for titles",
  async () => {
    await using radio = await start();
    for (const port of [radio.sourcePort, radio.listenPort]) {
      using head = await ask(port, "HEAD /live HTTP/1.0\r\nOrigin: http://a.example\r\n\r\n");
      expect(head.head).toMatch(/^HTTP\/1\.\d 200 OK\r\n/);
      expect(head.head).toMatch(/^access-control-allow-origin: \*$/im);
      expect(head.head).toMatch(/^access-control-expose-headers: .*icy-metaint.*icy-name/im);
      const origin = "Origin: http://a.example\r\nAccess-Control-Request-Headers: icy-metadata\r\n";
      const asking = `OPTIONS /live HTTP/1.1\r\nHost: r\r\n${origin}Connection: close\r\n\r\n`;
      using options = await say(port, asking);
      expect(options.head).toMatch(/^HTTP\/1\.\d 204 No Content\r\n/);
      expect(options.head).toMatch(/^access-control-allow-headers: .*Icy-MetaData/im);
      expect(options.head).toMatch(/^access-control-allow-methods: .*GET/im);
    }
  },
);

/** Three seconds of Opus with a title. */
function opusShow(serial: number, title: string): Uint8Array {
  const headers = [opusHead(), opusTags([`TITLE=${title}`])];
  const pages = Array.from({ length: 75 }, (_, i) => [opusPacket(40, i), opusPacket(40, i + 99)]);
  return concat(...oggChain({ serial, headers, pages }));
}

/** What is on each whole page. */
function pagesOf(body: Buffer): { flags: number; text: string }[] {
  const pages = body.toString("latin1").split("OggS\0");
  expect(pages.shift()).toBe("");
  return pages.map((page) => ({ flags: page.charCodeAt(0), text: page }));
}

/** Half a second of WebM. */
function webmCluster(timeMs: number): Uint8Array<ArrayBuffer> {
  const blocks = Array.from({ length: 25 }, (_, i) => block(i * 20));
  return concat(clusterHead(), timestamp(timeMs), ...blocks);
}

/** What somebody hears at once who comes when all of a show is in the ring. */
async function joined(radio: TestStation, path: string, type: string, show: Uint8Array) {
  using source = await goLive(radio, `Content-Type: ${type}\r\n`, path);
  const { ring } = radio.station.parts(path)!.mount;
  const before = ring.head;
  source.send(show);
  await until("the show is in the ring", () => ring.head - before > show.length * 0.8);
  using listener = await Wire.listen(radio.sourcePort, path);
  await until("the burst is heard", () => listener.body.length > 700);
  return listener.body;
}

trap(
  16,
  "Who joins Ogg or WebM hears the headers of the very chain the burst starts in, then whole pages or clusters",
  async () => {
    await using radio = await start(
      { path: "/short", burstSeconds: 1 },
      { path: "/long", burstSeconds: 5 },
      { path: "/webm", burstSeconds: 1 },
    );
    const shows = concat(opusShow(1, "One"), opusShow(1, "Two"));
    for (const [path, title] of [
      ["/short", "Two"],
      ["/long", "One"],
    ] as const) {
      const [first, second, third] = pagesOf(await joined(radio, path, "audio/ogg", shows));
      expect([first?.flags, second?.flags, third?.flags]).toEqual([2, 0, 0]);
      expect(first?.text).toContain("OpusHead");
      expect(second?.text).toContain(`TITLE=${title}`);
    }
    const header = webmHeader();
    const clusters = Array.from({ length: 8 }, (_, n) => webmCluster(n * 500));
    const body = await joined(radio, "/webm", "audio/webm", concat(header, ...clusters));
    expect(body.subarray(0, header.length).equals(header)).toBe(true);
    expect(body.subarray(header.length, header.length + 4).toString("hex")).toBe("1f43b675");
    expect(body.includes(clusters[0]!)).toBe(false);
  },
);

/** Milliseconds between two moments of a listener. */
async function between(first: () => boolean, second: () => boolean): Promise<number> {
  await until("the first seam is heard", first);
  const sinceMs = performance.now();
  await until("the second seam is heard", second);
  return performance.now() - sinceMs;
}

/** A busy machine hears some seams late, but not all of them. */
async function hasPace(trackMs: number, reached: (seam: number) => () => boolean): Promise<void> {
  let seam = 1;
  await until(`two seams are ${trackMs} ms apart`, async () => {
    const tookMs = await between(reached(seam), reached(seam + 1));
    seam++;
    return Math.abs(tookMs - trackMs) < 600;
  });
}

const count = (body: Buffer, text: string): number =>
  body.toString("latin1").split(text).length - 1;

trap(
  17,
  "A playlist's files are heard as their frames alone, without tags, at the pace of their samples",
  async () => {
    await using music = await scratch();
    const seams = [3, 4, 5].map((seed) => trackFrames(seed, 50, true));
    for (const [i, frames] of seams.entries()) await writeTrack(music.path, `${i}.mp3`, frames);
    const pages = Array.from({ length: 50 }, (_, i) => [opusPacket(20, i)]);
    await Bun.write(`${music.path}/a.opus`, concat(...oggChain({ pages })));
    const playlist = { directory: music.path };
    await using radio = await start(
      { playlist, burstSeconds: 5 },
      { path: "/opus", playlist: { ...playlist, extensions: [".opus"] } },
    );
    using mpeg = await Wire.listen(radio.sourcePort, "/live");
    using opus = await Wire.listen(radio.sourcePort, "/opus");
    const ends = seams.map((_, i) => concat(...seams.slice(0, i + 1).flat()).length);
    const chains = (n: number) => () => count(opus.body, "OpusHead") > n;
    // On a busy machine there is silence first.
    const heard = () => mpeg.body.subarray(Math.max(0, mpeg.body.indexOf(seams[0]?.[0] ?? "")));
    const [first = 0, second = 0, round = 0] = ends;
    const endOf = (n: number) => Math.floor(n / 3) * round + ([0, first, second][n % 3] ?? 0);
    const reached = (n: number) => () => heard().length > endOf(n);
    await Promise.all([hasPace(50 * FRAME_MS, reached), hasPace(1000 - 312 / 48, chains)]);
    expect(
      heard()
        .subarray(0, ends[1])
        .equals(concat(...seams.slice(0, 2).flat())),
    ).toBe(true);
  },
);

const OTHER_RATE = concat(...mpegFrames(60, { sampleRate: 48_000, seed: 5 }));

trap(
  18,
  "A listener never hears two sample rates: it is ended at the change, or the source is",
  async () => {
    await using music = await scratch();
    await writeTrack(music.path, "1.mp3", trackFrames(1, 400));
    const playlist = { directory: music.path };
    await using radio = await start(
      { playlist, burstSeconds: 5 },
      { path: "/refuse", playlist, onFormatChange: "refuse" },
    );
    using before = await Wire.listen(radio.sourcePort, "/live");
    using stays = await Wire.listen(radio.sourcePort, "/refuse");
    await until("the playlist is heard", () => before.body.length > 417 && stays.body.length > 417);
    using source = await goLive(radio);
    using refused = await goLive(radio, "", "/refuse");
    for (const wire of [source, refused]) wire.send(OTHER_RATE);
    await before.closed();
    await refused.closed();
    using after = await Wire.listen(radio.sourcePort, "/live");
    await until("the show is heard", () => after.body.length > 4000);
    const rates = (wire: Wire) => (wire.body[2]! >> 2) & 3;
    expect([before, stays, after].map(rates)).toEqual([0, 0, 1]);
    const heard = concat(before.body, stays.body);
    expect(Buffer.from(heard).includes(OTHER_RATE.subarray(0, 384))).toBe(false);
    expect(stays.isClosed).toBe(false);
  },
);

const HOST = "http://r.example:8000";

async function page(radio: TestStation, path: string): Promise<string> {
  const request = `GET ${path} HTTP/1.0\r\nHost: r.example:8000\r\n\r\n`;
  return (await ask(radio.sourcePort, request)).body.toString();
}

trap(
  19,
  "status-json.xsl has no source, one or a list, and titles are text that no page can mistake",
  async () => {
    await using radio = await start({}, { path: "/b" });
    const status = async () => JSON.parse(await page(radio, "/status-json.xsl")).icestats.source;
    expect(await status()).toBeUndefined();
    const info = "ice-audio-info: ice-bitrate=7;listenurl=evil;x=<b>\r\n";
    using a = await goLive(radio, `${info}ice-name: 1984\r\n`);
    a.send(SHOW);
    await until("it is on air", () => facts(radio).onAir === "live" && facts(radio).title !== "");
    expect(await status()).toMatchObject({ listenurl: `${HOST}/live`, title: "1984" });
    expect(JSON.stringify(await status())).not.toMatch(/evil|<b>|ice-bitrate":7\b/);
    using b = await goLive(radio, "", "/b");
    b.send(SHOW);
    await until("it is on air", () => facts(radio, 1).onAir === "live");
    const list: { listenurl: string }[] = await status();
    expect(list.map(({ listenurl }) => listenurl)).toEqual([`${HOST}/live`, `${HOST}/b`]);
    await retitle(radio, radio.sourcePort, "song=%22%3Cb%3E%26%5C");
    a.send(SHOW);
    await until("the title is heard", () => facts(radio).title === '"<b>&\\');
    expect((await status())[0].title).toBe('"<b>&\\');
    expect(await page(radio, "/status.xsl")).toContain("&lt;b&gt;&amp;");
  },
);

/** On a station whose clock is put forward by fifteen seconds. */
async function neverEndingHead(): Promise<void> {
  let aheadMs = 0;
  await using radio = await startStation(testConfig(), {
    nowMs: () => performance.now() + aheadMs,
  });
  using wire = await Wire.open(radio.sourcePort);
  wire.send("SOURCE /stream HTTP/1.0\r\n");
  using _other = await ask(radio.sourcePort, "GET /health HTTP/1.0\r\n\r\n");
  expect(wire.isClosed).toBe(false);
  aheadMs = 15_000;
  await wire.closed();
}

const ROUND = concat(...trackFrames(4, 400));

/** Ten more seconds at once, and a little of the show: whoever reads hears all of them. */
async function goOn(radio: TestStation, source: Wire, listener: Wire): Promise<void> {
  const before = listener.length;
  source.send(SHOW.subarray(0, 500));
  writeAtOnce(radio, ROUND);
  const isThere = () => listener.length >= before + ROUND.length;
  await until("all is heard", () => isThere() && listener.bytes.subarray(before).includes(ROUND));
}

trap(
  20,
  "A listener that does not read is dropped, a silent source gives way to the playlist, a relay gets plain HTTP/1.0",
  async () => {
    await using music = await scratch();
    await writeTrack(music.path, "1.mp3", trackFrames(1, 400));
    const playlist = { directory: music.path };
    await using radio = await start({ listenerTimeout: 1, sourceTimeout: 5, playlist });
    using stalled = await Wire.open(radio.sourcePort);
    stalled.socket.pause();
    stalled.send("GET /live HTTP/1.0\r\n\r\n");
    using relay = await Wire.open(radio.sourcePort);
    relay.send("GET /live HTTP/1.0\r\nUser-Agent: Icecast 2.4.4\r\n\r\n");
    await until("both are here", () => facts(radio).listeners === 2);
    using source = await goLive(radio);
    source.send(SHOW);
    await until("it is on air", () => facts(radio).onAir === "live");
    await until("the stalled listener is dropped", async () => {
      await goOn(radio, source, relay);
      return facts(radio).listeners === 1;
    });
    expect(relay.head).toMatch(/^HTTP\/1\.0 200 OK\r\n/);
    expect(relay.head).not.toMatch(/transfer-encoding/i);
    expect(facts(radio).onAir).toBe("live");
    await until("the playlist is back", () => facts(radio).onAir === "playlist");
    await source.closed();
    expect(relay.isClosed).toBe(false);
    await neverEndingHead();
  },
);
