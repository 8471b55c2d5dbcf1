// Listeners by HLS on a real station: who is counted, listed, limited, refused and ended, as by any other way to listen.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { signedQuery } from "../../src/access/signed-address.ts";
import type { JournalEvent } from "../../src/journal/journal.ts";
import { Secret } from "../../src/lib/secret.ts";
import { testConfig, type TestMount } from "../support/config.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";

const KEY = "a-key-of-a-mount";
const HLS = { enabled: true, segment: 2, window: 6 };

/** Each mount with what it is here for. */
const MOUNTS: readonly [TestMount, ...TestMount[]] = [
  {},
  { path: "/kicked" },
  { path: "/logged" },
  { path: "/shared", hls: { ...HLS, sessions: false } },
  { path: "/few", rules: { listenersPerAddress: 2, denyAgents: ["*stealer*"] } },
  { path: "/small", maxListeners: 1 },
  { path: "/crowded", maxListeners: 1, fallback: "/kicked", fallbackWhenFull: true },
  { path: "/sent" },
  { path: "/signed", listeners: { key: new Secret(KEY) } },
];

let music: Awaited<ReturnType<typeof scratch>>;
let radio: TestStation;
let accessLog = "";

beforeAll(async () => {
  music = await scratch();
  accessLog = join(music.path, "access.log");
  await writeTrack(music.path, "a.mp3", trackFrames(1, 12_000));
  const playlist = { directory: music.path };
  const [first, ...others] = MOUNTS.map((mount) => ({ hls: HLS, ...mount, playlist }));
  radio = await startStation(testConfig([first ?? {}, ...others], { accessLog }));
  await until("there are segments", () =>
    radio.station.all.every(({ hls }) => (hls.playlist?.listed.length ?? 0) > 1),
  );
}, 120_000);

afterAll(async () => {
  await radio[Symbol.asyncDispose]();
  await music[Symbol.asyncDispose]();
});

function partsOf(path: string) {
  const parts = radio.station.parts(path);
  if (parts === undefined) throw new Error(`there is no ${path}`);
  return parts;
}

const countOf = (path: string) => partsOf(path).audience.count;

async function mediaUrl(path = "/stream", query = ""): Promise<string> {
  const answer = await fetch(`${radio.url}${path}/hls/index.m3u8${query}`);
  const line = (await answer.text()).split("\n").find((one) => one.includes(".m3u8"));
  return `${radio.url}${path}/hls/${line}`;
}

async function status(url: string, init: RequestInit = {}): Promise<number> {
  const answer = await fetch(url, { redirect: "manual", ...init });
  await answer.text();
  return answer.status;
}

/** A player that asks for its playlist twice. */
async function listen(path?: string, query?: string): Promise<string> {
  const url = await mediaUrl(path, query);
  for (let i = 0; i < 2; i++) await status(url);
  return url;
}

/** What happens on a mount from now on. */
function eventsOf(path: string) {
  const events: JournalEvent[] = [];
  const reading = radio.station.records.journal.read((event) => {
    if ("mount" in event && event.mount === path) events.push(event);
  });
  return { events, [Symbol.dispose]: () => reading[Symbol.dispose]() };
}

test("probes count nobody; two playlists make a listener, on every page that lists them", async () => {
  const url = await mediaUrl();
  for (const method of ["HEAD", "GET", "HEAD"]) expect(await status(url, { method })).toBe(200);
  expect(await status(`${radio.url}/stream/hls/index.m3u8`, { method: "HEAD" })).toBe(200);
  expect(countOf("/stream")).toBe(0);
  expect(await status(url)).toBe(200);
  expect(countOf("/stream")).toBe(1);
  const json = async (path: string) => {
    await status(url);
    return JSON.parse(await (await fetch(radio.url + path)).text());
  };
  expect((await json("/api/status")).mounts[0].listeners).toBe(1);
  const { icestats } = await json("/status-json.xsl");
  expect([icestats.source].flat()[0].listeners).toBe(1);
  const [{ station }, second] = await json("/api/nowplaying");
  const address = `${radio.url}/stream/hls/index.m3u8`;
  expect(station).toMatchObject({ hls_enabled: true, hls_url: address, hls_listeners: 1 });
  expect(second.station).toMatchObject({ hls_enabled: true, hls_listeners: 0 });
  await status(url);
  const metrics = await (await fetch(`${radio.url}/metrics`)).text();
  expect(metrics).toMatch(/listeners\{[^}]*door="hls"[^}]*\} 1\n/);
});

test("an id is the media playlist's alone, and of one client: no cache keeps it", async () => {
  const index = await fetch(`${radio.url}/stream/hls/index.m3u8`);
  expect(index.headers.get("cache-control")).toBe("no-store");
  const url = await mediaUrl();
  expect(url).toMatch(/\?s=[\w-]{44}$/);
  expect(await (await fetch(url)).text()).not.toContain("?");
  expect(url).not.toBe(await mediaUrl());
});

test("a playlist that is asked for without an id leads to one, the same each time", async () => {
  const bare = (await mediaUrl()).replace(/\?.*/, "");
  const locationOf = async () =>
    (await fetch(bare, { redirect: "manual" })).headers.get("location");
  const location = await locationOf();
  expect(location).toMatch(/^mp3\.m3u8\?s=[\w-]{44}$/);
  expect(await locationOf()).toBe(location);
  expect(await status(bare)).toBe(302);
  const { audience } = partsOf("/stream");
  const before = audience.joined;
  for (let i = 0; i < 3; i++) expect(await status(bare, { redirect: "follow" })).toBe(200);
  expect(audience.joined).toBe(before + 1);
});

test("one that is kicked gets 403, and leaves the journal its listening time", async () => {
  using watched = eventsOf("/kicked");
  const { events } = watched;
  const url = await listen("/kicked");
  const joined = events.find((event) => event.type === "joined");
  expect(joined).toMatchObject({ client: { door: "hls", userAgent: expect.any(String) } });
  const { audience, hls } = partsOf("/kicked");
  const from = hls.playlist?.last ?? 0;
  await until("there is another segment", () => (hls.playlist?.last ?? 0) > from);
  await status(url);
  expect(audience.end(joined?.session ?? 0, "a test")).toBe(true);
  expect([await status(url), audience.count]).toEqual([403, 0]);
  const left = events.find((event) => event.type === "left");
  if (left === undefined || joined === undefined) throw new Error("it has not left");
  expect(left.heardSeconds).toBeGreaterThan(1.9);
  // No further than it can have played.
  expect(left.position).toBeGreaterThan(joined.position);
  expect(left.position - joined.position).toBeLessThanOrEqual((left.heardSeconds ?? 0) + 0.001);
});

test("the access log has one line for a session, whatever it asked for, without its id", async () => {
  using watched = eventsOf("/logged");
  const url = await listen("/logged");
  const [name = ""] = /^[^#\s]+\.mp3$/m.exec(await (await fetch(url)).text()) ?? [];
  expect(await status(new URL(name, url).href)).toBe(200);
  const joined = watched.events.find((event) => event.type === "joined");
  expect(partsOf("/logged").audience.end(joined?.session ?? 0, "a test")).toBe(true);
  const ofFiles = async () => {
    const lines = (await Bun.file(accessLog).text()).split("\n");
    return lines.filter((line) => /\/logged\/hls\/(?!index)/.test(line));
  };
  await until("the session has its line", async () => (await ofFiles()).length > 0);
  expect(await ofFiles()).toEqual([expect.stringContaining('"GET /logged/hls/mp3.m3u8 -" 200')]);
});

test("without sessions the playlists are the same for all, and caches may have them", async () => {
  const url = await listen("/shared");
  expect(url.endsWith("/mp3.m3u8")).toBe(true);
  const index = await fetch(`${radio.url}/shared/hls/index.m3u8`);
  expect(index.headers.get("cache-control")).toBe("public, max-age=1, stale-if-error=30");
  expect(countOf("/shared")).toBe(0);
});

test("a mount that needs a signed address has it in its playlists, and gives segments to its listeners", async () => {
  const expires = Math.round(Date.now() / 1000) + 600;
  const query = signedQuery(KEY, { path: "/signed", expires, user: "ann", address: "" });
  expect(await status(await mediaUrl("/signed"))).toBe(403);
  const { playlist } = partsOf("/signed").hls;
  const segment = `${radio.url}/signed/hls/${playlist?.facts.run}-${playlist?.last}.mp3`;
  expect(await status(segment)).toBe(401);
  using watched = eventsOf("/signed");
  const url = await listen("/signed", `?${query}`);
  expect(url).toContain("&sig=");
  const joined = watched.events.find((event) => event.type === "joined");
  expect(joined?.client.user).toBe("ann");
  expect(await status(segment)).toBe(200);
});

test("a new player of a full mount gets the playlists of its fallback", async () => {
  const index = `${radio.url}/crowded/hls/index.m3u8`;
  expect(await status(`${index}?a=b`)).toBe(200);
  await listen("/crowded");
  const sent = await fetch(`${index}?a=b`, { redirect: "manual" });
  expect(sent.status).toBe(302);
  expect(sent.headers.get("location")).toBe("../../kicked/hls/index.m3u8?a=b");
  const answer = await fetch(index);
  const line = (await answer.text()).split("\n").find((one) => one.includes(".m3u8")) ?? "";
  expect(await status(new URL(line, answer.url).href)).toBe(200);
  expect(countOf("/crowded")).toBe(1);
});

test("a player that a back end sends to another mount hears that one, and is counted there", async () => {
  const before = countOf("/kicked");
  let asked = 0;
  radio.station.admission.judge = async ({ path }) => {
    asked++;
    const to = path === "/sent" ? "/kicked" : "";
    const session = { user: "", limitSeconds: 0, path: to, left: () => undefined };
    return { kind: "admit", reading: null, session };
  };
  const url = await mediaUrl("/sent");
  for (let time = 0; time < 3; time++) {
    const answer = await fetch(url);
    expect(new URL(answer.url).pathname).toBe("/kicked/hls/mp3.m3u8");
    const [name = ""] = /^[^#\s]+\.mp3$/m.exec(await answer.text()) ?? [];
    expect(await status(new URL(name, answer.url).href)).toBe(200);
  }
  expect([asked, countOf("/kicked"), countOf("/sent")]).toEqual([1, before + 1, 0]);
  radio.station.admission.judge = null;
});

test("limits, rules and bans hold", async () => {
  await listen("/few");
  await listen("/few");
  expect(await status(await mediaUrl("/few"))).toBe(403);
  const headers = { "user-agent": "stealer/1" };
  expect(await status(await mediaUrl("/few"), { headers })).toBe(403);
  expect(await status(await mediaUrl("/small"), { headers })).toBe(200);
  const small = await listen("/small");
  expect(await status(await mediaUrl("/small"))).toBe(503);
  expect(["/few", "/small"].map(countOf)).toEqual([2, 1]);
  radio.station.ban({ address: "127.0.0.1", sinceMs: 0, untilMs: 1e15, by: "a test", reason: "" });
  expect(await status(small)).toBe(403);
  expect(radio.station.all.map(({ audience }) => audience.count)).toEqual(MOUNTS.map(() => 0));
});
