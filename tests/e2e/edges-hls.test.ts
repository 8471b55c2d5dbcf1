// HLS of an origin and its edges: players are redirected, and find the same numbers, names and bytes at every server.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { opened, read } from "../hls/hls-rig.ts";
import { Cluster } from "../support/cluster.ts";
import { HlsValidator } from "../support/hls/validator.ts";
import { numbersIn } from "../support/numbered.ts";
import { until } from "../support/station.ts";
import { FRAME_MS, trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const show = trackFrames(9, 3000);

let cluster: Cluster;
let source: Wire;
let timer: ReturnType<typeof setInterval>;
/** Its edge holds audio of some time. */
let listener: Wire;

/** The show from its begin. */
async function broadcast(): Promise<void> {
  source = await goLive(cluster.origin.sourcePort);
  let next = 0;
  const startedMs = performance.now();
  timer = setInterval(() => {
    const due = Math.min(show.length, 40 + (performance.now() - startedMs) / FRAME_MS);
    while (next < due) source.send(show[next++] ?? "");
  }, 20);
}

beforeAll(async () => {
  const mount = {
    burstSeconds: 1,
    rewindSeconds: 300,
    hls: { enabled: true, segment: 2, window: 6 },
  };
  cluster = await Cluster.start([mount], 2, mount);
  await broadcast();
  listener = await Wire.listen(cluster.edges[0]?.listenPort ?? 0, "/stream");
  const { hls } = cluster.origin.station.first;
  await until("two segments are there", () => (hls.playlist?.listed.length ?? 0) >= 2);
});

afterAll(async () => {
  clearInterval(timer);
  listener[Symbol.dispose]();
  source[Symbol.dispose]();
  await cluster[Symbol.asyncDispose]();
});

const textAt = async (address: string) => (await fetch(address)).text();

/** The address of the media playlist that a multivariant playlist names. */
async function mediaOf(index: string): Promise<string> {
  const answer = await fetch(index);
  const [variant = ""] = (await answer.text()).split("\n").filter((line) => /^[^#]/.test(line));
  return new URL(variant, answer.url).href;
}

async function listenersAt(url: string): Promise<number> {
  const status = (await (await fetch(`${url}/api/status`)).json()) as { listeners: number };
  return status.listeners;
}

test("a player is sent to an edge, which has the playlist of the origin, byte for byte", async () => {
  const { origin, edges } = cluster;
  const index = `${origin.url}/stream/hls/index.m3u8`;
  const sent = await fetch(`${index}?exp=1`, { redirect: "manual" });
  expect(sent.status).toBe(302);
  expect(sent.headers.get("access-control-allow-origin")).toBe("*");
  const location = sent.headers.get("location") ?? "";
  expect(edges.map(({ url }) => url)).toContain(new URL(location).origin);
  expect(location).toEndWith("/stream/hls/index.m3u8?exp=1&redirect=no");
  const [here, ...there] = await Promise.all(
    [origin, ...edges].map(({ url }) => mediaOf(`${url}/stream/hls/index.m3u8?redirect=no`)),
  );
  const msn = (origin.station.first.hls.playlist?.last ?? 0) + 1;
  const wanted = (address: string) => textAt(`${address}&_HLS_msn=${msn}`);
  const playlist = await wanted(here ?? "");
  expect(read(playlist).segments.length).toBeGreaterThan(1);
  for (const address of there) expect(await wanted(address)).toBe(playlist);
});

test("segments of all servers are the same files, and hold the show without a gap", async () => {
  const { origin, edges } = cluster;
  const servers = [...edges, origin, ...edges];
  const list = read(await textAt(await mediaOf(`${origin.url}/stream/hls/index.m3u8?redirect=no`)));
  const files = await Promise.all(
    list.segments.map(async ({ name }, at) => {
      const answer = await fetch(`${servers[at % servers.length]?.url}/stream/hls/${name}`);
      expect(answer.headers.get("cache-control")).toContain("immutable");
      return opened(await answer.bytes()).frames;
    }),
  );
  const audio = Buffer.concat(files);
  const heard = numbersIn(audio, show).filter((number) => number >= 0);
  expect(heard.length).toBeGreaterThan(80);
  for (const [at, number] of heard.entries()) expect(number).toBe((heard[0] ?? 0) + at);
});

test("players at edges are listeners of the station, and count once", async () => {
  const { origin } = cluster;
  const address = await mediaOf(`${origin.url}/stream/hls/index.m3u8`);
  expect(new URL(address).origin).not.toBe(origin.url);
  await textAt(address);
  await textAt(address);
  await until("it is counted", async () => (await listenersAt(origin.url)) === 2);
  expect(origin.station.facts().mounts[0]?.listenersHere).toBe(0);
});

test("what an edge passes on is valid HLS", async () => {
  const validator = new HlsValidator({
    fetch: async (url, headers = {}) => {
      const answer = await fetch(url, { headers });
      return { status: answer.status, headers: answer.headers, body: await answer.bytes() };
    },
    nowMs: () => performance.now(),
    pollMs: 1000,
  });
  await validator.open(`${cluster.edges[0]?.url}/stream/hls/index.m3u8`);
  const { hls } = cluster.origin.station.first;
  for (const last = hls.playlist?.last ?? 0; (hls.playlist?.last ?? 0) < last + 2;) {
    await validator.poll();
    const next = (hls.playlist?.last ?? 0) + 1;
    await hls.playlist?.waiting.wait(() => (hls.playlist?.last ?? 0) >= next, 5000);
  }
  expect(validator.segmentCount).toBeGreaterThan(2);
  expect(validator.problems).toEqual([]);
});

test("a listener who asks for the past is sent to an edge that holds it, and stays here if none does", async () => {
  const { origin } = cluster;
  const reach = () => origin.station.edges.all[0]?.mount("/stream")?.reachSeconds ?? 0;
  await until("the edge holds seven seconds", () => reach() >= 7);
  const asked = async (at: string) => {
    const aborter = new AbortController();
    const { signal } = aborter;
    const answer = await fetch(`${origin.url}/stream?at=${at}`, { redirect: "manual", signal });
    aborter.abort();
    return answer;
  };
  const sent = await asked("-2");
  expect(sent.status).toBe(302);
  expect(sent.headers.get("location")).toContain("/stream?at=-2&redirect=no");
  expect((await asked("-250")).status).toBe(200);
});

test("an edge goes on with its numbers when its origin restarts: none goes back, and none gets another file", async () => {
  const address = await mediaOf(`${cluster.edges[0]?.url}/stream/hls/index.m3u8`);
  let list = read(await textAt(address));
  const names = new Map<number, string>();
  const look = async (): Promise<void> => {
    const answer = await fetch(address);
    const text = await answer.text();
    // While the origin is away it may have nothing to pass on.
    if (!answer.ok) return;
    const next = read(text);
    expect(next.sequence).toBeGreaterThanOrEqual(list.sequence);
    expect(next.discontinuities).toBeGreaterThanOrEqual(list.discontinuities);
    for (const { number, name } of next.segments) {
      expect(names.get(number) ?? name).toBe(name);
      names.set(number, name);
    }
    list = next;
  };
  await look();
  const last = list.segments.at(-1);
  const [run] = last?.name.split("-") ?? [];
  clearInterval(timer);
  source[Symbol.dispose]();
  await cluster.restart();
  await broadcast();
  const ofNext = () => list.segments.filter(({ name }) => !name.startsWith(`${run}-`));
  await until("two segments of the next run are listed", async () => {
    await look();
    return ofNext().length >= 2;
  });
  const [first] = ofNext();
  expect(first?.number).toBeGreaterThan(last?.number ?? 0);
  expect(first?.discontinuity).toBeGreaterThanOrEqual(last?.discontinuity ?? 0);
});
