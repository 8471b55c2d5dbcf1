// The source port as the Icecast port that it is: listeners answered as Icecast answers, all else by the HTTP app.
import { describe, expect, test } from "bun:test";
import { Secret } from "../../src/lib/secret.ts";
import { concat } from "../format/mpeg-builder.ts";
import { writeAtOnce } from "../support/at-once.ts";
import { PASSWORD, testConfig, type TestMount } from "../support/config.ts";
import { IcyReader } from "../support/icy.ts";
import { startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const AS_SOURCE = `Authorization: Basic ${Buffer.from(`source:${PASSWORD}`).toString("base64")}\r\n`;
const ADMIN_PASSWORD = "admin-of-the-test";
const AS_ADMIN = `Authorization: Basic ${Buffer.from(`keeper:${ADMIN_PASSWORD}`).toString("base64")}\r\n`;

function start(...mounts: TestMount[]): Promise<TestStation> {
  const [first = {}, ...others] = mounts;
  const config = testConfig([first, ...others]);
  const admin = { user: "keeper", password: new Secret(ADMIN_PASSWORD) };
  return startStation({ ...config, server: { ...config.server, admin } });
}

/** Everything that is answered to these bytes, until the connection closes. */
async function ask(radio: TestStation, text: string): Promise<Wire> {
  const wire = await Wire.open(radio.sourcePort);
  wire.send(text);
  await wire.closed();
  return wire;
}

const listeners = (radio: TestStation) => radio.station.facts().mounts[0].listeners;

describe("a listener at the source port", () => {
  test("is answered as Icecast answers, whatever version it speaks", async () => {
    const metadata = { stationName: "Радио ☃", stationUrl: "" };
    await using radio = await start({ metadata });
    for (const version of ["HTTP/1.0\r\n", "HTTP/1.1\r\nHost: radio.example\r\n"]) {
      using wire = await Wire.open(radio.sourcePort);
      wire.send(`GET /stream ${version}Range: bytes=0-\r\nicy-metadata: 1\r\n\r\n`);
      await until("audio arrives", () => wire.body.length > 1000);
      const lines = Buffer.from(wire.head, "latin1").toString("utf8").split("\r\n");
      const date = lines.splice(3, 1)[0] ?? "";
      expect(date).toMatch(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
      expect(lines.filter((line) => !line.startsWith("icy-br:"))).toEqual([
        "HTTP/1.0 200 OK",
        expect.stringMatching(/^Server: Cycast\/\d/),
        "Connection: Close",
        "Content-Type: audio/mpeg",
        "Cache-Control: no-cache, no-store",
        "Expires: Mon, 26 Jul 1997 05:00:00 GMT",
        "Pragma: no-cache",
        "Access-Control-Allow-Origin: *",
        expect.stringMatching(/^Access-Control-Expose-Headers: .*icy-br, /),
        "icy-name:Радио ☃",
        "icy-description:A station under test",
        "icy-genre:Various",
        "icy-pub:0",
        "icy-metaint:16000",
        expect.stringMatching(/^Cycast-Resume: [\w-]+$/),
        expect.stringMatching(/^Cycast-Position: \d+\.\d+$/),
      ]);
      expect([wire.body[0], (wire.body[1] ?? 0) & 0xe0]).toEqual([0xff, 0xe0]);
    }
  });

  test("hears every byte of a show, its title at the place of the sound, and is counted", async () => {
    await using radio = await start({ burstSeconds: 0, metadata: { icyMetaint: 1000 } });
    using wire = await Wire.listen(radio.sourcePort, "//stream", "Icy-MetaData:1\r\n");
    await until("it is counted", () => listeners(radio) === 1);
    using source = await goLive(radio.sourcePort, { headers: "ice-name: The Show\r\n" });
    const show = concat(...trackFrames(3, 60));
    source.send(show);
    const reader = () => {
      const icy = new IcyReader(1000);
      icy.push(wire.body);
      return icy;
    };
    await until("the show is heard", () => reader().audio.includes(show));
    expect(reader().titles.at(-1)).toBe("The Show");
    expect(radio.station.facts().mounts[0].listeners).toBe(1);
    wire[Symbol.dispose]();
    // Only one who is sent something is seen to be gone.
    await until("it is gone", () => {
      source.send(concat(...trackFrames(4, 4)));
      return listeners(radio) === 0;
    });
    await until("it is in the access log", () => radio.logged.some((line) => /access:/.test(line)));
    const line = radio.logged.find((text) => text.includes("access:"));
    expect(line).toContain('"GET //stream HTTP/1.0" 200');
  });

  test("hears on when it has closed its half, and is gone with the rest of its connection", async () => {
    await using radio = await start();
    using wire = await Wire.listen(radio.sourcePort, "/stream");
    using reset = await Wire.listen(radio.sourcePort, "/stream");
    for (const { socket } of [wire, reset]) socket.end();
    await until("both are here", () => listeners(radio) === 2);
    for (let i = 0; i < 3; i++) {
      const heard = wire.length;
      await until("it hears on", () => wire.length > heard);
    }
    expect([listeners(radio), wire.isClosed]).toEqual([2, false]);
    reset.socket.resetAndDestroy();
    await until("one is gone", () => listeners(radio) === 1);
    wire[Symbol.dispose]();
    await until("both are gone", () => listeners(radio) === 0);
    const lines = () => radio.logged.filter((line) => line.includes("access:"));
    await until("both are in the access log", () => lines().length === 2);
  });

  test("gets no titles when it does not ask for them", async () => {
    await using radio = await start();
    using plain = await Wire.listen(radio.sourcePort, "/stream");
    using zero = await Wire.listen(radio.sourcePort, "/stream", "Icy-MetaData: 0\r\n");
    for (const wire of [plain, zero]) expect(wire.head).not.toContain("icy-metaint:");
  });

  test("is no listener who only looks: HEAD, and a probe of two bytes", async () => {
    await using radio = await start();
    using head = await ask(radio, "HEAD /stream HTTP/1.1\r\nHost: a\r\nIcy-MetaData: 1\r\n\r\n");
    expect(head.head).toStartWith("HTTP/1.0 200 OK\r\n");
    expect(head.head).toContain("icy-metaint:16000");
    expect(head.text).not.toMatch(/content-length|transfer-encoding/i);
    expect(head.body.length).toBe(0);
    using probe = await Wire.listen(radio.sourcePort, "/stream", "Range: bytes=0-1\r\n");
    expect(probe.head).toStartWith("HTTP/1.0 200 OK\r\n");
    expect(probe.head).not.toContain("Content-Length");
    await until("its first bytes arrive", () => probe.body.length >= 2);
    await probe.closed();
    expect(radio.station.facts().mounts[0].listenerPeak).toBe(0);
  });

  test("beyond max_listeners gets 503, whichever port the others came through", async () => {
    await using radio = await start({ maxListeners: 2 });
    using first = await Wire.listen(radio.listenPort, "/stream");
    using second = await Wire.listen(radio.sourcePort, "/stream");
    using third = await ask(radio, "GET /stream HTTP/1.0\r\n\r\n");
    expect(third.head).toStartWith("HTTP/1.0 503 Service Unavailable\r\n");
    expect(third.head).toContain("Retry-After: 60");
    expect(third.body.toString()).toContain("The station is full");
    expect([first.isClosed, second.isClosed]).toEqual([false, false]);
  });

  test("is one of many that arrive at once, and sources still get in", async () => {
    await using radio = await start();
    const crowd = await Promise.all(Array.from({ length: 600 }, () => Wire.open(radio.sourcePort)));
    for (const wire of crowd) wire.send("GET /stream HTTP/1.0\r\n\r\n");
    await until("all of them listen", () => listeners(radio) === crowd.length);
    using source = await goLive(radio.sourcePort);
    expect(source.text).toBe("HTTP/1.0 200 OK\r\n\r\n");
    for (const wire of crowd) wire[Symbol.dispose]();
    await until("all of them are gone", () => listeners(radio) === 0);
  });

  test("that pauses goes on where it was, not a byte is lost or said twice", async () => {
    await using radio = await start({ burstSeconds: 0, bufferBytes: 64 << 20 });
    using wire = await Wire.listen(radio.sourcePort, "/stream");
    // More than the kernel takes at once, so that what is left of a span must be kept.
    const round = concat(...trackFrames(5, 2000));
    const show = concat(...Array.from({ length: 16 }, () => round));
    wire.socket.pause();
    writeAtOnce(radio, show);
    wire.socket.resume();
    await until("it is heard", () => wire.length > show.length);
    await until("all of it is heard", () => wire.body.includes(show));
  }, 120_000);

  test("that does not read is dropped after listener_timeout, and the place is free", async () => {
    await using radio = await start({ burstSeconds: 0, listenerTimeout: 1, maxListeners: 1 });
    using stalled = await Wire.open(radio.sourcePort);
    stalled.socket.pause();
    stalled.send("GET /stream HTTP/1.0\r\n\r\n");
    await until("it is here", () => listeners(radio) === 1);
    using source = await goLive(radio.sourcePort);
    const round = concat(...trackFrames(4, 400));
    await until("it is dropped", async () => {
      source.send(round);
      await Bun.sleep(10);
      return radio.station.facts().mounts[0].slowListeners === 1;
    });
    expect(listeners(radio)).toBe(0);
  }, 120_000);

  test("hears the end when the station stops", async () => {
    const radio = await start();
    using wire = await Wire.listen(radio.sourcePort, "/stream");
    await radio[Symbol.asyncDispose]();
    await wire.closed();
    expect(wire.body.length).toBeGreaterThan(0);
  });
});

describe("a request that is no source's and no listener's", () => {
  /** The body must be as long as the head says, and the connection must end. */
  function wholeBody(wire: Wire): string {
    expect(wire.head).toStartWith("HTTP/1.0 ");
    expect(wire.head).toContain("\r\nConnection: Close\r\n");
    expect(wire.head).not.toMatch(/transfer-encoding|keep-alive/i);
    const length = /^Content-Length: (\d+)$/m.exec(wire.head)?.[1];
    expect(wire.body.length).toBe(Number(length));
    return wire.body.toString();
  }

  test.each([
    ["the page", "GET / HTTP/1.1\r\nHost: radio.example:8000\r\n\r\n", 200, "<html"],
    ["the API", "GET /api/status HTTP/1.1\r\nHost: r\r\n\r\n", 200, '"mount":"/stream"'],
    ["the API, without Host", "GET /api/status HTTP/1.0\r\n\r\n", 200, '"mount":"/stream"'],
    [
      "the API, by a whole URL",
      "GET http://elsewhere.example/api/status HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n",
      200,
      '"mount":"/stream"',
    ],
    ["the API, in lines of LF", "GET /api/status HTTP/1.0\n\n", 200, '"mount":"/stream"'],
    ["the status", "GET /status-json.xsl HTTP/1.0\r\n\r\n", 200, '"icestats"'],
    ["the old status", "GET /7.html HTTP/1.0\r\nUser-Agent: Mozilla\r\n\r\n", 200, "<HTML>"],
    [
      "a playlist file",
      "GET /stream.m3u HTTP/1.0\r\nHost: r.example:80\r\n\r\n",
      200,
      "http://r.e",
    ],
    ["a picture", "GET /favicon.ico HTTP/1.0\r\n\r\n", 200, "<svg"],
    ["what is not there", "GET /nope HTTP/1.0\r\n\r\n", 404, "There is nothing here"],
    ["what can be no path", "GET /%zz%00 HTTP/1.0\r\n\r\n", 404, "There is nothing here"],
    [
      "a mount by another method",
      "DELETE /stream HTTP/1.1\r\n\r\n",
      405,
      "DELETE is not possible here",
    ],
    ["a mount by what is no method", "FOO /stream HTTP/1.1\r\n\r\n", 400, "unknown request"],
    ["a page by what is no method", "FOO / HTTP/1.1\r\n\r\n", 400, "unknown request"],
  ])("for %s is answered whole", async (_, request, status, text) => {
    await using radio = await start();
    using wire = await ask(radio, request);
    expect(wholeBody(wire)).toContain(text);
    expect(wire.head).toStartWith(`HTTP/1.0 ${status} `);
    expect(wire.head).toContain("\r\nContent-Type: ");
  });

  test("for something long is answered whole, with the same bytes as on the listen port", async () => {
    await using radio = await start();
    using wire = await ask(radio, "GET /swagger/ui.js HTTP/1.0\r\n\r\n");
    wholeBody(wire);
    const same = await (await fetch(`${radio.url}/swagger/ui.js`)).bytes();
    expect(wire.body.equals(same)).toBe(true);
  });

  test("by what is no method makes no listener", async () => {
    await using radio = await start();
    using wire = await ask(radio, "FOO /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(wire.head).toStartWith("HTTP/1.0 400 Bad Request\r\n");
    expect(radio.station.first.audience.joined).toBe(0);
  });

  test("by HEAD has no body when it is refused either", async () => {
    await using radio = await start();
    using wire = await ask(radio, "HEAD /nope HTTP/1.0\r\n\r\n");
    expect(wire.head).toStartWith("HTTP/1.0 404 ");
    expect(wire.body.length).toBe(0);
  });

  test("by HEAD has the length and no body, by OPTIONS neither", async () => {
    await using radio = await start();
    using head = await ask(radio, "HEAD /api/status HTTP/1.0\r\n\r\n");
    expect(head.head).toMatch(/^Content-Length: [1-9]\d+$/m);
    expect(head.body.length).toBe(0);
    using options = await ask(radio, "OPTIONS /stream HTTP/1.1\r\nHost: r\r\n\r\n");
    expect(options.head).toStartWith("HTTP/1.0 204 No Content\r\n");
    expect(options.head).toContain("Access-Control-Allow-Headers: Origin, Accept, Icy-MetaData");
  });

  test("is answered although the asker has closed its half already", async () => {
    await using radio = await start();
    using wire = await Wire.open(radio.sourcePort);
    wire.socket.end("GET /swagger/ui.js HTTP/1.0\r\n\r\n");
    await wire.closed();
    expect(wholeBody(wire).length).toBeGreaterThan(1_000_000);
  });

  test("of libshout, what can be done here, is answered before any login, without an upgrade", async () => {
    await using radio = await start();
    const probe =
      "OPTIONS * HTTP/1.1\r\nHost: r\r\nConnection: Upgrade\r\nUpgrade: TLS/1.0, HTTP/1.1";
    using wire = await ask(radio, `${probe}\r\n\r\n`);
    expect(wire.head).toStartWith("HTTP/1.0 200 OK\r\n");
    expect(wire.head).toContain("\r\nAllow: SOURCE, PUT, GET, HEAD, OPTIONS, POST\r\n");
    expect(wire.text).not.toContain("Upgrade");
    expect(wholeBody(wire)).toBe("");
    expect(radio.station.facts().sources).toEqual({});
  });

  test("of libshout is followed by its login by PUT, of which only the last step counts", async () => {
    await using radio = await start();
    const ask =
      "OPTIONS * HTTP/1.1\r\nHost: r\r\nConnection: Upgrade\r\nUpgrade: TLS/1.0, HTTP/1.1";
    const type = "Host: r\r\nUser-Agent: libshout/2.4.6\r\nContent-Type: audio/mpeg\r\n";
    const steps = [
      [`${ask}\r\n\r\n`, "HTTP/1.0 200 OK\r\n"],
      [
        `PUT /stream HTTP/1.1\r\n${type}Content-Length: 0\r\nConnection: Keep-Alive\r\n\r\n`,
        "HTTP/1.0 401 Authentication Required\r\n",
      ],
      [
        `PUT /stream HTTP/1.1\r\n${AS_SOURCE}${type}Expect: 100-continue\r\n\r\n`,
        "HTTP/1.1 100 Continue\r\n\r\n",
      ],
    ] as const;
    for (const [request, answer] of steps) {
      using wire = await Wire.open(radio.sourcePort);
      wire.send(request);
      await until("it is answered", () => wire.length >= answer.length);
      expect(wire.text).toStartWith(answer);
    }
    expect(radio.station.facts().sources).toEqual({ accepted: 1 });
    expect(radio.logged.filter((line) => line.includes("refused"))).toEqual([]);
  });

  test.each([
    [
      "GET",
      `GET /admin/metadata?mode=updinfo&mount=%2Fstream&song=A+-+B HTTP/1.0\r\n${AS_SOURCE}\r\n`,
    ],
    [
      "POST",
      `POST /admin/metadata HTTP/1.1\r\n${AS_SOURCE}Content-Type: application/x-www-form-urlencoded\r\n` +
        "Content-Length: 42\r\n\r\nmode=updinfo&mount=%2Fstream&song=A+-+B%20",
    ],
    [
      "POST in chunks",
      `POST /admin/metadata HTTP/1.1\r\n${AS_SOURCE}Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n` +
        "1d\r\nmode=updinfo&mount=%2Fstream&\r\nd\r\nsong=A+-+B%20\r\n0\r\n\r\n",
    ],
    ["SHOUTcast", `GET /admin.cgi?mode=updinfo&pass=${PASSWORD}&song=A - B HTTP/1.0\r\n\r\n`],
  ])("for a title by %s reaches the live show", async (_, request) => {
    await using radio = await start({ burstSeconds: 0 });
    using source = await goLive(radio.sourcePort);
    source.send(concat(...trackFrames(1, 20)));
    await until("it is on air", () => radio.station.facts().mounts[0].onAir === "live");
    using wire = await Wire.open(radio.sourcePort);
    for (const byte of Buffer.from(request)) wire.socket.write(Uint8Array.of(byte));
    await wire.closed();
    expect(wire.text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, "")).toStartWith(
      "HTTP/1.0 200 OK",
    );
    expect(wire.text).toContain("Metadata update successful");
    expect(radio.station.first.mount.metadata.title.trim()).toBe("B");
  });

  test.each([
    ["POST /admin/metadata HTTP/1.1\r\nContent-Length: 65537\r\n\r\n", 413],
    [
      `POST /admin/metadata HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n${"x".repeat(65537)}`,
      413,
    ],
    ["POST /admin/metadata HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx", 400],
    ["POST /admin/metadata HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501],
  ])("with a form that cannot be taken is refused (%#)", async (request, status) => {
    await using radio = await start();
    using wire = await ask(radio, request);
    expect(wire.head).toStartWith(`HTTP/1.0 ${status} `);
    wholeBody(wire);
  });

  test("is identified by the address of its connection, whatever its headers say", async () => {
    await using radio = await start();
    const forged = "X-Forwarded-For: 9.9.9.9\r\nForwarded: for=9.9.9.9\r\nX-Real-IP: 9.9.9.9\r\n";
    const wrong = `Authorization: Basic ${Buffer.from("keeper:guess").toString("base64")}\r\n`;
    using wire = await ask(radio, `GET /admin/stats HTTP/1.0\r\n${wrong}${forged}\r\n`);
    expect(wire.head).toStartWith("HTTP/1.0 401 Authentication Required\r\n");
    expect(wire.head).toContain('WWW-Authenticate: Basic realm="');
    expect(radio.logged.filter((line) => line.includes("127.0.0.1 was refused")).length).toBe(1);
  });

  test("of the admin ends the source, whose connection closes", async () => {
    await using radio = await start();
    using source = await goLive(radio.sourcePort);
    source.send(concat(...trackFrames(1, 20)));
    await until("it is on air", () => radio.station.facts().mounts[0].onAir === "live");
    using wire = await ask(
      radio,
      `GET /admin/killsource?mount=/stream HTTP/1.0\r\n${AS_ADMIN}\r\n`,
    );
    expect(wire.head).toStartWith("HTTP/1.0 200 OK");
    await source.closed();
    expect(radio.logged.filter((line) => line.includes("has left")).length).toBe(1);
  });

  test("for the events is a stream, until the page leaves", async () => {
    await using radio = await start();
    using wire = await Wire.listen(radio.sourcePort, "/api/events");
    expect(wire.head).toContain("Content-Type: text/event-stream");
    expect(wire.head).not.toContain("Content-Length");
    // A number of listeners is sent when it has changed.
    using _listener = await Wire.listen(radio.sourcePort, "/stream");
    await until("two events came", () =>
      /event: status[^]*event: listeners/.test(wire.body.toString()),
    );
    wire[Symbol.dispose]();
  }, 120_000);
});
