// Intro and outro on real sockets: plain, ICY and chunked listeners hear them whole, and the stream between them frame by
// frame.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { concat } from "../format/mpeg-builder.ts";
import { testConfig } from "../support/config.ts";
import { IcyReader } from "../support/icy.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";
import { unchunked } from "../support/unchunked.ts";
import { goLive, Wire } from "../support/wire.ts";

const METAINT = 1000;

async function chunked(port: number, path = "/stream"): Promise<Wire> {
  const wire = await Wire.open(port);
  wire.send(`GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`);
  await until("it is answered", () => wire.body.length > 0);
  return wire;
}

function withoutTitles(body: Uint8Array): Buffer {
  const reader = new IcyReader(METAINT);
  reader.push(body);
  return reader.audio;
}

test("listeners hear the intro, then the burst and all that follows, and others do not hear it", async () => {
  await using folder = await scratch();
  const intro = concat(...(await writeTrack(folder.path, "hello.mp3", trackFrames(9, 100, true))));
  const mount = {
    intro: join(folder.path, "hello.mp3"),
    burstSeconds: 1,
    metadata: { icyMetaint: METAINT },
  };
  await using radio = await startStation(testConfig([mount]));
  await until("the intro is ready", () => radio.logged.join("\n").includes("is ready: 2.6 s"));
  using dj = await goLive(radio.sourcePort);
  const show = trackFrames(1, 300, true);
  dj.send(concat(...show.slice(0, 200)));
  await until("it is live", () => radio.station.facts().mounts[0].onAir === "live");
  using plain = await Wire.listen(radio.sourcePort, "/stream");
  using icy = await Wire.listen(radio.sourcePort, "/stream", "Icy-MetaData: 1\r\n");
  using web = await chunked(radio.listenPort);
  using relay = await Wire.listen(radio.sourcePort, "/stream", "User-Agent: Icecast 2.4.4\r\n");
  using probe = await Wire.listen(radio.sourcePort, "/stream", "Range: bytes=0-1\r\n");

  const heard = () => [plain.body, withoutTitles(icy.body), unchunked(web.body).bytes];
  const [head = intro] = show.slice(199);
  await until("they hear the show", () => heard().every((body) => body.includes(head)));
  dj.send(concat(...show.slice(200)));
  const [last = intro] = show.slice(299);
  await until("and its end", () => heard().every((body) => body.includes(last)));
  const all = Buffer.from(concat(...show));
  for (const body of heard()) {
    expect(body.subarray(0, intro.length).equals(intro)).toBe(true);
    const rest = body.subarray(intro.length);
    expect(all.subarray(-rest.length).equals(rest)).toBe(true);
    expect(rest.length).toBeGreaterThan(concat(...show.slice(200)).length);
  }
  for (const other of [relay, probe])
    expect(other.body.includes(intro.subarray(0, 400))).toBe(false);
  expect([plain, icy, web].map(({ isClosed }) => isClosed)).toEqual([false, false, false]);
});

test("the outro is the last that they hear, when the mount is removed and when the station stops", async () => {
  await using folder = await scratch();
  const outro = concat(...(await writeTrack(folder.path, "bye.mp3", trackFrames(9, 60, true))));
  const mount = {
    outro: join(folder.path, "bye.mp3"),
    burstSeconds: 60,
    metadata: { icyMetaint: METAINT },
  };
  const config = testConfig([mount, { ...mount, path: "/goes" }]);
  await using radio = await startStation(config);
  const ready = () => radio.logged.filter((line) => line.includes("is ready: 1.6 s")).length;
  await until("both outros are ready", () => ready() === 2);
  const show = trackFrames(1, 80, true);
  for (const path of ["/goes", "/stream"]) {
    using dj = await goLive(radio.sourcePort, { path });
    dj.send(concat(...show));
    const live = () => radio.station.facts().mount(path)?.onAir === "live";
    await until("it is live", live);
    using plain = await Wire.listen(radio.sourcePort, path);
    using icy = await Wire.listen(radio.sourcePort, path, "Icy-MetaData: 1\r\n");
    using web = await chunked(radio.listenPort, path);
    const heard = () => [plain.body, withoutTitles(icy.body), unchunked(web.body).bytes];
    const [last = outro] = show.slice(79);
    await until("they hear the show", () => heard().every((body) => body.includes(last)));
    if (path === "/goes") radio.station.reconfigure({ ...config, mounts: [config.mounts[0]] });
    else await radio.station.mounts.farewell();
    const wanted = Buffer.from(concat(...show, outro));
    const isWhole = () => heard().every((body) => body.subarray(-wanted.length).equals(wanted));
    await until("they hear the outro last", isWhole);
    if (path === "/goes")
      await until(
        "their streams end",
        () => plain.isClosed && icy.isClosed && unchunked(web.body).isEnded,
      );
  }
});
