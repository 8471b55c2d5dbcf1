// The JSON API, its documentation and the page, as tools and browsers ask for them.
import { expect, test } from "bun:test";
import type { renderStats } from "../../src/stats/status.ts";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { testConfig } from "../support/config.ts";
import { startStation, until } from "../support/station.ts";
import { goLive, Wire } from "../support/wire.ts";

async function json<T = unknown>(url: string): Promise<{ status: number; body: T }> {
  const answer = await fetch(url);
  return { status: answer.status, body: (await answer.json()) as T };
}

type Stats = ReturnType<typeof renderStats>;

test("/api/status has the original's fields, and each mount", async () => {
  await using radio = await startStation(testConfig([{}, { path: "/jazz" }]));
  const { status, body } = await json(`${radio.url}/api/status`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    source_connected: false,
    source_status: "silence",
    metadata: { title: "", artist: "" },
    listeners: 0,
    uptime_seconds: expect.any(Number),
    uptime_formatted: expect.stringMatching(/^\d+s$/),
    station_name: "Test Radio",
    station_genre: "Various",
    mounts: [{ mount: "/stream" }, { mount: "/jazz" }],
    warnings: [],
  });
});

test("/api/status and /api/mounts name the group of a mount, also after a reload", async () => {
  const mounts = (group: string) => testConfig([{ group }, { path: "/low", group: "main" }]);
  await using radio = await startStation(mounts(""));
  const groups = async () => {
    const { body } = await json<{ mounts: { group: string }[] }>(`${radio.url}/api/status`);
    return body.mounts.map(({ group }) => group);
  };
  expect(await groups()).toEqual(["", "main"]);
  radio.station.reconfigure(mounts("main"));
  expect(await groups()).toEqual(["main", "main"]);
  expect((await json(`${radio.url}/api/mounts/low`)).body).toMatchObject({ group: "main" });
});

test("/api/status says when a source is connected and who listens", async () => {
  await using radio = await startStation(testConfig());
  using _source = await goLive(radio.sourcePort, { headers: "ice-name: Show\r\n" });
  using _listener = await Wire.listen(radio.listenPort, "/stream");
  const { body } = await json(`${radio.url}/api/status`);
  expect(body).toMatchObject({ source_connected: true, listeners: 1, listener_peak: 1 });
});

test("/api/stats has the original's fields, with opaque listener ids and no address", async () => {
  await using radio = await startStation(testConfig());
  using _one = await Wire.listen(radio.listenPort, "/stream");
  using two = await Wire.listen(radio.listenPort, "/stream");
  await until("audio has arrived", () => two.body.length > 0);
  const { status, body } = await json<Stats>(`${radio.url}/api/stats`);
  expect(status).toBe(200);
  expect(body.total_listeners).toBe(2);
  expect(body.total_bytes_sent).toBeGreaterThan(0);
  expect(body.listeners[0]).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{12}$/),
    mount: "/stream",
    bytes_sent: expect.any(Number),
    connected_seconds: expect.any(Number),
    lag_seconds: expect.any(Number),
    active: true,
  });
  expect(body.listeners[0]?.id).not.toBe(body.listeners[1]?.id);
  expect(body.buffer.available + body.buffer.space).toBe(1 << 20);
  expect(body.buffer.fill_percentage).toBeGreaterThan(0);
  expect(JSON.stringify(body)).not.toContain("127.0.0.1");
});

test("/api/stats lists no more listeners than the caller asks for, and refuses nonsense with 422", async () => {
  await using radio = await startStation(testConfig());
  using _one = await Wire.listen(radio.listenPort, "/stream");
  using _two = await Wire.listen(radio.listenPort, "/stream");
  const { body } = await json<Stats>(`${radio.url}/api/stats?limit=1`);
  expect([body.listeners.length, body.total_listeners]).toEqual([1, 2]);
  for (const query of ["limit=-1", "limit=x", "limit=1e9", "limit=201", "page=0", "page=x"]) {
    expect((await fetch(`${radio.url}/api/stats?${query}`)).status, query).toBe(422);
  }
});

test("/api/stats is 403 when enable_stats is false", async () => {
  await using radio = await startStation(testConfig([{}], { enableStats: false }));
  const { status, body } = await json<{ error: string }>(`${radio.url}/api/stats`);
  expect(status).toBe(403);
  expect(body.error).toContain("enable_stats");
});

test("refused sources are counted by reason, accepted ones too", async () => {
  await using radio = await startStation(testConfig());
  using wrong = await goLive(radio.sourcePort, { password: "no" });
  await wrong.closed();
  using _right = await goLive(radio.sourcePort);
  const { body } = await json<Stats>(`${radio.url}/api/stats`);
  expect(body.sources).toEqual({ unauthorized: 1, accepted: 1 });
});

test("/api/events sends the status at once and when the programme changes", async () => {
  await using radio = await startStation(testConfig());
  using page = await Wire.open(radio.listenPort);
  page.send("GET /api/events HTTP/1.0\r\nHost: a\r\n\r\n");
  await until("the first event comes", () => page.text.includes("event: status\ndata: {"));
  expect(page.head).toMatch(/content-type: text\/event-stream/i);
  using _source = await goLive(radio.sourcePort);
  await until("the change is told", () => page.text.includes('"source_connected":true'));
});

test("Swagger UI and the page load nothing from elsewhere", async () => {
  await using radio = await startStation(testConfig());
  const seen = new Set<string>();
  const queue = ["/", "/swagger"];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const answer = await fetch(radio.url + path);
    expect(answer.status, path).toBe(200);
    const text = await answer.text();
    if (path.startsWith("/swagger/ui")) continue;
    const named = text.matchAll(/(?:src|href)\s*=\s*"([^"]+)"|from "([^"]+)"|url\("?([^")]+)"?\)/g);
    for (const [, attribute, module, style] of named) {
      const target = new URL(attribute ?? module ?? style ?? "", radio.url + path);
      if (target.protocol === "data:") continue;
      expect(target.origin, `${path} names ${target.href}`).toBe(radio.url);
      const isFile = /\.(js|css|svg|png|ico|webmanifest)$/.test(target.pathname);
      if (isFile) queue.push(target.pathname);
    }
  }
  expect([...seen]).toContain("/swagger.js");
});

test("the page is there for a host of any name, whole whatever range is asked for", async () => {
  await using radio = await startStation(testConfig());
  for (const host of ["a", "nas", "radio.example"]) {
    const answer = await fetch(`${radio.url}/`, { headers: { host, range: "bytes=0-9" } });
    expect([answer.status, answer.headers.get("content-range")]).toEqual([200, null]);
    expect(await answer.text()).toContain("</html>");
  }
});

test("/health is 200 while the pump turns", async () => {
  await using radio = await startStation(testConfig());
  expect(await json(`${radio.url}/health`)).toMatchObject({ status: 200, body: { status: "ok" } });
});

test("/health/live asks for the pump, /health/ready for audio on every mount too", async () => {
  await using radio = await startStation(testConfig([{}, { path: "/jazz" }]));
  const ready = () => json(`${radio.url}/health/ready`);
  expect(await json(`${radio.url}/health/live`)).toMatchObject({ status: 200 });
  expect(await ready()).toMatchObject({
    status: 503,
    body: {
      status: "not ready",
      reasons: ["/stream", "/jazz"].map(
        (path) => `${path} has no audio: its playlist directory cannot be read`,
      ),
    },
  });
  using stream = await goLive(radio.sourcePort);
  using jazz = await goLive(radio.sourcePort, { path: "/jazz" });
  for (const source of [stream, jazz]) source.send(concat(...mpegFrames(200)));
  await until("both are heard", async () => (await ready()).status === 200);
  expect(await ready()).toMatchObject({ body: { status: "ok", reasons: [] } });
});

test("a file to tune in names the door that every player can use", async () => {
  await using radio = await startStation(testConfig());
  const door = `http://127.0.0.1:${radio.sourcePort}/stream`;
  expect(await (await fetch(`${radio.url}/stream.m3u`)).text()).toBe(`${door}\r\n`);
  expect(await (await fetch(`${radio.url}/listen.pls`)).text()).toContain(`File1=${door}\n`);
  const behindProxy = await fetch(`${radio.url}/stream.m3u`, {
    headers: { host: "radio.example" },
  });
  expect(await behindProxy.text()).toBe("http://radio.example/stream\r\n");
});
