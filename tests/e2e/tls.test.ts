// TLS on the source port and on the HTTPS port: the same streams as without, byte for byte, and the same limits.
import { afterAll, describe, expect, test } from "bun:test";
import type { Config } from "../../src/config/config.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { concat } from "../format/mpeg-builder.ts";
import { ManualClock } from "../input/stage.ts";
import { makeCertificate, secureConfig } from "../support/certificates.ts";
import { PASSWORD, testConfig, type TestMount } from "../support/config.ts";
import { freePort } from "../support/ports.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const canMake = requireProgram("openssl") !== null;
const home = await scratch();
afterAll(() => home[Symbol.asyncDispose]());
const files = canMake ? await makeCertificate(home.path, "station") : { certificate: "", key: "" };

function secureStation(mount: TestMount = {}, tls: Partial<Config["tls"]> = {}, clock?: Clock) {
  return startStation(secureConfig(files, [mount], tls), clock);
}

const secure = { open: Wire.secure };
const login = Buffer.from(`source:${PASSWORD}`).toString("base64");

/** What a HTTPS client gets, as fetch says it. */
const ask = (port: number, path: string, init: RequestInit = {}) =>
  fetch(`https://127.0.0.1:${port}${path}`, { ...init, tls: { rejectUnauthorized: false } });

const counted = ({ station }: TestStation, what: "tls_handshake" | "login_timeout") =>
  station.ingest.counts[what] ?? 0;

describe.skipIf(!canMake)("over TLS", () => {
  test("a source is heard by listeners of both kinds on both ports, titles and all, byte for byte", async () => {
    const httpsPort = freePort();
    await using radio = await secureStation({}, { listenPort: httpsPort });
    using dj = await goLive(radio.sourcePort, secure);
    expect(dj.text).toBe("HTTP/1.0 200 OK\r\n\r\n");
    const frames = trackFrames(1, 160, true);
    dj.send(concat(...frames.slice(0, 60)));
    const { mount } = radio.station.first;
    await until("it is on air", () => mount.onAir?.isLive === true && mount.lead !== null);
    await until(
      "the frames are there",
      () => radio.station.facts().mounts[0].buffer.available > 20_000,
    );
    const icy = "Icy-MetaData: 1\r\n";
    using plain = await Wire.listen(radio.sourcePort, "/stream", icy);
    using same = await Wire.listen(radio.sourcePort, "/stream", icy, Wire.secure);
    using other = await Wire.listen(httpsPort, "/stream", icy, Wire.secure);
    const told = await ask(
      httpsPort,
      "/admin/metadata?mode=updinfo&mount=/stream&song=Duo%20-%20Waves",
      {
        headers: { authorization: `Basic ${login}` },
      },
    );
    expect(told.status).toBe(200);
    dj.send(concat(...frames.slice(60)));
    const last = frames.at(-1) ?? new Uint8Array();
    const wires = [plain, same, other];
    await until("all is heard", () => wires.every(({ body }) => body.includes(last)));
    expect(plain.body.includes("StreamTitle='Duo - Waves'")).toBe(true);
    const common = ({ head }: Wire) => head.replace(/(?:date|cycast-resume): .*/gi, "");
    for (const wire of [same, other]) {
      expect(common(wire)).toBe(common(plain));
      expect(wire.body.equals(plain.body)).toBe(true);
    }
    const { doors } = radio.station.facts().mounts[0];
    expect(doors).toEqual({ source: 1, listen: 0, tls: 2, hls: 0 });
  });

  test("a listener that stops reading for a while loses nothing", async () => {
    const clock = new ManualClock(1000);
    const mount = { bufferBytes: 16 << 20, listenerTimeout: 3600, sourceTimeout: 3600 };
    await using radio = await secureStation(mount, {}, clock);
    using dj = await goLive(radio.sourcePort, secure);
    using listener = await Wire.listen(radio.sourcePort, "/stream", "", Wire.secure);
    listener.socket.pause();
    const file = concat(...trackFrames(2, 3000, true));
    dj.send(file);
    const { audience, mount: played } = radio.station.first;
    const [stalled] = [...audience.members()];
    await until("it is stalled", () => {
      clock.ms += 1000;
      return stalled !== undefined && audience.stateOf(stalled)?.isBlocked === true;
    });
    await until("all is played", () => {
      clock.ms += 1000;
      return played.ring.head >= file.length;
    });
    listener.socket.resume();
    await until("all is heard", () => {
      clock.ms += 1;
      return listener.length > file.length && listener.body.includes(file);
    });
  });

  test("a source that is gone without a word is ended", async () => {
    await using radio = await secureStation();
    const dj = await goLive(radio.sourcePort, secure);
    dj.send(concat(...trackFrames(1, 20, true)));
    await until("it is on air", () => radio.station.first.mount.onAir?.isLive === true);
    dj.socket.destroy();
    await until("it has left", () => radio.station.first.mount.live === null);
  });
});

describe.skipIf(!canMake)("a TLS handshake", () => {
  test("that is none is counted, and the connection closed", async () => {
    await using radio = await secureStation();
    using wire = await Wire.open(radio.sourcePort);
    wire.send("\x16\x03\x01\x00\x20this is no client hello at all..");
    await wire.closed();
    expect(counted(radio, "tls_handshake")).toBe(1);
    expect(radio.logged.join("\n")).toContain("the TLS handshake with 127.0.0.1 failed");
  });

  test("that stops half-way is ended when a request head would be", async () => {
    const clock = new ManualClock(1000);
    await using radio = await secureStation({}, {}, clock);
    using wire = await Wire.open(radio.sourcePort);
    wire.send("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");
    await until("it is seen", () => radio.station.ingest.sweep(clock.ms) === 250);
    clock.ms += 14_900;
    radio.station.ingest.sweep(clock.ms);
    expect(counted(radio, "login_timeout")).toBe(0);
    clock.ms += 100;
    await wire.closed();
    expect(counted(radio, "login_timeout")).toBe(1);
  });

  test("that stops half-way takes no place from others", async () => {
    const clock = new ManualClock(1000);
    await using radio = await secureStation({}, {}, clock);
    const wires: Wire[] = [];
    for (let i = 0; i < 256; i++) {
      const wire = await Wire.open(radio.sourcePort);
      wire.send("\x16\x03\x01\x02\x00");
      wires.push(wire);
    }
    clock.ms += 1500;
    using dj = await goLive(radio.sourcePort, secure);
    expect(dj.text).toContain("200 OK");
    await until("the oldest is gone", () => wires[0]?.isClosed === true);
    expect(wires.filter(({ isClosed }) => isClosed).length).toBeLessThan(5);
    for (const wire of wires) wire[Symbol.dispose]();
  });

  test("counts as its address' connection until it is over, done or not", async () => {
    const config = secureConfig(files);
    const limits = { ...config.limits, connectionsPerAddress: 2 };
    await using radio = await startStation({ ...config, limits });
    const isLetIn = async () => {
      using wire = await Wire.secure(radio.sourcePort).catch(() => null);
      return wire !== null;
    };
    const done = await Wire.secure(radio.sourcePort);
    const half = await Wire.open(radio.sourcePort);
    half.send("\x16\x03\x01\x02\x00");
    await until("the third is refused", async () => !(await isLetIn()));
    done[Symbol.dispose]();
    half[Symbol.dispose]();
    await until("their places are free", isLetIn);
    await until("two have failed", async () => {
      using broken = await Wire.open(radio.sourcePort);
      broken.send("\x16\x03\x01\x00\x04none");
      await broken.closed();
      return counted(radio, "tls_handshake") >= 2;
    });
    await until("their places are free too", isLetIn);
  });

  test("is refused as before while there is no certificate", async () => {
    await using radio = await startStation(testConfig());
    await expect(Wire.secure(radio.sourcePort)).rejects.toThrow();
    expect(radio.station.ingest.counts.tls).toBe(1);
  });
});

describe.skipIf(!canMake)("the HTTPS port", () => {
  test("serves page, API, events and playlists, whose links are HTTPS", async () => {
    const httpsPort = freePort();
    await using radio = await secureStation({}, { listenPort: httpsPort });
    const page = await ask(httpsPort, "/");
    expect([page.status, page.headers.get("content-type")]).toEqual([
      200,
      "text/html; charset=utf-8",
    ]);
    expect(await (await ask(httpsPort, "/api/status")).json()).toMatchObject({ mounts: [{}] });
    const stream = `https://127.0.0.1:${httpsPort}/stream`;
    expect((await (await ask(httpsPort, "/stream.m3u")).text()).trim()).toBe(stream);
    const own = `https://127.0.0.1:${radio.sourcePort}/stream`;
    expect(await (await ask(radio.sourcePort, "/stream.pls")).text()).toContain(`File1=${own}\n`);
    const events = await ask(httpsPort, "/api/events");
    const reader = events.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toContain("data:");
    await reader?.cancel();
  });

  test("gives out cookies for TLS only", async () => {
    const httpsPort = freePort();
    const config = secureConfig(files, [{}], { listenPort: httpsPort });
    const server = {
      ...config.server,
      admin: { user: "admin", password: config.mounts[0].sourcePassword },
    };
    await using radio = await startStation({ ...config, server });
    const body = JSON.stringify({ user: "admin", password: PASSWORD });
    const headers = { "content-type": "application/json" };
    const cookieAt = async (url: string) => {
      const init = { method: "POST", headers, body, tls: { rejectUnauthorized: false } };
      const answer = await fetch(`${url}/api/admin/session`, init);
      return answer.headers.get("set-cookie") ?? "";
    };
    expect(await cookieAt(`https://127.0.0.1:${httpsPort}`)).toContain("; Secure");
    expect(await cookieAt(radio.url)).not.toContain("Secure");
  });

  test("tells a client without TLS what it is", async () => {
    const httpsPort = freePort();
    await using _ = await secureStation({}, { listenPort: httpsPort });
    using wire = await Wire.open(httpsPort);
    wire.send("GET / HTTP/1.1\r\nHost: radio\r\n\r\n");
    await wire.closed();
    expect(wire.text).toStartWith("HTTP/1.0 400 Bad Request\r\n");
    expect(wire.text).toContain("TLS only here; use https://");
  });
});

describe.skipIf(!canMake)("a browser that opens a page by HTTP", () => {
  const HTML = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

  test("is sent to the HTTPS port, from both others", async () => {
    const httpsPort = freePort();
    await using radio = await secureStation({}, { listenPort: httpsPort, redirect: true });
    const own = `http://127.0.0.1:${radio.sourcePort}`;
    const to = `https://127.0.0.1:${httpsPort}`;
    for (const url of [radio.url, own]) {
      for (const path of ["/", "/admin?a=b", "/swagger", "/status.xsl"]) {
        const { status, headers } = await fetch(url + path, { headers: HTML, redirect: "manual" });
        expect([status, headers.get("location")]).toEqual([307, to + path]);
      }
    }
    expect((await ask(httpsPort, "/", { headers: HTML })).status).toBe(200);
  });

  test("stays when a trusted proxy has encrypted its connection", async () => {
    const config = secureConfig(files, [{}], { listenPort: freePort(), redirect: true });
    const server = { ...config.server, trustedProxies: ["127.0.0.1"] };
    await using radio = await startStation({ ...config, server });
    const headers = { ...HTML, "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1" };
    expect((await fetch(radio.url, { headers, redirect: "manual" })).status).toBe(200);
  });

  test("is the only one: players, programs and parts of pages stay", async () => {
    const tls = { listenPort: freePort(), redirect: true };
    await using radio = await secureStation({}, tls);
    const statusOf = async (path: string, headers: Record<string, string>) => {
      const answer = await fetch(radio.url + path, { headers, redirect: "manual" });
      await answer.body?.cancel();
      return answer.status;
    };
    expect(await statusOf("/", {})).toBe(200);
    for (const path of ["/stream", "/stream.m3u", "/style.css", "/api/status", "/health"])
      expect([path, await statusOf(path, HTML)]).toEqual([path, 200]);
    expect(await statusOf("/embed", { ...HTML, "sec-fetch-dest": "iframe" })).toBe(200);
  });

  test("stays while tls.redirect is off", async () => {
    await using radio = await secureStation({}, { listenPort: freePort() });
    expect((await fetch(radio.url, { headers: HTML, redirect: "manual" })).status).toBe(200);
  });
});

const OPTIONS =
  "OPTIONS * HTTP/1.1\r\nHost: r\r\nConnection: Upgrade\r\nUpgrade: TLS/1.0, HTTP/1.1\r\n\r\n";

/** The dialogue up to the handshake, which is the client's turn. */
async function upgraded(port: number): Promise<Wire> {
  const wire = await Wire.open(port);
  wire.send(OPTIONS);
  await until("it is answered", () => wire.text.endsWith("\r\n\r\n"));
  expect(wire.text).toBe(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: TLS/1.0, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n",
  );
  return wire;
}

describe.skipIf(!canMake)("behind a proxy that passes on whole connections", () => {
  test("TLS begins after the PROXY header, and the client is the one that it names", async () => {
    const config = secureConfig(files);
    const proxied = { trustedProxies: ["127.0.0.1"], proxyProtocol: true };
    await using radio = await startStation({ ...config, server: { ...config.server, ...proxied } });
    using wire = await Wire.open(radio.sourcePort);
    wire.send("PROXY TCP4 192.0.2.9 198.51.100.1 40000 443\r\n");
    using inner = Wire.inside(wire);
    inner.send("GET /stream HTTP/1.0\r\n\r\n");
    const { audience } = radio.station.first;
    await until("it listens", () => audience.count === 1);
    expect([...audience.members()].map(({ client }) => client.address)).toEqual(["192.0.2.9"]);
  });
});

describe.skipIf(!canMake)("libshout's request for TLS on its connection", () => {
  test("is granted, and the login goes on inside, on one connection", async () => {
    await using radio = await secureStation();
    using wire = await upgraded(radio.sourcePort);
    using inner = Wire.inside(wire);
    let read = 0;
    const next = async (status: string) => {
      await until(`it is answered with ${status}`, () => inner.text.includes("\r\n\r\n", read));
      const answer = inner.text.slice(read);
      expect(answer).toStartWith(status);
      read += answer.length;
      return answer;
    };
    expect(await next("HTTP/1.1 200 OK")).toMatch(/Allow: .*PUT.*\r\n/);
    inner.send("PUT /stream HTTP/1.1\r\nContent-Length: 0\r\nConnection: Keep-Alive\r\n\r\n");
    expect(await next("HTTP/1.0 401")).toContain("Connection: keep-alive");
    inner.send(
      `PUT /stream HTTP/1.1\r\nAuthorization: Basic ${login}\r\nExpect: 100-continue\r\n\r\n`,
    );
    await next("HTTP/1.1 100 Continue");
    expect(radio.station.first.mount.live).not.toBeNull();
  });

  test("binds it: nothing else is taken on that connection", async () => {
    await using radio = await secureStation();
    using wire = await upgraded(radio.sourcePort);
    wire.send(`SOURCE /stream HTTP/1.0\r\nAuthorization: Basic ${login}\r\n\r\n`);
    await wire.closed();
    expect(wire.text).toContain("TLS only here");
    expect(radio.station.first.mount.live).toBeNull();
  });

  test("is not granted without a certificate: it goes on in plain text", async () => {
    await using radio = await startStation(testConfig());
    using wire = await Wire.open(radio.sourcePort);
    wire.send(OPTIONS);
    await wire.closed();
    expect(wire.text).toStartWith("HTTP/1.0 200 OK");
    expect(wire.head).not.toMatch(/^upgrade/im);
  });
});
