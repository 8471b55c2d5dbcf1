// Mirroring every mount of another server: mounts appear and vanish with its own, under its names.
import { expect, test } from "bun:test";
import type { Config } from "../../src/config/config.ts";
import { Secret } from "../../src/lib/secret.ts";
import { testConfig, testMount, type TestMount } from "../support/config.ts";
import { Master } from "../support/master.ts";
import { startStation, type TestStation, until } from "../support/station.ts";
import { FRAME_MS, trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

function mirroring(
  url: string,
  given: Partial<Config["relay_all"]> = {},
  mounts: readonly [TestMount, ...TestMount[]] = [{ path: "/own" }],
): Config {
  const config = testConfig(mounts);
  const settings = { url: new Secret(url), interval: 1, linger: 0, ...given };
  return { ...config, relay_all: { ...config.relay_all, ...settings } };
}

function paths({ station }: TestStation): string[] {
  return station.all.map(({ mount }) => mount.path);
}

/** Sends the frames at their pace, over and over. */
function feed(source: Wire, frames: readonly Uint8Array[]): Disposable {
  let next = 0;
  const timer = setInterval(() => source.send(frames[next++ % frames.length] ?? ""), FRAME_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

test("mounts of a Cycast master appear, are heard on demand with their names, and vanish", async () => {
  await using master = await startStation(
    testConfig([{ path: "/live", metadata: { stationName: "The Live One" } }, { path: "/jazz" }]),
  );
  const [live, jazz] = [trackFrames(1, 200), trackFrames(2, 200)];
  using source = await goLive(master.sourcePort, { path: "/live" });
  using other = await goLive(master.sourcePort, { path: "/jazz" });
  using _live = feed(source, live);
  const jazzFeed = feed(other, jazz);
  await until("both are on air", () => master.station.all.every(({ mount }) => mount.live?.ready));
  await using radio = await startStation(mirroring(master.url));
  await until("both are mirrored", () => paths(radio).length === 3);
  expect(paths(radio)).toEqual(["/own", "/live", "/jazz"]);
  expect(radio.station.parts("/live")?.mount.config.metadata.stationName).toBe("The Live One");

  await until("nobody is pulled", () =>
    master.station.all.every(({ audience }) => audience.joined > 0 && audience.count === 0),
  );
  using listener = await Wire.listen(radio.listenPort, "/live");
  await until("it is pulled", () => master.station.first.audience.count === 1);
  await until("it is heard", () => live.some((frame) => listener.body.includes(frame)));
  expect(listener.head).toContain("The Live One");

  jazzFeed[Symbol.dispose]();
  other.socket.end();
  await until("it has gone", () => !paths(radio).includes("/jazz"));
  expect(paths(radio)).toEqual(["/own", "/live"]);
  expect(listener.isClosed).toBe(false);

  radio.station.reconfigure(mirroring(""));
  await until("nothing is mirrored", () => paths(radio).length === 1);
});

test("a mirrored mount may be the fallback of an own one: it is pulled for those who come from there", async () => {
  await using master = await startStation(testConfig([{ path: "/live" }]));
  const [live, show] = [trackFrames(1, 200), trackFrames(2, 200)];
  using source = await goLive(master.sourcePort, { path: "/live" });
  using _live = feed(source, live);
  await until("it is on air", () => master.station.first.mount.live?.ready === true);
  await using radio = await startStation(
    mirroring(master.url, {}, [{ path: "/own", fallback: "/live" }]),
  );
  await until("it is mirrored and not pulled", () => {
    const { joined, count } = master.station.first.audience;
    const inputs = radio.station.parts("/live")?.mount.inputs ?? [];
    const isIdle = inputs.some(({ relay }) => relay?.state === "idle");
    return isIdle && joined > 0 && count === 0;
  });
  const dj = await goLive(radio.sourcePort, { path: "/own" });
  const showFeed = feed(dj, show);
  await until("the show is on air", () => radio.station.first.mount.live?.ready === true);
  using listener = await Wire.listen(radio.listenPort, "/own");
  await until("the show is heard", () => show.some((frame) => listener.body.includes(frame)));
  showFeed[Symbol.dispose]();
  dj.socket.destroy();
  const { length } = listener.body;
  const after = () => listener.body.subarray(length);
  await until("the fallback is heard", () => live.some((frame) => after().includes(frame)));
  expect(radio.station.parts("/live")?.audience.count).toBe(1);
  expect(listener.isClosed).toBe(false);
});

test("a list for relays does where there is no status, bounded, and its failure takes nothing away", async () => {
  await using master = await Master.start();
  const list = Array.from({ length: 20 }, (_, number) => `/m${number}\r\n`).join("");
  const text = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n";
  master.answer = (request) => {
    if (request.startsWith("GET /admin/streamlist.txt "))
      return `${text}${list}/admin/x\r\n/own\r\n`;
    return request.startsWith("GET /status-json.xsl ") ? "HTTP/1.0 404 Not Found\r\n\r\n" : null;
  };
  const given = { maxMounts: 4, user: "relay", password: new Secret("of-the-list") };
  const url = new Secret("icecast://source:pw@127.0.0.1:1/own");
  const push = [{ label: "own", url, public: false, bufferSeconds: 10, tlsVerify: true }];
  const directory = { ...testMount().directory, public: true };
  const files = { intro: "/nowhere/hello.mp3", outro: "/nowhere/bye.mp3" };
  const own = { path: "/own", push, directory, ...files };
  await using radio = await startStation(mirroring(master.url("/"), given, [own]));
  await until("they are mirrored", () => paths(radio).length === 5);
  expect(paths(radio)).toEqual(["/own", "/m0", "/m1", "/m2", "/m3"]);
  const pushed = radio.station.all.map(({ pushes }) => pushes.states.length);
  expect(pushed).toEqual([1, 0, 0, 0, 0]);
  const mirrored = radio.station.parts("/m0")?.mount.config;
  expect(mirrored).toMatchObject({ intro: "", outro: "", directory: { public: false } });
  const basic = Buffer.from("relay:of-the-list").toString("base64");
  const asked = master.requests.find((request) => request.includes("streamlist.txt"));
  expect(asked).toContain(`Authorization: Basic ${basic}\r\n`);

  const { length } = master.requests;
  master.answer = () => "HTTP/1.0 500 Oops\r\n\r\n";
  await until("the list has failed", () =>
    radio.logged.join().includes("cannot be read: it answers 500"),
  );
  expect(paths(radio)).toHaveLength(5);
  expect(master.requests.length).toBeGreaterThan(length);
});

test("no more mounts than max_mounts are mirrored from a master that lists others each time, and those that it lists again stay", async () => {
  await using master = await Master.start();
  const ask = (list: string) => (request: string) =>
    request.startsWith("GET /admin/streamlist.txt ")
      ? `HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n${list}`
      : "HTTP/1.0 404 Not Found\r\n\r\n";
  master.answer = ask("/a\r\n/b\r\n/c\r\n");
  await using radio = await startStation(mirroring(master.url("/"), { maxMounts: 3 }));
  await until("they are mirrored", () => paths(radio).length === 4);
  const kept = radio.station.parts("/c")?.mount;
  master.answer = ask("/d\r\n/e\r\n/f\r\n/c\r\n");
  await until("others are mirrored", () => paths(radio).includes("/d"));
  expect(paths(radio)).toEqual(["/own", "/c", "/d", "/e"]);
  expect(radio.station.parts("/c")?.mount).toBe(kept);
});

test("a configured mount takes the place of a mirrored one in a reload", async () => {
  await using master = await Master.start();
  master.answer = (request) =>
    request.startsWith("GET /status-json.xsl ")
      ? `HTTP/1.0 200 OK\r\n\r\n${JSON.stringify({ icestats: { source: { listenurl: "/live" } } })}`
      : null;
  await using radio = await startStation(mirroring(master.url()));
  await until("it is mirrored", () => paths(radio).includes("/live"));
  const mirrored = radio.station.parts("/live")?.mount;
  radio.station.reconfigure(mirroring(master.url(), {}, [{ path: "/own" }, { path: "/live" }]));
  expect(paths(radio)).toEqual(["/own", "/live"]);
  expect(radio.station.parts("/live")?.mount).not.toBe(mirrored);
  expect(radio.station.parts("/live")?.mount.config.relay).toEqual([]);
});
