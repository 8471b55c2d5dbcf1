// Listeners by HLS on a real station: who is counted, listed, limited, refused and ended, as by any other way to listen.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { signedQuery } from "../../src/access/signed-address.ts";
import type { JournalEvent } from "../../src/journal/journal.ts";
import { Secret } from "../../src/lib/secret.ts";
import { testConfig, type TestMount } from "../support/config.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";

const HLS = { hls: { enabled: true, segment: 2, window: 6 } };

let directory = "";
let music: Awaited<ReturnType<typeof scratch>>;

beforeAll(async () => {
  music = await scratch();
  directory = music.path;
  await writeTrack(directory, "a.mp3", trackFrames(1, 12_000));
});
afterAll(() => music[Symbol.asyncDispose]());

const KEY = "a-key-of-a-mount";

async function startHls(mounts: readonly [TestMount, ...TestMount[]]): Promise<TestStation> {
  const [first, ...others] = mounts.map((mount) => ({ ...HLS, ...mount, playlist: { directory } }));
  const radio = await startStation(testConfig([first ?? {}, ...others]));
  await until("there are segments", () =>
    radio.station.all.every(({ hls }) => (hls.playlist?.listed.length ?? 0) > 1),
  );
  return radio;
}

async function mediaUrl({ url }: TestStation, path = "/stream", query = ""): Promise<string> {
  const answer = await fetch(`${url}${path}/hls/index.m3u8${query}`);
  const line = (await answer.text()).split("\n").find((one) => one.includes(".m3u8"));
  return `${url}${path}/hls/${line}`;
}

/** A player that asks for its playlist twice. */
async function listen(radio: TestStation, path?: string, query?: string): Promise<string> {
  const url = await mediaUrl(radio, path, query);
  for (let i = 0; i < 2; i++) await (await fetch(url)).text();
  return url;
}

async function status(url: string, init: RequestInit = {}): Promise<number> {
  const answer = await fetch(url, { redirect: "manual", ...init });
  await answer.text();
  return answer.status;
}

describe("on an open mount", () => {
  let radio: TestStation;

  beforeAll(async () => {
    radio = await startHls([{}, { path: "/shared", hls: { ...HLS.hls, sessions: false } }]);
  }, 30_000);
  afterAll(() => radio[Symbol.asyncDispose]());

  const count = () => radio.station.first.audience.count;

  test("probes count nobody; two playlists make a listener, on every page that lists them", async () => {
    const before = count();
    const url = await mediaUrl(radio);
    for (const method of ["HEAD", "GET", "HEAD"]) expect(await status(url, { method })).toBe(200);
    expect(await status(`${radio.url}/stream/hls/index.m3u8`, { method: "HEAD" })).toBe(200);
    expect(count()).toBe(before);
    expect(await status(url)).toBe(200);
    expect(count()).toBe(before + 1);
    const json = async (path: string) => JSON.parse(await (await fetch(radio.url + path)).text());
    expect((await json("/api/status")).mounts[0].listeners).toBe(count());
    const { icestats } = await json("/status-json.xsl");
    expect([icestats.source].flat()[0].listeners).toBe(count());
    const [first, shared] = await json("/api/nowplaying");
    expect(first.station).toMatchObject({
      hls_enabled: true,
      hls_url: `${radio.url}/stream/hls/index.m3u8`,
      hls_listeners: count(),
    });
    expect(shared.station).toMatchObject({ hls_enabled: true, hls_listeners: 0 });
    expect(await (await fetch(`${radio.url}/metrics`)).text()).toContain('door="hls"');
  });

  test("its id is the media playlist's alone, and of one client: no cache keeps it", async () => {
    const index = await fetch(`${radio.url}/stream/hls/index.m3u8`);
    expect(index.headers.get("cache-control")).toBe("no-store");
    const url = await mediaUrl(radio);
    expect(url).toMatch(/\?s=[\w-]{44}$/);
    const playlist = await fetch(url);
    expect(await playlist.text()).not.toContain("?");
    expect(url).not.toBe(await mediaUrl(radio));
  });

  test("a playlist that is asked for without an id leads to one, the same each time", async () => {
    const bare = (await mediaUrl(radio)).replace(/\?.*/, "");
    const [first, second] = [0, 1].map(() => fetch(bare, { redirect: "manual" }));
    const location = (await first)?.headers.get("location") ?? "";
    expect((await first)?.status).toBe(302);
    expect(location).toMatch(/^mp3\.m3u8\?s=[\w-]{44}$/);
    expect((await second)?.headers.get("location")).toBe(location);
    const before = count();
    for (let i = 0; i < 3; i++) expect(await status(bare, { redirect: "follow" })).toBe(200);
    expect(count()).toBe(before + 1);
  });

  test("one that is kicked gets 403, and leaves the journal its listening time", async () => {
    const events: JournalEvent[] = [];
    using _ = radio.station.records.journal.read((event) => void events.push(event));
    const url = await listen(radio);
    const joined = events.find(({ type }) => type === "joined");
    expect(joined).toMatchObject({ client: { door: "hls", userAgent: expect.any(String) } });
    const number = joined?.type === "joined" ? joined.session : 0;
    const newest = () => radio.station.first.hls.playlist?.last ?? 0;
    const from = newest();
    await until("there is another segment", () => newest() > from);
    await status(url);
    expect(radio.station.first.audience.end(number, "a test")).toBe(true);
    expect(await status(url)).toBe(403);
    const left = events.find(({ type }) => type === "left");
    expect(left).toMatchObject({ type: "left", session: number });
    if (left?.type !== "left" || joined?.type !== "joined") throw new Error("it has not left");
    expect(left.heardSeconds).toBeGreaterThan(1.9);
    // No further than it can have played.
    expect(left.position).toBeGreaterThan(joined.position);
    expect(left.position - joined.position).toBeLessThanOrEqual((left.heardSeconds ?? 0) + 0.001);
    const line = radio.logged.find((one) => one.includes("GET /stream/hls/mp3.m3u8"));
    expect(line).not.toContain("s=");
  });

  test("without sessions the playlists are the same for all, and caches may have them", async () => {
    const url = await listen(radio, "/shared");
    expect(url.endsWith("/mp3.m3u8")).toBe(true);
    const index = await fetch(`${radio.url}/shared/hls/index.m3u8`);
    expect(index.headers.get("cache-control")).toBe("public, max-age=1");
    expect(radio.station.parts("/shared")?.audience.count).toBe(0);
  });
});

test("limits, bans and rules hold", async () => {
  const rules = { listenersPerAddress: 2, denyAgents: ["*stealer*"] };
  await using radio = await startHls([
    { ...HLS, rules },
    { path: "/small", ...HLS, maxListeners: 1 },
  ]);
  await listen(radio);
  await listen(radio);
  expect(await status(await mediaUrl(radio))).toBe(403);
  const headers = { "user-agent": "stealer/1" };
  expect(await status(await mediaUrl(radio, "/small"), { headers })).toBe(200);
  const small = await listen(radio, "/small");
  expect(await status(await mediaUrl(radio, "/small"))).toBe(503);
  expect(radio.station.all.map(({ audience }) => audience.count)).toEqual([2, 1]);
  const stolen = await mediaUrl(radio);
  expect(await status(stolen, { headers })).toBe(403);
  const ban = { address: "127.0.0.1", sinceMs: 0, untilMs: 1e15, by: "a test", reason: "" };
  radio.station.ban(ban);
  expect(await status(small)).toBe(403);
  expect(radio.station.all.map(({ audience }) => audience.count)).toEqual([0, 0]);
}, 30_000);

test("a mount that needs a signed address has it in its playlists, and gives segments to its listeners", async () => {
  const listeners = { key: new Secret(KEY) };
  await using radio = await startHls([{ listeners }]);
  const expires = Math.round(Date.now() / 1000) + 600;
  const query = signedQuery(KEY, { path: "/stream", expires, user: "ann", address: "" });
  expect(await status(await mediaUrl(radio))).toBe(403);
  const segments = radio.station.first.hls.playlist?.listed ?? [];
  const name = `${radio.station.first.hls.playlist?.facts.run}-${segments.at(-1)?.number}.mp3`;
  expect(await status(`${radio.url}/stream/hls/${name}`)).toBe(401);
  const events: JournalEvent[] = [];
  using _ = radio.station.records.journal.read((event) => void events.push(event));
  const url = await listen(radio, "/stream", `?${query}`);
  expect(url).toContain("&sig=");
  expect(events).toContainEqual(
    expect.objectContaining({ type: "joined", client: expect.objectContaining({ user: "ann" }) }),
  );
  expect(await status(`${radio.url}/stream/hls/${name}`)).toBe(200);
}, 30_000);
