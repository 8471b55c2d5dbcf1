// Clients behind trusted proxies have their own address everywhere: in both logs, at the desk, and where guesses are counted.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { STRANGER } from "../../src/access/attempts.ts";
import type { Config } from "../../src/config/config.ts";
import { Secret } from "../../src/lib/secret.ts";
import { concat } from "../format/mpeg-builder.ts";
import { adminConfig, AS_ADMIN, basic, trusting } from "../http/app.ts";
import { hasOpenssl, makeCertificate } from "../support/certificates.ts";
import { PASSWORD } from "../support/config.ts";
import { freePort } from "../support/ports.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const HERE = "127.0.0.1";

/** Everything here connects from this machine: it is a proxy, or a stranger where another is trusted. */
const behind = (...proxies: string[]) => trusting(adminConfig(), ...proxies);

const named = (client: string) => `X-Forwarded-For: 203.0.113.9, ${client}, ${HERE}\r\n`;

async function desk<T>({ url }: TestStation, path: string): Promise<T> {
  const answer = await fetch(`${url}/api/admin/${path}`, { headers: AS_ADMIN });
  return (await answer.json()) as T;
}

/** The line about a source's login. */
function loginOf({ logged }: TestStation): string | undefined {
  return logged.find((line) => line.endsWith(" has logged in"));
}

async function listenersOf(radio: TestStation) {
  const told = await desk<{ listeners: { address: string; forwarded: boolean }[] }>(
    radio,
    "listeners",
  );
  return told.listeners.map(({ address, forwarded }) => ({ address, forwarded }));
}

async function withAccessLog(config: Config, visit: (radio: TestStation) => Promise<void>) {
  await using folder = await scratch();
  const accessLog = join(folder.path, "access.log");
  const logging = { ...config, advanced: { ...config.advanced, accessLog } };
  {
    await using radio = await startStation(logging);
    await visit(radio);
  }
  return (await Bun.file(accessLog).text()).trim().split("\n");
}

describe("behind a trusted proxy", () => {
  test("listeners of both ports have their own address at the desk and in the access log", async () => {
    const lines = await withAccessLog(behind(HERE), async (radio) => {
      using _one = await Wire.listen(radio.listenPort, "/stream", named("198.51.100.1"));
      using _two = await Wire.listen(radio.sourcePort, "/stream", named("2001:db8::2"));
      const isHere = { forwarded: false };
      expect(await listenersOf(radio)).toEqual([
        { address: "198.51.100.1", ...isHere },
        { address: "2001:db8::2", ...isHere },
      ]);
    });
    const streams = lines.filter((line) => line.includes("GET /stream"));
    expect(streams.map((line) => line.split(" ", 1)[0]).toSorted()).toEqual([
      "198.51.100.1",
      "2001:db8::2",
    ]);
  });

  test("a listener of the listen port is handed to the core all the same", async () => {
    await using radio = await startStation(behind(HERE));
    using wire = await Wire.listen(radio.listenPort, "/stream", named("198.51.100.1"));
    const [sink] = [...radio.station.first.audience.members()].map((member) => member.sink);
    if (process.platform === "linux") {
      await until("the core writes to it", () => (sink?.descriptor ?? -1) >= 0);
    }
    using dj = await goLive(radio.sourcePort);
    const show = concat(...trackFrames(1, 50));
    dj.send(show);
    await until("the show is heard", () => wire.body.includes(show.subarray(2000)));
  });

  test("a source has its own address in the log and at the desk", async () => {
    await using radio = await startStation(behind(HERE));
    using dj = await goLive(radio.sourcePort, { headers: named("198.51.100.3") });
    expect(dj.head).toContain("200 OK");
    dj.send(concat(...trackFrames(1, 20)));
    await until("it is on air", () => radio.station.facts().mounts[0].onAir === "live");
    expect(loginOf(radio)).toContain("198.51.100.3");
    const { mounts } = await desk<{ mounts: { source: { address: string } }[] }>(radio, "overview");
    expect(mounts[0]?.source.address).toBe("198.51.100.3");
  });

  test("one that guesses has to wait, on both ports, and its neighbours do not", async () => {
    await using radio = await startStation(behind(HERE));
    const ask = async (port: number, client: string, password: string) => {
      const headers = { authorization: basic("keeper", password), "x-forwarded-for": client };
      return (await fetch(`http://${HERE}:${port}/admin/stats`, { headers })).status;
    };
    for (let i = 0; i < STRANGER.capacity; i++) {
      const port = i % 2 === 0 ? radio.listenPort : radio.sourcePort;
      await ask(port, `203.0.113.${i}, 198.51.100.4`, `guess-${i}`);
    }
    for (const port of [radio.listenPort, radio.sourcePort]) {
      expect(await ask(port, "198.51.100.4", "admin-of-the-test")).toBe(429);
      expect(await ask(port, "198.51.100.5", "admin-of-the-test")).toBe(200);
    }
    expect(radio.logged.some((line) => line.includes(`198.51.100.4 (through ${HERE})`))).toBe(true);
  });
});

describe("with the PROXY protocol", () => {
  const announced = (config: Config) => ({
    ...config,
    server: { ...config.server, proxyProtocol: true },
  });
  const header = "PROXY TCP6 2001:db8::7 2001:db8::1 40000 8000\r\n";

  async function through(port: number, rest: string): Promise<Wire> {
    const wire = await Wire.open(port);
    wire.send(header + rest);
    await until("it is answered", () => wire.length > 0 || wire.isClosed);
    return wire;
  }

  test("listeners and sources have their own address, on the source port and the next", async () => {
    const lines = await withAccessLog(announced(behind(HERE)), async (radio) => {
      using _raw = await through(radio.sourcePort, "GET /stream HTTP/1.0\r\n\r\n");
      expect(await listenersOf(radio)).toEqual([{ address: "2001:db8::7", forwarded: false }]);
      using dj = await through(radio.station.ingest.shoutcastPort ?? 0, `${PASSWORD}\r\n`);
      expect(dj.text).toStartWith("OK2\r\n");
      dj.send(
        Buffer.concat([Buffer.from("content-type:audio/mpeg\r\n\r\n"), ...trackFrames(1, 20)]),
      );
      await until("it is on air", () => radio.station.facts().mounts[0].onAir === "live");
      expect(loginOf(radio)).toContain("2001:db8::7");
    });
    const streams = lines.filter((line) => /"(?:GET|SOURCE) \/stream/.test(line));
    expect(streams.map((line) => line.split(" ", 1)[0])).toEqual(["2001:db8::7", "2001:db8::7"]);
  });

  test("headers of the client itself change nothing", async () => {
    await using radio = await startStation(announced(behind(HERE)));
    const forged = `${named("198.51.100.6")}X-Forwarded-Proto: https\r\n\r\n`;
    using wire = await through(radio.sourcePort, `GET /stream.m3u HTTP/1.0\r\n${forged}`);
    await wire.closed();
    expect(wire.text).toContain("http://[2001:db8::1]:8000/stream");
    using _listener = await through(radio.sourcePort, `GET /stream HTTP/1.0\r\n${forged}`);
    expect((await listenersOf(radio)).map(({ address }) => address)).toEqual(["2001:db8::7"]);
  });

  test("a proxy that sends none is closed; on the listen port it needs none", async () => {
    await using radio = await startStation(announced(behind(HERE)));
    using wire = await Wire.open(radio.sourcePort);
    wire.send("GET /stream HTTP/1.0\r\n\r\n");
    await wire.closed();
    expect(wire.length).toBe(0);
    expect((await fetch(`${radio.url}/api/status`)).status).toBe(200);
  });

  test("anybody else connects without, and is refused with one", async () => {
    await using radio = await startStation(announced(behind("127.0.0.2")));
    using forged = await through(radio.sourcePort, "GET /stream HTTP/1.0\r\n\r\n");
    expect(forged.head).toStartWith("HTTP/1.0 400 Bad Request");
    using dj = await goLive(radio.sourcePort);
    expect(dj.head).toContain("200 OK");
  });

  test.skipIf(!hasOpenssl)(
    "TLS follows the header on the source port; the HTTPS port needs none",
    async () => {
      await using folder = await scratch();
      const files = await makeCertificate(folder.path, "station");
      const tls = { ...files, listenPort: freePort(), redirect: false };
      await using radio = await startStation(announced({ ...behind(HERE), tls }));
      using wire = await Wire.open(radio.sourcePort);
      wire.send(header);
      using secure = Wire.inside(wire);
      secure.send("GET /stream HTTP/1.0\r\n\r\n");
      await until("it hears something", () => secure.length > 300);
      expect(await listenersOf(radio)).toEqual([{ address: "2001:db8::7", forwarded: false }]);
      using direct = await Wire.secure(tls.listenPort);
      direct.send("GET /api/status HTTP/1.0\r\n\r\n");
      await until("it is answered", () => direct.head.includes("200 OK"));
    },
  );

  test("is switched on by a reload, and off, without a connection lost", async () => {
    const config = behind(HERE);
    await using radio = await startStation(config);
    using listener = await Wire.listen(radio.sourcePort, "/stream");
    expect(radio.station.reconfigure(announced(config)).applied).toEqual(["server.proxy_protocol"]);
    using _proxied = await through(radio.sourcePort, "GET /stream HTTP/1.0\r\n\r\n");
    radio.station.reconfigure(config);
    using _direct = await Wire.listen(radio.sourcePort, "/stream");
    expect((await listenersOf(radio)).map(({ address }) => address)).toEqual([
      HERE,
      "2001:db8::7",
      HERE,
    ]);
    expect(listener.isClosed).toBe(false);
  });
});

test("each proxy may add a line of its own, on either port", async () => {
  await using radio = await startStation(behind(HERE));
  const lines = ["203.0.113.9", "198.51.100.8", HERE].map((one) => `X-Forwarded-For: ${one}\r\n`);
  using _one = await Wire.listen(radio.listenPort, "/stream", lines.join(""));
  using _two = await Wire.listen(radio.sourcePort, "/stream", lines.join(""));
  const addresses = (await listenersOf(radio)).map(({ address }) => address);
  expect(addresses).toEqual(["198.51.100.8", "198.51.100.8"]);
});

describe("from anybody else", () => {
  test("the headers change nothing, on either port", async () => {
    const forged = `${named("198.51.100.6")}X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n`;
    const lines = await withAccessLog(behind("127.0.0.2"), async (radio) => {
      for (const port of [radio.listenPort, radio.sourcePort]) {
        using playlist = await Wire.listen(port, "/stream.m3u", forged);
        await until("it is answered", () => playlist.text.includes("/stream"));
        expect(playlist.text).toMatch(/http:\/\/test\/stream/);
        expect(playlist.text).not.toMatch(/evil|https/);
      }
      using _wire = await Wire.listen(radio.listenPort, "/stream", forged);
      expect(await listenersOf(radio)).toEqual([{ address: HERE, forwarded: true }]);
      using dj = await goLive(radio.sourcePort, { headers: forged });
      expect(dj.head).toContain("200 OK");
      expect(loginOf(radio)).toContain(HERE);
    });
    expect(lines.map((line) => line.split(" ", 1)[0])).toEqual(lines.map(() => HERE));
  });

  test("the password of everybody is refused where a proxy asks, trusted or not", async () => {
    const open = adminConfig([{ sourcePassword: new Secret("hackme") }]);
    for (const proxy of [HERE, "127.0.0.2"]) {
      await using radio = await startStation(trusting(open, proxy));
      const ask = (headers: string) =>
        goLive(radio.sourcePort, { password: "hackme", headers: `Host: localhost\r\n${headers}` });
      using forwarded = await ask("X-Forwarded-For: 127.0.0.1\r\n");
      expect(forwarded.head).toContain("403 Forbidden");
      using local = await ask("");
      expect(local.head).toContain("200 OK");
    }
  });
});

test("other proxies are trusted from a reload on, and nobody is disconnected", async () => {
  await using radio = await startStation(behind("127.0.0.2"));
  using _before = await Wire.listen(radio.listenPort, "/stream", named("198.51.100.7"));
  const diff = radio.station.reconfigure(trusting(radio.station.config, HERE));
  expect(diff.applied).toEqual(["server.trusted_proxies"]);
  using _after = await Wire.listen(radio.listenPort, "/stream", named("198.51.100.7"));
  const addresses = (await listenersOf(radio)).map(({ address }) => address);
  expect(addresses).toEqual([HERE, "198.51.100.7"]);
});

test("a page's commands are its own by the name that a trusted proxy gives", async () => {
  const command = (host: string): RequestInit => ({
    method: "POST",
    body: JSON.stringify({ mount: "/stream" }),
    headers: {
      ...AS_ADMIN,
      "content-type": "application/json",
      origin: "https://radio.example",
      "x-forwarded-host": host,
    },
  });
  await using radio = await startStation(behind(HERE));
  const skip = async (host: string) =>
    (await fetch(`${radio.url}/api/admin/skip`, command(host))).status;
  expect(await skip("radio.example")).not.toBe(403);
  expect(await skip("elsewhere.example")).toBe(403);
  radio.station.reconfigure(trusting(radio.station.config));
  expect(await skip("radio.example")).toBe(403);
});
