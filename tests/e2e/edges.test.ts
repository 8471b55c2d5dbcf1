// An origin and its edges: listeners are redirected, come back elsewhere, and hear every frame once.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { Cluster } from "../support/cluster.ts";
import { Follower } from "../support/follower.ts";
import { numbersIn } from "../support/numbered.ts";
import { type TestStation, until } from "../support/station.ts";
import { FRAME_MS, trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const show = trackFrames(7, 3000);
const whole = Buffer.concat(show);

/** Of the origin's second run. */
const other = trackFrames(8, 3000);

/** Sends the show at its pace from the first frame on. */
class Show implements Disposable {
  next = 0;
  readonly #timer: ReturnType<typeof setInterval>;
  constructor(
    readonly source: Wire,
    frames = show,
  ) {
    const startedMs = performance.now();
    this.#timer = setInterval(() => {
      const due = Math.min(frames.length, 40 + (performance.now() - startedMs) / FRAME_MS);
      while (this.next < due) source.send(frames[this.next++] ?? "");
    }, 20);
  }
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.source[Symbol.dispose]();
  }
}

let cluster: Cluster;
let live: Show;

beforeAll(async () => {
  const mount = { burstSeconds: 1, rewindSeconds: 300 };
  cluster = await Cluster.start([mount], 3, mount);
  live = new Show(await goLive(cluster.origin.sourcePort));
  const { mount: on } = cluster.origin.station.first;
  await until("a burst of the show is there", () => on.live?.ready === true && live.next > 120);
});

afterAll(async () => {
  live[Symbol.dispose]();
  await cluster[Symbol.asyncDispose]();
});

/** It hears a stretch of the show without a gap or a repeat; returns its length. */
function inOnePiece(audio: Buffer): number {
  const at = whole.indexOf(audio.subarray(0, 64));
  expect(at).toBeGreaterThanOrEqual(0);
  expect(audio.equals(whole.subarray(at, at + audio.length))).toBe(true);
  return audio.length;
}

const hears = (listener: Follower, bytes: number) => listener.heard(bytes);

const edgePorts = () => cluster.edges.map(({ listenPort }) => listenPort);

/** The places where something else follows than the next frame of the show. */
function breaksIn(audio: Buffer): number {
  const heard = numbersIn(audio, [...show, ...other]);
  return heard.filter((number, at) => at > 0 && number !== (heard[at - 1] ?? 0) + 1).length;
}

const edgesLeft = () => cluster.edges.filter((_, at) => at !== 1);

/** The edge of a listener takes nobody any more. */
function drainEdgeOf(listener: Follower, edges = cluster.edges): void {
  const isIts = ({ listenPort }: TestStation) => listenPort === listener.port;
  cluster.redirect(edges.map((edge) => [edge.url, isIts(edge) ? 0 : 1]));
}

async function statusOf(url: string): Promise<{ listeners: number }> {
  const answer = await fetch(`${url}/api/status`);
  // The test asks for one field of it.
  return (await answer.json()) as { listeners: number };
}

test("a listener is sent to an edge, and goes on at another one and at the origin, with every frame once", async () => {
  using listener = new Follower(cluster.origin.listenPort);
  await listener.connect();
  expect(edgePorts()).toContain(listener.port);
  await hears(listener, 20_000);
  drainEdgeOf(listener);
  await cluster.ready();
  listener.cut();
  await listener.connect();
  expect(listener.ports[1]).not.toBe(listener.ports[0]);
  await hears(listener, listener.audio.length + 10_000);
  listener.cut();
  cluster.redirect([]);
  await listener.connect();
  expect(listener.port).toBe(cluster.origin.listenPort);
  await hears(listener, listener.audio.length + 10_000);
  inOnePiece(listener.audio);
  cluster.redirect();
  await cluster.ready();
});

test("both ports send listeners on, and count them at the origin, whose relays are no listeners", async () => {
  const { origin, edges } = cluster;
  const ports = [origin.listenPort, origin.sourcePort, origin.listenPort];
  const all = ports.map((port) => new Follower(port));
  await Promise.all(all.map((listener) => listener.connect()));
  expect(new Set(all.map(({ port }) => port)).size).toBe(3);
  await until("they are counted", async () => (await statusOf(origin.url)).listeners === 3);
  const { edges: shown, mounts } = origin.station.facts();
  expect(mounts[0]).toMatchObject({ listenersHere: 0, listenersElsewhere: 3, relaysServed: 3 });
  expect(shown.map(({ isHealthy }) => isHealthy)).toEqual([true, true, true]);
  expect(shown.map(({ listeners }) => listeners)).toEqual([1, 1, 1]);
  for (const { lagSeconds } of shown) expect(lagSeconds).toBeLessThan(10);
  expect((await statusOf(edges[0]?.url ?? "")).listeners).toBe(1);
  for (const listener of all) listener.cut();
  await until("they have left", async () => (await statusOf(origin.url)).listeners === 0);
});

test("who asks to be served at the origin is, and the page may play from the edges", async () => {
  const { origin, edges } = cluster;
  using wire = await Wire.listen(origin.listenPort, "/stream?redirect=no");
  expect(wire.head).toStartWith("HTTP/1.1 200");
  const page = await fetch(origin.url);
  const policy = page.headers.get("content-security-policy") ?? "";
  const all = edges.map(({ url }) => url).join(" ");
  expect(policy).toContain(`connect-src 'self' ${all}; media-src 'self' blob: ${all};`);
  const sent = await fetch(`${origin.url}/stream?exp=1&sig=x`, { redirect: "manual" });
  expect(sent.status).toBe(302);
  expect(sent.headers.get("location")).toEndWith("/stream?exp=1&sig=x&redirect=no");
  expect(sent.headers.get("access-control-allow-origin")).toBe("*");
  expect(await sent.text()).toContain("The stream is at http://127.0.0.1:");
});

test("a title is at its frame on all servers", async () => {
  const { origin, edges } = cluster;
  using first = await Wire.listen(origin.listenPort, "/stream?redirect=no");
  // The edge is pulled.
  using listener = await Wire.listen(edges[0]?.listenPort ?? 0, "/stream");
  await until("both are heard", () => first.body.length > 5000 && listener.body.length > 5000);
  const token = /^cycast-resume: (\S+)/im.exec(first.head)?.[1];
  const target = `/stream?redirect=no&resume=${token}&bytes=${first.body.length}`;
  const titled = (port: number) => Wire.listen(port, target, "Icy-MetaData: 1\r\n");
  using here = await titled(origin.listenPort);
  using there = await titled(edges[0]?.listenPort ?? 0);
  const { mount } = origin.station.first;
  for (const title of ["One", "Two", "Three"]) {
    const { length } = here.body;
    mount.retitle({ artist: "Someone", title }, performance.now());
    await until("the title is heard", () => here.body.length > length + 6000);
  }
  await until("all are heard", () => there.body.includes("Someone - Three"));
  const bytes = Math.min(here.body.length, there.body.length);
  expect(here.body.subarray(0, bytes)).toEqual(there.body.subarray(0, bytes));
  const positionOf = ({ head }: Wire) => Number(/^cycast-position: (\S+)/im.exec(head)?.[1]);
  expect(Math.abs(positionOf(there) - positionOf(here))).toBeLessThan(0.005);
});

test("the listeners of an edge that dies go on elsewhere, with every frame once", async () => {
  const { origin } = cluster;
  const all = Array.from({ length: 12 }, () => new Follower(origin.listenPort));
  await Promise.all(all.map((listener) => listener.connect()));
  await until("they hear", () => all.every(({ audio }) => audio.length > 8000));
  const [, dead = origin] = cluster.edges;
  const lost = all.filter(({ port }) => port === dead.listenPort);
  expect(lost.length).toBeGreaterThan(0);
  await cluster.end(dead);
  await until("they are cut", () => lost.every(({ isClosed }) => isClosed));
  await Promise.all(lost.map((listener) => listener.connect()));
  for (const { port } of lost) expect(port).not.toBe(dead.listenPort);
  const heard = all.map(({ audio }) => audio.length);
  await until("they hear more", () =>
    all.every(({ audio }, at) => audio.length > (heard[at] ?? 0) + 8000),
  );
  for (const listener of all) {
    inOnePiece(listener.audio);
    listener.cut();
  }
});

test("listeners wait at their edges while the origin restarts, and go on from edge to edge after that", async () => {
  const { origin } = cluster;
  using listener = new Follower(origin.listenPort);
  await listener.connect();
  await listener.heard(16_000);
  live[Symbol.dispose]();
  await cluster.restart();
  expect(listener.isClosed).toBe(false);
  live = new Show(await goLive(cluster.origin.sourcePort), other);
  await until("the new run is heard", () => breaksIn(listener.audio) === 1);
  drainEdgeOf(listener, edgesLeft());
  await cluster.ready();
  await until("the origin knows that it is heard", () => {
    const { edges, first } = cluster.origin.station;
    const edge = edges.all.find(({ url }) => url.endsWith(`:${listener.port}`));
    return edge?.mount("/stream")?.spans.at(-1)?.run === first.mount.positions.run;
  });
  listener.cut();
  await listener.connect();
  expect(listener.ports[1]).not.toBe(listener.ports[0]);
  await listener.heard(listener.audio.length + 8000);
  expect(breaksIn(listener.audio)).toBe(1);
});
