// What an origin knows of its edges, on a simulated clock and simulated connections.
import { beforeEach, describe, expect, test } from "bun:test";
import type { Dial } from "../../src/dial/dial.ts";
import type { EdgeAddress } from "../../src/config/cluster-keys.ts";
import { Edges, type EdgesHost } from "../../src/edges/edges.ts";
import type { Resumed } from "../../src/edges/edges.ts";
import { createLog } from "../../src/lib/log.ts";
import { Rounds } from "../../src/lib/rounds.ts";
import { Membership } from "../../src/access/membership.ts";
import { Secret } from "../../src/lib/secret.ts";
import { testConfig } from "../support/config.ts";

const RUN = "00000000000000aa";

interface Told {
  node?: string;
  reasons?: readonly string[];
  full?: boolean;
  listeners?: number;
  run?: string;
  spans?: readonly { local: number; run: string; from: number; to: number }[];
  idle?: boolean;
  hls?: boolean;
  reach?: number;
}

let nowMs: number;
let logged: string[];
let requests: string[];
/** What each edge answers, by its port; null: nobody is there. */
let told: Map<number, Told | null>;
let config: ReturnType<typeof testConfig>;
let follow: () => void;
let host: EdgesHost;
let edges: Edges;

const dial: Dial = ({ port }, _, handler) => {
  const answer = told.get(port) ?? null;
  if (answer !== null) queueMicrotask(() => handler.onOpen());
  else queueMicrotask(() => handler.onClose("it refuses connections"));
  return {
    descriptor: -1,
    write: (text) => {
      requests.push(String(text));
      queueMicrotask(() => handler.onData(Buffer.from(answerOf(port, answer ?? {}))));
      queueMicrotask(() => handler.onClose("it closed the connection"));
      return Buffer.byteLength(String(text));
    },
    pause: () => undefined,
    resume: () => undefined,
    end: () => undefined,
    close: () => undefined,
  };
};

function answerOf(port: number, { listeners = 0, spans = [], run = `${port}`, ...rest }: Told) {
  const { idle = false, hls = false, reach = 0 } = rest;
  const seen = { idle, hls, reach };
  const mount = { mount: "/stream", listeners, spans, run, ...seen };
  const { node = `node ${port}`, reasons = [], full = false } = rest;
  const body = JSON.stringify({ node, reasons, full, mounts: [mount] });
  return `HTTP/1.0 200 OK\r\n\r\n${body}`;
}

/** The edges hear and answer what is due within so many seconds. */
async function pass(seconds: number): Promise<void> {
  for (let step = 0; step < seconds * 4; step++) {
    nowMs += 250;
    host.rounds.run(nowMs);
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  }
}

function configure(addresses: readonly EdgeAddress[], secret = "of the cluster"): void {
  const cluster = { ...config.cluster, edges: addresses, secret: new Secret(secret) };
  config = { ...config, cluster };
  follow();
}

const take = (resumed: Resumed | null = null, isSecure = false) =>
  edges.take({ path: "/stream", isSecure, resumed })?.url ?? null;

const ONE = "http://127.0.0.1:1";
const TWO = "http://127.0.0.1:2";

beforeEach(async () => {
  [nowMs, logged, requests, told, config] = [0, [], [], new Map(), testConfig()];
  follow = () => undefined;
  const wall = { nowMs: () => nowMs };
  host = {
    clock: { nowMs: () => nowMs },
    log: createLog((level, text) => logged.push(`${level} ${text}`)),
    membership: new Membership(() => config.cluster.secret, wall),
    rounds: new Rounds(),
    events: {
      on: (_, handler) => {
        follow = handler;
        return { [Symbol.dispose]: () => undefined };
      },
    },
    get config() {
      return config;
    },
  };
  const { membership, log } = host;
  const lines = (target: string) => membership.lines(target);
  edges = new Edges(host, { dial, log, now: () => nowMs, lines, self: membership.node });
  told.set(1, {}).set(2, {});
  configure([
    { url: ONE, weight: 1 },
    { url: TWO, weight: 3 },
  ]);
  await pass(1);
});

test("each is asked with a proof of the secret, which is not sent", () => {
  expect(requests[0]).toMatch(/^GET \/api\/cluster\/node HTTP\/1\.0\r\n/);
  expect(requests[0]).toMatch(/\r\ncycast-cluster: \d+\.[\w-]{16}\.[\w-]{43}\r\n/);
  expect(requests.join()).not.toContain("of the cluster");
});

test("listeners on their way count until the edge has counted them", async () => {
  const sent = Array.from({ length: 8 }, () => take());
  expect(sent.filter((url) => url === ONE)).toHaveLength(2);
  told.set(1, { listeners: 2 }).set(2, { listeners: 6 });
  await pass(2);
  expect(edges.all.map(({ load }) => load)).toEqual([2, 6]);
  expect(edges.listenersOf("/stream")).toBe(8);
  expect(edges.listenersOf("/other")).toBe(0);
});

describe("an edge gets no listeners", () => {
  test("from its first failure on, and after two good answers again; each is logged once", async () => {
    told.set(2, null);
    await pass(3);
    expect(Array.from({ length: 4 }, () => take())).toEqual([ONE, ONE, ONE, ONE]);
    expect(edges.listenersOf("/stream")).toBe(0);
    told.set(2, {});
    await pass(1);
    expect(take()).toBe(ONE);
    await pass(1);
    expect(take()).toBe(TWO);
    const about = logged.filter((line) => line.includes(TWO));
    expect(about).toEqual([
      `info the edge ${TWO} takes listeners`,
      `warn the edge ${TWO} gets no listeners: it refuses connections`,
      `info the edge ${TWO} takes listeners`,
    ]);
  });

  test("while it is not ready, and its listeners are still counted", async () => {
    told.set(2, { reasons: ["/stream has no audio: its relay does not play"], listeners: 5 });
    await pass(1);
    expect(take()).toBe(ONE);
    expect(edges.listenersOf("/stream")).toBe(5);
  });

  test("while it is full", async () => {
    told.set(2, { full: true });
    await pass(1);
    expect(take()).toBe(ONE);
  });

  test("if it is this server itself", async () => {
    told.set(2, { node: host.membership.node });
    await pass(1);
    expect(take()).toBe(ONE);
    expect(logged.at(-1)).toContain("it is this server itself");
  });

  test("of another mount than it has, or by TLS if it has none", () => {
    expect(edges.take({ path: "/other", isSecure: false, resumed: null })).toBeNull();
    expect(take(null, true)).toBeNull();
  });
});

test("with no edge healthy the listener is served here", async () => {
  told.set(1, null).set(2, null);
  await pass(1);
  expect(take()).toBeNull();
});

describe("a listener that comes back", () => {
  const resumed = { from: "2", run: RUN, position: 5000 };
  const held = [{ local: 0, run: RUN, from: 1000, to: 9000 }];

  test("goes to another edge than the one it lost, which is asked at once", async () => {
    told.set(1, { spans: held }).set(2, { spans: held });
    await pass(1);
    told.set(2, null);
    expect(take(resumed)).toBe(ONE);
    await pass(0.25);
    expect(take()).toBe(ONE);
    expect(edges.all[1]?.health.isHealthy).toBe(false);
  });

  test("goes where its next byte is held, or will be, or where nobody listens yet", async () => {
    told.set(1, { spans: [{ local: 0, run: RUN, from: 6000, to: 9000 }] });
    await pass(1);
    expect(take(resumed)).toBeNull();
    told.set(1, { spans: [{ local: 0, run: RUN, from: 4000, to: 4900 }] });
    await pass(1);
    expect(take(resumed)).toBe(ONE);
    told.set(1, { idle: true, spans: [] });
    await pass(1);
    expect(take(resumed)).toBe(ONE);
  });
});

test("edges of a reload keep what is known of them", async () => {
  configure([{ url: TWO, weight: 1 }]);
  expect(take()).toBe(TWO);
  configure([]);
  expect(take()).toBeNull();
});

test("without a secret only readiness is asked for", async () => {
  configure([], "");
  configure([{ url: ONE, weight: 1 }], "");
  requests = [];
  await pass(1);
  expect(requests[0]).toMatch(/^GET \/health\/ready HTTP/);
  expect(requests[0]).not.toContain("cycast-cluster");
  expect(take()).toBe(ONE);
});

test("HLS goes to edges that have it, and the past to those that hold it with some seconds to spare", async () => {
  const hls = { path: "/stream", isSecure: false, resumed: null, isHls: true };
  const past = { path: "/stream", isSecure: false, resumed: null, backSeconds: 60 };
  expect(edges.take(hls)).toBeNull();
  expect(edges.take(past)).toBeNull();
  told.set(1, { hls: true, reach: 62 }).set(2, { reach: 90 });
  await pass(1);
  expect(edges.take(hls)?.url).toBe(ONE);
  expect(edges.take(past)?.url).toBe(TWO);
});
