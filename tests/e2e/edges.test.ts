// An origin and its edges: listeners are redirected, come back elsewhere, and hear every frame once.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { Cluster } from "../support/cluster.ts";
import { Follower } from "../support/follower.ts";
import { until } from "../support/station.ts";
import { FRAME_MS, trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const show = trackFrames(7, 3000);
const whole = Buffer.concat(show);

/** Sends the show at its pace from the first frame on. */
class Show implements Disposable {
  next = 0;
  readonly #timer: ReturnType<typeof setInterval>;
  constructor(readonly source: Wire) {
    const startedMs = performance.now();
    this.#timer = setInterval(() => {
      const due = Math.min(show.length, 40 + (performance.now() - startedMs) / FRAME_MS);
      while (this.next < due) source.send(show[this.next++] ?? "");
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
  await until("the show is on air", () => on.live?.ready === true);
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

const hears = (listener: Follower, bytes: number) =>
  until("it hears more", () => listener.audio.length > bytes);

test("a listener is sent to an edge, and goes on at another one and at the origin, with every frame once", async () => {
  using listener = new Follower(cluster.origin.listenPort);
  await listener.connect();
  expect(cluster.edges.map(({ listenPort }) => listenPort)).toContain(listener.port);
  await hears(listener, 20_000);
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
