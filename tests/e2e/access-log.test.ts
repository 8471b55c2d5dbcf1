// The access log of a whole station: each finished request has its one line, whichever door it came through.
import { describe, expect, spyOn, test } from "bun:test";
import { join } from "node:path";
import { Secret } from "../../src/lib/secret.ts";
import { concat } from "../format/mpeg-builder.ts";
import { PASSWORD, testConfig, type TestMount } from "../support/config.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const ADMIN_PASSWORD = "admin-of-the-test";

function basic(user: string, password: string): string {
  return `Authorization: Basic ${Buffer.from(`${user}:${password}`).toString("base64")}\r\n`;
}

const AS_SOURCE = basic("source", PASSWORD);
const AS_ADMIN = basic("keeper", ADMIN_PASSWORD);

interface Line {
  readonly address: string;
  readonly user: string;
  readonly request: string;
  readonly status: number;
  readonly bytes: number;
  readonly referer: string;
  readonly agent: string;
  readonly seconds: number;
}

const COMBINED =
  /^(\S+) - (\S+) \[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "(.*)" (\d{3}) (\d+) "(.*)" "(.*)" (\d+)$/;

function read(text: string): Line {
  const [
    ,
    address = "",
    user = "",
    request = "",
    status,
    bytes,
    referer = "",
    agent = "",
    seconds,
  ] = COMBINED.exec(text) ?? [text];
  const [a, b, c] = [Number(status), Number(bytes), Number(seconds)];
  return { address, user, request, status: a, bytes: b, referer, agent, seconds: c };
}

/** Runs a station with an access log; returns its lines and those of the station's own log. */
async function record(
  visit: (radio: TestStation) => Promise<void>,
  mount: TestMount = {},
): Promise<{ lines: Line[]; logged: readonly string[] }> {
  await using folder = await scratch();
  const accessLog = join(folder.path, "access.log");
  const config = testConfig([mount], { accessLog });
  const admin = { user: "keeper", password: new Secret(ADMIN_PASSWORD) };
  const radio = await startStation({ ...config, server: { ...config.server, admin } });
  try {
    await visit(radio);
  } finally {
    await radio[Symbol.asyncDispose]();
  }
  const text = await Bun.file(accessLog).text();
  return { lines: text.split("\n").slice(0, -1).map(read), logged: radio.logged };
}

const portsOf = (radio: TestStation) => [radio.listenPort, radio.sourcePort];

/** Asks and reads to the end. */
async function ask(port: number, request: string): Promise<Wire> {
  const wire = await Wire.open(port);
  wire.send(request);
  await wire.closed();
  return wire;
}

/** Bun does not tell the version that a request at the listen port (door 0) has. */
function asLogged(request: string, door: number): string {
  return door === 0 ? request.replace(/HTTP\/1\.[01]$/, "-") : request;
}

const END = "Connection: close\r\n\r\n";

describe("a request at both doors has one line each", () => {
  test.each([
    ["the page", "GET / HTTP/1.1", "", 200, "-"],
    ["a file of the page", "GET /app.js HTTP/1.1", "", 200, "-"],
    ["the API", "GET /api/status HTTP/1.1", "", 200, "-"],
    ["the API, asked wrongly", "GET /api/stats?limit=x HTTP/1.1", "", 422, "-"],
    ["Icecast's status", "GET /status-json.xsl HTTP/1.1", "", 200, "-"],
    ["what is not there", "GET /nope HTTP/1.1", "", 404, "-"],
    ["HEAD", "HEAD /api/status HTTP/1.1", "", 200, "-"],
    ["HEAD of a mount", "HEAD /stream HTTP/1.1", "", 200, "-"],
    ["OPTIONS", "OPTIONS /stream HTTP/1.1", "", 204, "-"],
    ["a command of the keeper", "GET /admin/stats HTTP/1.1", AS_ADMIN, 200, "keeper"],
    ["a question of the keeper's desk", "GET /api/admin/log HTTP/1.1", AS_ADMIN, 200, "keeper"],
    ["a command of a stranger", "GET /admin/stats HTTP/1.1", basic("keeper", "guess"), 401, "-"],
    ["an account where none is needed", "GET /api/status HTTP/1.1", AS_ADMIN, 200, "-"],
    [
      "a title",
      "GET /admin/metadata?mode=updinfo&mount=/stream&song=x HTTP/1.1",
      AS_SOURCE,
      200,
      "source",
    ],
    ["a probe", "GET /stream HTTP/1.1", "Range: bytes=0-1\r\n", 200, "-"],
  ])("for %s", async (_, request, headers, status, user) => {
    const told = "User-Agent: A Player\r\nReferer: http://radio.example/\r\n";
    const lengths: number[] = [];
    const { lines } = await record(async (radio) => {
      for (const port of portsOf(radio)) {
        using wire = await ask(
          port,
          `${request}\r\nHost: radio.example\r\n${told}${headers}${END}`,
        );
        lengths.push(wire.body.length, wire.length);
      }
    });
    expect(lines.length).toBe(2);
    for (const [i, line] of lines.entries()) {
      const said = { address: "127.0.0.1", user, request: asLogged(request, i), status };
      expect(line).toMatchObject({ ...said, referer: "http://radio.example/", agent: "A Player" });
    }
    const [body = 0, , , whole = 0] = lengths;
    expect(lines[1]?.bytes).toBe(whole);
    // A probe's body is framed in chunks there.
    if (!headers.startsWith("Range")) expect(lines[0]?.bytes).toBe(body);
  });

  test("for a title with its password in the query, without the password", async () => {
    const { lines, logged } = await record(async (radio) => {
      for (const port of portsOf(radio)) {
        const target = `/admin.cgi?mode=updinfo&pass=${PASSWORD}&song=x`;
        const referer = `Referer: http://keeper:${ADMIN_PASSWORD}@h/?token=${ADMIN_PASSWORD}\r\n`;
        using _ = await ask(port, `GET ${target} HTTP/1.1\r\nHost: h\r\n${referer}${END}`);
      }
    });
    expect(lines.map(({ request }) => request)).toEqual(
      [0, 1].map((door) => asLogged("GET /admin.cgi?mode=updinfo&pass=***&song=x HTTP/1.1", door)),
    );
    const text = JSON.stringify([lines, logged]);
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(ADMIN_PASSWORD);
  });

  test("for a title that comes as a form", async () => {
    const form = "mode=updinfo&mount=%2Fstream&song=A";
    const head = `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n`;
    const { lines } = await record(async (radio) => {
      for (const port of portsOf(radio)) {
        const line = "POST /admin/metadata HTTP/1.1\r\nHost: h\r\n";
        using _ = await ask(port, `${line}${AS_SOURCE}${head}${END}${form}`);
      }
    });
    expect(lines.map(({ user, status }) => [user, status])).toEqual([
      ["source", 200],
      ["source", 200],
    ]);
  });

  test("for a mount that is full", async () => {
    const { lines } = await record(
      async (radio) => {
        using _ = await Wire.listen(radio.listenPort, "/stream");
        for (const port of portsOf(radio)) {
          using _ = await ask(port, `GET /stream?second HTTP/1.1\r\nHost: h\r\n${END}`);
        }
      },
      { maxListeners: 1 },
    );
    expect(
      lines.filter(({ request }) => request.includes("second")).map((line) => line.status),
    ).toEqual([503, 503]);
  });
});

describe("a listener's line", () => {
  test("comes when it leaves, with the bytes it was sent, and is in the file only", async () => {
    const received: number[] = [];
    const { lines, logged } = await record(async (radio) => {
      for (const port of portsOf(radio)) {
        using wire = await Wire.listen(port, "/stream?pass=hackme", "User-Agent: VLC\r\n");
        await until("it hears audio", () => wire.body.length > 1000);
        wire[Symbol.dispose]();
        received.push(port === radio.listenPort ? wire.body.length : wire.length);
        await until("it has left", () => radio.station.facts().mounts[0].listeners === 0);
      }
    });
    expect(lines.length).toBe(2);
    for (const [i, line] of lines.entries()) {
      expect(line).toMatchObject({
        request: asLogged("GET /stream?pass=*** HTTP/1.0", i),
        status: 200,
        agent: "VLC",
      });
      // More may have been on its way.
      expect(line.bytes).toBeGreaterThanOrEqual(received[i]!);
    }
    expect(logged.filter((line) => line.includes("access:"))).toEqual([]);
  });

  test("is written when the station stops", async () => {
    const wires: Wire[] = [];
    const { lines } = await record(async (radio) => {
      for (const port of portsOf(radio)) wires.push(await Wire.listen(port, "/stream"));
      await until("both listen", () => radio.station.facts().mounts[0].listeners === 2);
    });
    expect(lines.map(({ status }) => status)).toEqual([200, 200]);
    for (const wire of wires) wire[Symbol.dispose]();
  });

  test("has HTTP/1.0 if the request has no host", async () => {
    const { lines } = await record(async (radio) => {
      for (const port of portsOf(radio)) {
        using _ = await ask(port, "GET /health HTTP/1.0\r\n\r\n");
      }
    });
    expect(lines.map(({ request }) => request)).toEqual([
      "GET /health HTTP/1.0",
      "GET /health HTTP/1.0",
    ]);
  });
});

test("a stream of events has its line when it ends", async () => {
  const { lines } = await record(async (radio) => {
    for (const port of portsOf(radio)) {
      using wire = await Wire.listen(port, "/api/events");
      await until("an event comes", () => wire.body.includes("event: status"));
    }
    using _ = await ask(radio.listenPort, `GET /health HTTP/1.1\r\nHost: h\r\n${END}`);
  });
  const events = lines.filter(({ request }) => request.startsWith("GET /api/events"));
  expect(events.map(({ status, bytes }) => [status, bytes > 500])).toEqual([
    [200, true],
    [200, true],
  ]);
});

describe("a source client's line", () => {
  test("comes when it has left, with its account and what it was answered", async () => {
    const { lines } = await record(async (radio) => {
      using source = await goLive(radio.sourcePort, { headers: "User-Agent: libshout\r\n" });
      source.send(concat(...trackFrames(1, 20)));
      await until("it is on air", () => radio.station.facts().mounts[0].onAir === "live");
    });
    expect(lines).toEqual([
      {
        ...{
          address: "127.0.0.1",
          user: "source",
          request: "SOURCE /stream HTTP/1.0",
          status: 200,
        },
        ...{ bytes: "HTTP/1.0 200 OK\r\n\r\n".length, referer: "", agent: "libshout", seconds: 0 },
        referer: "-",
      },
    ]);
  });

  test.each([
    ["without credentials", "PUT /stream HTTP/1.1\r\nHost: h\r\n\r\n", "PUT /stream HTTP/1.1", 401],
    [
      "with a wrong password",
      `SOURCE /stream HTTP/1.0\r\n${basic("source", "guess")}\r\n`,
      "SOURCE /stream HTTP/1.0",
      401,
    ],
    [
      "to no mount",
      `SOURCE /nope?pass=x HTTP/1.0\r\n${AS_SOURCE}\r\n`,
      "SOURCE /nope?pass=*** HTTP/1.0",
      403,
    ],
    ["by SHOUTcast, wrongly", "a-guess\r\n", "SOURCE / HTTP/1.0", 401],
    ["in no words", "GET\u0001\r\n", "-", 400],
    ["to learn what it may do", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "OPTIONS * HTTP/1.1", 200],
  ])("is there when it is refused: %s", async (_, sent, request, status) => {
    const { lines } = await record(async (radio) => {
      using _ = await ask(radio.sourcePort, sent);
    });
    expect(lines).toMatchObject([{ user: "-", request, status }]);
    expect(JSON.stringify(lines)).not.toContain("guess");
  });

  test("is one for each step of a login by PUT", async () => {
    const { lines } = await record(async (radio) => {
      const head = `PUT /stream HTTP/1.1\r\nHost: h\r\n${AS_SOURCE}Content-Length: 400\r\n`;
      using wire = await Wire.open(radio.sourcePort);
      wire.send(`${head}Expect: 100-continue\r\n\r\n`);
      await until("it may go on", () => wire.text.includes("100 Continue"));
      wire.send(concat(...trackFrames(1, 20)).subarray(0, 400));
      await wire.closed();
    });
    expect(lines).toMatchObject([{ user: "source", request: "PUT /stream HTTP/1.1", status: 200 }]);
  });

  test("of SHOUTcast is that of a SOURCE, without the password", async () => {
    const { lines } = await record(async (radio) => {
      using wire = await Wire.open(radio.sourcePort);
      wire.send(`${PASSWORD}\r\nicy-name:Show\r\n\r\n`);
      await until("it is in", () => radio.station.facts().mounts[0].hasSource);
    });
    expect(lines).toMatchObject([{ user: "-", request: "SOURCE /stream HTTP/1.0", status: 200 }]);
    expect(JSON.stringify(lines)).not.toContain(PASSWORD);
  });
});

test("a listener or a source whose connection is lost has its line", async () => {
  const { lines } = await record(async (radio) => {
    const { first } = radio.station;
    for (const port of portsOf(radio)) {
      const wire = await Wire.listen(port, "/stream");
      wire.socket.resetAndDestroy();
      await until("it has left", () => first.audience.count === 0);
    }
    const source = await goLive(radio.sourcePort);
    source.socket.resetAndDestroy();
    await until("it has left", () => first.mount.live === null);
  });
  expect(lines.map(({ request, status }) => `${request.split(" ")[0]} ${status}`)).toEqual([
    "GET 200",
    "GET 200",
    "SOURCE 200",
  ]);
});

test("who connects and asks nothing has no line", async () => {
  const { lines } = await record(async (radio) => {
    for (const port of portsOf(radio)) (await Wire.open(port))[Symbol.dispose]();
    using _ = await ask(radio.sourcePort, "GET /health HTTP/1.0\r\n\r\n");
  });
  expect(lines.length).toBe(1);
});

function withHistory(directory: string, accessLog: string) {
  const config = testConfig([{}], { accessLog });
  const admin = { user: "keeper", password: new Secret(ADMIN_PASSWORD) };
  const server = { ...config.server, admin };
  return { ...config, server, history: { ...config.history, directory } };
}

test.each(["identity", "gzip"])(
  "an export that fails on its way breaks its connection (%s), and has its line as any other request",
  async (encoding) => {
    await using folder = await scratch();
    const accessLog = join(folder.path, "access.log");
    await using radio = await startStation(withHistory(folder.path, accessLog));
    let page = 0;
    using _ = spyOn(radio.station.records.history!, "ask").mockImplementation(
      async () => (page++ === 0 ? { total: 1, rows: [], nextId: 1 } : null) as never,
    );
    const headers = { authorization: AS_ADMIN.slice("Authorization: ".length).trim() };
    const asked = fetch(`${radio.url}/api/admin/audience/export`, {
      headers: { ...headers, "accept-encoding": encoding },
    }).then((answer) => answer.text());
    expect(await asked.catch(() => "broken")).toBe("broken");
    const line = /GET \/api\/admin\/audience\/export/;
    await until("its line is there", async () => line.test(await Bun.file(accessLog).text()));
  },
);

test("an export is read as it is taken: who hangs up in it ends the reading, and has a line with what was sent", async () => {
  await using folder = await scratch();
  const accessLog = join(folder.path, "access.log");
  await using radio = await startStation(withHistory(folder.path, accessLog));
  const text = "x".repeat(100_000);
  const row = {
    ...{ id: 1, mount: "/stream", node: "", beganMs: 0, endedMs: 1000, seconds: 1, bytes: 1 },
    ...{ listener: "", userAgent: text, player: "", kind: "listener", country: "" },
    ...{ door: "listen", user: "" },
  };
  let page = 0;
  using _ = spyOn(radio.station.records.history!, "ask").mockImplementation(
    async () => ({ total: 1, rows: [row], nextId: page++ < 1000 ? 1 : null }) as never,
  );
  using wire = await Wire.open(radio.listenPort);
  wire.send(`GET /api/admin/audience/export HTTP/1.0\r\nHost: a\r\n${AS_ADMIN}\r\n`);
  await until("some of it is here", () => wire.length > text.length);
  wire[Symbol.dispose]();
  const line = /GET \/api\/admin\/audience\/export\S* \S+" 200 (\d+)/;
  const told = async () => Number(line.exec(await Bun.file(accessLog).text())?.[1] ?? 0);
  await until("its line is there", async () => (await told()) > 0);
  expect(await told()).toBeGreaterThan(text.length);
  expect(page).toBeLessThan(1000);
});

test("a line is in the file while the station runs", async () => {
  await using folder = await scratch();
  const accessLog = join(folder.path, "access.log");
  await using radio = await startStation(testConfig([{}], { accessLog }));
  using _ = await ask(radio.sourcePort, "GET /health HTTP/1.0\r\n\r\n");
  await until("it is written", async () => (await Bun.file(accessLog).text()).includes("/health"));
});

test("a disk that never answers does not keep a station from ending", async () => {
  const radio = await startStation(testConfig());
  using writing = spyOn(radio.station.access, "close").mockImplementation(
    () => new Promise(() => undefined),
  );
  await radio[Symbol.asyncDispose]();
  expect(writing).toHaveBeenCalledTimes(1);
});

test("a station whose access log cannot be written says so, and runs", async () => {
  await using folder = await scratch();
  const accessLog = join(folder.path, "nowhere", "access.log");
  await using radio = await startStation(testConfig([{}], { accessLog }));
  const told = radio.logged.filter((line) => line.startsWith("warn") && line.includes(accessLog));
  expect(told).toEqual([`warn cannot write ${accessLog} (ENOENT): check advanced.access_log`]);
  expect((await fetch(`${radio.url}/health`)).status).toBe(200);
});
