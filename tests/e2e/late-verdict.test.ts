// Clients of both ports whose admission is decided later: what they send meanwhile, how they are answered, and that one
// that leaves first leaves no trace.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Decision } from "../../src/access/verdict.ts";
import type { Visit } from "../../src/access/visit.ts";
import { LOGIN } from "../door/encoders.ts";
import { concat } from "../format/mpeg-builder.ts";
import { adminConfig, AS_ADMIN, AS_SOURCE } from "../http/app.ts";
import { PASSWORD } from "../support/config.ts";
import { startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { Wire } from "../support/wire.ts";

interface Case {
  readonly visit: Visit;
  readonly signal: AbortSignal;
  readonly decide: (decision: Decision) => void;
}

const AUDIO = concat(...trackFrames(1, 3, true));

let radio: TestStation;
let cases: Case[];

beforeEach(async () => {
  radio = await startStation(adminConfig([{ path: "/stream" }]));
  cases = [];
  radio.station.admission.judge = (visit, signal) => {
    const { promise, resolve } = Promise.withResolvers<Decision>();
    cases.push({ visit, signal, decide: resolve });
    return promise;
  };
});

afterEach(() => radio[Symbol.asyncDispose]());

async function pendingCase(): Promise<Case> {
  await until("the judge is asked", () => cases.length > 0);
  return cases[0]!;
}

async function open(port: number, text: string | Uint8Array): Promise<Wire> {
  const wire = await Wire.open(port);
  wire.send(text);
  await pendingCase();
  return wire;
}

const first = () => radio.station.first;

function get(headers = ""): string {
  return `GET /stream HTTP/1.0\r\nHost: test\r\n${headers}\r\n`;
}

const SOURCE = `SOURCE /stream HTTP/1.0\r\nAuthorization: Basic ${LOGIN}\r\nContent-Type: audio/mpeg\r\n\r\n`;

const PORTS = [
  ["listen port", () => radio.listenPort],
  ["source port", () => radio.sourcePort],
] as const;

describe.each(PORTS)("a listener at the %s", (_, port) => {
  test("hears nothing until it is admitted, then its stream", async () => {
    using wire = await open(port(), get());
    expect((await pendingCase()).visit).toMatchObject({ action: "listen", path: "/stream" });
    expect([wire.length, first().audience.count]).toEqual([0, 0]);
    cases[0]?.decide(true);
    await until("it hears", () => wire.body.length > 0);
    expect(wire.head).toMatch(/^HTTP\/1\.\d 200 OK\r\n/);
    expect(first().audience.count).toBe(1);
  });

  test("that is refused is asked for a password", async () => {
    using wire = await open(port(), get());
    cases[0]?.decide(false);
    await wire.closed();
    expect(wire.head).toMatch(/^HTTP\/1\.\d 401 .*\r\n/);
    expect(wire.head).toMatch(/^www-authenticate: Basic realm="Icecast2 Server"\r?$/im);
    expect([first().audience.joined, wire.text.endsWith("You need to authenticate\r\n")]).toEqual([
      0,
      true,
    ]);
  });

  test.each([
    ["closes", (wire: Wire) => void wire.socket.end()],
    ["resets", (wire: Wire) => void wire.socket.resetAndDestroy()],
  ])("that %s its connection first leaves no trace", async (__, leave) => {
    using wire = await open(port(), get(`Authorization: Basic ${LOGIN}\r\n`));
    const { signal, decide } = await pendingCase();
    leave(wire);
    await until("the judge learns it", () => signal.aborted);
    decide(true);
    await until("nothing is pending", () => radio.station.admission.pending === 0);
    // A listener that came later is the first one.
    radio.station.admission.judge = null;
    using later = await Wire.listen(port(), "/stream");
    await until("it hears", () => later.body.length > 0);
    const { joined, count, peak } = first().audience.counts;
    expect([joined, count, peak, wire.length]).toEqual([1, 1, 1, 0]);
  });

  test("to whom HEAD is answered waits too", async () => {
    using wire = await open(port(), get().replace("GET", "HEAD"));
    expect(wire.length).toBe(0);
    cases[0]?.decide(true);
    await until("it is answered", () => wire.head !== "");
    expect(wire.head).toMatch(/^HTTP\/1\.\d 200 OK\r\n/);
    expect(first().audience.joined).toBe(0);
  });
});

describe("a source", () => {
  test("is on the air once it is admitted, from the first byte that it sent meanwhile", async () => {
    using wire = await open(radio.sourcePort, concat(Buffer.from(SOURCE), AUDIO));
    expect([wire.length, first().mount.live]).toEqual([0, null]);
    cases[0]?.decide(true);
    await until("it is answered", () => wire.length > 0);
    expect(wire.text).toBe("HTTP/1.0 200 OK\r\n\r\n");
    await until("all is heard", () => first().mount.live?.feed?.receivedBytes === AUDIO.length);
  });

  test("that is refused is told so, and counted", async () => {
    using wire = await open(radio.sourcePort, SOURCE);
    cases[0]?.decide(false);
    await wire.closed();
    expect(wire.text).toStartWith("HTTP/1.0 401 Authentication Required\r\n");
    expect(radio.station.facts().sources).toEqual({ unauthorized: 1 });
    expect(radio.station.admission.failed.source).toBe(1);
  });

  test.each([
    ["closes", (wire: Wire) => void wire.socket.end()],
    ["resets", (wire: Wire) => void wire.socket.resetAndDestroy()],
  ])("that %s its connection first holds no mount", async (_, leave) => {
    using wire = await open(radio.sourcePort, concat(Buffer.from(SOURCE), AUDIO.subarray(0, 1000)));
    const { signal, decide } = await pendingCase();
    leave(wire);
    await until("the judge learns it", () => signal.aborted);
    decide(true);
    await until("nothing is pending", () => radio.station.admission.pending === 0);
    expect(first().mount.live).toBeNull();
    expect(radio.station.facts().sources).toEqual({});
    expect(radio.logged.filter((line) => line.includes("logged in"))).toEqual([]);
    expect(radio.station.admission.failed.source).toBe(0);
  });

  test("that finds the mount taken meanwhile is told that", async () => {
    using late = await open(radio.sourcePort, SOURCE);
    radio.station.admission.judge = null;
    using quick = await Wire.open(radio.sourcePort);
    quick.send(SOURCE);
    await until("the quick one is live", () => first().mount.live !== null);
    cases[0]?.decide(true);
    await late.closed();
    expect(late.text).toContain("\r\n\r\nMountpoint in use by 127.0.0.1");
    expect(quick.isClosed).toBe(false);
  });

  test("that speaks SHOUTcast is welcomed once it is admitted, with the headers that it sent meanwhile", async () => {
    const opening = Buffer.from(`${PASSWORD}\r\nicy-name:Show\r\ncontent-type:audio/mpeg\r\n\r\n`);
    using wire = await open(radio.sourcePort, concat(opening, AUDIO));
    const { visit } = await pendingCase();
    expect(visit.readings[0]).toMatchObject({
      path: "/stream",
      credentials: { password: PASSWORD },
    });
    expect([wire.length, first().mount.live]).toEqual([0, null]);
    cases[0]?.decide(visit.readings[0]!);
    await until("it is live", () => first().mount.live !== null);
    expect(wire.text).toBe("OK2\r\nicy-caps:11\r\n\r\n");
    await until("all is heard", () => first().mount.live?.feed?.receivedBytes === AUDIO.length);
  });
});

describe.each(PORTS)("at the %s", (_, port) => {
  const url = (path: string) => `http://127.0.0.1:${port()}${path}`;

  test.each([
    [
      "a title of the source",
      "/admin/metadata?mode=updinfo&mount=/stream&song=X",
      AS_SOURCE,
      "title",
    ],
    ["a SHOUTcast title", `/admin.cgi?mode=updinfo&pass=${PASSWORD}&song=X`, {}, "title"],
    ["an admin command", "/admin/stats", AS_ADMIN, "admin"],
    ["a call of the desk", "/api/admin/overview", AS_ADMIN, "admin"],
  ])("%s waits for its verdict", async (__, path, headers, action) => {
    const ask = async (decision: Decision) => {
      const decided = pendingCase().then(({ visit, decide }) => {
        expect(visit.action).toBe(action as Visit["action"]);
        cases = [];
        decide(decision);
      });
      const [answer] = await Promise.all([fetch(url(path), { headers }), decided]);
      return answer.status;
    };
    expect([await ask(true), await ask(false)]).toEqual([200, 401]);
  });

  test("a client that waits too long is told that it cannot be checked", async () => {
    radio.station.admission.judge = () => Promise.reject(new Error("the back end is down"));
    const answer = await fetch(url("/stream"));
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "10"]);
    expect(first().audience.joined).toBe(0);
    expect(radio.logged.join("\n")).toContain("a login could not be checked: the back end is down");
  });
});
