// Relays on real sockets: what listeners get is the master's stream, frame by frame, whatever happens to the master.
import { describe, expect, test } from "bun:test";
import type { RelayState } from "../../src/mount/roles.ts";
import { Secret } from "../../src/lib/secret.ts";
import { oggChain, opusHead, opusPacket, opusTags } from "../format/ogg-builder.ts";
import { ManualClock } from "../input/stage.ts";
import { AS_ADMIN, adminConfig } from "../http/app.ts";
import { testConfig, testRelay } from "../support/config.ts";
import { Master, type StreamOptions } from "../support/master.ts";
import { Trio } from "../support/numbered.ts";
import { startStation, type TestStation, until } from "../support/station.ts";
import { FRAME_MS, silentShow, trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

/** Less than the ten seconds that a master may be ahead. */
const SHOW = trackFrames(5, 300);

function upTo(end: number): number[] {
  return Array.from({ length: end }, (_, number) => number);
}

function relayOf(radio: TestStation, at = 0): RelayState {
  const { relay } = radio.station.all[at]?.mount.inputs.find(({ kind }) => kind === "relay") ?? {};
  if (relay === undefined) throw new Error("there is no relay");
  return relay;
}

async function playing(radio: TestStation, at = 0): Promise<void> {
  await until("the relay plays", () => relayOf(radio, at).state === "playing");
}

async function failing(radio: TestStation): Promise<string> {
  await until("the relay has failed", () => relayOf(radio).lastError !== null);
  return relayOf(radio).lastError ?? "";
}

function slave(...relays: readonly ReturnType<typeof testRelay>[]) {
  return startStation(testConfig([{ relay: relays }]));
}

test("silence of a leader is played like its other audio: it decides what is better", async () => {
  await using master = await Master.start();
  const ofCluster = { ...testRelay(master.url()), graceMs: 100 };
  const plain = { path: "/plain", relay: [testRelay(master.url())] };
  await using radio = await startStation(
    testConfig([
      { silenceTimeout: 1, relay: [ofCluster] },
      { ...plain, silenceTimeout: 1 },
    ]),
  );
  await until("both are pulled", () => master.clients === 2);
  master.play(...silentShow(120));
  const relayAt = (at: number) =>
    radio.station.all[at]?.mount.inputs.find(({ kind }) => kind === "relay");
  await until("the other one is found to be silent", () => relayAt(1)?.isSilent === true);
  expect(relayAt(0)).toMatchObject({ ready: true, priority: 75 });
  expect(radio.station.first.mount.onAir?.kind).toBe("relay");
});

describe("listeners of three kinds hear every frame once, and stay,", () => {
  test("through a restart of the master", async () => {
    await using master = await Master.start();
    master.burst = 60;
    await using radio = await slave(testRelay(master.url()));
    await until("it is pulled", () => master.clients === 1);
    using trio = await Trio.join(radio);
    master.play(...SHOW.slice(0, 100));
    await trio.hears(SHOW[98] ?? SHOW[0]!);
    await master.stop();
    await until("it is missed", () => relayOf(radio).state === "waiting");
    // It goes on where it was, and its burst begins in the past.
    master.play(...SHOW.slice(100, 120));
    await master.listen();
    await playing(radio);
    master.play(...SHOW.slice(120, 200));
    await trio.hears(SHOW[198] ?? SHOW[0]!);
    for (const numbers of trio.numbers(SHOW)) expect(numbers.slice(0, 199)).toEqual(upTo(199));
    expect(trio.areConnected).toBe(true);
    expect(relayOf(radio)).toMatchObject({ connects: 2, downMs: null });
  });

  test("when a better address works again", async () => {
    await using best = await Master.start();
    const { port } = best;
    await best.stop();
    await using other = await Master.start();
    best.burst = other.burst = 80;
    const url = `http://127.0.0.1:${port}/live`;
    await using radio = await slave(testRelay(url, { urls: [new Secret(other.url())] }));
    await until("the other one is pulled", () => other.clients === 1);
    using trio = await Trio.join(radio);
    for (const master of [best, other]) master.play(...SHOW.slice(0, 100));
    await trio.hears(SHOW[98] ?? SHOW[0]!);
    await best.listen();
    await until("it went back", () => best.clients === 1 && other.clients === 0);
    expect(relayOf(radio).url).toBe(url);
    for (const master of [best, other]) master.play(...SHOW.slice(100, 150));
    await trio.hears(SHOW[148] ?? SHOW[0]!);
    for (const numbers of trio.numbers(SHOW)) expect(numbers.slice(0, 149)).toEqual(upTo(149));
    expect(trio.areConnected).toBe(true);
    expect(relayOf(radio)).toMatchObject({ url, lastError: null });
  });

  test("when the address is changed in a reload", async () => {
    await using before = await Master.start();
    await using after = await Master.start();
    before.burst = after.burst = 80;
    await using radio = await slave(testRelay(before.url()));
    await until("it is pulled", () => before.clients === 1);
    using trio = await Trio.join(radio);
    for (const master of [before, after]) master.play(...SHOW.slice(0, 100));
    await trio.hears(SHOW[98] ?? SHOW[0]!);
    radio.station.reconfigure(testConfig([{ relay: [testRelay(after.url())] }]));
    await until("it changed over", () => after.clients === 1 && before.clients === 0);
    for (const master of [before, after]) master.play(...SHOW.slice(100, 150));
    await trio.hears(SHOW[148] ?? SHOW[0]!);
    for (const numbers of trio.numbers(SHOW)) expect(numbers.slice(0, 149)).toEqual(upTo(149));
    expect(trio.areConnected).toBe(true);
    radio.station.reconfigure(testConfig());
    await until("it is not pulled any more", () => after.clients === 0);
  });
});

test("a master that stalls is not waited for longer than listeners can live on their burst", async () => {
  await using master = await Master.start();
  await using radio = await slave(testRelay(master.url()));
  await until("it is pulled", () => master.clients === 1);
  master.play(...SHOW.slice(0, 10));
  const { mount } = radio.station.first;
  await until("it is on air", () => mount.onAir?.kind === "relay");
  await until("silence plays instead", () => mount.onAir?.kind === "silence");
  expect(master.clients).toBe(1);
  master.play(...SHOW.slice(10, 20));
  await until("it is back", () => mount.onAir?.kind === "relay");
  expect(relayOf(radio).connects).toBe(1);
});

test("frames that a master writes one by one are read together once its stream is steady", async () => {
  const clock = new ManualClock(1000);
  await using master = await Master.start();
  await using radio = await startStation(testConfig([{ relay: [testRelay(master.url())] }]), clock);
  await until("it is pulled", () => master.clients === 1);
  const show = trackFrames(7, 2000);
  let played = 0;
  const play = (count: number) => {
    master.play(...show.slice(played, (played += count)));
    clock.ms += count * FRAME_MS;
  };
  play(40);
  await playing(radio);
  const { mount } = radio.station.first;
  let [heard, latest] = [0, 0];
  mount.events.on("frames", ({ frames }) => {
    heard += latest = frames.count;
  });
  for (let second = 0; second < 11; second++) {
    const before = heard;
    play(38);
    await until("they are heard", () => heard >= before + 38);
  }
  await until("several come at once", async () => {
    play(1);
    // What is read at once has been read when this is answered.
    await fetch(`${radio.url}/api/status`);
    return latest > 1;
  });
});

describe("a relay takes", () => {
  const kinds: readonly [string, StreamOptions][] = [
    ["a plain stream", {}],
    ["ICY 200 OK", { head: "ICY 200 OK\r\nicy-br:128\r\nicy-notice1:<BR>x<BR>" }],
    ["titles in the stream", { metaint: 1000 }],
    ["chunks", { isChunked: true }],
    ["chunks with titles", { isChunked: true, metaint: 777 }],
    ["a wrong type", { head: "HTTP/1.0 200 OK\r\nContent-Type: audio/ogg" }],
  ];
  test.each(kinds)("%s, byte for byte", async (_, options) => {
    await using master = await Master.start(options);
    await using radio = await slave(testRelay(master.url()));
    await until("it is pulled", () => master.clients === 1);
    using listener = await Wire.listen(radio.sourcePort, "/stream");
    master.title("It's - a title");
    for (let at = 0; at < 90; at += 30) master.play(...SHOW.slice(at, at + 30));
    const whole = Buffer.concat(SHOW.slice(0, 89));
    await until("all is heard", () => listener.body.includes(whole));
  });

  test("titles at the frames where they stood", async () => {
    const frameBytes = SHOW[0]?.length ?? 0;
    await using master = await Master.start({ metaint: 10 * frameBytes });
    await using radio = await slave(testRelay(master.url()));
    await until("it is pulled", () => master.clients === 1);
    master.play(...SHOW.slice(0, 15));
    master.title("A - first");
    master.play(...SHOW.slice(15, 45));
    master.title("B - second");
    master.play(...SHOW.slice(45, 80));
    const { mount } = radio.station.first;
    const airings = () => mount.timeline.airings.filter(({ kind }) => kind === "relay");
    await until("both have come", () => airings().length >= 3);
    const from = airings()[0]?.fromSeconds ?? 0;
    const frames = airings().map(({ fromSeconds }) =>
      Math.round(((fromSeconds - from) * 44_100) / 1152),
    );
    expect(airings().map(({ metadata }) => metadata.title)).toEqual(["Live", "first", "second"]);
    expect(frames).toEqual([0, 20, 50]);
  });

  test("Ogg whose title changes with a chained stream, headers included", async () => {
    await using master = await Master.start({
      head: "HTTP/1.0 200 OK\r\nContent-Type: application/ogg",
    });
    await using radio = await slave(testRelay(master.url()));
    await until("it is pulled", () => master.clients === 1);
    const chain = (serial: number, title: string) =>
      oggChain({
        serial,
        headers: [opusHead(), opusTags([`TITLE=${title}`])],
        pages: Array.from({ length: 20 }, (_, i) => [opusPacket(30, serial * 100 + i)]),
      });
    const { mount } = radio.station.first;
    for (const page of chain(7, "first")) master.play(page);
    await until("it is on air", () => mount.onAir?.kind === "relay");
    using listener = await Wire.listen(radio.listenPort, "/stream");
    expect(listener.head).toContain("audio/ogg");
    for (const page of chain(8, "second")) master.play(page);
    await until("the second has come", () => mount.metadata.title === "second");
    const titles = () => mount.timeline.airings.filter(({ kind }) => kind === "relay");
    expect(titles().map(({ metadata }) => metadata.title)).toEqual(["first", "second"]);
    const [first, second] = titles();
    // Twenty packets of 20 ms, less what Opus skips at the start.
    expect((second?.fromSeconds ?? 0) - (first?.fromSeconds ?? 0)).toBeCloseTo(0.4, 1);
    await until("both are heard", () => listener.body.includes("TITLE=second"));
    expect(listener.isClosed).toBe(false);
  });

  test.each([301, 302, 303, 307, 308])("a redirect by %d", async (status) => {
    await using master = await Master.start();
    master.answer = (request) =>
      request.startsWith("GET /old ") ? `HTTP/1.1 ${status} Moved\r\nLocation: /new\r\n\r\n` : null;
    await using radio = await slave(testRelay(master.url("/old")));
    await until("it is pulled", () => master.clients === 1);
    master.play(...SHOW.slice(0, 40));
    await playing(radio);
    expect(master.requests.map((request) => request.split(" ")[1])).toEqual(["/old", "/new"]);
  });

  test.each([
    ["audio/x-mpegurl", "#EXTM3U\n#EXTINF:-1,Radio\n/live\n"],
    ["audio/x-scpls", "[playlist]\nNumberOfEntries=1\nFile1=/live\n"],
    ["application/xspf+xml", "<playlist><trackList><track><location>/live</location></track>"],
  ])("a playlist file of type %s", async (type, body) => {
    await using master = await Master.start();
    const head = `HTTP/1.0 200 OK\r\nContent-Type: ${type}\r\n\r\n`;
    master.answer = (request) => (request.startsWith("GET /list ") ? head + body : null);
    await using radio = await slave(testRelay(master.url("/list")));
    await until("the stream is pulled", () => master.clients === 1);
    master.play(...SHOW.slice(0, 40));
    await playing(radio);
  });
});

describe("a relay shows why it does not play:", () => {
  const answers: readonly [string, string, string][] = [
    ["wrong credentials", "HTTP/1.0 401 Unauthorized\r\n\r\n", "other credentials (401)"],
    ["no stream", "HTTP/1.0 404 Not Found\r\n\r\n", "no such stream (404)"],
    ["a page", "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>", "a web page"],
    ["no HTTP", "SSH-2.0-OpenSSH\r\n", "is not HTTP"],
    ["a redirect to nowhere", "HTTP/1.0 302 Found\r\n\r\n", "to no address"],
    ["redirects in circles", "HTTP/1.0 302 Found\r\nLocation: /live\r\n\r\n", "in circles"],
    ["an endless head", `HTTP/1.0 200 OK\r\n${"x: y\r\n".repeat(3000)}`, "too long"],
    [
      "HLS",
      "HTTP/1.0 200 OK\r\nContent-Type: audio/mpegurl\r\n\r\n#EXTM3U\n#EXT-X-VERSION:3",
      "HLS",
    ],
    ["an end", "HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n", "closed the connection"],
  ];
  test.each(answers)("%s", async (_, answer, why) => {
    await using master = await Master.start();
    master.answer = () => answer;
    const url = master.url("/live").replace("http://", "http://me:hidden-word@");
    await using radio = await slave(testRelay(`${url}?token=hidden-word`));
    expect(await failing(radio)).toContain(why);
    await until("it waits", () => relayOf(radio).state === "waiting");
    expect(relayOf(radio).waitMs).toBeLessThanOrEqual(1250);
    expect(radio.logged.join("\n")).toContain(why);
    expect(radio.logged.join("\n") + JSON.stringify(relayOf(radio))).not.toContain("hidden-word");
  });

  test("silence instead of an answer, within its time", async () => {
    await using master = await Master.start();
    master.answer = () => "";
    await using mute = await Master.start();
    mute.answer = () => "HTTP/1.0 200";
    await using radio = await slave(testRelay(mute.url(), { timeout: 0.2 }));
    expect(await failing(radio)).toMatch(/no answer|closed/);
  });

  test("a circle", async () => {
    await using radio = await startStation(testConfig([{}, { path: "/b" }]));
    const to = (path: string) => [testRelay(`http://127.0.0.1:${radio.listenPort}${path}`)];
    radio.station.reconfigure(testConfig([{}, { path: "/b", relay: to("/stream") }]));
    await playing(radio, 1);
    radio.station.reconfigure(
      testConfig([{ relay: to("/b") }, { path: "/b", relay: to("/stream") }]),
    );
    expect(await failing(radio)).toContain("a relay in a circle");
  });
});

test("credentials of the address or the block go to the master, and to no other host", async () => {
  await using other = await Master.start();
  await using master = await Master.start();
  const elsewhere = other.url().replace("127.0.0.1", "localhost");
  master.answer = () => `HTTP/1.0 302 Found\r\nLocation: ${elsewhere}\r\n\r\n`;
  const password = new Secret("b:lock");
  await using radio = await slave(testRelay(master.url(), { user: "me", password }));
  await until("it was sent on", () => other.requests.length > 0);
  const basic = `Authorization: Basic ${Buffer.from("me:b:lock").toString("base64")}`;
  expect(master.requests[0]).toContain(basic);
  expect(other.requests[0]).not.toContain("Authorization");
  expect(other.requests[0]).toContain(`Host: localhost:${other.port}\r\n`);
  expect(relayOf(radio).url).toBe(master.url());
});

test("on demand it is pulled for a listener, and not any more after the last has left", async () => {
  await using master = await Master.start();
  master.burst = 50;
  master.play(...SHOW.slice(0, 50));
  await using radio = await slave(testRelay(master.url(), { onDemand: true }));
  await until("it was tried", () => relayOf(radio).connects === 1);
  await until("nobody listens", () => master.clients === 0 && relayOf(radio).state === "idle");
  const listener = await Wire.listen(radio.listenPort, "/stream");
  await until("it is pulled", () => master.clients === 1);
  await playing(radio);
  master.play(...SHOW.slice(50, 90));
  await until("it is heard", () => listener.body.includes(SHOW[80] ?? SHOW[0]!));
  listener.socket.destroy();
  // Only what is sent to it shows that a client is gone.
  await until("it rests", () => {
    master.play(SHOW[90] ?? SHOW[0]!);
    return relayOf(radio).state === "idle" && master.clients === 0;
  });
  expect(relayOf(radio).downMs).toBeNull();
});

test("a listener of a mount on demand with a fallback starts the pull, and is not sent on", async () => {
  await using master = await Master.start();
  const relay = [testRelay(master.url(), { onDemand: true })];
  const mounts = [{ relay, fallback: "/other" }, { path: "/other" }] as const;
  await using radio = await startStation(testConfig(mounts));
  await until("it is tried", () => master.clients === 1);
  master.play(...SHOW.slice(0, 20));
  await until("nobody listens", () => relayOf(radio).state === "idle");
  using other = await goLive(radio.sourcePort, { path: "/other" });
  other.send(Buffer.concat(trackFrames(8, 100)));
  await until("the fallback plays", () => radio.station.all[1]?.mount.live?.ready === true);
  using listener = await Wire.listen(radio.listenPort, "/stream");
  await until("it is pulled", () => master.clients === 1);
  master.play(...SHOW.slice(20, 60));
  await until("it is heard", () => listener.body.includes(SHOW[50] ?? SHOW[0]!));
});

test("a relay is seen at the desk, in the metrics and in Icecast's statistics", async () => {
  await using master = await Master.start();
  const config = adminConfig([{ relay: [testRelay(master.url("/live?key=hidden"))] }]);
  await using radio = await startStation(config);
  await until("it is pulled", () => master.clients === 1);
  master.play(...SHOW.slice(0, 40));
  await playing(radio);
  const read = async (path: string) =>
    (await fetch(radio.url + path, { headers: AS_ADMIN })).text();
  const overview: unknown = JSON.parse(await read("/api/admin/overview"));
  expect(overview).toMatchObject({
    mounts: [
      {
        on_air: "relay",
        relays: [
          { name: "main", url: master.url(), state: "playing", last_error: null, connects: 1 },
        ],
      },
    ],
  });
  const metrics = await read("/metrics");
  expect(metrics).toContain('cycast_relay_up{mount="/stream",relay="main"} 1\n');
  expect(metrics).toContain('cycast_relay_reconnects_total{mount="/stream",relay="main"} 0\n');
  expect(metrics).toMatch(/cycast_relay_bytes_total\{[^}]+\} [1-9]/);
  expect(metrics).toContain('cycast_input{mount="/stream",input="relay"} 1\n');
  expect(await read("/admin/stats")).toContain(
    "<source_relay_connections>1</source_relay_connections>",
  );
});
