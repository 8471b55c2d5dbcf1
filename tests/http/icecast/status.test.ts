// The surfaces that tools scrape, tune-in files and OPTIONS, asked as such tools ask them.
import { describe, expect, test } from "bun:test";
import { carrying, Exchange } from "../../../src/http/exchange.ts";
import { baseUrl, isSecure } from "../../../src/http/remote.ts";
import { App, AS_ADMIN, adminConfig, trusting } from "../app.ts";

describe("/status-json.xsl", () => {
  test("is JSON for everybody, with its length", async () => {
    await using app = await App.start();
    app.play();
    const { headers, text } = await app.ask("/status-json.xsl");
    expect(headers.get("content-type")).toBe("application/json; charset=UTF-8");
    expect(headers.get("content-length")).toBe(String(Buffer.byteLength(text)));
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(JSON.parse(text).icestats.source.listenurl).toBe("http://radio.example:8001/stream");
  });

  test("has a source while a playlist or a source plays, and none while it is silent", async () => {
    await using app = await App.start(adminConfig([{}, { path: "/jazz" }]));
    const sources = async (query = "") =>
      JSON.parse((await app.ask(`/status-json.xsl${query}`)).text).icestats.source;
    expect(await sources()).toBeUndefined();
    app.play("/stream", "playlist");
    expect((await sources()).server_type).toBe("audio/mpeg");
    app.play("/jazz", "live");
    expect(await sources()).toHaveLength(2);
    expect((await sources("?mount=%2Fjazz")).listenurl).toEndWith("/jazz");
    expect(await sources("?mount=/no%3F")).toBeUndefined();
  });

  test("names the station as the client does", async () => {
    await using app = await App.start();
    app.play();
    const named = async (headers: Record<string, string>) =>
      JSON.parse((await app.ask("/status-json.xsl", { headers })).text).icestats.source.listenurl;
    expect(await named({ host: "fm.example" })).toBe("http://fm.example/stream");
    expect(await named({ host: "[::1]:80" })).toBe("http://[::1]:80/stream");
    const proxied = { host: "fm.example", "x-forwarded-proto": "https" };
    expect(await named(proxied)).toBe("http://fm.example/stream");
    expect(await named({ host: 'x"><script>' })).toBe("http://127.0.0.1:0/stream");
  });

  test.each([
    [{ "x-forwarded-proto": "https" }, "https://fm.example"],
    [{ "x-forwarded-proto": "HTTPS" }, "https://fm.example"],
    [{ "x-forwarded-proto": "https, http" }, "http://fm.example"],
    [{ "x-forwarded-host": "radio.example" }, "http://radio.example"],
    [{ "x-forwarded-host": "forged.example, radio.example:8443" }, "http://radio.example:8443"],
    [{ "x-forwarded-host": 'x"><script>' }, "http://127.0.0.1:0"],
    [{ "x-forwarded-host": "" }, "http://fm.example"],
  ])("names the station as a trusted proxy does by %j, and no other", async (headers, base) => {
    const named = async (proxy: string) => {
      await using app = await App.start(trusting(adminConfig(), proxy));
      const ask = { headers: { host: "fm.example", ...headers } };
      return (await app.ask("/stream.m3u", ask)).text.trim().split("\n").at(-1);
    };
    expect(await named("127.0.0.1")).toBe(`${base}/stream`);
    expect(await named("127.0.0.2")).toBe("http://fm.example/stream");
  });
});

test.each([
  [true, undefined, true],
  [true, "http", false],
  [false, "https", true],
  [false, undefined, false],
])(
  "behind a proxy that uses TLS (%p) for a client of %p, the client does: %p",
  async (own, scheme, isClients) => {
    await using app = await App.start(trusting(adminConfig(), "10.0.0.1"));
    const { access, proxies } = app.station;
    const headers = new Headers(scheme === undefined ? {} : { "x-forwarded-proto": scheme });
    const request = new Request("http://radio.example/", { headers });
    const record = access.open("10.0.0.1");
    record.origin = proxies.originOf("10.0.0.1", headers);
    expect(isSecure(carrying(request, new Exchange(record, "source", own)))).toBe(isClients);
  },
);

test.each(["radio:99999", "999.1.1.1:8000", "a..b:x", "[::1::]:80"])(
  "a Host that no URL can hold, %s, has no place in a link",
  async (host) => {
    await using app = await App.start();
    app.play();
    const headers = { ...AS_ADMIN, host };
    for (const path of ["/status-json.xsl", "/stream.m3u", "/admin/stats"]) {
      const { status, text } = await app.ask(path, { headers });
      expect([path, status, text.includes(host)]).toEqual([path, 200, false]);
    }
  },
);

test("a client that does not name the station, on no known connection, is given the address it listens on", () => {
  // As Bun gives a request of HTTP/1.0 without Host: its URL is only a path.
  const request = { headers: new Headers(), url: "/stream.m3u" } as Request;
  expect(baseUrl(request, null, { host: "0.0.0.0", listenPort: 8001 })).toBe(
    "http://localhost:8001",
  );
});

test.each([
  ["/status.xsl", "text/html; charset=utf-8", "Mount Point /stream"],
  ["/7.html", "text/html; charset=utf-8", "<body>0,1,0,262144,0,128,</body>"],
  ["/stats?sid=1", "text/xml; charset=utf-8", "<STREAMPATH>/stream</STREAMPATH>"],
  ["/stats", "text/xml; charset=utf-8", "<STREAMPATH>/stream</STREAMPATH>"],
  ["/stats?sid=2", "text/xml; charset=utf-8", "<STREAMPATH>/jazz</STREAMPATH>"],
  ["/stats?sid=1&json=1", "application/json; charset=UTF-8", '"streampath":"/stream"'],
  ["/stream.m3u", "audio/x-mpegurl", "http://radio.example:8001/stream\r\n"],
  ["/jazz.pls", "audio/x-scpls", "File1=http://radio.example:8001/jazz\n"],
  ["/jazz.xspf", "application/xspf+xml", "<location>http://radio.example:8001/jazz</location>"],
  ["/listen.pls", "audio/x-scpls", "File1=http://radio.example:8001/stream\n"],
  ["/listen.pls?sid=2", "audio/x-scpls", "File1=http://radio.example:8001/jazz\n"],
])("%s is %s", async (path, type, part) => {
  await using app = await App.start(adminConfig([{}, { path: "/jazz" }]));
  app.play();
  const { status, headers, text } = await app.ask(path);
  expect([status, headers.get("content-type"), text.includes(part)]).toEqual([200, type, true]);
  expect(headers.get("content-length")).toBe(String(Buffer.byteLength(text)));
});

test.each(["/stats?sid=3", "/stats?sid=x", "/7.html?mount=/nowhere", "/listen.pls?sid=0"])(
  "%s is 404",
  async (path) => {
    await using app = await App.start(adminConfig([{}, { path: "/jazz" }]));
    expect((await app.ask(path)).status).toBe(404);
  },
);

test("a mount with the name of another's tune-in file is that mount", async () => {
  await using app = await App.start(adminConfig([{}, { path: "/stream.m3u" }]));
  app.play("/stream.m3u");
  const answer = await app.raw("/stream.m3u", { method: "HEAD" });
  expect(answer.headers.get("content-type")).toBe("audio/mpeg");
});

describe("OPTIONS", () => {
  test.each(["/stream", "/api/status", "/status-json.xsl", "/"])(
    "of %s says what a page may ask",
    async (path) => {
      await using app = await App.start();
      const { status, headers, text } = await app.ask(path, { method: "OPTIONS" });
      expect([status, text, headers.get("allow")]).toEqual([204, "", "GET, HEAD, OPTIONS"]);
      expect(headers.get("access-control-allow-origin")).toBe("*");
      expect(headers.get("access-control-allow-headers")).toContain("Icy-MetaData");
      expect(headers.get("access-control-allow-methods")).toBe("GET, HEAD, OPTIONS");
    },
  );

  test("lets no page of another site near the admin commands", async () => {
    await using app = await App.start();
    const { headers } = await app.ask("/admin/stats", { method: "OPTIONS" });
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });
});

test("any page may read the API", async () => {
  await using app = await App.start();
  for (const path of ["/api/status", "/api/stats"]) {
    expect((await app.ask(path)).headers.get("access-control-allow-origin")).toBe("*");
  }
});
