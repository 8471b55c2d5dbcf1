// A ban on real sockets: what it ends, what it refuses on each port, and that it outlasts a restart.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import { concat } from "../format/mpeg-builder.ts";
import { adminConfig, AS_ADMIN, trusting } from "../http/app.ts";
import { PASSWORD } from "../support/config.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const BANNED = "127.0.0.2";
const SENTENCE = /Your address is banned until \d{4}-\d\d-\d\d \d\d:\d\d UTC\.\r\n$/;
const AUDIO = trackFrames(2, 400, true);

function keeping(folder: string): Config {
  const config = adminConfig([{ burstSeconds: 0 }]);
  return { ...config, server: { ...config.server, stateDirectory: folder } };
}

async function call(radio: TestStation, method: string, body?: object, query = "") {
  const answer = await fetch(`${radio.url}/api/admin/bans${query}`, {
    method,
    headers: { ...AS_ADMIN, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  // What a test looks for in it.
  return { status: answer.status, json: (await answer.json()) as any };
}

const ban = (radio: TestStation, address: string, more = {}) =>
  call(radio, "POST", { address, ...more });

/** What is sent from an address, and the whole answer. */
async function answerTo(text: string, port: number, from = BANNED): Promise<string> {
  using wire = await Wire.open(port, "127.0.0.1", from);
  wire.send(text);
  await wire.closed();
  return wire.text;
}

const LOGIN = Buffer.from(`source:${PASSWORD}`).toString("base64");

describe("a ban", () => {
  test("ends what the address has open on both ports, and nothing else", async () => {
    await using radio = await startStation(adminConfig([{ burstSeconds: 0 }, { path: "/other" }]));
    const { sourcePort, listenPort } = radio;
    using dj = await goLive(sourcePort);
    const listen = async (port: number, from: string) => {
      const wire = await Wire.open(port, "127.0.0.1", from);
      wire.send("GET /stream HTTP/1.0\r\nHost: a\r\n\r\n");
      await until("it is answered", () => wire.text.includes("\r\n\r\n"));
      return wire;
    };
    using goesAtListen = await listen(listenPort, BANNED);
    using goesAtSource = await listen(sourcePort, BANNED);
    using stays = await listen(listenPort, "127.0.0.3");
    using events = await Wire.open(listenPort, "127.0.0.1", BANNED);
    events.send("GET /api/events HTTP/1.0\r\nHost: a\r\n\r\n");
    using idle = await Wire.open(listenPort, "127.0.0.1", BANNED);
    idle.send("GET /api/status HTTP/1.1\r\nHost: a\r\n\r\n");
    using source = await Wire.open(sourcePort, "127.0.0.1", BANNED);
    source.send(
      `SOURCE /other HTTP/1.0\r\nAuthorization: Basic ${LOGIN}\r\nContent-Type: audio/mpeg\r\n\r\n`,
    );
    await until("all are there", () => [events, idle, source].every(({ length }) => length > 0));
    const { audience } = radio.station.first;
    await until("all listen", () => audience.count === 3);

    const { status, json } = await ban(radio, BANNED, { seconds: 600, reason: "loops a stream" });
    expect([status, json.ban.by, json.ban.reason]).toEqual([200, "keeper", "loops a stream"]);
    for (const wire of [goesAtListen, goesAtSource, events, idle, source]) await wire.closed();
    expect([audience.count, radio.station.parts("/other")?.mount.live]).toEqual([1, null]);
    const before = stays.length;
    dj.send(concat(...AUDIO.slice(0, 100)));
    await until("the other listener hears on", () => stays.length > before + 1000);
    expect(radio.logged.some((line) => /keeper banned 127\.0\.0\.2 until .*loops/.test(line))).toBe(
      true,
    );
  });

  test("ends streams of its address alone behind a trusted proxy, events too", async () => {
    await using radio = await startStation(trusting(adminConfig(), "127.0.0.1"));
    const openAs = async (client: string, path: string) => {
      const wire = await Wire.open(radio.listenPort);
      wire.send(`GET ${path} HTTP/1.0\r\nHost: a\r\nX-Forwarded-For: ${client}\r\n\r\n`);
      await until("it is answered", () => wire.text.includes("\r\n\r\n"));
      return wire;
    };
    using events = await openAs("198.51.100.7", "/api/events");
    using stream = await openAs("198.51.100.7", "/stream");
    using others = await openAs("198.51.100.8", "/api/events");
    expect((await ban(radio, "198.51.100.7")).status).toBe(200);
    for (const wire of [events, stream]) await wire.closed();
    using dj = await goLive(radio.sourcePort);
    dj.send(concat(...trackFrames(1, 40)));
    await until("the other page is told of it", () => others.text.includes('"live"'));
  });

  test("refuses streams, pages, calls and logins on both ports, and says so", async () => {
    await using radio = await startStation(adminConfig());
    const { sourcePort, listenPort } = radio;
    await ban(radio, "127.0.0.0/31"); // Not this address.
    await ban(radio, BANNED);
    const requests = ["/stream", "/", "/api/status", "/status-json.xsl", "/api/admin/session"];
    for (const port of [sourcePort, listenPort]) {
      for (const path of requests) {
        const get = `GET ${path} HTTP/1.0\r\nHost: a\r\n\r\n`;
        const answer = await answerTo(get, port);
        expect([path, answer]).toEqual([path, expect.stringMatching(/^HTTP\/1\.\d 403 Forbidden/)]);
        expect(answer).toMatch(SENTENCE);
      }
    }
    const login = `SOURCE /stream HTTP/1.0\r\nAuthorization: Basic ${LOGIN}\r\n\r\n`;
    expect(await answerTo(login, sourcePort)).toMatch(SENTENCE);
    expect(await answerTo(`${PASSWORD}\r\n`, sourcePort)).toMatch(SENTENCE);
    expect(radio.station.admission.refused.banned).toBeGreaterThanOrEqual(requests.length * 2 + 2);
    expect((await fetch(`${radio.url}/api/status`)).status).toBe(200);
  });

  test("ends when it is taken back, and is not for oneself", async () => {
    await using radio = await startStation(adminConfig());
    const get = "GET /api/status HTTP/1.0\r\nHost: a\r\n\r\n";
    expect((await ban(radio, "127.0.0.0/8")).status).toBe(409);
    expect((await ban(radio, "127.0.0.1")).json.error).toContain("yourself");
    expect((await ban(radio, "nowhere")).status).toBe(422);
    expect((await ban(radio, "2001:DB8::7")).json.ban.address).toBe("2001:db8::/64");
    await ban(radio, "127.0.0.2/31", { seconds: 1000 });
    expect(await answerTo(get, radio.listenPort)).toContain("403 Forbidden");
    const { json } = await call(radio, "GET");
    expect(json.bans.map(({ address }: { address: string }) => address)).toEqual([
      "127.0.0.2/31",
      "2001:db8::/64",
    ]);
    expect((await call(radio, "DELETE", undefined, "?address=127.0.0.2/31")).status).toBe(200);
    expect((await call(radio, "DELETE", undefined, "?address=127.0.0.2/31")).status).toBe(404);
    expect(await answerTo(get, radio.listenPort)).toContain("200 OK");
  });
});

describe("the file of bans", () => {
  test("keeps them over a restart", async () => {
    await using folder = await scratch();
    const config = keeping(join(folder.path, "state"));
    {
      await using radio = await startStation(config);
      expect((await ban(radio, BANNED)).status).toBe(200);
      expect((await ban(radio, "192.0.2.0/24")).status).toBe(200);
      await call(radio, "DELETE", undefined, "?address=192.0.2.0/24");
    }
    await using radio = await startStation(config);
    // A start waits half a second for its disk.
    await until("they are read", () => radio.station.bans.list().length > 0);
    expect(radio.station.bans.list()).toMatchObject([{ address: BANNED, by: "keeper" }]);
    const get = "GET /api/status HTTP/1.0\r\nHost: a\r\n\r\n";
    expect(await answerTo(get, radio.listenPort)).toMatch(SENTENCE);
  });

  test.each([
    ["cut off", '{ "bans": [{ "address": "127.0.0.2", "sin'],
    ["of something else", '{ "bans": [{ "address": "127.0.0.2", "untilMs": 1e300 }] }'],
    [
      "without a date",
      '{ "bans": [{ "address": "127.0.0.3", "sinceMs": 1e300, "untilMs": 8e15, "by": "a", "reason": "" }] }',
    ],
    ["not text", Buffer.from([0, 255, 1, 2])],
    ["too large", "[".repeat(2 << 20)],
  ])("that is %s is set aside, and the station starts", async (_, content) => {
    await using folder = await scratch();
    await Bun.write(join(folder.path, "bans.json"), content);
    await using radio = await startStation(keeping(folder.path));
    const aside = Bun.file(join(folder.path, "bans.json.broken"));
    await until("it is set aside", () => aside.exists());
    expect(radio.station.bans.list()).toEqual([]);
    expect(radio.logged.filter((line) => line.includes("is damaged")).length).toBe(1);
    expect((await ban(radio, BANNED)).status).toBe(200);
  });

  test("that cannot be written costs the memory alone", async () => {
    await using folder = await scratch();
    await Bun.write(join(folder.path, "state"), "a file where the folder should be");
    await using radio = await startStation(keeping(join(folder.path, "state")));
    expect((await ban(radio, BANNED)).status).toBe(200);
    await until("it is in the log", () => radio.logged.some((line) => /cannot write/.test(line)));
    expect(radio.station.bans.of(BANNED)).not.toBeNull();
  });
});
